import Equations
import Learning
import Networks
import Tensors
import Testing

/// ‖∂L/∂h_t‖ and ‖∂L/∂c_t‖ of the lab's own update, each against finite differences in Double: a
/// state is set by hand at one step, and the mean loss of the whole sequence is taken again.
@Suite struct StateGradientTests {
  private static let steps = 7
  private static let count = 2

  /// Sine has a loss at every step, copy at every step with classes, the others at the last.
  @Test(
    arguments: ["rnn/tanh", "gru", "gru-torch", "lstm", "peephole"],
    [TaskKind.recall, .adding, .copy, .sine])
  func finiteDifferences(lane: String, kind: TaskKind) throws {
    let lab = try LabSamples.lab(
      try LabSamples.settings(
        lane + "/orthogonal/input-scale=0.8/forget-bias=1", seqLen: Self.steps, hiddenSize: 5,
        batchSize: Self.count, seed: 11, task: TaskRequest(kind)))
    // Not the start: biases that are not zero have a part in it.
    for _ in 0..<3 { _ = try lab.step() }
    let update = try lab.measure()
    let exact = try ExactLoss(lab)
    let cell = lab.settings.cell
    var paths = [(equation: cell.outputEquation, norms: update.gradientNorms)]
    if let memory = lab.roles.memory { paths.append((memory, update.memoryGradientNorms)) }
    #expect(paths.count == cell.states.count)
    for (equation, norms) in paths {
      for step in 0..<Self.steps {
        var squares = 0.0
        for sequence in 0..<Self.count {
          for unit in 0..<5 {
            let slope = exact.derivative(
              sequence: sequence, equation: equation, step: step, unit: unit)
            squares += slope * slope
          }
        }
        let norm = squares.squareRoot()
        #expect(
          abs(norms[step] - norm) < 2e-5 * norm + 1e-9,
          "\(lane) \(kind), \(cell.equations[equation].name) at step \(step)")
      }
    }
  }

  /// Norms are sums in Double: squares of these are far below the least float.
  @Test(arguments: LabSamples.seeds) func tinyNorms(seed: UInt64) throws {
    let lab = try LabSamples.lab(
      try LabSamples.settings("rnn/tanh/orthogonal/gain=0.25", seqLen: 50, seed: seed))
    let verdict = try lab.verdict()
    let norms = verdict.probe.gradientNorms
    #expect(norms[0] > 0 && norms[0] < 1e-27)
    for step in 1..<50 {
      #expect(abs(norms[step - 1] / norms[step] - 0.25) < 0.01, "step \(step)")
    }
    #expect(verdict.fit.leftOut == norms.count { !(1e-30...1e30).contains($0) })
  }
}

/// The lab's network and batch in Double.
private struct ExactLoss {
  private let pass: NetworkPass<Double>
  private let batch: TaskBatch
  private let task: any SequenceTask
  private let inputs: [[Double]]

  init(_ lab: GradientLab) throws {
    let network = Network<Double>(lab.network.configuration)
    for entry in lab.network.layout.entries {
      for (index, value) in zip(entry.range, lab.network.values(of: entry)) {
        network.parameters[index] = Double(value)
      }
    }
    task = lab.task
    batch = try #require(lab.shownBatch).batch
    pass = NetworkPass(network: network, seqLen: task.seqLen)
    let (width, count) = (task.input.inputSize, batch.batchSize)
    let (batch, task) = (batch, task)
    inputs = (0..<count).map { sequence in
      (0..<task.seqLen).flatMap { step -> [Double] in
        let row = step * count + sequence
        guard batch.vectors.isEmpty else {
          return batch.vectors[row * width..<(row + 1) * width].map(Double.init)
        }
        var oneHot = [Double](repeating: 0, count: width)
        oneHot[Int(batch.tokens[row])] = 1
        return oneHot
      }
    }
  }

  /// By central differences of two widths, extrapolated (Richardson 1911).
  func derivative(sequence: Int, equation: Int, step: Int, unit: Int) -> Double {
    pass.setInput(inputs[sequence])
    pass.forward()
    let unrolling = pass.layers[0][0]
    let size = unrolling.plan.valueSizes[equation]
    let value = unrolling.values(of: equation)[step * size + unit]
    func difference(_ width: Double) -> Double {
      let losses = [value + width, value - width].map { changed in
        pass.forward(overrides: [
          LayerID(layer: 0): [
            Override(
              equation: equation, times: step..<step + 1, units: unit..<unit + 1,
              values: [changed])
          ]
        ])
        return loss(sequence)
      }
      return (losses[0] - losses[1]) / (2 * width)
    }
    return (4 * difference(5e-4) - difference(1e-3)) / 3
  }

  /// This sequence's part of the mean loss per target.
  private func loss(_ sequence: Int) -> Double {
    guard let head = pass.head else { return .nan }
    let rows = (0..<task.seqLen).map { $0 * batch.batchSize + sequence }
    let losses =
      task.loss == .crossEntropy
      ? head.losses(targets: rows.map { batch.classes[$0] })
      : head.squaredErrors(targets: rows.map { Double(batch.values[$0]) })
    return losses.reduce(0, +) / Double(task.lossSteps.count * batch.batchSize)
  }
}
