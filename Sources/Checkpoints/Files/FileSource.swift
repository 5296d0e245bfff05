internal import Glibc

/// The bytes of one regular file, read where they are needed; or bytes in memory.
///
/// Reading goes through `pread` into the buffer that the caller keeps: a file that somebody
/// shortens while it is open gives a short read, hence a `FileError`, where a mapped page would
/// raise SIGBUS.
/// The descriptor stays open, so a file that is replaced by renaming stays readable.
///
/// Files from `mappedFrom` bytes on are mapped as well, for `withMapped` alone.
@safe
final class FileSource: Sendable {
  /// Copying less than this costs a few milliseconds, which is not worth the risk of SIGBUS.
  static let mappedFrom = 64 << 20

  /// The path as the user gave it.
  let name: String
  /// The size in bytes when the file was opened.
  let count: Int
  private let descriptor: Int32
  private let memory: [UInt8]
  private nonisolated(unsafe) let mapping: UnsafeRawBufferPointer?

  /// Opens a regular file. Directories, pipes and devices are refused without waiting for them.
  init(path: String) throws(FileError) {
    guard !path.utf8.contains(0) else {
      throw FileError(file: path, expected: "a path", found: "a NUL character in it")
    }
    // Asked before opening too: opening some devices has effects.
    var info = stat()
    guard unsafe stat(path, &info) == 0 else {
      throw FileError(file: path, .system(doing: "open", code: errno))
    }
    try FileSource.checkRegular(info, path)
    let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else {
      throw FileError(file: path, .system(doing: "open", code: errno))
    }
    do throws(FileError) {
      guard unsafe fstat(descriptor, &info) == 0 else {
        throw FileError(file: path, .system(doing: "open", code: errno))
      }
      try FileSource.checkRegular(info, path)
    } catch {
      close(descriptor)
      throw error
    }
    name = path
    count = Int(info.st_size)
    memory = []
    self.descriptor = descriptor
    if count >= FileSource.mappedFrom,
      let start = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
      unsafe start != UnsafeMutableRawPointer(bitPattern: -1)
    {
      unsafe mapping = UnsafeRawBufferPointer(start: start, count: count)
    } else {
      unsafe mapping = nil
    }
  }

  /// Takes bytes that are in memory; error messages call them `name`.
  init(bytes: [UInt8], name: String) {
    self.name = name
    count = bytes.count
    memory = bytes
    descriptor = -1
    unsafe mapping = nil
  }

  deinit {
    if let mapping = unsafe mapping {
      unsafe munmap(UnsafeMutableRawPointer(mutating: mapping.baseAddress), mapping.count)
    }
    if descriptor >= 0 { close(descriptor) }
  }

  private static func checkRegular(_ info: stat, _ path: String) throws(FileError) {
    let found =
      switch info.st_mode & S_IFMT {
      case S_IFREG: ""
      case S_IFDIR: "a directory"
      case S_IFIFO: "a pipe"
      case S_IFSOCK: "a socket"
      default: "a device"
      }
    if !found.isEmpty {
      throw FileError(file: path, expected: "a regular file", found: found)
    }
  }

  /// The whole file, for formats that are parsed as text.
  func readAll(limit: Int = 1 << 30) throws(FileError) -> [UInt8] {
    guard count <= limit else {
      throw FileError(file: name, expected: "at most \(limit) bytes", found: "\(count)")
    }
    return try elements(of: UInt8.self, count: count, at: 0)
  }

  /// Copies `count` elements that start at byte `offset`, in the byte order of the file.
  ///
  /// Their type is an integer or floating-point one, where every bit pattern is a value.
  func elements<Element: BitwiseCopyable>(
    of type: Element.Type, count: Int, at offset: Int
  ) throws(FileError) -> [Element] {
    try checkFitsInMemory(count: count, elementSize: MemoryLayout<Element>.stride)
    var failure: FileError?
    let result = unsafe [Element](unsafeUninitializedCapacity: count) { buffer, filled in
      // The capacity may be larger than what was asked for.
      let bytes = unsafe UnsafeMutableRawBufferPointer(
        UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      failure = unsafe read(into: bytes, at: offset)
      filled = failure == nil ? count : 0
    }
    if let failure { throw failure }
    return result
  }

  private func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) -> FileError? {
    if descriptor < 0 {
      precondition(offset + target.count <= memory.count)
      unsafe memory.withUnsafeBytes { bytes in
        let end = offset + target.count
        unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<end]))
      }
      return nil
    }
    var done = 0
    while done < target.count {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: target[done...])
      let got = unsafe pread(descriptor, rest.baseAddress, rest.count, offset + done)
      if got > 0 {
        done += got
      } else if got == 0 {
        return FileError(
          file: name, at: .byte(offset + done), expected: "\(target.count - done) more bytes",
          found: "the end: the file became shorter after it was opened")
      } else if errno != EINTR {
        return FileError(file: name, at: .byte(offset + done), .system(doing: "read", code: errno))
      }
    }
    return nil
  }

  /// Refuses what could not be allocated: a sparse file can claim any size.
  func checkFitsInMemory(count: Int, elementSize: Int) throws(FileError) {
    let memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    guard count <= memory / elementSize else {
      throw FileError(
        file: name, expected: "numbers that fit into \(memory >> 20) MiB of memory",
        found: "\(count) of \(elementSize) bytes")
    }
  }

  /// Calls `body` with floats in the mapped file, or returns nil: not mapped, or not aligned.
  ///
  /// - Note: if another program shortens the file meanwhile, the system ends this one (SIGBUS).
  func withMapped<Result>(
    count: Int, at offset: Int, _ body: (Span<Float>) -> Result
  ) -> Result? {
    guard let mapping = unsafe mapping, offset % MemoryLayout<Float>.alignment == 0 else {
      return nil
    }
    let end = offset + count * MemoryLayout<Float>.stride
    let bytes = unsafe UnsafeRawBufferPointer(rebasing: mapping[offset..<end])
    let floats = unsafe bytes.assumingMemoryBound(to: Float.self)
    return unsafe body(floats.span)
  }
}
