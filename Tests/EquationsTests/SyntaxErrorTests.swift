import Testing

@testable import Equations

/// The error that a text must give, or an issue.
func error(
  in text: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws -> EquationError {
  do {
    let cell = try Cell(name: "test", text: text, source: "my.cell")
    Issue.record("no error, but \(cell.text)", sourceLocation: sourceLocation)
  } catch { return error }
  throw QueryError("no error")
}

/// Where an error points, and the words that its message must have.
func expectError(
  _ text: String, _ line: Int, _ column: Int, _ words: String...,
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws {
  let error = try error(in: text, sourceLocation: sourceLocation)
  let place = "my.cell:\(line):\(column): "
  #expect(
    error.description.hasPrefix(place), "\(error.description)", sourceLocation: sourceLocation)
  for word in words {
    #expect(error.message.contains(word), "\(error.message)", sourceLocation: sourceLocation)
  }
}

/// Mistakes in the words and the grammar of a cell file.
@Suite struct SyntaxErrorTests {
  @Test func lineAndCaret() throws {
    let error = try error(in: "state h\nh = σ(W·x) $ 2\n")
    #expect(
      error.description == """
        my.cell:2:12: expected a name, a number or an operator, found "$" (U+0024)
            h = σ(W·x) $ 2
                       ^
        """)
    #expect(error.summary == error.description.split(separator: "\n")[0])
  }

  /// Columns count Unicode scalars; a tab is one column wide under an error.
  @Test func caretBehindTabsAndMarks() throws {
    let error = try error(in: "state h\n\th =\tγe\u{301}·x ? 1\r\n")
    #expect(error.location == SourceLocation(line: 2, column: 12))
    let lines = error.description.split(separator: "\n").map { Array($0.unicodeScalars) }
    #expect(lines[1] == Array("     h = γe\u{301}·x ? 1".unicodeScalars))
    #expect(lines[2].count == 4 + 12 && lines[1][4 + 11] == "?")
  }

  @Test func caretInAVeryLongLine() throws {
    let text = "state h\nh = " + String(repeating: "x + ", count: 900) + "? + x"
    let error = try error(in: text)
    #expect(error.location == SourceLocation(line: 2, column: 3605))
    let lines = error.description.split(separator: "\n").map { Array($0.unicodeScalars) }
    #expect(lines[1].count < 120)
    #expect(lines[1][lines[2].count - 1] == "?")
  }

  @Test func emptyFiles() throws {
    for text in ["", "\n", "  \n\t\n\r\n", "\u{FEFF}"] {
      try expectError(text, 1, 1, "the file is empty", "expected", "state h")
    }
    for text in ["# nothing here", "\n# nothing\n", "a = 1\n"] {
      try expectError(text, 1, 1, "no state is declared", "expected", "state h")
    }
  }

  @Test func strayCharacters() throws {
    try expectError("state h\nh = W·x\0", 2, 8, "NUL", "is this a text file?")
    try expectError("\0\0\0", 1, 1, "NUL")
    try expectError("state h\nh = \u{7}x", 2, 5, "control character (U+0007)")
    try expectError("state h\nh = 2²", 2, 6, "\"²\" (U+00B2)")
    try expectError("state h\nh = x ^ 2", 2, 7, "\"^\" (U+005E)")
    try expectError("state h\nh = x;", 2, 6, "\";\"")
    try expectError("state h\nh = \u{1F600}", 2, 5, "U+1F600")
    try expectError("state h\nh = \"abc", 2, 5, "closing \"")
    try expectError("state h\nh = \"abc\"", 2, 5, "expected a name, a number or \"(\"", "\"abc\"")
  }

  @Test func numbers() throws {
    try expectError("state h\nh = x + 1e999", 2, 9, "expected a number such as", "1e999")
    try expectError("state h\nh = 1.2.3 + x", 2, 8, "expected an operator or the end", ".3")
    try expectError("state h\nh = 2x", 2, 6, "expected an operator", "\"x\"")
    try expectError("state h\nh = 1e + x", 2, 6, "expected an operator", "\"e\"")
  }

  @Test func statements() throws {
    try expectError("state h\n= x", 2, 1, "expected an equation", "\"=\"")
    try expectError("state h\nh", 2, 2, "expected \"=\" after h", "the end of the line")
    try expectError("state h\nh == x", 2, 3, "expected \"=\" after h", "\"==\"")
    try expectError("state h\nh = ", 2, 5, "expected a name, a number", "the end of the line")
    try expectError("state h\nh =  # why", 2, 6, "expected a name, a number", "a comment")
    try expectError(
      "state h\nh = x x", 2, 7, "expected an operator or the end of the line", "\"x\"")
    try expectError("state h\nh = x = 2", 2, 7, "expected an operator", "\"=\"")
    try expectError("state h,\nh = x", 1, 9, "expected the name of a state", "the end of the line")
    try expectError("state\nh = x", 1, 6, "expected the name of a state")
    try expectError("state h c\nh = x", 1, 9, "expected a comma or the end", "\"c\"")
    try expectError("state 3", 1, 7, "expected the name of a state", "\"3\"")
    try expectError("state h\nconst a 3\nh = W·x", 2, 9, "expected \"=\" and a number", "\"3\"")
    try expectError("state h\ninit W\nh = W·x", 2, 7, "expected \"=\" and an initialiser")
    try expectError("state h\ninit W = glorot\nh = W·x", 2, 10, "xavier", "\"glorot\"")
    try expectError("state h\ninit W = normal(1)\nh = W·x", 2, 10, "normal(mean", "1 argument")
    try expectError(
      "state h\ninit W = normal(0, -1)\nh = W·x", 2, 20, "standard deviation from 0", "found -1")
    try expectError(
      "state h\ninit W = uniform(1, -0.5)\nh = W·x", 2, 21, "not below the first", "found -0.5")
    try expectError("state h\ninit W = he(a)\nh = W·x", 2, 13, "expected a number", "\"a\"")
    try expectError(
      "state h\ninit W = he(1\nh = W·x", 2, 14, "expected \")\"", "the end of the line")
    try expectError("state h\neach head:\n  Q = x", 2, 1, "block file")
    try expectError("state h\nh = a < b", 2, 7, "expected an operator", "\"<\"")
    try expectError("state h\nh = a : b", 2, 7, "expected an operator", "\":\"")
  }

  @Test func brackets() throws {
    let unclosed = "expected \")\" for the \"(\" in column 9"
    try expectError("state h\nh = tanh(W·x\n", 2, 13, unclosed, "the end of the line")
    try expectError("state h, c\nh = tanh(W·x\nc = h\n", 2, 13, unclosed, "the end of the line")
    try expectError("state h, c\nh = tanh(W·x # note\n\n# more\nc = h", 2, 14, unclosed)
    try expectError("state h\nh = tanh(W·x\nstate c\nc = h", 2, 13, unclosed)
    try expectError("state h\nh = tanh(W·x\nc' = h", 2, 13, unclosed)
    try expectError("state h\nh = tanh(W·x]", 2, 13, unclosed, "found \"]\"")
    try expectError("state h\nh = W·[x, h'\n", 2, 13, "expected \"]\" for the \"[\" in column 7")
    try expectError("state h\nh = tanh(W·x))", 2, 14, "expected an operator", "\")\"")
    try expectError("state h\nh = tanh()", 2, 10, "expected an expression", "\")\"")
    try expectError("state h\nh = W·[]", 2, 8, "expected an expression", "\"]\"")
    try expectError("state h\nh = max(x,)", 2, 11, "expected a name, a number", "\")\"")
    try expectError("state h\nh = (", 2, 6, "expected a name, a number", "the end of the line")
    try expectError("state h\nh = x + ()", 2, 10, "expected a name, a number", "\")\"")
  }

  @Test func functions() throws {
    try expectError("state h\nh = tanh", 2, 5, "expected tanh(…)", "the end of the line")
    try expectError("state h\nh = σ·x", 2, 5, "σ is a function", "found \"·\"")
    try expectError("state h\nh = phi + x", 2, 5, "φ is a function", "\"+\"")
    try expectError("state h\nh = tahn(x)", 2, 5, "tahn is no function", "expected tanh")
    try expectError("state h\nh = leakyrelu(x)", 2, 5, "leaky_relu")
    try expectError("state h\nh = W(x)", 2, 5, "W is no function")
    try expectError("state h\nh = max(x)", 2, 5, "expected 2 arguments for max, found 1")
    try expectError("state h\nh = tanh(x, x)", 2, 5, "expected 1 argument for tanh, found 2")
    try expectError("state h\nh = layernorm(x)", 2, 5, "expected 3 or 4 arguments", "found 1")
    try expectError("state h\nh = sqrt(x, x)", 2, 5, "expected 1 argument for sqrt, found 2")
    try expectError("state h\nh = tanh(eps = x)", 2, 14, "expected \")\"", "found \"=\"")
  }

  @Test func primes() throws {
    try expectError("state h\nh = (x + h)'", 2, 12, "a prime stands behind the name of a state")
    try expectError("state h\nh = h''", 2, 7, "a prime stands behind the name of a state")
    try expectError("state h\nh = tanh(x)'", 2, 12, "a prime stands behind")
    try expectError("state h\nh' = x", 2, 1, "h' is the value of the previous step", "h = …")
    try expectError("state h\nh′ = x", 2, 1, "can't be assigned")
  }
}
