/// A word of the equation language.
struct Token: Sendable {
  enum Kind: Hashable, Sendable {
    case name(Identifier)
    case number(Double)
    case assign
    case colon
    case comma
    case leftParenthesis
    case rightParenthesis
    case leftBracket
    case rightBracket
    case prime
    case transpose
    case squareRoot
    case matrixProduct
    case hadamard
    case divide
    case plus
    case minus
    case comparison(Comparison)
    case string(String)
    case comment(String)
    case newline
    case end
  }

  let kind: Kind
  let location: SourceLocation
  /// What the file has here, for errors.
  let text: String

  /// How an error names this token.
  var found: String {
    switch kind {
    case .newline: "the end of the line"
    case .end: "the end of the file"
    case .comment: "a comment"
    default: "\"\(text)\""
    }
  }
}

/// A comparison in a condition such as `mean(f) < 0.1`; cell files have none.
public enum Comparison: String, Sendable, CaseIterable {
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case notEqual = "!="
}
