/// A text in a file.
public enum TextFile {
  /// Reads UTF-8, as it stands: line ends are kept.
  ///
  /// - Throws: `FileError`: no text (a NUL byte, or not UTF-8), or nothing at all.
  public static func read(_ path: String) throws(FileError) -> String {
    let bytes = try FileSource(path: path).readAll()
    guard !bytes.isEmpty else {
      throw FileError(file: path, expected: "text", found: "an empty file")
    }
    if let position = bytes.firstIndex(of: 0) {
      throw FileError(file: path, at: .byte(position), expected: "text", found: "a NUL byte")
    }
    return try text(bytes, path)
  }

  /// Reads UTF-8 as it stands: empty files and NUL characters too.
  ///
  /// - Throws: `FileError`: bytes that are not UTF-8, with the first of them; or the system's answer.
  public static func readAny(_ path: String) throws(FileError) -> String {
    try text(FileSource(path: path).readAll(), path)
  }

  private static func text(_ bytes: [UInt8], _ path: String) throws(FileError) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    throw FileError(
      file: path, at: .byte(validPrefix(of: bytes).utf8.count), expected: "text in UTF-8",
      found: "other bytes")
  }

  /// What stands before the first byte that is no UTF-8.
  static func validPrefix(of bytes: [UInt8]) -> String {
    var decoder = UTF8()
    var source = bytes.makeIterator()
    var valid = String.UnicodeScalarView()
    while case .scalarValue(let scalar) = decoder.decode(&source) { valid.append(scalar) }
    return String(valid)
  }
}
