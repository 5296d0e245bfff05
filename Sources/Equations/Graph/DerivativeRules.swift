/// A local derivative as a formula of the operands `a`, `b` and the result `y`.
indirect enum Formula: Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  case a, b, y
  case number(Double)
  case unary(UnaryOperation, Formula)
  case binary(BinaryOperation, Formula, Formula)

  init(floatLiteral value: Double) { self = .number(value) }
  init(integerLiteral value: Int) { self = .number(Double(value)) }

  static func + (l: Formula, r: Formula) -> Formula { .binary(.add, l, r) }
  static func - (l: Formula, r: Formula) -> Formula { .binary(.subtract, l, r) }
  static func * (l: Formula, r: Formula) -> Formula { .binary(.multiply, l, r) }
  static func / (l: Formula, r: Formula) -> Formula { .binary(.divide, l, r) }
  static prefix func - (f: Formula) -> Formula { .unary(.negate, f) }
}

/// The one table of derivatives: a row per elementwise operator and function.
///
/// Where a rule can be written with the result `y` it is, because results are kept and arguments
/// are not. Products with matrices are linear and need no row: the gradient of W·v is Wᵀ·δ for v
/// and δ·vᵀ for W. The row-wise softmax and layernorm have kernels of their own.
enum DerivativeRules {
  static func derivative(of op: UnaryOperation) -> Formula {
    switch op {
    case .negate: -1
    case .sigmoid: .y * (1 - .y)
    case .tanh: 1 - .y * .y
    case .relu: .unary(.step, .y)
    case .leakyReLU:
      .number(ScalarMath.leakySlope) + .number(1 - ScalarMath.leakySlope) * .unary(.step, .y)
    // With α = 1: eᵃ where a < 0, and there y = eᵃ − 1.
    case .elu: 1 + .binary(.min, .y, 0)
    case .gelu: .unary(.normalCDF, .a) + .a * .unary(.normalPDF, .a)
    case .geluTanh: geluTanh
    case .exp: .y
    case .log: 1 / .a
    case .abs: .unary(.sign, .a)
    case .squareRoot: 0.5 / .y
    case .step, .sign: 0
    case .normalCDF: .unary(.normalPDF, .a)
    case .normalPDF: -(.a * .y)
    }
  }

  /// With respect to `a` and to `b`. A tie of max or min gives the gradient to the first operand.
  static func derivatives(of op: BinaryOperation) -> (Formula, Formula) {
    switch op {
    case .add: (1, 1)
    case .subtract: (1, -1)
    case .multiply: (.b, .a)
    case .divide: (1 / .b, -(.y / .b))
    case .max: (.binary(.greaterOrEqual, .a, .b), 1 - .binary(.greaterOrEqual, .a, .b))
    case .min: (.binary(.lessOrEqual, .a, .b), 1 - .binary(.lessOrEqual, .a, .b))
    case .greaterOrEqual, .lessOrEqual: (0, 0)
    }
  }

  /// d/da of a/2 · (1 + tanh u), u = √(2/π) · (a + 0.044715 a³).
  private static let geluTanh: Formula = {
    let root = Formula.number((2 / Double.pi).squareRoot())
    let u: Formula = root * (.a + 0.044715 * (.a * (.a * .a)))
    let t: Formula = .unary(.tanh, u)
    let slope: Formula = root * (1 + 0.134145 * (.a * .a))
    return 0.5 * (1 + t) + 0.5 * .a * ((1 - t * t) * slope)
  }()
}

extension Graph {
  /// Writes a formula into the graph, with nodes in place of its letters.
  mutating func insert(_ formula: Formula, a: NodeID, b: NodeID, y: NodeID) -> NodeID {
    switch formula {
    case .a: return a
    case .b: return b
    case .y: return y
    case .number(let value): return constant(value)
    case .unary(let op, let inner):
      let operand = insert(inner, a: a, b: b, y: y)
      return unary(op, operand)
    case .binary(let op, let left, let right):
      let l = insert(left, a: a, b: b, y: y)
      let r = insert(right, a: a, b: b, y: y)
      return binary(op, l, r)
    }
  }

  /// The local derivatives of a node with respect to its operands, as nodes. `result` is where the
  /// node's value can be read; nil to compute it again.
  mutating func localDerivatives(
    of id: NodeID, result: NodeID? = nil
  ) -> [(operand: NodeID, factor: NodeID)] {
    let y = result ?? id
    switch self[id].operation {
    case .constant, .memory, .slice: return []
    case .unary(let op, let a):
      return [(a, insert(DerivativeRules.derivative(of: op), a: a, b: a, y: y))]
    case .binary(let op, let a, let b):
      let (first, second) = DerivativeRules.derivatives(of: op)
      return [(a, insert(first, a: a, b: b, y: y)), (b, insert(second, a: a, b: b, y: y))]
    }
  }
}
