import Testing

@testable import Equations

@Suite struct QueryErrorTests {
  @Test(arguments: [
    ("", 1, "expected a value such as f", "nothing more"),
    ("mean(f", 7, "expected \",\" or \")\"", "nothing more"),
    ("mean(f) <", 10, "expected a value", "nothing more"),
    ("mean(f) = 1", 9, "expected \"==\" to compare", "\"=\""),
    ("f g", 3, "expected an operator or the end", "\"g\""),
    ("f[", 3, "expected the index of a unit", "nothing more"),
    ("f[1.5]", 3, "expected the index of a unit", "\"1.5\""),
    ("f[-1]", 3, "expected the index of a unit", "\"-\""),
    ("f[1", 4, "expected \"]\"", "nothing more"),
    ("medn(f)", 1, "medn is no function", "mean"),
    ("softmax(f)", 1, "softmax is no function", "expected"),
    ("mean(f, g)", 1, "mean takes 1 argument", "found 2"),
    ("max(f, g, f)", 1, "max takes 2 arguments", "found 3"),
    ("tanh(f, g)", 1, "tanh takes 1 argument", "found 2"),
    ("grad(1)", 6, "expected the name of a value", "\"1\""),
    ("grad(f + g)", 8, "expected \")\"", "\"+\""),
    ("layer.f", 1, "expected a name such as f, layer1.f", ""),
    ("layer1.backward.f", 1, "layer1.reverse.f", ""),
    ("1 + f.", 5, "expected a name such as f", ""),
    ("token == \"a", 10, "expected a closing \"", ""),
    ("f $ g", 3, "expected a name, a number or an operator", "\"$\""),
    ("(f > 1", 7, "expected \")\"", "nothing more"),
    ("f > 1 and", 10, "expected a value", "nothing more"),
    ("1 < 2 < 3", 7, "expected an operator or the end", "\"<\""),
    ("γé >", 5, "expected a value", "nothing more"),
  ])
  func parsing(text: String, column: Int, expected: String, found: String) throws {
    let error = #expect(throws: EquationError.self) { try Query(text, prompt: "break") }
    let message = try #require(error)
    #expect(message.description.hasPrefix("break:1:\(column): "), "\(message)")
    #expect(message.message.contains(expected), "\(message)")
    #expect(message.message.contains(found), "\(message)")
    let lines = message.description.split(separator: "\n")
    #expect(lines.last?.unicodeScalars.count == 4 + column)
  }

  @Test(arguments: [
    ("f[4]", "there is no unit 4"), ("nothing", "nothing has no value here"),
    ("f + layer1.reverse.f + none", "units don't go together"), ("token < \"a\"", "== and !="),
    ("token + 1", "expected numbers, found a text"), ("mean(token)", "takes numbers, not text"),
    ("f == \"a\"", "expected numbers, found a text"), ("token[0]", "there is no unit 0"),
    ("grad(nothing)", "nothing has no value here"),
  ])
  func evaluating(text: String, expected: String) throws {
    let error = #expect(throws: QueryError.self) {
      try Query(text, prompt: "print").evaluate(QueryValues())
    }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    ("(", "1", ")"), ("-", "1", ""), ("1 + ", "1", ""), ("1 * ", "1", ""), ("1 or ", "1", ""),
    ("1 and ", "1", ""), ("abs(", "1", ")"), ("", "f", "[0]"),
  ])
  func tooLong(open: String, core: String, close: String) {
    let text =
      String(repeating: open, count: 100_000) + core + String(repeating: close, count: 100_000)
    let error = #expect(throws: EquationError.self) { try Query(text, prompt: "break") }
    #expect(error?.message.contains("over ") == true, "\(error?.message ?? "")")
  }
}
