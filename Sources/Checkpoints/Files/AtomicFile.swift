internal import Glibc

/// Files that appear whole or not at all.
public enum AtomicFile {
  /// Writes a file under a temporary name beside `path`, and renames it when everything is on disk.
  ///
  /// Whatever fails, a file that was at `path` is as it was. A replaced file keeps its permissions,
  /// a symbolic link keeps pointing. Devices and pipes (`/dev/stdout`) are written to directly.
  ///
  /// `body` throws to give up. Output that it leaves unflushed is flushed.
  public static func write(
    to path: String, _ body: (ByteOutput) throws(FileError) -> Void
  ) throws(FileError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw FileError(file: path, expected: "a path to write to", found: Printable.quote(path))
    }
    var info = stat()
    guard unsafe stat(path, &info) == 0 else {
      guard errno == ENOENT else { throw failure(path, "write") }
      return try replace(target(of: path), with: nil, path, body)
    }
    switch info.st_mode & S_IFMT {
    case S_IFREG:
      // Renaming asks nobody: honour a write protection.
      guard unsafe access(path, W_OK) == 0 else { throw failure(path, "write") }
      try replace(target(of: path), with: info, path, body)
    case S_IFDIR:
      throw FileError(file: path, .system(doing: "write", code: EISDIR))
    default:
      try stream(to: path, body)
    }
  }

  /// Where a symbolic link leads, or the path itself.
  private static func target(of path: String) -> String {
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  private static func stream(
    to path: String, _ body: (ByteOutput) throws(FileError) -> Void
  ) throws(FileError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw failure(path, "open") }
    defer { close(descriptor) }
    let output = ByteOutput(descriptor: descriptor, name: path)
    try body(output)
    try output.flush()
  }

  /// Writes and renames. `old` is what `stat` says of it, `path` its name in errors.
  private static func replace(
    _ target: String, with old: stat?, _ path: String,
    _ body: (ByteOutput) throws(FileError) -> Void
  ) throws(FileError) {
    let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? ""
    let (temporary, descriptor) = try createTemporary(in: folder, path)
    var isOpen = true
    do throws(FileError) {
      if let old {
        // Only root may give a file away; the permissions matter more.
        _ = fchown(descriptor, old.st_uid, old.st_gid)
        guard fchmod(descriptor, old.st_mode & 0o7777) == 0 else { throw failure(path, "write") }
      }
      let output = ByteOutput(descriptor: descriptor, name: path)
      try body(output)
      try output.flush()
      guard fsync(descriptor) == 0 else { throw failure(path, "write") }
      isOpen = false
      guard close(descriptor) == 0 else { throw failure(path, "write") }
      guard unsafe rename(temporary, target) == 0 else { throw failure(path, "write") }
    } catch {
      if isOpen { close(descriptor) }
      unsafe unlink(temporary)
      throw error
    }
    synchronize(folder: folder.isEmpty ? "." : folder)
  }

  /// Creates a new file with the permissions that the user's umask gives.
  private static func createTemporary(
    in folder: String, _ path: String
  ) throws(FileError) -> (name: String, descriptor: Int32) {
    for _ in 0..<100 {
      let name = folder + ".unroll-" + String(UInt64.random(in: 0 ... .max), radix: 36)
      let descriptor = unsafe open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (name, descriptor) }
      guard errno == EEXIST else { break }
    }
    throw failure(path, "write")
  }

  /// Makes the new name durable. Some file systems cannot; the file is complete all the same.
  private static func synchronize(folder: String) {
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func failure(_ path: String, _ action: String) -> FileError {
    FileError(file: path, .system(doing: action, code: errno))
  }
}
