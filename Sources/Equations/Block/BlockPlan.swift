/// A block compiled for its sizes: the steps of the forward and of the backward pass.
public struct BlockPlan: Sendable {
  enum Step: Sendable {
    /// A fused program over the elements of a layout.
    case elementwise(ElementwiseProgram, BlockLayout)
    case product(BlockProduct)
    case kernel(Kernel, value: Int)
    /// parameter's gradient += the column sums of the value's gradient.
    case columnSums(of: Int, parameter: Int)
    /// The value's gradient begins with zeros.
    case clearGradient(Int)
    /// The equation's value is complete; on the way back, its gradient is.
    case completed(Int)
  }

  /// A row-wise function, forwards or backwards; `value` of its step is its result.
  enum Kernel: Sendable {
    case softmax(source: Int)
    case normalize(source: Int, epsilon: Double)
    case unit(source: Int)
    case additive(queries: Int, keys: Int, vector: Int?)
    /// Of softmax, normalize and unit. `gradient` is where the source's gradient is written.
    case softmaxBackward(gradient: Storage)
    case normalizeBackward(gradient: Storage)
    case unitBackward(gradient: Storage)
    case additiveBackward(queries: Int, keys: Int, vector: Int?)
  }

  public let block: Block
  public let sizes: BlockSizes
  /// Whether values that the file names after `dropout` are dropped.
  public let isTraining: Bool
  public let parameterShapes: [[Int]]
  let values: [BlockValue]
  let valueOfEquation: [Int]
  let constantMatrices: [BlockConstantMatrix]
  let forward: [Step]
  let backward: [Step]
  /// Per value the one whose gradient's memory it shares: itself, or one with the same gradient.
  let gradientHome: [Int]
  /// Values that the loss does not depend on.
  let idle: [Int]
  /// Values whose gradient is first written beside its memory, then added.
  let besides: [Int]
  /// What later rows read of earlier ones; nil where a row depends on others in ways that forbid to
  /// run it alone.
  let keptRows: BlockKeptRows?
  let registerCount: Int
  let operandCount: Int

  /// - Parameters:
  ///   - block: what is compiled.
  ///   - sizes: D, the number of heads, F.
  ///   - isTraining: whether values that the file names after `dropout` are dropped.
  public init(block: Block, sizes: BlockSizes, isTraining: Bool = false) {
    let graph = BlockLowering.graph(block: block, sizes: sizes, isTraining: isTraining)
    self.block = block
    self.sizes = sizes
    self.isTraining = isTraining
    parameterShapes = graph.parameterShapes
    forward = Self.forwardSteps(graph)
    let differentiation = BlockDifferentiation(graph)
    backward = differentiation.steps
    gradientHome = differentiation.gradientHome
    idle = differentiation.idle
    besides = differentiation.besides
    values = graph.values
    valueOfEquation = graph.valueOfEquation
    constantMatrices = graph.constantMatrices
    keptRows = BlockKeptRows(graph)
    var registers = 1, operands = 1
    for case .elementwise(let program, _) in forward + backward {
      registers = max(registers, program.registerCount)
      operands = max(operands, program.operands.count)
    }
    registerCount = registers
    operandCount = operands
  }

  private static func forwardSteps(_ graph: BlockGraph) -> [Step] {
    var steps: [Step] = []
    for (index, step) in graph.steps.enumerated() {
      switch step.operation {
      case .elementwise(let root):
        let program = ElementwiseProgram(
          graph: graph.graph, targets: [(.value(step.target), root)], columns: 1, savedSums: [:])
        steps.append(.elementwise(program, graph.values[step.target].layout))
      case .product(let product): steps.append(.product(product))
      case .softmax(let source):
        steps.append(.kernel(.softmax(source: source), value: step.target))
      case .normalize(let source, let epsilon):
        steps.append(.kernel(.normalize(source: source, epsilon: epsilon), value: step.target))
      case .unit(let source): steps.append(.kernel(.unit(source: source), value: step.target))
      case .additive(let queries, let keys, let vector):
        steps.append(
          .kernel(.additive(queries: queries, keys: keys, vector: vector), value: step.target))
      }
      if index + 1 == graph.steps.count || graph.steps[index + 1].equation != step.equation {
        steps.append(.completed(step.equation))
      }
    }
    return steps
  }

  /// The value of an equation.
  func value(ofEquation equation: Int) -> BlockValue { values[valueOfEquation[equation]] }

  /// The input whose rows are the columns of an equation's value: the keys of scores and attention
  /// weights; nil for columns of a fixed number.
  public func keyInput(ofEquation equation: Int) -> Int? {
    if case .tokens(let input) = value(ofEquation: equation).layout.columns { input } else { nil }
  }

  func root(_ value: Int) -> Int { values[value].joined ?? value }
}
