import Checkpoints
import Equations
import Learning
import Networks
import Tensors
import TestSupport
import Testing

/// The lab's gradients through time against figures that NumPy has computed, cell by cell written
/// out by hand: `Scripts/make_lab_goldens.py`.
@Suite struct GoldenGradientTests {
  /// The whole lab: its sequences, its loss, the gradients of every step and their norms.
  @Test(
    arguments: ["rnn_tanh", "rnn_relu", "lstm", "gru"], [TaskKind.recall, .adding])
  func matchesNumPy(name: String, kind: TaskKind) throws {
    let file = try SafetensorsFile(path: Fixtures.path("lab_gradients.safetensors"))
    func metadata(_ key: String) throws -> Int {
      try #require(file.metadata[key].flatMap(Int.init))
    }
    let (steps, count) = (try metadata("seqLen"), try metadata("batch"))
    let lane = name.replacing("_", with: "/")
    let lab = try LabSamples.lab(
      try LabSamples.settings(
        lane, seqLen: steps, hiddenSize: try metadata("hidden"), batchSize: count,
        seed: UInt64(try metadata("seed")), task: TaskRequest(kind)))
    for _ in 0..<(try metadata("update")) { _ = try lab.step() }
    let prefix = "\(name).\(kind.rawValue)/"
    for entry in lab.network.layout.entries {
      let weights = try file.floats(prefix + entry.name)
      #expect(file[prefix + entry.name]?.shape == entry.shape)
      for (index, weight) in zip(entry.range, weights) { lab.network.parameters[index] = weight }
    }
    let found = try lab.measure()
    let loss = try file.doubles(prefix + "loss")[0]
    #expect(abs(found.loss - loss) < 1e-5 * loss)

    let unrolling = lab.pass.layers[0][0]
    let cell = lab.settings.cell
    let states = unrolling.values(of: cell.outputEquation).array.map(Double.init)
    #expect(relativeError(states, try file.doubles(prefix + "h")) < 1e-5)
    for (state, norms) in [("h", found.gradientNorms), ("c", found.memoryGradientNorms)] {
      guard let equation = cell.equationIndex(of: Identifier(state)) else {
        #expect(norms.isEmpty)
        continue
      }
      let expected = try file.doubles(prefix + "grad." + state)
      let gradients = try #require(unrolling.gradients(of: equation)).array.map(Double.init)
      let size = expected.count / steps
      #expect(norms.count == steps && gradients.count == expected.count)
      for step in 0..<steps {
        let rows = step * size..<(step + 1) * size
        #expect(
          relativeError(Array(gradients[rows]), Array(expected[rows])) < 1e-5,
          "∂L/∂\(state) at step \(step)")
        let norm = expected[rows].reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(abs(norms[step] - norm) < 1e-5 * norm, "norm of ∂L/∂\(state) at step \(step)")
      }
    }
  }

  /// ‖found − expected‖ / ‖expected‖.
  private func relativeError(_ found: [Double], _ expected: [Double]) -> Double {
    guard found.count == expected.count else { return .infinity }
    let difference = zip(found, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (difference / expected.reduce(0) { $0 + $1 * $1 }).squareRoot()
  }
}
