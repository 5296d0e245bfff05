internal import Equations
internal import Foundation
internal import Learning

/// What it costs to watch a training, and how soon a key is answered meanwhile.
struct LiveBenchmark {
  private static let keyLimit = 16e-3
  /// Watched updates a second, as a share of those that nobody watches.
  private static let shareLimit = 0.95
  private static let hiddenSize = 256, batchSize = 32, seqLen = 200

  private let options: BenchmarkOptions

  init(_ options: BenchmarkOptions) { self.options = options }

  func run(_ verdicts: inout Verdicts) throws {
    guard FileManager.default.isExecutableFile(atPath: options.program) else {
      Report.line("skipped: \(options.program) is not there; build it or give --program PATH")
      return
    }
    let folder = try TemporaryFolder()
    let program = try TerminalProgram(
      options.program,
      [
        "gradients", "--hidden", "\(Self.hiddenSize)", "--batch", "\(Self.batchSize)",
        "--seq-len", "\(Self.seqLen)",
      ], home: folder.path(""))
    // "running" takes the place of "measuring": its end is on the screen already.
    guard try program.waitForFrame(containing: "runn", seconds: 30) else {
      throw BenchmarkError("no training was shown in 30 seconds")
    }
    try measureThroughput(program, &verdicts)
    try measureKeys(program, &verdicts)
    program.send("\u{1B}")
    try program.read(seconds: 0.2)
    program.send("q")
    program.end()
    try measureMemory(folder, &verdicts)
  }

  // MARK: Throughput

  private func measureThroughput(_ program: TerminalProgram, _ verdicts: inout Verdicts) throws {
    let updates = options.isQuick ? 8 : 30
    guard let cell = try Cell.shipped("rnn") else { throw BenchmarkError("there is no cell rnn") }
    let lab = try GradientLab(
      LabSettings(
        cell: cell, hiddenSize: Self.hiddenSize, seqLen: Self.seqLen, batchSize: Self.batchSize))
    var alone: [Double] = []
    var watched: [Double] = []
    program.send(" ")
    guard try program.waitForFrame(containing: "paused", seconds: 30) else {
      throw BenchmarkError("the training did not pause")
    }
    // In turns, so that both meet the same machine.
    for _ in 0..<(options.isQuick ? 2 : 4) {
      try program.drain(seconds: 1)
      let seconds = try Timing.time {
        for _ in 0..<updates { _ = try lab.step(wantsActivations: false) }
      }
      alone.append(Double(updates) / seconds)
      let begin = ContinuousClock.now
      program.send(":next \(updates)\r")
      guard try program.waitForFrame(containing: "paused", seconds: 300) else {
        throw BenchmarkError("\(updates) updates took more than 300 seconds")
      }
      watched.append(Double(updates) / Timing.seconds(since: begin))
    }
    let table = Table([("updates/s", 16), ("alone", 8), ("watched", 8), ("share", 6), ("limit", 6)])
    let share = Samples(watched).max / Samples(alone).max
    table.row([
      "H 256, B 32, T 200", Report.number(Samples(alone).max), Report.number(Samples(watched).max),
      Report.percent(share),
      "\(Report.percent(Self.shareLimit)) \(verdicts.add("watching", share >= Self.shareLimit))",
    ])
  }

  // MARK: Keys

  /// Types characters that occur nowhere else, so that the frame which shows one is the answer.
  private func measureKeys(_ program: TerminalProgram, _ verdicts: inout Verdicts) throws {
    // Pictures come as long as it trains: there is no silence to wait for.
    program.send(" ")
    try program.read(seconds: 0.3)
    program.send(":")
    try program.read(seconds: 0.3)
    let characters = ["ß", "ø", "þ", "ñ", "ç", "å"]
    var times: [Double] = []
    for number in 0..<(options.isQuick ? 60 : 300) {
      if number % 20 == 19 {
        program.send("\u{15}")
        _ = try program.waitForFrame(seconds: 0.1)
      }
      // Keys fall anywhere between two pictures of the training.
      Thread.sleep(forTimeInterval: 0.011)
      let character = characters[number % characters.count]
      let begin = ContinuousClock.now
      program.send(character)
      guard try program.waitForFrame(containing: character, seconds: 1) else { continue }
      times.append(Timing.seconds(since: begin))
    }
    guard !times.isEmpty else { throw BenchmarkError("no key was answered") }
    let samples = Samples(times)
    let table = Table([
      ("key to frame", 16), ("p50 ms", 8), ("p99 ms", 8), ("max ms", 8), ("keys", 5), ("limit", 6),
    ])
    let isMet = samples.quantile(0.99) <= Self.keyLimit
    table.row([
      "while training", Report.milliseconds(samples.median),
      Report.milliseconds(samples.quantile(0.99)), Report.milliseconds(samples.max),
      "\(samples.count)", "16 \(verdicts.add("keys while training", isMet))",
    ])
  }

  // MARK: Memory

  /// A small net makes as many updates a minute as a large one in hours.
  private func measureMemory(_ folder: TemporaryFolder, _ verdicts: inout Verdicts) throws {
    let program = try TerminalProgram(
      options.program, ["gradients", "--hidden", "8", "--seq-len", "10", "--batch", "4"],
      home: folder.path(""))
    let minute = options.isQuick ? 3.0 : 60.0
    try program.read(seconds: minute)
    let early = ProcessFiles.residentBytes(program.process)
    try program.read(seconds: 2 * minute)
    let late = ProcessFiles.residentBytes(program.process)
    program.send("q")
    program.end()
    let table = Table([("memory", 16), ("early MB", 8), ("late MB", 8), ("limit", 6)])
    table.row([
      "\(Int(minute)) s, then \(Int(3 * minute)) s", Report.megabytes(early),
      Report.megabytes(late),
      "+10% \(verdicts.add("memory of a training", Double(late) <= 1.1 * Double(early)))",
    ])
  }
}
