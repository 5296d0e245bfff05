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
    guard let text = String(validating: bytes, as: UTF8.self) else {
      var valid = 0
      // The repaired text and the original part at the first byte that is no UTF-8.
      for (a, b) in zip(String(decoding: bytes, as: UTF8.self).utf8, bytes) {
        guard a == b else { break }
        valid += 1
      }
      throw FileError(
        file: path, at: .byte(valid), expected: "text in UTF-8", found: "other bytes")
    }
    return text
  }
}
