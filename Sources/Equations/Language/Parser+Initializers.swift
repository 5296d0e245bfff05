/// What stands behind `init NAME =`: how a parameter begins.
extension Parser {
  mutating func initializer() throws(EquationError) -> Initializer {
    let start = current
    if case .name(let name) = start.kind {
      _ = advance()
      var arguments: [Double] = []
      var places: [SourceLocation] = []
      if take(.leftParenthesis) {
        repeat {
          places.append(current.location)
          arguments.append(try signedNumber())
        } while take(.comma)
        try expect(.rightParenthesis, "\")\"")
      }
      if let (index, expected) = Initializer.mistake(name: name.text, arguments: arguments) {
        throw EquationError(
          "expected \(expected), found \(Formatter.number(arguments[index]))", at: places[index],
          in: source)
      }
      let known =
        "uniform(low, high), normal(mean, deviation), xavier, he, orthogonal, identity, "
        + "zeros, ones or a number"
      guard let initializer = Initializer(name: name.text, arguments: arguments) else {
        throw EquationError(
          "expected \(known), found \"\(name)\"\(arguments.isEmpty ? "" : " with \(arguments.count) arguments")",
          at: start.location, in: source)
      }
      return initializer
    }
    return .constant(try signedNumber())
  }

  private mutating func signedNumber() throws(EquationError) -> Double {
    let negative = take(.minus)
    guard case .number(let value) = current.kind else { throw expected("a number") }
    _ = advance()
    return negative ? -value : value
  }
}
