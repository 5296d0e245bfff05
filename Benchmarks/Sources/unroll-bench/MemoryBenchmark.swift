internal import Equations
internal import Networks
internal import Tensors

/// What is kept of a run, beside the named values and their gradients.
enum MemoryBenchmark {
  static let limit = 1.5
  private static let size = CellSize(hidden: 256, batch: 1, steps: 200, limit: .share(0))

  static func run(_ verdicts: inout Verdicts) throws {
    // First, while there is no freed memory that could be used again.
    try reportProcess(&verdicts)
    let table = Table([
      ("cell \(size.name)", 24), ("named MB", 9), ("all MB", 8), ("ratio", 6),
      ("limit", 6), ("", 6),
    ])
    for name in Cell.shippedNames {
      guard let cell = try Cell.shipped(name) else { continue }
      let pass = BenchmarkCell(name: name, cell: cell, gates: 0).pass(size)
      let (named, all) = forwardAndBack(pass)
      let ratio = Double(all) / Double(named)
      table.row([
        name, Report.megabytes(named), Report.megabytes(all), Report.number(ratio),
        Report.number(limit, 1), verdicts.add("memory of \(name)", ratio <= limit),
      ])
    }
  }

  /// Runs a pass and counts the bytes of its named buffers, and of all.
  private static func forwardAndBack(_ pass: NetworkPass<Float>) -> (named: Int, all: Int) {
    pass.forward()
    pass.backward(.sumOfSquares, gradients: Buffer(count: pass.network.layout.count))
    let layers = pass.layers.joined()
    return (
      layers.reduce(0) { $0 + $1.namedByteCount }, layers.reduce(0) { $0 + $1.byteCount }
    )
  }

  /// One large trace as the system sees it, with its input, stacked weights and weight gradients,
  /// which do not grow with the sequence.
  private static func reportProcess(_ verdicts: inout Verdicts) throws {
    guard let cell = try BenchmarkCell.all().first else { return }
    let size = CellSize(hidden: 256, batch: 1, steps: 10_000, limit: .share(0))
    let network = cell.network(size)
    let before = ProcessFiles.residentBytes()
    let pass = NetworkPass(network: network, seqLen: size.steps, batchSize: size.batch)
    let (named, _) = forwardAndBack(pass)
    let grown = ProcessFiles.residentBytes() - before
    let ratio = Double(grown) / Double(named)
    Report.line(
      "\(cell.name) \(size.name): the process grew by \(Report.megabytes(grown)) MB for "
        + "\(Report.megabytes(named)) MB of named values and gradients, ratio "
        + "\(Report.number(ratio)) \(verdicts.add("memory of the process", ratio <= limit))")
  }
}
