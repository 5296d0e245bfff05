internal import Equations
internal import Networks
internal import Tensors

/// Hidden size, batch size and steps of a measurement; the input is as wide as the state.
struct CellSize {
  let hidden: Int
  let batch: Int
  let steps: Int
  /// What has to be reached, by an LSTM on one thread.
  let limit: Limit

  enum Limit {
    /// Forward + backward in so many seconds.
    case seconds(Double)
    /// Forward + backward at this share of the rate of the square sgemm.
    case share(Double)

    var text: String {
      switch self {
      case .seconds(let seconds): "\(Report.number(seconds * 1e3)) ms"
      case .share(let share): Report.percent(share)
      }
    }
  }

  static let all = [
    CellSize(hidden: 64, batch: 1, steps: 100, limit: .seconds(0.25e-3)),
    CellSize(hidden: 128, batch: 1, steps: 100, limit: .seconds(0.8e-3)),
    CellSize(hidden: 256, batch: 16, steps: 100, limit: .share(0.45)),
    CellSize(hidden: 512, batch: 32, steps: 100, limit: .share(0.6)),
    CellSize(hidden: 1024, batch: 64, steps: 50, limit: .share(0.6)),
  ]

  var name: String { "(\(hidden),\(batch),\(steps))" }
  var isLarge: Bool { hidden >= 512 }

  /// Flops of one product of all steps with one H×H matrix.
  private var product: Double { 2 * Double(hidden * hidden) * Double(batch * steps) }

  /// Flops of the products on the way forward: with x and with h'.
  func forwardFlops(gates: Int) -> Double { 2 * Double(gates) * product }

  /// Forward and backward: each gate's two products, ∂L/∂h' and two weight gradients; ∂L/∂x is not
  /// asked for. 40·H²·B·T for an LSTM.
  func flops(gates: Int) -> Double { 5 * Double(gates) * product }
}

/// A cell that is measured.
struct BenchmarkCell {
  let name: String
  let cell: Cell
  /// Pairs of matrices for x and h'.
  let gates: Int

  static func all() throws -> [BenchmarkCell] {
    var cells: [BenchmarkCell] = []
    for (name, gates) in [("lstm", 4), ("gru-torch", 3), ("rnn", 1)] {
      guard let cell = try Cell.shipped(name) else {
        throw BenchmarkError("there is no shipped cell \(name)")
      }
      cells.append(BenchmarkCell(name: name, cell: cell, gates: gates))
    }
    let own = try Cell(name: "own", text: renamedLSTM)
    cells.insert(BenchmarkCell(name: "own lstm", cell: own, gates: 4), at: 1)
    return cells
  }

  /// An LSTM as somebody else would write it: other names, another order, parts without a name.
  private static let renamedLSTM = """
    state out, memory
    write = σ(A·x + B·out' + p)
    show = σ(C·x + D·out' + q)
    keep = σ(E·x + F·out' + r)
    memory = write ⊙ tanh(G·x + K·out' + s) + keep ⊙ memory'
    out = show ⊙ tanh(memory)
    """

  func network(_ size: CellSize) -> Network<Float> {
    let network = Network<Float>(
      .init(input: .vectors(size: size.hidden), cell: cell, hiddenSize: size.hidden))
    network.initialize(.init())
    return network
  }

  func pass(_ size: CellSize) -> NetworkPass<Float> {
    let pass = NetworkPass(network: network(size), seqLen: size.steps, batchSize: size.batch)
    var random = SeededRandom(seed: 1)
    pass.setInput((0..<pass.input.count).map { _ in Float(random.normal()) })
    return pass
  }
}
