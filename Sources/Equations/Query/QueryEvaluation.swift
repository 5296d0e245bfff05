/// What a query is asked of: the values of one step.
public protocol QueryContext {
  var token: String { get }
  var time: Int { get }
  /// Nil where there is no such value here.
  func value(_ name: QueryName) -> [Double]?
  func previous(_ name: QueryName) -> [Double]?
  func gradient(_ name: QueryName) -> [Double]?
}

/// A query that can't be answered, e.g. an index beyond the last unit.
public struct QueryError: Error, Sendable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}

/// The answer to a query.
public enum QueryResult: Sendable, Equatable {
  case numbers([Double])
  case number(Double)
  case text(String)

  /// Whether a condition holds: not zero, not NaN.
  public var isTrue: Bool {
    switch self {
    case .number(let value): value != 0 && !value.isNaN
    case .numbers(let values): !values.isEmpty && values.allSatisfy { $0 != 0 && !$0.isNaN }
    case .text(let text): !text.isEmpty
    }
  }

  var numbers: [Double]? {
    switch self {
    case .numbers(let values): values
    case .number(let value): [value]
    case .text: nil
    }
  }
}

extension Query {
  public func evaluate(_ context: some QueryContext) throws(QueryError) -> QueryResult {
    switch self {
    case .number(let value): return .number(value)
    case .string(let text): return .text(text)
    case .token: return .text(context.token)
    case .time: return .number(Double(context.time))
    case .value(let name): return .numbers(try found(context.value(name), name))
    case .previous(let name): return .numbers(try found(context.previous(name), name))
    case .gradient(let name): return .numbers(try found(context.gradient(name), name))
    case .element(let query, let index):
      guard let values = try query.evaluate(context).numbers, index < values.count else {
        throw QueryError("there is no unit \(index)")
      }
      return .number(values[index])
    case .negate(let query): return try Self.combine(.number(0), query.evaluate(context), -)
    case .arithmetic(let op, let a, let b):
      let left = try a.evaluate(context), right = try b.evaluate(context)
      switch op {
      case .add: return try Self.combine(left, right, +)
      case .subtract: return try Self.combine(left, right, -)
      case .divide: return try Self.combine(left, right, /)
      case .hadamard, .matrixProduct: return try Self.combine(left, right, *)
      }
    case .compare(let op, let a, let b):
      return try Self.compare(op, a.evaluate(context), b.evaluate(context))
    case .and(let a, let b):
      guard try a.evaluate(context).isTrue else { return .number(0) }
      return .number(try b.evaluate(context).isTrue ? 1 : 0)
    case .or(let a, let b):
      if try a.evaluate(context).isTrue { return .number(1) }
      return .number(try b.evaluate(context).isTrue ? 1 : 0)
    case .call(let function, let query):
      guard let values = try query.evaluate(context).numbers else {
        throw QueryError("\(function.rawValue) takes numbers, not text")
      }
      return .number(function.apply(values))
    case .function(let function, let arguments):
      let values = try arguments.map { (query) throws(QueryError) in try query.evaluate(context) }
      return try Self.apply(function, values)
    }
  }

  private func found(_ values: [Double]?, _ name: QueryName) throws(QueryError) -> [Double] {
    guard let values else { throw QueryError("\(name.name) has no value here") }
    return values
  }

  private static func combine(
    _ a: QueryResult, _ b: QueryResult, _ op: (Double, Double) -> Double
  ) throws(QueryError) -> QueryResult {
    switch (a, b) {
    case (.number(let x), .number(let y)): return .number(op(x, y))
    case (.number(let x), .numbers(let y)): return .numbers(y.map { op(x, $0) })
    case (.numbers(let x), .number(let y)): return .numbers(x.map { op($0, y) })
    case (.numbers(let x), .numbers(let y)):
      guard x.count == y.count else {
        throw QueryError("\(x.count) and \(y.count) units don't go together")
      }
      return .numbers(zip(x, y).map(op))
    default: throw QueryError("expected numbers, found a text")
    }
  }

  private static func compare(
    _ op: Comparison, _ a: QueryResult, _ b: QueryResult
  ) throws(QueryError) -> QueryResult {
    if case .text(let x) = a, case .text(let y) = b {
      let equal = Identifier(x) == Identifier(y)
      switch op {
      case .equal: return .number(equal ? 1 : 0)
      case .notEqual: return .number(equal ? 0 : 1)
      default: throw QueryError("texts are compared with == and !=")
      }
    }
    return try combine(a, b) { x, y in
      let holds =
        switch op {
        case .less: x < y
        case .lessOrEqual: x <= y
        case .greater: x > y
        case .greaterOrEqual: x >= y
        case .equal: x == y
        case .notEqual: x != y
        }
      return holds ? 1 : 0
    }
  }

  private static func apply(
    _ function: Function, _ arguments: [QueryResult]
  ) throws(QueryError) -> QueryResult {
    if arguments.count == 2 {
      return try combine(arguments[0], arguments[1]) { a, b in
        ScalarMath.apply(function == .max ? BinaryOperation.max : .min, a, b)
      }
    }
    guard let op = CellGraph.unary[function] else {
      throw QueryError("\(function.rawValue) can't be used here")
    }
    return try combine(.number(0), arguments[0]) { _, x in ScalarMath.apply(op, x) }
  }
}
