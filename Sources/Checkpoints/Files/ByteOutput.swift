internal import Glibc

/// Bytes on their way to a file descriptor, or into memory, in large chunks.
///
/// A reader that went away (`unroll trace | head`) gives an error with `isBrokenPipe`, not SIGPIPE.
public final class ByteOutput {
  /// - Units: bytes.
  static let chunkSize = 1 << 20

  /// What error messages call the destination.
  private let name: String
  /// -1 for memory.
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  /// - Parameters:
  ///   - descriptor: stays open, and the caller's.
  ///   - name: what error messages call it.
  public init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
    buffer.reserveCapacity(ByteOutput.chunkSize + 4096)
  }

  /// Collects everything in `bytes`.
  public init() {
    descriptor = -1
    name = "memory"
  }

  /// Writes a result: to a file that appears whole or not at all, or to standard output if `path` is
  /// nil.
  ///
  /// - Throws: `FileError`, with `isBrokenPipe` if nobody reads any more; what `body` throws.
  public static func write(
    to path: String?, _ body: (ByteOutput) throws(FileError) -> Void
  ) throws(FileError) {
    if let path { return try AtomicFile.write(to: path, body) }
    let output = ByteOutput(descriptor: 1, name: "standard output")
    try body(output)
    try output.flush()
  }

  /// What has been written and not been flushed; in memory: everything.
  public var bytes: [UInt8] { buffer }

  public func write(_ text: String) throws(FileError) {
    buffer.append(contentsOf: text.utf8)
    try drain(above: ByteOutput.chunkSize)
  }

  public func write(_ bytes: [UInt8]) throws(FileError) {
    try unsafe write(bytes.span.bytes)
  }

  /// Large pieces go out without being copied.
  func write(_ bytes: RawSpan) throws(FileError) {
    if descriptor >= 0, bytes.byteCount >= ByteOutput.chunkSize {
      try flush()
      try send(bytes)
    } else {
      unsafe bytes.withUnsafeBytes { unsafe buffer.append(contentsOf: $0) }
      try drain(above: ByteOutput.chunkSize)
    }
  }

  /// Sends what is still in the buffer. Nothing else does at the end.
  public func flush() throws(FileError) { try drain(above: 0) }

  private func drain(above limit: Int) throws(FileError) {
    guard descriptor >= 0, buffer.count > limit else { return }
    var full: [UInt8] = []
    swap(&full, &buffer)
    try unsafe send(full.span.bytes)
    full.removeAll(keepingCapacity: true)
    swap(&full, &buffer)
  }

  private func send(_ bytes: RawSpan) throws(FileError) {
    let code = unsafe bytes.withUnsafeBytes { bytes in
      ByteOutput.withoutPipeSignal { () -> Int32 in
        var done = 0
        while done < bytes.count {
          let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
          let sent = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
          if sent >= 0 {
            done += sent
          } else if errno == EAGAIN {
            // Somebody made the descriptor non-blocking: wait until it takes more.
            var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = unsafe poll(&request, 1, -1)
          } else if errno != EINTR {
            return errno
          }
        }
        return 0
      }
    }
    if code != 0 { throw FileError(file: name, .system(doing: "write", code: code)) }
  }

  /// Runs `body` with SIGPIPE held back in this thread, and takes away one that it raised.
  ///
  /// `body` returns an `errno`, or 0; so does this.
  private static func withoutPipeSignal(_ body: () -> Int32) -> Int32 {
    var pipe = sigset_t()
    var before = sigset_t()
    unsafe sigemptyset(&pipe)
    unsafe sigaddset(&pipe, SIGPIPE)
    unsafe pthread_sigmask(SIG_BLOCK, &pipe, &before)
    let code = body()
    if code == EPIPE {
      var now = timespec()
      _ = unsafe sigtimedwait(&pipe, nil, &now)
    }
    unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    return code
  }
}
