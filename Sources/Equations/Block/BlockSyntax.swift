/// A statement of a block file, in order; what the formatter prints.
enum BlockStatement: Sendable {
  /// A comment, an empty line, a constant or an equation.
  case plain(Statement)
  /// `input E`: further matrices of rows.
  case inputs([(Identifier, SourceLocation)], note: String)
  /// `dropout O`: the values that are dropped out while training.
  case dropout([(Identifier, SourceLocation)], note: String)
  /// `each head:` and the indented lines below it.
  case eachHead([Statement], SourceLocation, note: String)
}

/// An equation of a block.
public struct BlockEquation: Sendable {
  public let name: Identifier
  public let location: SourceLocation
  public let expression: Expression
  /// The comment that stands behind the equation.
  public let note: String
  /// Whether every head has a value of its own.
  public internal(set) var isPerHead: Bool
}

/// A line of a block as it is shown.
public struct BlockLine: Sendable, Hashable {
  /// The canonical text, indented under `each head:`, without the note.
  public let code: String
  /// The comment that stands behind it.
  public let note: String
  /// The index of the equation that stands in this line.
  public let equation: Int?
}

extension Parser {
  /// The statements of a block file.
  mutating func blockStatements() throws(EquationError) -> [BlockStatement] {
    var statements: [BlockStatement] = []
    while current.kind != .end {
      let token = current
      let isWord = following.kind != .assign
      switch token.kind {
      case .name("each") where isWord: statements.append(try eachHead())
      case .name("input") where isWord:
        let (names, note) = try names("the name of an input")
        statements.append(.inputs(names, note: note))
      case .name("dropout") where isWord:
        let (names, note) = try names("the name of a value")
        statements.append(.dropout(names, note: note))
      default:
        if let statement = try blockStatement() { statements.append(.plain(statement)) }
      }
    }
    return statements
  }

  /// A statement that a cell file may have as well.
  private mutating func blockStatement() throws(EquationError) -> Statement? {
    if current.kind == .name("init"), following.kind != .assign {
      throw EquationError(
        "a block's parameters start as its model says; init belongs in a cell file",
        at: current.location, in: source)
    }
    if current.kind == .name("state"), following.kind != .assign {
      throw EquationError(
        "a block has no state: it is run once on the whole sequence; states belong in a cell file",
        at: current.location, in: source)
    }
    return try statement()
  }

  private mutating func names(
    _ what: String
  ) throws(EquationError) -> (names: [(Identifier, SourceLocation)], note: String) {
    _ = advance()
    var names: [(Identifier, SourceLocation)] = []
    repeat { names.append(try declaredName(what)) } while take(.comma)
    return (names, try endOfStatement("a comma or the end of the line"))
  }

  /// `each head:` and what is indented deeper than it.
  private mutating func eachHead() throws(EquationError) -> BlockStatement {
    let each = advance()
    try expect(.name("head"), "\"head:\" after each")
    try expect(.colon, "\":\" after each head")
    let note = try endOfStatement("the end of the line; the head's equations follow indented")
    var statements: [Statement] = []
    while nextOnAnyLine.kind != .end, nextOnAnyLine.location.column > each.location.column {
      switch current.kind {
      case .name("each") where following.kind != .assign:
        throw EquationError(
          "each head: stands within each head:; expected an equation", at: current.location,
          in: source)
      case .name(let word)
      where following.kind != .assign && Self.statementWords.contains(word):
        throw EquationError(
          "\(word) stands above each head:; expected an equation", at: current.location, in: source)
      default:
        if let statement = try blockStatement() { statements.append(statement) }
      }
    }
    guard statements.contains(where: { if case .equation = $0 { true } else { false } }) else {
      throw EquationError(
        "expected equations under each head:, indented, such as Q = X·W_Q + b_Q; found "
          + (nextOnAnyLine.kind == .end ? "the end of the file" : nextOnAnyLine.found),
        at: each.location, in: source)
    }
    return .eachHead(statements, each.location, note: note)
  }
}

extension Formatter {
  static let indentation = "    "

  /// The whole file in the canonical spelling.
  static func text(_ statements: [BlockStatement]) -> String {
    text(lines(statements).map { ($0.code, $0.note) })
  }

  /// The file's lines with the index of the equation in each.
  static func lines(_ statements: [BlockStatement]) -> [BlockLine] {
    var result: [BlockLine] = []
    var equations = 0
    func add(_ statement: Statement, indented: Bool) {
      let (code, note) = line(statement)
      var index: Int?
      if case .equation = statement {
        index = equations
        equations += 1
      }
      let shown = indented && !code.isEmpty ? indentation + code : code
      result.append(BlockLine(code: shown, note: note, equation: index))
    }
    func add(_ word: String, _ names: [(Identifier, SourceLocation)], _ note: String) {
      let list = names.map(\.0.text).joined(separator: ", ")
      result.append(BlockLine(code: "\(word) \(list)", note: note, equation: nil))
    }
    for statement in statements {
      switch statement {
      case .plain(let plain): add(plain, indented: false)
      case .inputs(let names, let note): add("input", names, note)
      case .dropout(let names, let note): add("dropout", names, note)
      case .eachHead(let inner, _, let note):
        result.append(BlockLine(code: "each head:", note: note, equation: nil))
        for plain in inner { add(plain, indented: true) }
      }
    }
    return result
  }
}
