import Equations
import Learning
import Networks
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The gradient norms and the slope against computations that share nothing with the lab's.
@Suite struct GradientNormTests {
  /// A tanh net's gradients by hand, in Double: δ_T = W_oᵀ(p − y)/B, δ_{t−1} = Uᵀ(1 − h_t²)δ_t.
  @Test(arguments: LabSamples.seeds) func jacobianProduct(seed: UInt64) throws {
    let settings = try LabSamples.settings(
      "rnn/tanh/orthogonal/gain=0.9/input-scale=0.5", seqLen: 20, hiddenSize: 12, batchSize: 3,
      seed: seed)
    let lab = try LabSamples.lab(settings)
    let verdict = try lab.verdict()
    let batch = try #require(lab.shownBatch).batch
    let (size, count, steps) = (12, 3, 20)
    func matrix(_ name: String) throws -> [Double] {
      lab.network.values(of: try #require(lab.network.layout[name])).map(Double.init)
    }
    let w = try matrix("layer0.W"), u = try matrix("layer0.U"), b = try matrix("layer0.b")
    let out = try matrix("output.weight"), outBias = try matrix("output.bias")
    let inputs = w.count / size, classes = outBias.count
    var squares = [Double](repeating: 0, count: steps)
    for sequence in 0..<count {
      var states = [[Double](repeating: 0, count: size)]
      for time in 0..<steps {
        let token = Int(batch.tokens[time * count + sequence])
        let old = states[time]
        states.append(
          (0..<size).map { i in
            tanh(
              w[i * inputs + token] + b[i]
                + (0..<size).reduce(0) { $0 + u[i * size + $1] * old[$1] })
          })
      }
      let logits = (0..<classes).map { k in
        outBias[k] + (0..<size).reduce(0) { $0 + out[k * size + $1] * states[steps][$1] }
      }
      let total = logits.reduce(0) { $0 + exp($1) }
      let target = Int(batch.classes[(steps - 1) * count + sequence])
      var delta = (0..<size).map { i in
        (0..<classes).reduce(0) { sum, k in
          sum + out[k * size + i] * (exp(logits[k]) / total - (k == target ? 1 : 0)) / Double(count)
        }
      }
      for time in (0..<steps).reversed() {
        squares[time] += delta.reduce(0) { $0 + $1 * $1 }
        let state = states[time + 1]
        delta = (0..<size).map { j in
          (0..<size).reduce(0) { $0 + u[$1 * size + j] * (1 - state[$1] * state[$1]) * delta[$1] }
        }
      }
    }
    let norms = squares.map { $0.squareRoot() }
    for (found, expected) in zip(verdict.probe.gradientNorms, norms) {
      #expect(abs(found - expected) < 2e-5 * expected)
    }
    // The slope by the closed formula for equidistant points.
    let logs = norms.reversed().map { log($0) }
    let n = Double(steps)
    let weighted = logs.enumerated().reduce(0) {
      $0 + (Double($1.offset) - (n - 1) / 2) * $1.element
    }
    let slope = 12 * weighted / (n * (n * n - 1))
    #expect(abs(try #require(verdict.fit.slope) - slope) < 1e-5)
  }

  /// ∂L/∂h_t by finite differences: a shift of h_t is a shift of what comes after it. The state
  /// before the first step can be set, so its gradient is that of step −1: the sequence is cut at t.
  @Test(arguments: ["rnn", "lstm", "gru-torch"], [TaskKind.recall, .adding])
  func finiteDifferences(cell name: String, kind: TaskKind) throws {
    let (steps, count, size) = (8, 2, 5)
    let task = try TaskRequest(kind).make(seqLen: steps)
    let cell = try #require(try Cell.shipped(name))
    let network = Network<Double>(
      NetworkConfiguration(
        input: task.input, cell: cell, hiddenSize: size, outputSize: task.outputSize))
    network.initialize(
      InitializationOptions(recurrent: .orthogonal(gain: 1), seed: 7))
    let batch = task.batch(seed: 3, update: 5, size: count)
    let width = task.input.inputSize
    var input = batch.vectors.map(Double.init)
    if input.isEmpty {
      input = [Double](repeating: 0, count: steps * count * width)
      for (row, token) in batch.tokens.enumerated() { input[row * width + Int(token)] = 1 }
    }
    let values = batch.values.map(Double.init)
    func target(_ rows: Range<Int>) -> LossTarget<Double> {
      task.loss == .crossEntropy
        ? .crossEntropy(targets: Array(batch.classes[rows]))
        : .squaredError(targets: Array(values[rows]))
    }
    /// The loss of the steps from `start` on, given the states before them.
    func run(from start: Int, states: [Buffer<Double>]) throws -> (NetworkPass<Double>, Double) {
      let pass = NetworkPass(network: network, seqLen: steps - start, batchSize: count)
      // One-hot rows are set as the buffer that they become.
      for (index, value) in input[(start * count * width)...].enumerated() {
        pass.input[index] = value
      }
      for (index, state) in states.enumerated() {
        pass.layers[0][0].setInitialState(index, to: BufferView(state))
      }
      pass.forward()
      let head = try #require(pass.head)
      let losses =
        switch target(start * count..<steps * count) {
        case .crossEntropy(let targets): head.losses(targets: targets)
        case .squaredError(let targets): head.squaredErrors(targets: targets)
        default: [Double]()
        }
      return (pass, losses.reduce(0, +))
    }
    let zeros = cell.states.map { _ in Buffer<Double>(count: count * size) }
    let (whole, _) = try run(from: 0, states: zeros)
    whole.backward(
      target(0..<steps * count), gradients: Buffer(count: network.layout.count))
    let unrolling = whole.layers[0][0]
    for time in [0, 3, steps - 2] {
      let gradients = try #require(unrolling.gradients(of: cell.outputEquation))
      for entry in 0..<count * size {
        func loss(_ shift: Double) throws -> Double {
          let states = try cell.states.map { state in
            let view = unrolling.values(of: try #require(cell.equationIndex(of: state)))
            return Buffer(view.array[(time * count * size)..<((time + 1) * count * size)])
          }
          states[0][entry] += shift
          return try run(from: time + 1, states: states).1
        }
        let numeric = try (loss(1e-5) - loss(-1e-5)) / 2e-5
        #expect(abs(numeric - gradients[time * count * size + entry]) < 1e-8)
      }
    }
  }
}
