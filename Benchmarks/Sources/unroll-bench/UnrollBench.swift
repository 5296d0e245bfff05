internal import Tensors

/// `unroll-bench`: measures the speed and the memory of unroll and compares them with their limits.
@main struct UnrollBench {
  static func main() {
    let options: BenchmarkOptions
    do throws(BenchmarkError) {
      options = try BenchmarkOptions(Array(CommandLine.arguments.dropFirst()))
    } catch {
      Report.fail("\(error)\n\n\(BenchmarkOptions.usage)", code: 64)
    }
    if options.wantsHelp {
      Report.line(BenchmarkOptions.usage)
      return
    }
    BLAS.threads = 1
    let meter = PeakMeter()
    var verdicts = Verdicts()
    for section in Section.allCases where options.isWanted(section) {
      Report.heading(section.title)
      do {
        try run(section, options, meter, &verdicts)
      } catch {
        Report.line("\(verdicts.add(section.rawValue, false)): \(error)")
      }
    }
    if !verdicts.all.isEmpty {
      Report.heading("Limits")
      Report.line(verdicts.summary)
    }
  }

  private static func run(
    _ section: Section, _ options: BenchmarkOptions, _ meter: PeakMeter, _ verdicts: inout Verdicts
  ) throws {
    switch section {
    case .machine: MachineBenchmark.run()
    case .sgemm: meter.report(options)
    case .cells: try CellBenchmark(meter: meter, options: options).run(&verdicts)
    case .memory: try MemoryBenchmark.run(&verdicts)
    case .kernels: KernelBenchmark.run(options)
    case .training: try TrainingBenchmark.run(options)
    case .attention:
      try AttentionBenchmark.run(options)
      try MiniLMBenchmark.run(options, &verdicts)
    case .translation: try TranslationBenchmark.run(options, &verdicts)
    case .terminal: try TerminalBenchmark(options).run(&verdicts)
    case .live: try LiveBenchmark(options).run(&verdicts)
    case .files: try FileBenchmark.run(options)
    }
  }
}

/// What can be measured by itself.
enum Section: String, CaseIterable {
  case machine, memory, sgemm, cells, kernels, training, attention, translation, terminal, live,
    files

  var title: String {
    switch self {
    case .machine: "Machine"
    case .sgemm: "sgemm, one thread"
    case .cells: "Cells: forward, and forward + backward with every value and gradient kept"
    case .memory: "Memory of a trace"
    case .kernels: "Elementwise kernels, one thread"
    case .training:
      "Training step of a character model: E 64, H 128, V 96, B 32, T 64, Adam, clipping"
    case .attention: "Attention, every value kept, one thread: d 384, 12 heads"
    case .translation: "Translating a sentence of 12 words, beam of 4, one thread"
    case .terminal: "The program in a terminal of 120×40"
    case .live: "A training that is watched in a terminal of 120×40"
    case .files: "Opening a file"
    }
  }
}

/// What was reached of what has to be reached.
struct Verdicts {
  private(set) var all: [(name: String, isMet: Bool)] = []

  /// - Returns: the word for the table.
  mutating func add(_ name: String, _ isMet: Bool) -> String {
    all.append((name, isMet))
    return isMet ? "ok" : "MISSED"
  }

  var summary: String {
    let missed = all.filter { !$0.isMet }.map(\.name)
    let met = "\(all.count - missed.count) of \(all.count) met"
    return missed.isEmpty ? met : "\(met); MISSED: \(missed.joined(separator: ", "))"
  }
}
