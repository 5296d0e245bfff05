public import Equations

/// An equation with the numbers of one unit in place of its names.
public struct Substitution: Sendable {
  /// A piece of the line.
  public struct Piece: Sendable {
    public let text: String
    /// The name or product that the number stands for; nil for operators and functions.
    public let source: String?
  }

  public let pieces: [Piece]
  /// The equation's value in this unit.
  public let result: Double

  public var text: String { pieces.map(\.text).joined() }

  /// - Parameters:
  ///   - cell: where the equation comes from.
  ///   - equation: an equation of `cell`.
  ///   - unit: the row of its value.
  ///   - values: the numbers of the step.
  ///   - number: how numbers are written.
  public init?(
    cell: Cell, equation: Equation, unit: Int, values: some StepValues,
    number: (Double) -> String
  ) {
    let evaluator = Evaluator(cell: cell, values: values)
    guard let vector = values.value(equation.name), vector.indices.contains(unit) else {
      return nil
    }
    result = vector[unit]
    var pieces: [Piece] = []
    func add(_ text: String, _ source: String? = nil) {
      pieces.append(Piece(text: text, source: source))
    }
    func addNumber(_ e: Expression, _ tightness: Int) {
      let value = evaluator.element(e, unit: unit)
      let text = value.map(number) ?? "?"
      // -0.3 stands in brackets behind an operator.
      add(tightness > 0 && text.hasPrefix("-") ? "(\(text))" : text, e.description)
    }
    func visit(_ e: Expression, _ tightness: Int) {
      switch e {
      case .number(let value, _): add(number(value))
      case .name, .previous, .concatenation, .binary(.matrixProduct, _, _, _):
        addNumber(e, tightness)
      case .transpose: break
      case .negate(let operand, _):
        add("-")
        visit(operand, 3)
      case .squareRoot(let operand, _):
        add("√")
        visit(operand, 3)
      case .binary(let op, let left, let right, _):
        let needsBrackets = op.precedence < tightness
        if needsBrackets { add("(") }
        visit(left, op.precedence)
        add(" \(op.rawValue) ")
        visit(right, op.precedence + 1)
        if needsBrackets { add(")") }
      case .call(let function, let arguments, _):
        // Of a function of all units this one's argument is shown.
        guard function.isElementwise else {
          add(function.rawValue + "(…, ")
          if let argument = arguments.first { visit(argument, 0) }
          add(", …)")
          return
        }
        add((function == .activation ? cell.activation : function).rawValue + "(")
        for (index, argument) in arguments.enumerated() {
          if index > 0 { add(", ") }
          visit(argument, 0)
        }
        add(")")
      }
    }
    visit(equation.expression, 0)
    self.pieces = pieces
  }
}
