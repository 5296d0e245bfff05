/// An expression of the equation language, with the places that errors point at.
public indirect enum Expression: Sendable {
  case number(Double, SourceLocation)
  case name(Identifier, SourceLocation)
  /// `h'`: the value of the previous step.
  case previous(Identifier, SourceLocation)
  case negate(Expression, SourceLocation)
  case squareRoot(Expression, SourceLocation)
  case transpose(Expression, SourceLocation)
  /// The location is the operator's.
  case binary(BinaryOperator, Expression, Expression, SourceLocation)
  case call(Function, [Expression], SourceLocation)
  case concatenation([Expression], SourceLocation)

  public var location: SourceLocation {
    switch self {
    case .number(_, let location), .name(_, let location), .previous(_, let location),
      .negate(_, let location), .squareRoot(_, let location), .call(_, _, let location),
      .concatenation(_, let location):
      location
    case .transpose(let operand, _): operand.location
    case .binary(_, let left, _, _): left.location
    }
  }

  /// The direct parts of this expression.
  public var operands: [Expression] {
    switch self {
    case .number, .name, .previous: []
    case .negate(let operand, _), .squareRoot(let operand, _), .transpose(let operand, _):
      [operand]
    case .binary(_, let left, let right, _): [left, right]
    case .call(_, let arguments, _), .concatenation(let arguments, _): arguments
    }
  }

}

public enum BinaryOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case matrixProduct = "·"
  case hadamard = "⊙"
  case divide = "/"

  /// `+ -` bind loosest; `· ⊙ /` are one level, from left to right.
  public var precedence: Int {
    switch self {
    case .add, .subtract: 1
    case .matrixProduct, .hadamard, .divide: 2
    }
  }
}

/// One line `name = expression  # note`.
public struct Equation: Sendable {
  public let name: Identifier
  public let location: SourceLocation
  public var expression: Expression
  /// The comment that stands behind the equation.
  public var note: String
}

/// A statement of a cell file, in order; what the formatter prints.
enum Statement: Sendable {
  case comment(String, SourceLocation)
  case blank
  case states([(Identifier, SourceLocation)], note: String)
  case constant(Identifier, Expression, SourceLocation, note: String)
  case initializer(Identifier, Initializer, SourceLocation, note: String)
  case equation(Equation)
}
