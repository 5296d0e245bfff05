extension TextFile {
  /// Reads UTF-8 as it stands: empty files and NUL characters too.
  ///
  /// - Throws: `FileError`: bytes that are not UTF-8, with the first of them; or the system's answer.
  public static func readAny(_ path: String) throws(FileError) -> String {
    let bytes = try FileSource(path: path).readAll()
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    var decoder = UTF8()
    var source = bytes.makeIterator()
    var valid = 0
    while case .scalarValue(let scalar) = decoder.decode(&source) { valid += UTF8.width(scalar) }
    throw FileError(
      file: path, at: .byte(valid), expected: "text in UTF-8", found: "other bytes")
  }
}
