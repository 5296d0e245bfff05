public import Equations
internal import Tensors

/// Compares the gradients of a block with finite differences, in Double: of every parameter and of
/// every input.
///
/// L = Σ r ⊙ y + ½ Σ y², with a fixed random r, over the block's result y; central differences,
/// extrapolated. Differences that cross a kink (relu, max, …) say nothing and are skipped.
public struct BlockGradientCheck: Sendable {
  public let rows: [GradientCheck.Row]

  /// Whether every error is small; one that is not a number is not.
  public var passes: Bool { rows.allSatisfy { $0.error <= GradientCheck.tolerance } }

  /// Checks a block with random weights.
  ///
  /// - Parameters:
  ///   - block: what is checked.
  ///   - sizes: D, the number of heads, F.
  ///   - seqLen: T.
  ///   - contextLen: the rows of inputs beside X.
  ///   - batchSize: B.
  ///   - isCausal: whether a token sees no later one.
  ///   - lengths: of each sequence how many rows of X are real; nil for all.
  ///   - contextLengths: the same of the first input beside X.
  ///   - interventions: values set by hand; equations count as in `block`.
  ///   - seed: of the random weights.
  /// - Throws: `EquationError` where the block can't be probed for kinks.
  public init(
    block: Block, sizes: BlockSizes, seqLen: Int, contextLen: Int = 3, batchSize: Int = 1,
    isCausal: Bool = false, lengths: [Int]? = nil, contextLengths: [Int]? = nil,
    interventions: [BlockIntervention] = [], seed: UInt64 = 1
  ) throws(EquationError) {
    let (probed, probes) = try block.withKinkProbes()
    let pass = BlockPass<Double>(
      plan: BlockPlan(block: probed, sizes: sizes),
      rowCounts: block.inputs.indices.map { $0 == 0 ? seqLen : contextLen },
      batchSize: batchSize)
    pass.setMask(isCausal: isCausal, lengths: [lengths, contextLengths])
    var random = SeededRandom(seed: seed)
    let probe = BlockProbe(
      pass: pass, equations: probes.compactMap { probed.equationIndex(of: $0) },
      interventions: interventions.map { intervention in
        BlockIntervention(
          equation: probed.equationIndex(of: block.equations[intervention.equation].name) ?? 0,
          heads: intervention.heads, rows: intervention.rows, columns: intervention.columns,
          value: intervention.value)
      }, random: &random)
    rows = probe.rows()
  }
}

/// A block with a fixed loss whose entries can be moved.
private struct BlockProbe {
  let pass: BlockPass<Double>
  /// The equations whose sign tells the side of a kink.
  let equations: [Int]
  let interventions: [BlockIntervention]
  let inputs: [Buffer<Double>]
  let parameters: ParameterSlice<Double>
  let weights: [Double]

  init(
    pass: BlockPass<Double>, equations: [Int], interventions: [BlockIntervention],
    random: inout SeededRandom
  ) {
    self.pass = pass
    self.equations = equations
    self.interventions = interventions
    let plan = pass.plan
    var offsets: [Int] = [], elements: [Double] = []
    for shape in plan.parameterShapes {
      offsets.append(elements.count)
      let deviation = 1 / Double(shape.count > 1 ? shape[0] : 4).squareRoot()
      elements += (0..<shape.reduce(1, *)).map { _ in deviation * random.normal() }
    }
    parameters = ParameterSlice(buffer: Buffer(elements), offsets: offsets)
    inputs = pass.rowCounts.map { rows in
      Buffer((0..<pass.batchSize * rows * plan.sizes.modelSize).map { _ in random.normal() })
    }
    weights = (0..<pass.output.count).map { _ in random.normal() }
  }

  private var views: [BufferView<Double>] { inputs.map { BufferView($0) } }

  func forward() {
    pass.forward(inputs: views, parameters: parameters, interventions: interventions)
  }

  func loss() -> Double {
    forward()
    return zip(pass.output.array, weights).reduce(0) { $0 + $1.0 * ($1.1 + $1.0 / 2) }
  }

  /// Which side of every kink the block is on.
  func sides() -> [Bool] {
    equations.flatMap { pass.values(of: $0).array.map { $0 > 0 } }
  }

  func rows() -> [GradientCheck.Row] {
    forward()
    pass.outputGradient.buffer.copy(
      from: zip(pass.output.array, weights).map { $0 + $1 }, at: pass.outputGradient.offset)
    let gradients = ParameterSlice(
      buffer: Buffer<Double>(count: parameters.buffer.count), offsets: parameters.offsets)
    let inputGradients = inputs.map { Buffer<Double>(count: $0.count) }
    pass.backward(
      inputs: views, parameters: parameters, parameterGradients: gradients,
      inputGradients: inputGradients.map { BufferView($0) }, interventions: interventions)
    let differences = FiniteDifferences(loss: loss, sides: sides)
    var rows: [GradientCheck.Row] = []
    let plan = pass.plan
    for (index, parameter) in plan.block.parameters.enumerated() {
      let shape = plan.parameterShapes[index]
      let first = parameters.offsets[index]
      let range = first..<first + shape.reduce(1, *)
      rows.append(
        differences.check(
          name: parameter.name.text, shape: shape, buffer: parameters.buffer, range: range,
          analytic: gradients.buffer.array(range)))
    }
    for (index, name) in plan.block.inputs.enumerated() {
      rows.append(
        differences.check(
          name: name.text, shape: [pass.batchSize, pass.rowCounts[index], plan.sizes.modelSize],
          buffer: inputs[index], range: 0..<inputs[index].count,
          analytic: inputGradients[index].array))
    }
    return rows
  }
}
