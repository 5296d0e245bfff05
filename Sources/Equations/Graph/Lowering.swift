/// A product `scale · op(W)[:, columns] · v` within an affine sum.
struct MatrixProduct: Hashable, Sendable {
  let parameter: Int
  let transposed: Bool
  let scale: Double
  /// The vector: a memory node.
  let vector: NodeID
  /// The first column of op(W) that takes part: `W·[a, b]` is two products with parts of W.
  let columnOffset: Int
  /// Rows and columns of the part.
  let rows: Int
  let columns: Int
}

/// Σ products + Σ biases: what a layer computes before its activation.
struct AffineSum: Hashable, Sendable {
  var products: [MatrixProduct]
  var biases: [Int]
  let size: Int
}

/// A value without a name that backpropagation needs or that a row-wise kernel makes.
enum KeptValue: Hashable, Sendable {
  case elementwise(NodeID)
  case softmax(NodeID)
  /// (v − mean) / √(variance + eps).
  case normalized(NodeID, epsilon: Double)
  case concatenation([NodeID])
}

/// A cell at given sizes as a graph: affine sums, kept values and equations, each computed
/// elementwise from memory.
struct CellGraph: Sendable {
  let cell: Cell
  let inputSize: Int
  let hiddenSize: Int
  var graph = Graph()
  private(set) var sums: [AffineSum] = []
  private(set) var kept: [(value: KeptValue, size: Int)] = []
  /// Per equation the node that computes it.
  private(set) var roots: [NodeID] = []
  let parameterIndex: [Identifier: Int]
  let parameterShapes: [[Int]]

  init(cell: Cell, inputSize: Int, hiddenSize: Int) {
    self.cell = cell
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    parameterShapes = cell.parameters.map {
      $0.shape(inputSize: inputSize, hiddenSize: hiddenSize)
    }
    parameterIndex = Dictionary(
      uniqueKeysWithValues: cell.parameters.enumerated().map { ($1.name, $0) })
    for (index, equation) in cell.equations.enumerated() {
      let root = lower(equation.expression)
      roots.append(root)
      // The memory node comes after its root: a descending sweep meets all uses before it.
      _ = graph.memory(.value(index), size: size(ofEquation: index))
    }
  }

  func size(ofEquation index: Int) -> Int {
    cell.size(of: index, inputSize: inputSize, hiddenSize: hiddenSize)
  }

  func isState(_ equation: Int) -> Bool { cell.states.contains(cell.equations[equation].name) }

  // MARK: Vectors and numbers

  mutating func lower(_ e: Expression) -> NodeID {
    switch e {
    case .number(let value, _): return graph.constant(value)
    case .name(let name, _): return lower(name: name)
    case .previous(let name, _):
      return graph.memory(.previous(cell.states.firstIndex(of: name) ?? 0), size: hiddenSize)
    case .negate(let operand, _):
      let inner = lower(operand)
      return graph.unary(.negate, inner)
    case .squareRoot(let operand, _):
      let inner = lower(operand)
      return graph.unary(.squareRoot, inner)
    case .transpose: preconditionFailure("a matrix outside of a product")
    case .binary(.matrixProduct, _, _, _), .binary(.add, _, _, _), .binary(.subtract, _, _, _):
      return lowerSum(e)
    case .binary(let op, let left, let right, _):
      let a = lower(left)
      let b = lower(right)
      return graph.binary(op == .hadamard ? .multiply : .divide, a, b)
    case .call(let function, let arguments, _): return lower(function, arguments)
    case .concatenation(let parts, _):
      let nodes = parts.map { part in
        let node = lower(part)
        return inMemory(node, for: .kernel)
      }
      return keep(.concatenation(nodes), size: nodes.reduce(0) { $0 + graph.size($1) })
    }
  }

  private mutating func lower(name: Identifier) -> NodeID {
    if name == "x" { return graph.memory(.input, size: inputSize) }
    if let value = cell.constants[name] { return graph.constant(value) }
    if let index = cell.equationIndex(of: name) {
      return graph.memory(.value(index), size: size(ofEquation: index))
    }
    guard let index = parameterIndex[name] else { preconditionFailure("unknown name \(name)") }
    return graph.memory(.parameter(index), size: parameterShapes[index][0])
  }

  static let unary: [Function: UnaryOperation] = [
    .sigmoid: .sigmoid, .tanh: .tanh, .relu: .relu, .leakyReLU: .leakyReLU, .elu: .elu,
    .gelu: .gelu, .geluTanh: .geluTanh, .exp: .exp, .log: .log, .abs: .abs,
  ]

  private mutating func lower(_ function: Function, _ arguments: [Expression]) -> NodeID {
    switch function {
    case .activation: return lower(cell.activation, arguments)
    case .max, .min:
      let a = lower(arguments[0])
      let b = lower(arguments[1])
      return graph.binary(function == .max ? .max : .min, a, b)
    case .softmax:
      let argument = lower(arguments[0])
      let source = inMemory(argument, for: .kernel)
      return keep(.softmax(source), size: graph.size(source))
    case .layerNorm:
      let argument = lower(arguments[0])
      let source = inMemory(argument, for: .kernel)
      let epsilon = arguments.count > 3 ? number(arguments[3]) : 1e-5
      let normalized = keep(.normalized(source, epsilon: epsilon), size: graph.size(source))
      let gain = lower(arguments[1])
      let shift = lower(arguments[2])
      return graph.binary(.add, graph.binary(.multiply, normalized, gain), shift)
    default:
      guard let op = Self.unary[function] else { preconditionFailure("no rule for \(function)") }
      let operand = lower(arguments[0])
      return graph.unary(op, operand)
    }
  }

  /// The value of an expression of numbers and constants.
  mutating func number(_ e: Expression) -> Double {
    let node = lower(e)
    guard let value = graph.constantValue(node) else { preconditionFailure("\(e) is no number") }
    return value
  }

  enum Use { case kernel, rightFactor }

  /// A node that is in memory: the node itself, or a kept copy of its value.
  ///
  /// A sum is replaced by its gradient on the way back, so a right factor, which the weight
  /// gradients need afterwards, must be kept apart from it.
  mutating func inMemory(_ node: NodeID, for use: Use) -> NodeID {
    switch graph[node].operation {
    case .memory(.sum) where use == .rightFactor, .memory(.parameter):
      return keep(.elementwise(node), size: graph.size(node))
    case .memory: return node
    default: return keep(.elementwise(node), size: graph.size(node))
    }
  }

  private mutating func keep(_ value: KeptValue, size: Int) -> NodeID {
    graph.memory(.kept(addKept(value, size: size)), size: size)
  }

  /// The index of a kept value, which is added where there is none like it.
  mutating func addKept(_ value: KeptValue, size: Int) -> Int {
    if let index = kept.firstIndex(where: { $0.value == value }) { return index }
    kept.append((value, size))
    return kept.count - 1
  }

  // MARK: Sums of products

  /// Collects the products and biases of a sum into one affine sum; the rest stays elementwise.
  private mutating func lowerSum(_ e: Expression) -> NodeID {
    var products: [MatrixProduct] = []
    var biases: [Int] = []
    var rest: [(node: NodeID, negative: Bool)] = []
    for (term, negative) in e.terms {
      if case .binary(.matrixProduct, let left, let right, _) = term {
        products += lowerProduct(left, right, scale: negative ? -1 : 1)
      } else if case .name(let name, _) = term, !negative, let index = parameterIndex[name] {
        biases.append(index)
      } else {
        rest.append((lower(term), negative))
      }
    }
    var result: NodeID?
    if let first = products.first {
      let sum = AffineSum(products: products, biases: biases, size: first.rows)
      let index = sums.firstIndex(of: sum) ?? sums.count
      if index == sums.count { sums.append(sum) }
      result = graph.memory(.sum(index), size: sum.size)
    } else {
      rest += biases.map { index in
        (graph.memory(.parameter(index), size: parameterShapes[index][0]), false)
      }
    }
    for (node, negative) in rest {
      if let left = result {
        result = graph.binary(negative ? .subtract : .add, left, node)
      } else {
        result = negative ? graph.unary(.negate, node) : node
      }
    }
    guard let result else { preconditionFailure("an empty sum") }
    return result
  }
}
