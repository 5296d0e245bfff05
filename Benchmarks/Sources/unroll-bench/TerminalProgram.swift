internal import CPseudoTerminal
internal import Foundation

/// unroll in a terminal of its own. A frame is complete when the program ends its synchronized
/// update.
final class TerminalProgram {
  static let columns = 120
  static let rows = 40
  private static let endOfFrame = Array("\u{1B}[?2026l".utf8)

  /// When the program was started.
  let start: ContinuousClock.Instant
  private let terminal: pseudo_terminal
  /// The end of what was read last, where the mark of a frame may have begun.
  private var tail: [UInt8] = []
  private(set) var bytesRead = 0
  /// Everything that has come while a text is waited for.
  private var received: [UInt8]?
  private var isEnded = false

  /// Starts the program at `path`; `home` is a folder for what it remembers.
  init(_ path: String, _ arguments: [String], home: String) throws {
    var environment = ProcessInfo.processInfo.environment
    for variable in ["COLORTERM", "NO_COLOR", "TMUX", "LINES", "COLUMNS"] {
      environment[variable] = nil
    }
    environment["TERM"] = "xterm-256color"
    environment["LANG"] = "C.UTF-8"
    environment["XDG_STATE_HOME"] = home
    var argumentPointers = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    var variablePointers = unsafe environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
    defer {
      unsafe argumentPointers.forEach { unsafe free($0) }
      unsafe variablePointers.forEach { unsafe free($0) }
    }
    start = .now
    terminal = unsafe pseudo_terminal_start(
      path, &argumentPointers, &variablePointers, Int32(Self.rows), Int32(Self.columns))
    guard terminal.pid > 0 else { throw BenchmarkError("\(path): no terminal could be opened") }
  }

  deinit { end() }

  var process: String { "\(terminal.pid)" }

  /// Kills the program unless it ends by itself soon.
  func end() {
    if !isEnded { _ = pseudo_terminal_end(terminal) }
    isEnded = true
  }

  func send(_ keys: String) {
    let bytes = Array(keys.utf8)
    _ = unsafe bytes.withUnsafeBytes {
      unsafe write(terminal.descriptor, $0.baseAddress, $0.count)
    }
  }

  /// Reads up to the end of a frame.
  ///
  /// - Returns: false if none came in this time.
  /// - Throws: if the program has ended.
  func waitForFrame(seconds: Double) throws -> Bool {
    let begin = ContinuousClock.now
    while true {
      let left = seconds - Timing.seconds(since: begin)
      if left <= 0 { return false }
      switch pseudo_terminal_wait(terminal, Int32((left * 1000).rounded(.up))) {
      case 0: continue
      case 1: if read() { return true }
      default: throw BenchmarkError("the program has ended: \(lastWords)")
      }
    }
  }

  /// Reads up to the end of a frame that shows a text which was not there before.
  ///
  /// - Returns: false if none came in this time.
  /// - Throws: if the program has ended.
  func waitForFrame(containing text: String, seconds: Double) throws -> Bool {
    let begin = ContinuousClock.now
    let wanted = Array(text.utf8)
    received = []
    defer { received = nil }
    while Timing.seconds(since: begin) < seconds {
      guard try waitForFrame(seconds: seconds - Timing.seconds(since: begin)) else { return false }
      if let all = received, Self.contains(all, wanted) { return true }
    }
    return false
  }

  private static func contains(_ bytes: [UInt8], _ wanted: [UInt8]) -> Bool {
    bytes.indices.contains { bytes[$0] == wanted[0] && bytes[$0...].starts(with: wanted) }
  }

  /// Takes everything that still comes, until nothing has come for so long: of a program that draws
  /// when it is asked to.
  func drain(seconds: Double) throws {
    while try waitForFrame(seconds: seconds) {}
  }

  /// Takes everything that comes in this time.
  func read(seconds: Double) throws {
    let begin = ContinuousClock.now
    while true {
      let left = seconds - Timing.seconds(since: begin)
      guard left > 0 else { return }
      _ = try waitForFrame(seconds: left)
    }
  }

  /// Reads once.
  ///
  /// - Returns: whether a frame has ended.
  private func read() -> Bool {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe Foundation.read(terminal.descriptor, $0.baseAddress, $0.count)
    }
    guard count > 0 else { return false }
    bytesRead += count
    received?.append(contentsOf: bytes[..<count])
    let mark = Self.endOfFrame
    let text = tail + bytes[..<count]
    tail = text.suffix(200)
    guard let last = text.lastIndex(of: 0x1B), text[last...].starts(with: mark) else {
      return text.indices.dropLast(mark.count - 1).contains { index in
        index > text.count - count - mark.count && text[index...].starts(with: mark)
      }
    }
    tail = []
    return true
  }

  private var lastWords: String {
    String(decoding: tail.filter { $0 >= 0x20 || $0 == 0x0A }, as: UTF8.self)
  }
}
