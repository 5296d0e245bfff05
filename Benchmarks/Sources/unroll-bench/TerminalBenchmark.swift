internal import Foundation

/// How soon the program shows itself, how soon it answers a key, and what it costs to leave it open.
struct TerminalBenchmark {
  private static let firstFrameLimit = 50e-3
  private static let keyLimit = 16e-3
  private static let modelPath = "assets/models/prose.safetensors"

  private let options: BenchmarkOptions

  init(_ options: BenchmarkOptions) { self.options = options }

  private struct Case {
    let name: String
    let arguments: [String]
  }

  func run(_ verdicts: inout Verdicts) throws {
    let program = options.program
    guard FileManager.default.isExecutableFile(atPath: program) else {
      Report.line("skipped: \(program) is not there; build it or give --program PATH")
      return
    }
    let folder = try TemporaryFolder()
    // The tour, which is shown on the very first start, has been seen.
    try folder.write("unroll/tour-seen", Data())
    try folder.write("long.txt", Data(Self.longText.utf8))
    let usual = Case(
      name: "default",
      arguments: FileManager.default.fileExists(atPath: Self.modelPath)
        ? [] : ["step", "--cell", "lstm", "--hidden", "192", "--layers", "2"])
    let large = Case(
      name: "T 2000, H 512",
      arguments: [
        "step", "--cell", "lstm", "--hidden", "512", "--text-file", folder.path("long.txt"),
      ])
    if !usual.arguments.isEmpty {
      Report.line(
        "there is no \(Self.modelPath) yet; default: \(usual.arguments.joined(separator: " "))")
    }
    let frames = Table([
      ("first frame", 16), ("min ms", 8), ("median ms", 9), ("max ms", 8), ("limit", 6), ("", 6),
    ])
    let first = try TerminalProgram.firstFrames(
      options, usual.arguments, starts: options.isQuick ? 5 : 20, folder)
    frames.row(
      row(usual, first) + [
        "50", verdicts.add("first frame", first.median <= Self.firstFrameLimit),
      ])
    frames.row(
      row(large, try TerminalProgram.firstFrames(options, large.arguments, starts: 2, folder)))
    let keys = Table([
      ("key to frame", 16), ("p50 ms", 8), ("p99 ms", 8), ("max ms", 8), ("keys", 5),
      ("KB/frame", 8), ("wakeups/s", 9), ("RSS MB", 8), ("limit", 6), ("", 6),
    ])
    for item in [usual, large] { try measureKeys(item, folder, keys, &verdicts) }
  }

  private func row(_ item: Case, _ samples: Samples) -> [String] {
    [
      item.name, Report.milliseconds(samples.min), Report.milliseconds(samples.median),
      Report.milliseconds(samples.max),
    ]
  }

  /// Steps on and back, units up and down, other panels: every key changes the picture, and the
  /// cursor stays within a short text.
  private static let keys = [
    "l", "l", "j", "]", "h", "l", "k", "\u{1B}[6~", "h", "[", "\t", "h", "\u{1B}[5~",
  ]

  private func measureKeys(
    _ item: Case, _ folder: TemporaryFolder, _ table: Table, _ verdicts: inout Verdicts
  ) throws {
    let program = try TerminalProgram.shown(options, item.arguments, folder)
    try program.drain(seconds: 0.3)
    let before = program.bytesRead
    var times: [Double] = []
    for number in 0..<(options.isQuick ? 100 : 500) {
      let begin = ContinuousClock.now
      program.send(Self.keys[number % Self.keys.count])
      // A key that changes nothing that is to be seen paints nothing.
      if try program.waitForFrame(seconds: 0.3) { times.append(Timing.seconds(since: begin)) }
    }
    guard !times.isEmpty else { throw BenchmarkError("\(item.name): no key was answered") }
    let samples = Samples(times)
    let bytes = Double(program.bytesRead - before) / Double(times.count)
    try program.drain(seconds: 0.3)
    let pause = options.isQuick ? 1.0 : 3.0
    let wakeups = ProcessFiles.wakeups(program.process)
    Thread.sleep(forTimeInterval: pause)
    let rate = Double(ProcessFiles.wakeups(program.process) - wakeups) / pause
    let memory = ProcessFiles.residentBytes(program.process)
    program.send("q")
    program.end()
    table.row([
      item.name, Report.milliseconds(samples.median), Report.milliseconds(samples.quantile(0.99)),
      Report.milliseconds(samples.max), "\(samples.count)", Report.number(bytes / 1e3, 1),
      Report.number(rate, 1), Report.megabytes(memory), "16",
      verdicts.add("keys, \(item.name)", samples.quantile(0.99) <= Self.keyLimit),
    ])
    _ = verdicts.add("idle, \(item.name)", rate == 0)
  }

  /// Two thousand characters with something to see in them.
  private static var longText: String {
    let line = "She said, \"not now (or never)\", and counted: 1, 2, 3; then it rained.\n"
    return String(String(repeating: line, count: 2000 / line.count + 1).prefix(2000))
  }
}
