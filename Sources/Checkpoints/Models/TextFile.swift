internal import Glibc

/// A text in a file, in a pipe (`<(command)`), or on standard input, which is called `-`.
public enum TextFile {
  /// What messages call a path.
  public static func name(_ path: String) -> String { path == "-" ? "standard input" : path }

  /// Reads all bytes.
  ///
  /// - Throws: the system's answer; more than 1 GiB; a directory or a device, which have no end.
  public static func bytes(_ path: String) throws(FileError) -> [UInt8] {
    if path == "-" { return try stream(STDIN_FILENO, name(path)) }
    var info = stat()
    guard unsafe stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFIFO else {
      return try FileSource(path: path).readAll(limit: limit)
    }
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(file: path, .system(doing: "open", code: errno)) }
    defer { close(descriptor) }
    return try stream(descriptor, path)
  }

  private static let limit = 1 << 30

  private static func stream(_ descriptor: Int32, _ name: String) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limit {
      let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
      if count > 0 {
        bytes.append(contentsOf: chunk[..<count])
      } else if count == 0 {
        return bytes
      } else if errno != EINTR {
        throw FileError(file: name, .system(doing: "read", code: errno))
      }
    }
    throw FileError(file: name, expected: "at most \(limit) bytes", found: "more")
  }

  /// Reads UTF-8, as it stands: line ends are kept.
  ///
  /// - Throws: `FileError`: no text (a NUL byte, or not UTF-8), or nothing at all.
  public static func read(_ path: String) throws(FileError) -> String {
    let bytes = try bytes(path)
    guard !bytes.isEmpty else {
      throw FileError(file: name(path), expected: "text", found: "an empty file")
    }
    if let position = bytes.firstIndex(of: 0) {
      throw FileError(file: name(path), at: .byte(position), expected: "text", found: "a NUL byte")
    }
    return try text(bytes, path)
  }

  /// Reads UTF-8 as it stands: empty files and NUL characters too.
  ///
  /// - Throws: `FileError`: bytes that are not UTF-8, with the first of them; or the system's answer.
  public static func readAny(_ path: String) throws(FileError) -> String {
    try text(bytes(path), path)
  }

  private static func text(_ bytes: [UInt8], _ path: String) throws(FileError) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    throw FileError(
      file: name(path), at: .byte(validPrefix(of: bytes).utf8.count), expected: "text in UTF-8",
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
