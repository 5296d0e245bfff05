extension Parser {
  /// The words that begin a statement.
  static let statementWords: Set<Identifier> = [
    "state", "const", "init", "each", "input", "dropout",
  ]

  /// Inside brackets an expression goes on over line ends; comments in it move to its end.
  ///
  /// Where the next line starts a statement, a bracket was forgotten: the line ends there, so that
  /// the error points at it and not at the end of the file.
  static func joiningLines(_ tokens: [Token]) -> [Token] {
    let next = nextWords(tokens)
    var joined: [Token] = []
    var depth = 0
    var comments: [Token] = []
    for (index, token) in tokens.enumerated() {
      switch token.kind {
      case .leftParenthesis, .leftBracket: depth += 1
      case .rightParenthesis, .rightBracket: depth = max(0, depth - 1)
      case .comment where depth > 0:
        comments.append(token)
        continue
      case .comment where !comments.isEmpty:
        joined.append(merged(comments + [token]))
        comments = []
        continue
      case .newline where depth > 0 && !startsStatement(tokens, at: next[index]): continue
      case .newline where depth > 0:
        let end = comments.last.map(\.location)
        let location = end?.line == token.location.line ? end ?? token.location : token.location
        joined.append(Token(kind: .newline, location: location, text: ""))
        depth = 0
        comments = []
        continue
      case .newline where !comments.isEmpty:
        joined.append(merged(comments))
        comments = []
      default: break
      }
      joined.append(token)
    }
    return joined
  }

  /// Per token, the index of the next one from there on that is no comment and no line end.
  private static func nextWords(_ tokens: [Token]) -> [Int] {
    var next = Array(repeating: tokens.count - 1, count: tokens.count)
    for index in tokens.indices.dropLast().reversed() {
      switch tokens[index].kind {
      case .newline, .comment: next[index] = next[index + 1]
      default: next[index] = index
      }
    }
    return next
  }

  private static func startsStatement(_ tokens: [Token], at index: Int) -> Bool {
    guard case .name(let name) = tokens[index].kind else { return tokens[index].kind == .end }
    switch tokens[index + 1].kind {
    case .assign: return name != "eps"
    case .prime: return tokens[index + 2].kind == .assign
    case .name: return Parser.statementWords.contains(name)
    default: return false
    }
  }

  private static func merged(_ comments: [Token]) -> Token {
    let texts = comments.compactMap { token -> String? in
      if case .comment(let text) = token.kind { text.trimmed } else { nil }
    }
    let text = texts.filter { !$0.isEmpty }.joined(separator: "; ")
    return Token(kind: .comment(text), location: comments[0].location, text: "#" + text)
  }
}
