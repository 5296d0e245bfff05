internal import Networks
internal import Tensors

/// Times cells over whole sequences, beside the rate of sgemm measured right before and after.
struct CellBenchmark {
  let meter: PeakMeter
  let options: BenchmarkOptions

  func run(_ verdicts: inout Verdicts) throws {
    let table = Table([
      ("cell (H,B,T)", 22), ("forward ms", 13), ("all ms", 13), ("GFLOP/s", 8), ("of sgemm", 8),
      ("limit", 8), ("", 6),
    ])
    for cell in try BenchmarkCell.all() {
      for size in CellSize.all where isWanted(cell, size) {
        measure(cell, size, table, &verdicts)
      }
    }
    try runThreads(table)
    Report.line(
      "ms: fastest / median. Products only are counted as flops; the share is the median of the "
        + "rounds.\n\(PeakMeter.size)³ sgemm in these rounds: \(meter.summary)")
  }

  private func isWanted(_ cell: BenchmarkCell, _ size: CellSize) -> Bool {
    guard options.isWanted(cell: "\(cell.name) \(size.name)") else { return false }
    return !(options.isQuick && size.isLarge && !(cell.name == "lstm" && size.hidden == 512))
  }

  /// With two threads only the products of all steps at once are shared out.
  private func runThreads(_ table: Table) throws {
    guard !options.isQuick, let cell = try BenchmarkCell.all().first else { return }
    BLAS.threads = 2
    defer { BLAS.threads = 1 }
    for size in CellSize.all where size.isLarge && isWanted(cell, size) {
      let figures = figures(cell, size)
      table.row(row("\(cell.name) \(size.name) ×2", figures) + ["", "2 thr."])
    }
  }

  private struct Figures {
    var forward: [Double] = []
    var all: [Double] = []
    /// Of the square sgemm, one a round.
    var shares: [Double] = []
    var flops = 0.0
  }

  private func figures(_ cell: BenchmarkCell, _ size: CellSize) -> Figures {
    let pass = cell.pass(size)
    let gradients = Buffer<Float>(count: pass.network.layout.count)
    func forwardAndBack() {
      pass.forward()
      gradients.fill(0)
      pass.backward(.sumOfSquares, gradients: gradients)
    }
    if !size.isLarge { forwardAndBack() }
    var figures = Figures(flops: size.flops(gates: cell.gates))
    let rounds = options.isQuick ? 1 : size.isLarge ? 3 : 5
    var before = meter.measure()
    for _ in 0..<rounds {
      let all = Timing.runs(seconds: options.isQuick ? 0.05 : 0.1, forwardAndBack)
      let after = meter.measure()
      figures.shares.append(figures.flops / Samples(all).median / (before + after) * 2)
      before = after
      figures.all += all
      figures.forward += Timing.runs(seconds: 0.03) { pass.forward() }
    }
    return figures
  }

  private func measure(
    _ cell: BenchmarkCell, _ size: CellSize, _ table: Table, _ verdicts: inout Verdicts
  ) {
    let name = "\(cell.name) \(size.name)"
    let figures = figures(cell, size)
    var limit = ["", ""]
    if cell.gates == 4 {
      let isMet =
        switch size.limit {
        case .seconds(let seconds): Samples(figures.all).median <= seconds
        case .share(let share): Samples(figures.shares).median >= share
        }
      limit = [size.limit.text, verdicts.add(name, isMet)]
    }
    table.row(row(name, figures) + limit)
  }

  private func row(_ name: String, _ figures: Figures) -> [String] {
    let forward = Samples(figures.forward), all = Samples(figures.all)
    return [
      name, "\(Report.milliseconds(forward.min)) / \(Report.milliseconds(forward.median))",
      "\(Report.milliseconds(all.min)) / \(Report.milliseconds(all.median))",
      Report.number(figures.flops / all.median / 1e9, 1),
      Report.percent(Samples(figures.shares).median),
    ]
  }
}
