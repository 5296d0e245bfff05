/// Turns the equations of a block into operations.
struct BlockLowering {
  /// An expression's node, with the layout of its value.
  enum Shape: Hashable {
    case number
    case vector(isPerHead: Bool)
    case matrix(BlockLayout)
    /// M takes the layout of what it meets.
    case mask
  }

  typealias Term = (node: NodeID, shape: Shape)

  var result: BlockGraph
  var equation = 0

  /// The block's operations for the given sizes.
  static func graph(block: Block, sizes: BlockSizes, isTraining: Bool) -> BlockGraph {
    var lowering = BlockLowering(
      result: BlockGraph(block: block, sizes: sizes, isTraining: isTraining))
    lowering.run()
    return lowering.result
  }

  private init(result: BlockGraph) { self.result = result }

  private mutating func run() {
    for (index, equation) in result.block.equations.enumerated() {
      self.equation = index
      finish(lower(equation.expression), equation.name)
    }
  }

  /// Gives an equation's node a value with its name.
  private mutating func finish(_ term: Term, _ name: Identifier) {
    guard case .matrix(let layout) = term.shape else {
      preconditionFailure("\(name) is no matrix")
    }
    var root = term.node
    if result.isTraining, result.block.dropout.contains(name) {
      let mask = result.constantMatrix(.dropout(equation: equation, layout: layout))
      root = result.graph.binary(.multiply, root, mask)
    }
    // A value that was made for this equation alone becomes the equation's own.
    if case .memory(.value(let value)) = result.graph[root].operation,
      result.values[value].equation == nil, result.values[value].input == nil,
      result.values[value].joined == nil,
      result.steps.contains(where: { $0.target == value && $0.equation == equation })
    {
      result.values[value].equation = equation
      result.valueOfEquation.append(value)
      return
    }
    let value = add(.elementwise(root), layout)
    result.values[value].equation = equation
    result.valueOfEquation.append(value)
  }

  private mutating func add(_ operation: BlockOperation, _ layout: BlockLayout) -> Int {
    let value = result.addValue(BlockValue(layout: layout))
    result.steps.append(BlockGraph.Step(target: value, operation: operation, equation: equation))
    // The memory node comes after its root: a descending sweep meets all uses before it.
    _ = result.memory(value)
    return value
  }

  // MARK: Expressions

  mutating func lower(_ e: Expression) -> Term {
    switch e {
    case .number(let value, _): return (result.graph.constant(value), .number)
    case .name(let name, _): return lower(name: name)
    case .negate(let operand, _): return unary(.negate, operand)
    case .squareRoot(let operand, _): return unary(.squareRoot, operand)
    case .binary(.matrixProduct, _, _, _), .binary(.add, _, _, _), .binary(.subtract, _, _, _):
      return lowerSum(e)
    case .binary(let op, let left, let right, _):
      if product(in: e) != nil { return lowerSum(e) }
      let a = lower(left), b = lower(right)
      return binary(op == .hadamard ? .multiply : .divide, a, b)
    case .call(let function, let arguments, _): return lower(function, arguments)
    case .concatenation(let parts, _): return lowerJoined(parts)
    case .previous, .transpose: preconditionFailure("\(e) is no value of a block")
    }
  }

  private mutating func lower(name: Identifier) -> Term {
    if name == "M" { return (result.graph.constant(0), .mask) }
    if name == "d_k" { return (result.graph.constant(Double(result.sizes.headSize)), .number) }
    if let constant = result.block.constants.first(where: { $0.name == name }) {
      return (result.graph.constant(constant.value), .number)
    }
    if let parameter = result.parameter(name) {
      let node = result.graph.memory(.parameter(parameter), size: 1)
      return (node, .vector(isPerHead: result.block.parameters[parameter].isPerHead))
    }
    let value = value(named: name)
    return (result.memory(value), .matrix(result.values[value].layout))
  }

  func value(named name: Identifier) -> Int {
    if let input = result.block.inputs.firstIndex(of: name) { return input }
    guard let index = result.block.equationIndex(of: name) else {
      preconditionFailure("unknown name \(name)")
    }
    return result.valueOfEquation[index]
  }

  private mutating func unary(_ op: UnaryOperation, _ operand: Expression) -> Term {
    let inner = lower(operand)
    return (result.graph.unary(op, inner.node), inner.shape)
  }

  mutating func binary(_ op: BinaryOperation, _ a: Term, _ b: Term) -> Term {
    let shape = Self.joint(a.shape, b.shape)
    func settled(_ term: Term) -> NodeID {
      guard case .mask = term.shape, case .matrix(let layout) = shape,
        case .tokens(let columns) = layout.columns
      else { return term.node }
      return result.constantMatrix(.mask(rows: layout.rows, columns: columns))
    }
    let left = settled(a), right = settled(b)
    return (result.graph.binary(op, left, right), shape)
  }

  private static func joint(_ a: Shape, _ b: Shape) -> Shape {
    switch (a, b) {
    case (.number, let other), (let other, .number), (.mask, let other), (let other, .mask):
      return other
    case (.vector(let first), .vector(let second)): return .vector(isPerHead: first || second)
    case (.vector(let perHead), .matrix(let layout)), (.matrix(let layout), .vector(let perHead)):
      return .matrix(
        BlockLayout(
          rows: layout.rows, columns: layout.columns, isPerHead: layout.isPerHead || perHead))
    case (.matrix(let first), .matrix(let second)):
      return .matrix(
        BlockLayout(
          rows: first.rows, columns: first.columns,
          isPerHead: first.isPerHead || second.isPerHead))
    }
  }

  private mutating func lowerJoined(_ parts: [Expression]) -> Term {
    guard case .name(let name, _) = parts[0] else { preconditionFailure("\(parts) is no name") }
    let value = value(named: name)
    let layout = BlockLayout(
      rows: result.values[value].layout.rows, columns: .fixed(result.sizes.modelSize),
      isPerHead: false)
    let view =
      result.values.firstIndex { $0.joined == value }
      ?? result.addValue(BlockValue(layout: layout, joined: value))
    return (result.memory(view), .matrix(layout))
  }

  /// The value that a node's numbers are in, made where there is none.
  mutating func inMemory(_ term: Term) -> Int {
    if case .memory(.value(let value)) = result.graph[term.node].operation { return value }
    guard case .matrix(let layout) = term.shape else { preconditionFailure("no matrix") }
    return add(.elementwise(term.node), layout)
  }

  private mutating func lower(_ function: Function, _ arguments: [Expression]) -> Term {
    switch function {
    case .activation: return lower(result.block.activation, arguments)
    case .max, .min:
      let a = lower(arguments[0]), b = lower(arguments[1])
      return binary(function == .max ? .max : .min, a, b)
    case .softmax: return rowWise(arguments[0]) { .softmax(source: $0) }
    case .unit: return rowWise(arguments[0]) { .unit(source: $0) }
    case .layerNorm:
      let epsilon = arguments.count > 3 ? number(arguments[3]) : 1e-5
      let normalized = rowWise(arguments[0]) { .normalize(source: $0, epsilon: epsilon) }
      let gain = lower(arguments[1]), shift = lower(arguments[2])
      return binary(.add, binary(.multiply, normalized, gain), shift)
    case .additive: return lowerAdditive(arguments)
    default:
      guard let op = CellGraph.unary[function] else {
        preconditionFailure("no rule for \(function)")
      }
      return unary(op, arguments[0])
    }
  }

  private mutating func rowWise(
    _ argument: Expression, _ operation: (Int) -> BlockOperation
  ) -> Term {
    let source = inMemory(lower(argument))
    let layout = result.values[source].layout
    return (result.memory(add(operation(source), layout)), .matrix(layout))
  }

  private mutating func lowerAdditive(_ arguments: [Expression]) -> Term {
    let queries = inMemory(lower(arguments[0])), keys = inMemory(lower(arguments[1]))
    var vector: Int?
    if arguments.count == 3, case .name(let name, _) = arguments[2] {
      vector = result.parameter(name)
    }
    let (first, second) = (result.values[queries].layout, result.values[keys].layout)
    let layout = BlockLayout(
      rows: first.rows, columns: .tokens(second.rows),
      isPerHead: first.isPerHead || second.isPerHead)
    let value = add(.additive(queries: queries, keys: keys, vector: vector), layout)
    return (result.memory(value), .matrix(layout))
  }

  /// The value of an expression of numbers and constants.
  mutating func number(_ e: Expression) -> Double {
    let node = lower(e).node
    guard let value = result.graph.constantValue(node) else {
      preconditionFailure("\(e) is no number")
    }
    return value
  }
}
