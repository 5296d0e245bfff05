/// A recursive-descent parser for cell files and block files.
struct Parser {
  let source: SourceText
  /// Whether the file is a block: it has functions on matrices that a cell has no use for.
  let isBlock: Bool
  private let tokens: [Token]
  private var index = 0
  private var depth = 0
  /// Operators in the statement so far.
  private var operators = 0
  private var operatorsInFile = 0

  /// Expressions nested deeper than this are refused: nobody reads them, and recursion has an end.
  static let deepestNesting = 200
  /// Long chains are deep trees as well.
  static let mostOperators = 1000
  /// Long files are long chains of values, which planning follows by recursion.
  static let mostEquations = 1000
  static let mostOperatorsInFile = 3000

  init(source: SourceText, isBlock: Bool = false) throws(EquationError) {
    self.source = source
    self.isBlock = isBlock
    self.tokens = Self.joiningLines(try Lexer.tokens(of: source))
  }

  private var functions: [Identifier: Function] {
    isBlock ? Function.blockSpellings : Function.spellings
  }

  // MARK: Tokens

  var current: Token { tokens[index] }

  /// The token behind the current one.
  var following: Token { tokens[min(index + 1, tokens.count - 1)] }

  /// The first token from the current one on that is no line end.
  var nextOnAnyLine: Token {
    tokens[index...].first { $0.kind != .newline } ?? tokens[tokens.count - 1]
  }

  mutating func advance() -> Token {
    let token = tokens[index]
    if index + 1 < tokens.count { index += 1 }
    return token
  }

  mutating func take(_ kind: Token.Kind) -> Bool {
    guard current.kind == kind else { return false }
    _ = advance()
    return true
  }

  func expected(_ what: String) -> EquationError {
    EquationError("expected \(what), found \(current.found)", at: current.location, in: source)
  }

  mutating func expect(_ kind: Token.Kind, _ what: String) throws(EquationError) {
    guard take(kind) else { throw expected(what) }
  }

  // MARK: Statements

  mutating func statements() throws(EquationError) -> [Statement] {
    var statements: [Statement] = []
    var equations = 0
    while current.kind != .end {
      guard let statement = try statement() else { continue }
      if case .equation(let equation) = statement {
        equations += 1
        guard equations <= Self.mostEquations else {
          throw EquationError(
            "over \(Self.mostEquations) equations; expected fewer: a cell is run at every step",
            at: equation.location, in: source)
        }
      }
      statements.append(statement)
    }
    return statements
  }

  mutating func statement() throws(EquationError) -> Statement? {
    let token = current
    operators = 0
    switch token.kind {
    case .newline:
      _ = advance()
      return .blank
    case .comment(let text):
      _ = advance()
      try endOfStatement()
      return .comment(text, token.location)
    case .name(let name):
      _ = advance()
      switch name.text {
      case "state" where current.kind != .assign: return try stateStatement()
      case "const" where current.kind != .assign: return try constantStatement()
      case "init" where current.kind != .assign: return try initializerStatement()
      case "each" where current.kind != .assign:
        throw EquationError(
          "\"each head:\" belongs in a block file; a cell is run once per time step",
          at: token.location, in: source)
      default: return try equation(name, token.location)
      }
    default:
      throw expected(
        "an equation such as \(isBlock ? "Q = X·W_Q + b_Q" : "h = tanh(W·x + U·h' + b)")")
    }
  }

  private mutating func stateStatement() throws(EquationError) -> Statement {
    var names: [(Identifier, SourceLocation)] = []
    repeat {
      names.append(try declaredName("the name of a state"))
    } while take(.comma)
    return .states(names, note: try endOfStatement("a comma or the end of the line"))
  }

  private mutating func constantStatement() throws(EquationError) -> Statement {
    let (name, location) = try declaredName("the name of a constant")
    try expect(.assign, "\"=\" and a number")
    let value = try expression()
    return .constant(name, value, location, note: try endOfStatement())
  }

  private mutating func initializerStatement() throws(EquationError) -> Statement {
    let (name, location) = try declaredName("the name of a parameter")
    try expect(.assign, "\"=\" and an initialiser such as identity, normal(0, 0.01) or 1")
    let initializer = try initializer()
    return .initializer(name, initializer, location, note: try endOfStatement())
  }

  private mutating func equation(
    _ name: Identifier, _ location: SourceLocation
  ) throws(EquationError) -> Statement {
    if current.kind == .prime {
      throw EquationError(
        "\(name)' is the value of the previous step and can't be assigned; write \(name) = …",
        at: location, in: source)
    }
    guard take(.assign) else { throw expected("\"=\" after \(name)") }
    try checkIsNoFunction(name, location)
    let expression = try expression()
    let note = try endOfStatement("an operator or the end of the line")
    return .equation(Equation(name: name, location: location, expression: expression, note: note))
  }

  mutating func declaredName(
    _ what: String
  ) throws(EquationError) -> (Identifier, SourceLocation) {
    guard case .name(let name) = current.kind else { throw expected(what) }
    try checkIsNoFunction(name, current.location)
    return (name, advance().location)
  }

  /// Here and not where the other names are looked at: a function without parentheses further down
  /// would be blamed first.
  private func checkIsNoFunction(
    _ name: Identifier, _ location: SourceLocation
  ) throws(EquationError) {
    guard functions[name] != nil || name == "sqrt" else { return }
    let reason = Identifier.reserved[name].map { "reserved: \($0)" } ?? "a function"
    throw EquationError("\(name) is \(reason); expected another name", at: location, in: source)
  }

  @discardableResult
  mutating func endOfStatement(
    _ what: String = "the end of the line"
  ) throws(EquationError) -> String {
    var note = ""
    if case .comment(let text) = current.kind {
      note = text.trimmed
      _ = advance()
    }
    guard current.kind == .newline || current.kind == .end else { throw expected(what) }
    _ = take(.newline)
    return note
  }

  // MARK: Expressions

  mutating func expression() throws(EquationError) -> Expression {
    var left = try product()
    while true {
      let token = current
      switch token.kind {
      case .plus: left = try extend(left, .add, token)
      case .minus: left = try extend(left, .subtract, token)
      default: return left
      }
    }
  }

  private mutating func extend(
    _ left: Expression, _ op: BinaryOperator, _ token: Token
  ) throws(EquationError) -> Expression {
    _ = advance()
    try countOperator(token)
    let right = try op.precedence == 1 ? product() : prefix()
    return .binary(op, left, right, token.location)
  }

  private mutating func countOperator(_ token: Token) throws(EquationError) {
    operators += 1
    operatorsInFile += 1
    guard operatorsInFile <= Self.mostOperatorsInFile else {
      throw EquationError(
        "over \(Self.mostOperatorsInFile) operators; expected fewer: a cell is run at every step",
        at: token.location, in: source)
    }
    guard operators <= Self.mostOperators else {
      throw EquationError(
        "over \(Self.mostOperators) operators in one statement; expected shorter ones: name parts",
        at: token.location, in: source)
    }
  }

  private mutating func product() throws(EquationError) -> Expression {
    var left = try prefix()
    while true {
      let token = current
      switch token.kind {
      case .matrixProduct: left = try extend(left, .matrixProduct, token)
      case .hadamard: left = try extend(left, .hadamard, token)
      case .divide: left = try extend(left, .divide, token)
      default: return left
      }
    }
  }

  private mutating func prefix() throws(EquationError) -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepestNesting else {
      throw EquationError(
        "nested over \(Self.deepestNesting) levels; expected a shorter expression: name its parts",
        at: current.location, in: source)
    }
    let token = current
    switch token.kind {
    case .minus:
      _ = advance()
      return .negate(try prefix(), token.location)
    case .squareRoot:
      _ = advance()
      return .squareRoot(try prefix(), token.location)
    default:
      return try postfix()
    }
  }

  private mutating func postfix() throws(EquationError) -> Expression {
    var operand = try primary()
    while true {
      let token = current
      if take(.prime) {
        guard case .name(let name, let location) = operand else {
          throw EquationError(
            "a prime stands behind the name of a state, as in h'", at: token.location, in: source)
        }
        operand = .previous(name, location)
      } else if take(.transpose) {
        try countOperator(token)
        operand = .transpose(operand, token.location)
      } else {
        return operand
      }
    }
  }

  private mutating func primary() throws(EquationError) -> Expression {
    let token = current
    switch token.kind {
    case .number(let value):
      _ = advance()
      return .number(value, token.location)
    case .leftParenthesis:
      _ = advance()
      let inner = try expression()
      try closing(.rightParenthesis, "\")\"", opened: token)
      return inner
    case .leftBracket:
      _ = advance()
      let parts = try list(until: .rightBracket)
      try closing(.rightBracket, "\"]\"", opened: token)
      return .concatenation(parts, token.location)
    case .name(let name):
      _ = advance()
      return try named(name, token)
    default:
      throw expected("a name, a number or \"(\"")
    }
  }

  private mutating func named(
    _ name: Identifier, _ token: Token
  ) throws(EquationError) -> Expression {
    guard current.kind == .leftParenthesis else {
      if let function = functions[name] {
        throw EquationError(
          "\(function.rawValue) is a function: expected \(function.rawValue)(…), found \(current.found)",
          at: token.location, in: source)
      }
      return .name(name, token.location)
    }
    let open = advance()
    if name.text == "sqrt" {
      let arguments = try list(until: .rightParenthesis)
      try closing(.rightParenthesis, "\")\"", opened: open)
      try checkCount(arguments.count, 1...1, "sqrt", token)
      return .squareRoot(arguments[0], token.location)
    }
    guard let function = functions[name] else {
      let known = Set(functions.values).map(\.rawValue)
      throw EquationError(
        "\(name) is no function; expected \(Suggestion.among(known.sorted(), for: name.text))",
        at: token.location, in: source)
    }
    let arguments = try list(until: .rightParenthesis, of: function)
    try closing(.rightParenthesis, "\")\"", opened: open)
    try checkCount(arguments.count, function.arity, function.rawValue, token)
    return .call(function, arguments, token.location)
  }

  private func checkCount(
    _ count: Int, _ arity: ClosedRange<Int>, _ name: String, _ token: Token
  ) throws(EquationError) {
    guard !arity.contains(count) else { return }
    let wanted =
      arity.count == 1 ? "\(arity.lowerBound)" : "\(arity.lowerBound) or \(arity.upperBound)"
    throw EquationError(
      "expected \(wanted) argument\(wanted == "1" ? "" : "s") for \(name), found \(count)",
      at: token.location, in: source)
  }

  private mutating func list(
    until close: Token.Kind, of function: Function? = nil
  ) throws(EquationError) -> [Expression] {
    guard current.kind != close else { throw expected("an expression") }
    var parts: [Expression] = []
    repeat {
      // layernorm's last argument may be named: eps = 1e-12.
      if function == .layerNorm, parts.count == 3, current.kind == .name("eps"),
        tokens[index + 1].kind == .assign
      {
        index += 2
      }
      parts.append(try expression())
    } while take(.comma)
    return parts
  }

  private mutating func closing(
    _ kind: Token.Kind, _ what: String, opened: Token
  ) throws(EquationError) {
    guard take(kind) else {
      throw EquationError(
        "expected \(what) for the \"\(opened.text)\" in column \(opened.location.column), "
          + "found \(current.found)",
        at: current.location, in: source)
    }
  }
}

extension String {
  var trimmed: String {
    var view = self[...]
    while view.first?.isWhitespace == true { view.removeFirst() }
    while view.last?.isWhitespace == true { view.removeLast() }
    return String(view)
  }
}
