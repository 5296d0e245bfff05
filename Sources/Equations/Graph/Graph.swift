/// A place in memory that the plan reads or writes, without its address.
///
/// `[T, B, n]` unless said otherwise.
enum Storage: Hashable, Sendable {
  /// The input x.
  case input
  /// The value of equation k.
  case value(Int)
  /// The previous step's value of state s.
  case previous(Int)
  /// A vector parameter, one row for all.
  case parameter(Int)
  /// A value without a name that is kept for backpropagation.
  case kept(Int)
  /// Affine sum i: products and biases, a column block of the pre-activation buffer.
  case sum(Int)
  /// ∂L/∂x.
  case inputGradient
  /// What of ∂L/∂value came from outside the step (later steps, the loss) and by products.
  case incomingGradient(Int)
  /// ∂L/∂value, complete. The same memory as the incoming one.
  case valueGradient(Int)
  /// The gradient handed to the previous step: the memory of that step's incoming one.
  case previousGradient(Int)
  case parameterGradient(Int)
  case keptGradient(Int)
  /// ∂L/∂sum. It takes the place of the sum itself.
  case sumGradient(Int)
  /// The result of a row-wise backward kernel, for one kept value.
  case rowGradient(Int)
}

/// Elementwise functions of one argument.
enum UnaryOperation: Hashable, Sendable, CaseIterable {
  case negate, sigmoid, tanh, relu, leakyReLU, elu, gelu, geluTanh, exp, log, abs, squareRoot
  /// 1 where positive, else 0: the derivative of relu.
  case step
  /// −1, 0 or 1: the derivative of abs.
  case sign
  /// Φ(x) and φ(x) of the standard normal distribution, for gelu.
  case normalCDF, normalPDF
}

/// Elementwise functions of two arguments.
enum BinaryOperation: Hashable, Sendable, CaseIterable {
  case add, subtract, multiply, divide, max, min
  /// 1 where a ≥ b (a ≤ b), else 0: the derivatives of max and min.
  case greaterOrEqual, lessOrEqual
}

/// One elementwise computation in a graph.
struct Node: Sendable {
  enum Operation: Hashable, Sendable {
    case constant(Double)
    case memory(Storage)
    /// Some columns of another memory, from an offset on.
    case slice(Storage, offset: Int)
    case unary(UnaryOperation, NodeID)
    case binary(BinaryOperation, NodeID, NodeID)
  }

  let operation: Operation
  /// Elements of the vector; 0 for a number.
  let size: Int
}

/// A node's index. Operands always have smaller ones, so ascending order is an order of execution.
struct NodeID: Hashable, Sendable, Comparable {
  let index: Int
  static func < (a: NodeID, b: NodeID) -> Bool { a.index < b.index }
}

/// A graph of elementwise computations in which equal computations are one node.
struct Graph: Sendable {
  private(set) var nodes: [Node] = []
  private struct Key: Hashable {
    let operation: Node.Operation
    let size: Int
  }
  private var known: [Key: NodeID] = [:]

  subscript(id: NodeID) -> Node { nodes[id.index] }

  func size(_ id: NodeID) -> Int { nodes[id.index].size }

  private mutating func add(_ operation: Node.Operation, size: Int) -> NodeID {
    let key = Key(operation: operation, size: size)
    if let id = known[key] { return id }
    let id = NodeID(index: nodes.count)
    nodes.append(Node(operation: operation, size: size))
    known[key] = id
    return id
  }

  /// The node that reads the given memory, if any does.
  func node(of storage: Storage) -> NodeID? {
    nodes.firstIndex { $0.operation == .memory(storage) }.map { NodeID(index: $0) }
  }

  func constantValue(_ id: NodeID) -> Double? {
    if case .constant(let value) = self[id].operation { value } else { nil }
  }

  mutating func constant(_ value: Double) -> NodeID { add(.constant(value), size: 0) }

  mutating func memory(_ storage: Storage, size: Int) -> NodeID {
    add(.memory(storage), size: size)
  }

  mutating func slice(_ storage: Storage, offset: Int, size: Int) -> NodeID {
    add(.slice(storage, offset: offset), size: size)
  }

  mutating func unary(_ op: UnaryOperation, _ a: NodeID) -> NodeID {
    if let value = constantValue(a) { return constant(ScalarMath.apply(op, value)) }
    if op == .negate, case .unary(.negate, let inner) = self[a].operation { return inner }
    return add(.unary(op, a), size: size(a))
  }

  /// Numbers are folded, and what adds nothing or multiplies by one disappears.
  mutating func binary(_ op: BinaryOperation, _ a: NodeID, _ b: NodeID) -> NodeID {
    let left = constantValue(a), right = constantValue(b)
    if let left, let right { return constant(ScalarMath.apply(op, left, right)) }
    switch (op, left, right) {
    case (.add, 0, _): return b
    case (.add, _, 0), (.subtract, _, 0), (.multiply, _, 1), (.divide, _, 1): return a
    case (.multiply, 1, _): return b
    case (.multiply, -1, _), (.subtract, 0, _): return unary(.negate, b)
    case (.multiply, _, -1), (.divide, _, -1): return unary(.negate, a)
    default: break
    }
    if op == .add, case .unary(.negate, let inner) = self[b].operation {
      return binary(.subtract, a, inner)
    }
    return add(.binary(op, a, b), size: Swift.max(size(a), size(b)))
  }

  func operands(_ id: NodeID) -> [NodeID] {
    switch self[id].operation {
    case .constant, .memory, .slice: []
    case .unary(_, let a): [a]
    case .binary(_, let a, let b): a == b ? [a] : [a, b]
    }
  }

  /// Every node that the given ones are computed from, themselves included, in ascending order.
  func closure(of roots: [NodeID]) -> [NodeID] {
    var seen: Set<NodeID> = []
    var stack = roots
    while let id = stack.popLast() {
      if seen.insert(id).inserted { stack.append(contentsOf: operands(id)) }
    }
    return seen.sorted()
  }

  /// The memory that the given nodes read.
  func memory(readBy roots: [NodeID]) -> Set<Storage> {
    var found: Set<Storage> = []
    for id in closure(of: roots) {
      switch self[id].operation {
      case .memory(let storage), .slice(let storage, _): found.insert(storage)
      default: break
      }
    }
    return found
  }
}
