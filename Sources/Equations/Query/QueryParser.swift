extension Query {
  /// Parses what was typed; errors say `PROMPT:line:column`.
  public init(_ text: String, prompt: String) throws(EquationError) {
    let source = SourceText(name: prompt, text: text)
    let tokens = try Lexer.tokens(of: source, allowingDots: true)
    var parser = QueryParser(source: source, tokens: tokens)
    self = try parser.wholeText()
  }
}

/// Recursive descent: or < and < comparison < sum < product < sign < index.
private struct QueryParser {
  let source: SourceText
  let tokens: [Token]
  private var index = 0
  private var depth = 0
  /// Operators so far: long chains are deep trees.
  private var operators = 0

  init(source: SourceText, tokens: [Token]) {
    self.source = source
    // A prompt is one line: line ends mean nothing.
    self.tokens = tokens.filter { token in
      if case .comment = token.kind { false } else { token.kind != .newline }
    }
  }

  private var current: Token { tokens[index] }

  private mutating func advance() -> Token {
    defer { if index + 1 < tokens.count { index += 1 } }
    return tokens[index]
  }

  private mutating func take(_ kind: Token.Kind) -> Bool {
    guard current.kind == kind else { return false }
    _ = advance()
    return true
  }

  private mutating func takeOperator(_ kind: Token.Kind) throws(EquationError) -> Bool {
    let location = current.location
    guard take(kind) else { return false }
    operators += 1
    guard operators <= Parser.mostOperators else {
      throw error("over \(Parser.mostOperators) operators; expected fewer", location)
    }
    return true
  }

  private func error(_ message: String, _ location: SourceLocation) -> EquationError {
    EquationError(message, at: location, in: source)
  }

  private func expected(_ what: String) -> EquationError {
    let found = current.kind == .end ? "nothing more" : current.found
    return error("expected \(what), found \(found)", current.location)
  }

  mutating func wholeText() throws(EquationError) -> Query {
    let query = try disjunction()
    guard current.kind == .end else { throw expected("an operator or the end") }
    return query
  }

  private mutating func disjunction() throws(EquationError) -> Query {
    var left = try conjunction()
    while try takeOperator(.name("or")) { left = .or(left, try conjunction()) }
    return left
  }

  private mutating func conjunction() throws(EquationError) -> Query {
    var left = try comparison()
    while try takeOperator(.name("and")) { left = .and(left, try comparison()) }
    return left
  }

  private mutating func comparison() throws(EquationError) -> Query {
    let left = try sum()
    guard case .comparison(let op) = current.kind else {
      if current.kind == .assign { throw expected("\"==\" to compare") }
      return left
    }
    _ = advance()
    return .compare(op, left, try sum())
  }

  private mutating func sum() throws(EquationError) -> Query {
    var left = try product()
    while true {
      if try takeOperator(.plus) {
        left = .arithmetic(.add, left, try product())
      } else if try takeOperator(.minus) {
        left = .arithmetic(.subtract, left, try product())
      } else {
        return left
      }
    }
  }

  private mutating func product() throws(EquationError) -> Query {
    var left = try sign()
    while true {
      if try takeOperator(.hadamard) {
        left = .arithmetic(.hadamard, left, try sign())
      } else if try takeOperator(.divide) {
        left = .arithmetic(.divide, left, try sign())
      } else {
        return left
      }
    }
  }

  private mutating func sign() throws(EquationError) -> Query {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Parser.deepestNesting else {
      throw error("nested over \(Parser.deepestNesting) levels", current.location)
    }
    if take(.minus) { return .negate(try sign()) }
    return try indexed()
  }

  private mutating func indexed() throws(EquationError) -> Query {
    var query = try primary()
    while try takeOperator(.leftBracket) {
      guard case .number(let value) = current.kind, value == value.rounded(), value >= 0,
        value < 1e9
      else { throw expected("the index of a unit, such as 3") }
      _ = advance()
      guard take(.rightBracket) else { throw expected("\"]\"") }
      query = .element(query, Int(value))
    }
    return query
  }

  private mutating func primary() throws(EquationError) -> Query {
    let token = current
    switch token.kind {
    case .number(let value):
      _ = advance()
      return .number(value)
    case .string(let text):
      _ = advance()
      return .string(text)
    case .leftParenthesis:
      _ = advance()
      let inner = try disjunction()
      guard take(.rightParenthesis) else { throw expected("\")\"") }
      return inner
    case .name(let name):
      _ = advance()
      if current.kind == .leftParenthesis { return try call(name, token) }
      switch name.text {
      case "token": return .token
      case "t": return .time
      case "nan", "NaN": return .number(.nan)
      case "inf", "infinity": return .number(.infinity)
      default: break
      }
      let queryName = try qualified(name, token.location)
      return take(.prime) ? .previous(queryName) : .value(queryName)
    default:
      throw expected("a value such as f, f[3], mean(f) or grad(h)")
    }
  }

  private mutating func call(_ name: Identifier, _ token: Token) throws(EquationError) -> Query {
    _ = advance()
    if name == "grad" {
      guard case .name(let inner) = current.kind else { throw expected("the name of a value") }
      let location = advance().location
      let target = try qualified(inner, location)
      guard take(.rightParenthesis) else { throw expected("\")\"") }
      return .gradient(target)
    }
    var arguments = [try disjunction()]
    while take(.comma) { arguments.append(try disjunction()) }
    guard take(.rightParenthesis) else { throw expected("\",\" or \")\"") }
    // One argument: over the units. Two: the larger, unit by unit, as in a cell.
    if arguments.count == 1, let function = QueryFunction(rawValue: name.text) {
      return .call(function, arguments[0])
    }
    if let function = Function.spellings[name], function.isElementwise, function != .activation {
      guard function.arity.contains(arguments.count) else {
        throw error(
          "\(name) takes \(function.arity.lowerBound) arguments, found \(arguments.count)",
          token.location)
      }
      return .function(function, arguments)
    }
    if QueryFunction(rawValue: name.text) != nil {
      throw error("\(name) takes 1 argument, found \(arguments.count)", token.location)
    }
    let known =
      QueryFunction.allCases.map(\.rawValue) + ["grad", "abs", "tanh", "sigmoid", "log", "exp"]
    throw error(
      "\(name) is no function; expected \(Suggestion.among(known, for: name.text))",
      token.location)
  }

  private func qualified(
    _ name: Identifier, _ location: SourceLocation
  ) throws(EquationError) -> QueryName {
    let parts = name.text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 1 else {
      return QueryName(layer: nil, isReverse: false, name: name, location: location)
    }
    let isReverse = parts.count == 3 && parts[1] == "reverse"
    guard parts[0].hasPrefix("layer"), let layer = Int(parts[0].dropFirst(5)), layer >= 0,
      parts.count == 2 || isReverse, let last = parts.last, !last.isEmpty
    else {
      throw error("expected a name such as f, layer1.f or layer1.reverse.f", location)
    }
    return QueryName(
      layer: layer, isReverse: isReverse, name: Identifier(last), location: location)
  }
}
