public import Equations
internal import Tensors

/// Compares the gradients of a network with finite differences, in Double.
///
/// L = Σ r ⊙ y + ½ Σ y², with a fixed random r, over the outputs y of all steps; central
/// differences, extrapolated. Differences that cross a kink (relu, max, …) say nothing and are skipped.
public struct GradientCheck: Sendable {
  public struct Row: Sendable {
    public let name: String
    public let shape: [Int]
    /// max|analytic − numeric| / max|analytic| over the tensor; absolute below 1e-8.
    public let error: Double
    /// max|analytic| over the entries that were compared.
    public let largest: Double
    /// Entries whose difference crossed a kink.
    public let skipped: Int
  }

  public let rows: [Row]

  /// The largest error that passes.
  public static let tolerance = 1e-6

  /// Whether every error is small; one that is not a number is not, nor one of which every entry
  /// was skipped.
  public var passes: Bool {
    rows.allSatisfy { $0.error <= Self.tolerance && $0.skipped < $0.shape.reduce(1, *) }
  }

  /// Checks a network of the cell with random weights and start states. T should be over 1, or the
  /// recurrent part would hardly be tested.
  ///
  /// - Throws: `EquationError` where the cell can't be probed for kinks.
  public init(
    cell: Cell, inputSize: Int, hiddenSize: Int, seqLen: Int, batchSize: Int = 1,
    numLayers: Int = 1, isBidirectional: Bool = false, seed: UInt64 = 1
  ) throws(EquationError) {
    let (probed, probes) = try cell.withKinkProbes()
    let configuration = NetworkConfiguration(
      input: .vectors(size: inputSize), cell: probed, hiddenSize: hiddenSize,
      numLayers: numLayers, isBidirectional: isBidirectional)
    let network = Network<Double>(configuration)
    var random = SeededRandom(seed: seed)
    // Of a size that keeps the states within bounds however large the cell is: in a chaotic or
    // exploding network finite differences are noise.
    for entry in network.layout.entries {
      let columns = entry.shape.count > 1 ? entry.shape[1] : 4
      let deviation = 1 / Double(columns).squareRoot()
      for index in entry.range { network.parameters[index] = random.normal() * deviation }
    }
    let pass = NetworkPass(network: network, seqLen: seqLen, batchSize: batchSize)
    let probe = Probe(
      pass: pass, equations: probes.compactMap { probed.equationIndex(of: $0) }, random: &random)
    let analytic = probe.gradients()

    let differences = probe.differences
    var rows: [Row] = []
    for entry in network.layout.entries {
      rows.append(
        differences.check(
          name: entry.name, shape: entry.shape, buffer: network.parameters, range: entry.range,
          analytic: analytic.parameters.array(entry.range)))
    }
    rows.append(
      differences.check(
        name: "x", shape: [seqLen, batchSize, inputSize], buffer: pass.input,
        range: 0..<pass.input.count, analytic: analytic.input))
    self.rows = rows
  }
}

/// A network with a fixed loss whose entries can be moved.
private struct Probe {
  let pass: NetworkPass<Double>
  /// The equations whose sign tells the side of a kink.
  let equations: [Int]
  let weights: [Double]

  init(pass: NetworkPass<Double>, equations: [Int], random: inout SeededRandom) {
    self.pass = pass
    self.equations = equations
    pass.setInput((0..<pass.input.count).map { _ in random.normal() })
    weights = (0..<pass.output.count).map { _ in random.normal() }
    // Where a state is multiplied, it would stay 0 from a start at 0, with all gradients. Positive,
    // as some functions want their arguments; later steps have either sign.
    for unrolling in pass.layers.joined() {
      for state in unrolling.plan.cell.states.indices {
        let size = unrolling.initialState(state).count
        let start = Buffer((0..<size).map { _ in random.uniform(0, 1) })
        unrolling.setInitialState(state, to: BufferView(start))
      }
    }
  }

  func loss() -> Double {
    pass.forward()
    let output = pass.output.array
    return zip(output, weights).reduce(0) { $0 + $1.0 * ($1.1 + $1.0 / 2) }
  }

  /// Which side of every kink the network is on.
  func sides() -> [Bool] {
    pass.layers.joined().flatMap { unrolling in
      equations.flatMap { unrolling.values(of: $0).array.map { $0 > 0 } }
    }
  }

  func gradients() -> (parameters: Buffer<Double>, input: [Double]) {
    pass.forward()
    let seeds = Buffer(zip(pass.output.array, weights).map { $0 + $1 })
    let gradients = Buffer<Double>(count: pass.network.layout.count)
    pass.backward(.outputGradient(seeds), gradients: gradients, wantsInputGradient: true)
    return (gradients, pass.inputGradient?.array ?? [])
  }

  var differences: FiniteDifferences {
    FiniteDifferences(loss: loss, sides: { equations.isEmpty ? [] : sides() })
  }
}
