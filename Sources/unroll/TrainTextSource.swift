internal import Checkpoints

/// A text as it was read, with what tells it from others.
nonisolated struct TrainTextSource {
  /// The path as given; "-" is standard input.
  let path: String
  let text: String
  let byteCount: Int
  /// 64-bit FNV-1a of the bytes, in hexadecimal.
  let fingerprint: String

  /// Reads a file or standard input to its end.
  ///
  /// - Throws: the system's answer, no text, bytes that are not UTF-8.
  init(path: String) throws(FileError) {
    let name = TextFile.name(path)
    let bytes = try TextFile.bytes(path)
    guard !bytes.isEmpty else {
      throw FileError(file: name, .mismatch(expected: "some text", found: "none: it is empty"))
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Self.malformed(bytes, name)
    }
    self.path = path
    self.text = text
    byteCount = bytes.count
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    fingerprint = String(hash, radix: 16)
  }

  private static func malformed(_ bytes: [UInt8], _ name: String) -> FileError {
    var offset = 0
    do { _ = try UTF8Span(validating: bytes.span) } catch { offset = error.byteOffsets.lowerBound }
    let hex = String(bytes[offset], radix: 16)
    return FileError(
      file: name, at: .byte(offset), .mismatch(expected: "UTF-8 text", found: "the byte 0x\(hex)"))
  }
}
