internal import Canvas
internal import Glibc
internal import Learning

/// Tells on standard error how a training goes: a bar that is redrawn on a terminal, else a line
/// now and then.
nonisolated struct TrainProgress {
  private let totalUpdates: Int
  private let firstUpdate: Int
  /// What the loss is a mean over.
  private let token: String
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let start = ContinuousClock.now
  private var lastShown = ContinuousClock.now
  private var update: Int
  private var tokenCount = 0
  /// The loss, smoothed over some twenty updates.
  private var smoothed: Double?
  private var validation: Double?

  init(totalUpdates: Int, firstUpdate: Int, token: String) {
    self.totalUpdates = totalUpdates
    self.firstUpdate = firstUpdate
    self.token = token
    update = firstUpdate
  }

  static func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe Glibc.write(STDERR_FILENO, bytes, bytes.count)
  }

  static func bits(_ nats: Double) -> Double { nats / M_LN2 }

  mutating func note(_ statistics: UpdateStatistics) {
    update = statistics.update
    tokenCount += statistics.loss.tokenCount
    if let loss = statistics.loss.mean { smoothed = (smoothed ?? loss) * 0.95 + loss * 0.05 }
    let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(10)
    guard ContinuousClock.now - lastShown > pause else { return }
    lastShown = .now
    show()
  }

  /// - Parameter validation: the loss of the validation text, if there is one.
  mutating func note(validation: LossMean?) {
    guard let mean = validation?.mean else { return }
    self.validation = mean
    if isTerminal { show() }
  }

  /// Leaves the last state of the bar on the screen.
  func end() {
    guard update > firstUpdate else { return }
    show()
    if isTerminal { Self.write("\n") }
  }

  private func show() {
    let line = text(width: width)
    Self.write(isTerminal ? "\r\u{1B}[K" + line : line + "\n")
  }

  // MARK: The line

  /// The most important first: what finds no room beside the bar is left out.
  private func text(width: Int) -> String {
    var parts = ["\(update)/\(totalUpdates)"]
    let seconds = Self.seconds(ContinuousClock.now - start)
    if update > firstUpdate {
      let perUpdate = seconds / Double(update - firstUpdate)
      parts.append(Self.clock(perUpdate * Double(totalUpdates - update)) + " left")
    }
    if let smoothed {
      parts.append("\(Self.decimal(smoothed)) nats")
      parts.append("\(Self.decimal(Self.bits(smoothed))) bits/\(token)")
    }
    if let validation { parts.append("validation \(Self.decimal(validation))") }
    if seconds > 0 { parts.append("\(Int(Double(tokenCount) / seconds)) \(token)s/s") }
    guard isTerminal else { return parts.joined(separator: "  ") }
    func room() -> Int { width - 4 - parts.joined(separator: "  ").utf8.count }
    while room() < 10, parts.count > 1 { parts.removeLast() }
    let length = min(24, max(0, room()))
    let done = length * update / max(1, totalUpdates)
    let bar = String(repeating: "#", count: done) + String(repeating: ".", count: length - done)
    return "[\(bar)] " + parts.joined(separator: "  ")
  }

  private var width: Int {
    var size = winsize()
    guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0
    else { return 80 }
    return Int(size.ws_col)
  }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }

  /// With three digits behind the point; what is far too large in short.
  private static func decimal(_ number: Double) -> String {
    guard abs(number) < 1e6 else { return NumberText.text(number) }
    let thousandths = Int((number * 1000).rounded())
    let rest = String(abs(thousandths % 1000))
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
  }

  /// Hours, minutes and seconds: 1:02:03 or 2:03.
  private static func clock(_ seconds: Double) -> String {
    let total = Int(min(seconds, 1e9).rounded())
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let minutes = total / 60 % 60
    let end = ":" + two(total % 60)
    return total < 3600 ? "\(minutes)" + end : "\(total / 3600):" + two(minutes) + end
  }
}
