/// Splits a text into tokens. Every ASCII and look-alike spelling becomes the one canonical token.
struct Lexer {
  private let source: SourceText
  private var tokens: [Token] = []
  /// Whether `layer1.reverse.f` is one name: in queries, not in cell files.
  private let allowsDots: Bool

  static func tokens(
    of source: SourceText, allowingDots: Bool = false
  ) throws(EquationError) -> [Token] {
    var lexer = Lexer(source: source, allowsDots: allowingDots)
    for (index, line) in source.lines.enumerated() {
      try lexer.scan(line: Array(line.unicodeScalars), number: index + 1)
    }
    let last = SourceLocation(
      line: source.lines.count, column: (source.lines.last?.unicodeScalars.count ?? 0) + 1)
    lexer.tokens.append(Token(kind: .end, location: last, text: ""))
    return lexer.tokens
  }

  private init(source: SourceText, allowsDots: Bool) {
    self.source = source
    self.allowsDots = allowsDots
  }

  private static let single: [Unicode.Scalar: Token.Kind] = [
    "(": .leftParenthesis, ")": .rightParenthesis, "[": .leftBracket, "]": .rightBracket,
    ",": .comma, ":": .colon, "+": .plus, "-": .minus, "−": .minus, "–": .minus,
    "'": .prime, "′": .prime, "’": .prime, "ʹ": .prime, "ʼ": .prime,
    "ᵀ": .transpose, "⊤": .transpose, "√": .squareRoot,
    "·": .matrixProduct, "⋅": .matrixProduct, "∙": .matrixProduct, "•": .matrixProduct,
    "@": .matrixProduct, "⊙": .hadamard, "∘": .hadamard, "*": .hadamard, "×": .hadamard,
    "/": .divide, "÷": .divide, "≤": .comparison(.lessOrEqual), "≥": .comparison(.greaterOrEqual),
    "≠": .comparison(.notEqual),
  ]

  /// Whether the scalar is an operator by itself.
  static func isSign(_ scalar: Unicode.Scalar) -> Bool { single[scalar] != nil }

  private mutating func scan(line: [Unicode.Scalar], number: Int) throws(EquationError) {
    var column = 0
    func location(_ column: Int) -> SourceLocation {
      SourceLocation(line: number, column: column + 1)
    }
    func text(_ range: Range<Int>) -> String {
      var view = String.UnicodeScalarView()
      view.append(contentsOf: line[range])
      return String(view)
    }
    func add(_ kind: Token.Kind, _ range: Range<Int>) {
      tokens.append(Token(kind: kind, location: location(range.lowerBound), text: text(range)))
    }
    while column < line.count {
      let scalar = line[column]
      let start = column
      let next = column + 1 < line.count ? line[column + 1] : " "
      if scalar == " " || scalar == "\t" || scalar == "\u{A0}" || scalar == "\u{FEFF}" {
        column += 1
      } else if scalar == "#" {
        column = line.count
        add(.comment(text(start + 1..<column)), start..<column)
      } else if scalar == ".", next == "T",
        column + 2 >= line.count || !Character.isNamePart(line[column + 2])
      {
        column += 2
        add(.transpose, start..<column)
      } else if ("0"..."9").contains(scalar) || (scalar == "." && ("0"..."9").contains(next)) {
        column = Self.endOfNumber(line, from: column)
        let digits = text(start..<column)
        guard let value = Double(digits), value.isFinite else {
          throw EquationError(
            "expected a number such as 0.5 or 1e-3, found \"\(digits)\"", at: location(start),
            in: source)
        }
        add(.number(value), start..<column)
      } else if Character.isNameStart(scalar) {
        while column < line.count,
          Character.isNamePart(line[column]) || (allowsDots && line[column] == ".")
        {
          column += 1
        }
        add(.name(Identifier(text(start..<column))), start..<column)
      } else if scalar == "\"" {
        let (value, end) = try string(in: line, from: column, at: location(start))
        column = end
        add(.string(value), start..<column)
      } else if let comparison = Self.comparison(scalar, next) {
        column += comparison.rawValue.count
        add(.comparison(comparison), start..<column)
      } else if scalar == "=" {
        column += 1
        add(.assign, start..<column)
      } else if let kind = Self.single[scalar] {
        column += 1
        add(kind, start..<column)
      } else {
        throw EquationError(
          "expected a name, a number or an operator, found \(Self.describe(scalar))",
          at: location(start), in: source)
      }
    }
    add(.newline, column..<column)
  }

  private static func endOfNumber(_ line: [Unicode.Scalar], from start: Int) -> Int {
    var column = start
    func digits() {
      while column < line.count, ("0"..."9").contains(line[column]) { column += 1 }
    }
    digits()
    if column < line.count, line[column] == ".",
      !(column + 1 < line.count && line[column + 1] == "T")
    {
      column += 1
      digits()
    }
    if column + 1 < line.count, line[column] == "e" || line[column] == "E" {
      var exponent = column + 1
      if "+-".unicodeScalars.contains(line[exponent]) { exponent += 1 }
      if exponent < line.count, ("0"..."9").contains(line[exponent]) {
        column = exponent
        digits()
      }
    }
    return column
  }

  /// A double-quoted string, of conditions such as `token == "\n"`, with its escapes resolved.
  private func string(
    in line: [Unicode.Scalar], from start: Int, at location: SourceLocation
  ) throws(EquationError) -> (String, end: Int) {
    let escapes: [Unicode.Scalar: Unicode.Scalar] = [
      "n": "\n", "t": "\t", "r": "\r", "\\": "\\", "\"": "\"", "0": "\0",
    ]
    var value = String.UnicodeScalarView()
    var column = start + 1
    while column < line.count, line[column] != "\"" {
      if line[column] == "\\", column + 1 < line.count, let escaped = escapes[line[column + 1]] {
        value.append(escaped)
        column += 2
      } else {
        value.append(line[column])
        column += 1
      }
    }
    guard column < line.count else {
      throw EquationError("expected a closing \" for this string", at: location, in: source)
    }
    return (String(value), column + 1)
  }

  private static func comparison(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Comparison? {
    var view = String.UnicodeScalarView()
    view.append(first)
    if let one = Comparison(rawValue: String(view)), second != "=" { return one }
    view.append(second)
    return Comparison(rawValue: String(view))
  }

  private static func describe(_ scalar: Unicode.Scalar) -> String {
    let code = "U+" + String(repeating: "0", count: max(0, 4 - hex(scalar).count)) + hex(scalar)
    if scalar == "\0" { return "a NUL character (\(code)): is this a text file?" }
    if scalar.properties.generalCategory == .control { return "a control character (\(code))" }
    return "\"\(Character(scalar))\" (\(code))"
  }

  private static func hex(_ scalar: Unicode.Scalar) -> String {
    String(scalar.value, radix: 16, uppercase: true)
  }
}
