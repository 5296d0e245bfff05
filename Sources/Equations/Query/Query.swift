/// A question about the values of a step, as typed at the debugger's prompt:
/// `mean(f) < 0.1`, `norm(grad(h))`, `layer1.reverse.c[17]`, `token == "\n"`.
public indirect enum Query: Sendable {
  case number(Double)
  case string(String)
  /// The token of the step, as text.
  case token
  /// The step's index.
  case time
  /// A value, of the layer under the cursor unless it names one.
  case value(QueryName)
  case previous(QueryName)
  /// ∂L/∂value.
  case gradient(QueryName)
  case element(Query, Int)
  case negate(Query)
  case arithmetic(BinaryOperator, Query, Query)
  case compare(Comparison, Query, Query)
  case and(Query, Query)
  case or(Query, Query)
  case call(QueryFunction, Query)
  case function(Function, [Query])

  /// Whether it is true or false rather than a number.
  public var isCondition: Bool {
    switch self {
    case .compare, .and, .or, .call(.isNaN, _): true
    default: false
    }
  }

  /// Every name in it, and whether it asks for the gradient.
  public var names: [(name: QueryName, isGradient: Bool)] {
    switch self {
    case .number, .string, .token, .time: []
    case .value(let name), .previous(let name): [(name, false)]
    case .gradient(let name): [(name, true)]
    case .element(let a, _), .negate(let a), .call(_, let a): a.names
    case .arithmetic(_, let a, let b), .compare(_, let a, let b), .and(let a, let b),
      .or(let a, let b):
      a.names + b.names
    case .function(_, let arguments): arguments.flatMap(\.names)
    }
  }
}

/// `f`, or `layer1.reverse.f`.
public struct QueryName: Hashable, Sendable {
  public let layer: Int?
  public let isReverse: Bool
  public let name: Identifier
  public let location: SourceLocation
}

/// Functions from a vector to a number.
public enum QueryFunction: String, Sendable, CaseIterable {
  case mean, sum, norm
  case largest = "max"
  case smallest = "min"
  case isNaN = "isnan"

  func apply(_ x: [Double]) -> Double {
    switch self {
    case .mean: x.isEmpty ? .nan : x.reduce(0, +) / Double(x.count)
    case .sum: x.reduce(0, +)
    case .norm: x.reduce(0) { $0 + $1 * $1 }.squareRoot()
    case .largest: x.reduce(-.infinity) { $1.isNaN || $0.isNaN ? .nan : Swift.max($0, $1) }
    case .smallest: x.reduce(.infinity) { $1.isNaN || $0.isNaN ? .nan : Swift.min($0, $1) }
    case .isNaN: x.contains(where: \.isNaN) ? 1 : 0
    }
  }
}
