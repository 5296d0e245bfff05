/// A block file sorted into its parts, with the rules that concern names checked.
struct BlockProgram {
  let source: SourceText
  private(set) var statements: [BlockStatement]
  private(set) var inputs: [Identifier] = ["X"]
  private(set) var constants: [(name: Identifier, value: Double)] = []
  private(set) var dropout: [(name: Identifier, location: SourceLocation)] = []
  private(set) var equations: [Equation] = []
  /// Of each equation, whether it stands under `each head:`.
  private(set) var isInHead: [Bool] = []
  private(set) var summary = ""
  private var places: [Identifier: SourceLocation] = [:]

  /// Sorts the statements; `overrides` are values in place of those in the file's `const` lines.
  init(
    statements: [BlockStatement], overrides: [String: Double], source: SourceText
  ) throws(EquationError) {
    self.source = source
    self.statements = statements
    var comments: [String] = []
    for index in statements.indices {
      switch statements[index] {
      case .plain(.comment(let text, _)):
        if equations.isEmpty { comments.append(text.trimmed) }
      case .plain(.constant(let name, let value, let location, let note)):
        try declare(name, location)
        var number = try evaluate(value)
        if let new = overrides[name.text], new != number {
          number = new
          self.statements[index] = .plain(
            .constant(name, .number(new, value.location), location, note: note))
        }
        guard number.isFinite else {
          throw error("\(name) would be \(number); expected a finite number", value.location)
        }
        constants.append((name, number))
      case .plain(let statement): try add(statement, inHead: false)
      case .inputs(let names, _):
        for (name, location) in names {
          try declare(name, location)
          inputs.append(name)
        }
      case .dropout(let names, _):
        for (name, location) in names {
          guard !dropout.contains(where: { $0.name == name }) else {
            throw error("\(name) is dropped out twice", location)
          }
          dropout.append((name, location))
        }
      case .eachHead(let inner, _, _):
        for statement in inner { try add(statement, inHead: true) }
      }
    }
    summary = comments.joined(separator: " ")
    try checkWhole(overrides)
  }

  private mutating func add(_ statement: Statement, inHead: Bool) throws(EquationError) {
    switch statement {
    case .equation(let equation):
      try declare(equation.name, equation.location)
      equations.append(equation)
      isInHead.append(inHead)
    case .comment, .blank, .states, .constant, .initializer: break
    }
  }

  private func checkWhole(_ overrides: [String: Double]) throws(EquationError) {
    let start = SourceLocation(line: 1, column: 1)
    guard !equations.isEmpty else {
      throw error("there is no equation; expected one such as \"Y = X·W + b\"", start)
    }
    for name in overrides.keys.sorted() where !constants.contains(where: { $0.name.text == name }) {
      throw error(
        "the block has no constant \(name) to be set; expected a line such as "
          + "\"const \(name) = 1e-5\"", start)
    }
    for (name, location) in dropout where !equations.contains(where: { $0.name == name }) {
      throw error(
        "\(name) is dropped out and never assigned; expected "
          + Suggestion.among(equations.map(\.name.text), for: name.text), location)
    }
  }

  // MARK: Names

  private func check(_ name: Identifier, _ location: SourceLocation) throws(EquationError) {
    if let meaning = Identifier.reserved[name] {
      throw error("\(name) is reserved: \(meaning); expected another name", location)
    }
  }

  private mutating func declare(
    _ name: Identifier, _ location: SourceLocation
  ) throws(EquationError) {
    try check(name, location)
    if let first = places[name] {
      throw error(
        "\(name) was given a meaning in line \(first.line) already; a name is assigned once",
        location)
    }
    places[name] = location
  }

  // MARK: Constants

  /// Constants are numbers and sums, products and quotients of them.
  private func evaluate(_ e: Expression) throws(EquationError) -> Double {
    switch e {
    case .number(let value, _): return value
    case .name(let name, let location):
      if let known = constants.first(where: { $0.name == name }) { return known.value }
      throw error("expected a number or a constant declared above, found \"\(name)\"", location)
    case .negate(let operand, _): return -(try evaluate(operand))
    case .squareRoot(let operand, _):
      return ScalarMath.apply(.squareRoot, try evaluate(operand))
    case .binary(let op, let left, let right, let location):
      guard let operation = op.elementwise else {
        throw error("expected ⊙ between numbers", location)
      }
      return ScalarMath.apply(operation, try evaluate(left), try evaluate(right))
    default: throw error("expected a number", e.location)
    }
  }

  private func error(_ message: String, _ location: SourceLocation) -> EquationError {
    EquationError(message, at: location, in: source)
  }
}

extension BinaryOperator {
  /// What the operator does to each element; nil for the matrix product.
  var elementwise: BinaryOperation? {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .hadamard: .multiply
    case .divide: .divide
    case .matrixProduct: nil
    }
  }
}
