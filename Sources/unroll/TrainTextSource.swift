internal import Checkpoints
internal import Glibc

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
    let name = path == "-" ? "standard input" : path
    let bytes = try Self.bytes(of: path, name)
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

  private static func bytes(of path: String, _ name: String) throws(FileError) -> [UInt8] {
    let descriptor = unsafe path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(file: name, .system(doing: "open", code: errno)) }
    defer { if path != "-" { close(descriptor) } }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe read(descriptor, &chunk, chunk.count)
      if count > 0 {
        bytes.append(contentsOf: chunk[..<count])
      } else if count == 0 {
        return bytes
      } else if errno != EINTR {
        throw FileError(file: name, .system(doing: "read", code: errno))
      }
    }
  }

  private static func malformed(_ bytes: [UInt8], _ name: String) -> FileError {
    var offset = 0
    do { _ = try UTF8Span(validating: bytes.span) } catch { offset = error.byteOffsets.lowerBound }
    let hex = String(bytes[offset], radix: 16)
    return FileError(
      file: name, at: .byte(offset), .mismatch(expected: "UTF-8 text", found: "the byte 0x\(hex)"))
  }
}
