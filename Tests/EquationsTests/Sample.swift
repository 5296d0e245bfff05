import Tensors

@testable import Equations

/// A cell at small sizes with random parameters and input, run by its plan and the plain way.
struct Sample {
  let cell: Cell
  let inputSize: Int
  let hiddenSize: Int
  let seqLen: Int
  let batchSize: Int
  let isReversed: Bool
  let plan: Plan
  var parameters: [[Double]]
  /// `[T, B, I]`.
  var input: [Double]
  /// The weights r of the loss Σ r ⊙ y + ½ Σ y² over the output, `[T, B, H]`.
  let lossWeights: [Double]

  init(
    _ cell: Cell, inputSize: Int = 3, hiddenSize: Int = 4, seqLen: Int = 4, batchSize: Int = 1,
    isReversed: Bool = false, seed: UInt64 = 7, scale: Double = 0.6
  ) {
    var random = SeededRandom(seed: seed)
    self.cell = cell
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.seqLen = seqLen
    self.batchSize = batchSize
    self.isReversed = isReversed
    plan = Plan(cell: cell, inputSize: inputSize, hiddenSize: hiddenSize)
    parameters = plan.parameterShapes.map { shape in
      (0..<shape.reduce(1, *)).map { _ in random.normal() * scale }
    }
    input = (0..<seqLen * batchSize * inputSize).map { _ in random.normal() }
    lossWeights = (0..<seqLen * batchSize * hiddenSize).map { _ in random.normal() }
  }

  init(_ text: String, seqLen: Int = 4, batchSize: Int = 1, seed: UInt64 = 7) throws {
    self.init(
      try Cell(name: "test", text: text), seqLen: seqLen, batchSize: batchSize, seed: seed)
  }

  // MARK: By the plan

  func slice<Scalar: TensorScalar>(
    _ arrays: [[Double]], _: Scalar.Type
  ) -> ParameterSlice<Scalar> {
    var offsets: [Int] = []
    var count = 0
    for array in arrays {
      offsets.append(count)
      count += array.count
    }
    return ParameterSlice(buffer: Buffer(arrays.joined().map { Scalar($0) }), offsets: offsets)
  }

  func forward<Scalar: TensorScalar>(
    _ type: Scalar.Type, overrides: [Override] = []
  ) -> Unrolling<Scalar> {
    let unrolling = Unrolling<Scalar>(
      plan: plan, seqLen: seqLen, batchSize: batchSize, isReversed: isReversed)
    unrolling.forward(
      input: BufferView(Buffer(input.map { Scalar($0) })), parameters: slice(parameters, type),
      overrides: overrides)
    return unrolling
  }

  struct Gradients {
    var parameters: [[Double]]
    var input: [Double]
    /// Per equation `[T, B, n]`.
    var values: [[Double]]
  }

  func gradients<Scalar: TensorScalar>(
    _ type: Scalar.Type, overrides: [Override] = []
  ) -> (Unrolling<Scalar>, Gradients) {
    let unrolling = forward(type, overrides: overrides)
    unrolling.beginBackward()
    let seed = unrolling.outputGradient
    for (index, y) in unrolling.output.array.enumerated() {
      seed.buffer[seed.offset + index] += Scalar(lossWeights[index]) + y
    }
    let parameterGradients = slice(parameters.map { $0.map { _ in 0 } }, type)
    let inputGradient = Buffer<Scalar>(count: input.count)
    unrolling.backward(
      input: BufferView(Buffer(input.map { Scalar($0) })), parameters: slice(parameters, type),
      parameterGradients: parameterGradients, inputGradient: BufferView(inputGradient),
      overrides: overrides)
    let flat = parameterGradients.buffer.array.map { Double($0) }
    return (
      unrolling,
      Gradients(
        parameters: zip(parameters, parameterGradients.offsets).map { array, offset in
          Array(flat[offset..<offset + array.count])
        },
        input: inputGradient.array.map { Double($0) },
        values: cell.equations.indices.map { index in
          (unrolling.gradients(of: index)?.array ?? []).map { Double($0) }
        })
    )
  }

  func loss(overrides: [Override] = []) -> Double {
    zip(forward(Double.self, overrides: overrides).output.array, lossWeights)
      .reduce(0) { $0 + $1.0 * ($1.1 + $1.0 / 2) }
  }

  // MARK: The plain way

  private struct Step: StepValues {
    var values: [Identifier: [Double]]
    var states: [Identifier: [Double]]
    let parameters: [Identifier: ([Double], [Int])]

    func value(_ name: Identifier) -> [Double]? { values[name] }
    func previous(_ name: Identifier) -> [Double]? { states[name] }
    func parameter(_ name: Identifier) -> (elements: [Double], shape: [Int])? {
      parameters[name].map { (elements: $0.0, shape: $0.1) }
    }
  }

  /// Per equation `[T, B, n]`, step by step from the syntax tree.
  func evaluated(overrides: [Override] = []) throws -> [[Double]] {
    var results = plan.valueSizes.map { [Double](repeating: .nan, count: seqLen * batchSize * $0) }
    try eachStep { time, row, step in
      for (index, equation) in cell.equations.enumerated() {
        let size = plan.valueSizes[index]
        var value = try evaluate(equation.expression, step, size)
        for override in overrides where override.equation == index && override.times.contains(time)
        {
          for unit in override.units {
            value[unit] =
              override.values.count == 1
              ? override.values[0] : override.values[unit - override.units.lowerBound]
          }
        }
        step.values[equation.name] = value
        let first = (time * batchSize + row) * size
        results[index].replaceSubrange(first..<first + size, with: value)
      }
    }
    return results
  }

  private func evaluate(_ e: Expression, _ step: Step, _ size: Int) throws -> [Double] {
    guard let value = Evaluator(cell: cell, values: step).vector(e) else {
      throw QueryError("no value for \(e)")
    }
    return value.count == 1 ? Array(repeating: value[0], count: size) : value
  }

  private func eachStep(_ body: (Int, Int, inout Step) throws -> Void) throws {
    let table = Dictionary(
      uniqueKeysWithValues: zip(cell.parameters, zip(parameters, plan.parameterShapes)).map {
        ($0.name, ($1.0, $1.1))
      })
    for row in 0..<batchSize {
      let zeros = Array(repeating: 0.0, count: hiddenSize)
      var states = Dictionary(uniqueKeysWithValues: cell.states.map { ($0, zeros) })
      for number in 0..<seqLen {
        let time = isReversed ? seqLen - 1 - number : number
        let first = (time * batchSize + row) * inputSize
        var step = Step(
          values: ["x": Array(input[first..<first + inputSize])], states: states,
          parameters: table)
        try body(time, row, &step)
        for state in cell.states { states[state] = step.values[state] }
      }
    }
  }

  /// Everything that the equations of one step see, after that step: for local factors.
  func stepValues(at time: Int) throws -> some StepValues {
    var found: Step?
    try eachStep { now, row, step in
      for (index, equation) in cell.equations.enumerated() {
        step.values[equation.name] = try evaluate(equation.expression, step, plan.valueSizes[index])
      }
      if now == time, row == 0 { found = step }
    }
    guard let found else { throw QueryError("no step \(time)") }
    return found
  }
}

/// max|a − b| / max(1, max|b|); infinite where anything is not a number.
func distance(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  var worst = 0.0, largest = 1.0
  for (x, y) in zip(a, b) {
    if x.isNaN || y.isNaN { return .infinity }
    worst = max(worst, abs(x - y))
    largest = max(largest, abs(y))
  }
  return worst / largest
}
