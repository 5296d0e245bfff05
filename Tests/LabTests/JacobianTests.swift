import Equations
import Learning
import Networks
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The verdict's slope against a product of Jacobians.
@Suite struct JacobianTests {
  private static let steps = 16
  private static let size = 6

  /// The state's Jacobian of every single step by finite differences of a net of one step, in
  /// Double; multiplied out from the last step back, matrix by matrix, and only then applied to the
  /// gradient of the last state. For two states the Jacobian is that of both together.
  @Test(arguments: ["rnn/tanh", "rnn/sigmoid", "gru", "lstm/forget-bias=1"], [1, 2, 3])
  func slopeOfTheProduct(lane: String, seed: UInt64) throws {
    let lab = try LabSamples.lab(
      try LabSamples.settings(
        lane + "/input-scale=0.5", seqLen: Self.steps, hiddenSize: Self.size, batchSize: 1,
        seed: seed))
    let verdict = try lab.verdict()
    let batch = try #require(lab.shownBatch).batch
    let network = Network<Double>(lab.network.configuration)
    for entry in lab.network.layout.entries {
      for (index, value) in zip(entry.range, lab.network.values(of: entry)) {
        network.parameters[index] = Double(value)
      }
    }
    let step = OneStep(network)
    let width = Self.size * step.stateCount

    var states = [[Double](repeating: 0, count: width)]
    for token in batch.tokens { states.append(step.next(states[states.count - 1], token)) }
    // ∂L/∂h at the last step: the output layer and its softmax. L does not see c but through h.
    var gradient = step.lossGradient(states[Self.steps - 1], batch.tokens, batch.classes)
    gradient += [Double](repeating: 0, count: width - gradient.count)

    var product = (0..<width * width).map { $0 % (width + 1) == 0 ? 1.0 : 0 }
    var norms = [Double](repeating: 0, count: Self.steps)
    for time in (0..<Self.steps).reversed() {
      // gᵀ·J_T···J_{t+1}, the part of h.
      norms[time] = (0..<Self.size).reduce(0) { sum, column in
        let element = (0..<width).reduce(0) { $0 + gradient[$1] * product[$1 * width + column] }
        return sum + element * element
      }.squareRoot()
      guard time > 0 else { break }
      let jacobian = step.jacobian(states[time], batch.tokens[time])
      product = (0..<width * width).map { index in
        let (row, column) = index.quotientAndRemainder(dividingBy: width)
        return (0..<width).reduce(0) {
          $0 + product[row * width + $1] * jacobian[$1 * width + column]
        }
      }
    }
    // The closed formula for equidistant points.
    let n = Double(Self.steps)
    let weighted = norms.reversed().enumerated().reduce(0) {
      $0 + (Double($1.offset) - (n - 1) / 2) * log($1.element)
    }
    #expect(abs(try #require(verdict.fit.slope) - 12 * weighted / (n * (n * n - 1))) < 2e-5)
    for (found, expected) in zip(verdict.probe.gradientNorms, norms) {
      #expect(abs(found - expected) < 1e-4 * expected)
    }
  }
}

/// A network's cell as a function from state to state.
private struct OneStep {
  private let pass: NetworkPass<Double>

  init(_ network: Network<Double>) { pass = NetworkPass(network: network, seqLen: 1) }

  private var cell: Cell { pass.network.configuration.cell }
  var stateCount: Int { cell.states.count }

  /// Both states are all states behind each other.
  func next(_ state: [Double], _ token: Int32) -> [Double] {
    let unrolling = pass.layers[0][0]
    let size = state.count / stateCount
    for index in 0..<stateCount {
      unrolling.setInitialState(
        index, to: BufferView(Buffer(Array(state[index * size..<(index + 1) * size]))))
    }
    pass.setTokens([token])
    pass.forward()
    return cell.states.flatMap { name in
      cell.equationIndex(of: name).map { unrolling.values(of: $0).array } ?? []
    }
  }

  /// ∂next/∂state, row-major.
  func jacobian(_ state: [Double], _ token: Int32) -> [Double] {
    var result = [Double](repeating: 0, count: state.count * state.count)
    let width = 1e-5
    for column in state.indices {
      var (above, below) = (state, state)
      above[column] += width
      below[column] -= width
      let values = zip(next(above, token), next(below, token))
      for (row, pair) in values.enumerated() {
        result[row * state.count + column] = (pair.0 - pair.1) / (2 * width)
      }
    }
    return result
  }

  /// W_oᵀ(p − y) after the last step, from the state before it.
  func lossGradient(_ state: [Double], _ tokens: [Int32], _ classes: [Int32]) -> [Double] {
    guard let token = tokens.last, let target = classes.last, let head = pass.head,
      let weight = pass.network.layout[.outputWeight]
    else { return [] }
    _ = next(state, token)
    let logits = head.logits.array
    let total = logits.reduce(0) { $0 + exp($1) }
    let values = pass.network.values(of: weight)
    let size = weight.shape[1]
    return (0..<size).map { unit in
      logits.indices.reduce(0) { sum, index in
        let error = exp(logits[index]) / total - (index == Int(target) ? 1 : 0)
        return sum + values[index * size + unit] * error
      }
    }
  }
}
