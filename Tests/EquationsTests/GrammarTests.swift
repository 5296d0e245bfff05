import Testing

@testable import Equations

/// How operators bind, by the tree that comes out.
@Suite struct GrammarTests {
  private func parsed(_ text: String) throws -> Expression {
    var parser = try Parser(source: SourceText(name: "test", text: text))
    return try parser.expression()
  }

  @Test(arguments: [
    ("a + b - c + d", "(((a + b) - c) + d)"),
    ("a - b - c", "((a - b) - c)"),
    ("a + b·c", "(a + (b · c))"),
    ("a·b + c", "((a · b) + c)"),
    ("a·b ⊙ c", "((a · b) ⊙ c)"),
    ("a ⊙ b·c", "((a ⊙ b) · c)"),
    ("a / b·c", "((a / b) · c)"),
    ("a / b / c", "((a / b) / c)"),
    ("a·b / c ⊙ d", "(((a · b) / c) ⊙ d)"),
    ("U·r ⊙ h'", "((U · r) ⊙ h')"),
    ("-a·b", "((-a) · b)"),
    ("-a + b", "((-a) + b)"),
    ("a - -b", "(a - (-b))"),
    ("a·-b", "(a · (-b))"),
    ("--a", "(-(-a))"),
    ("√a·b", "((√a) · b)"),
    ("√-a", "(√(-a))"),
    ("-√a", "(-(√a))"),
    ("√aᵀ", "(√(aᵀ))"),
    ("-h'", "(-h')"),
    ("-aᵀ", "(-(aᵀ))"),
    ("aᵀᵀ", "((aᵀ)ᵀ)"),
    ("W·Uᵀ·h'", "((W · (Uᵀ)) · h')"),
    ("tanh(a)ᵀ", "(tanh(a)ᵀ)"),
    ("W·[a, b + c]", "(W · [a, (b + c)])"),
    ("(a + b)·c", "((a + b) · c)"),
    ("a·(b·c)", "(a · (b · c))"),
    ("a - (b - c)", "(a - (b - c))"),
    ("max(a, b) - min(a, -b)", "(max(a, b) - min(a, (-b)))"),
    ("Q·Kᵀ / √dk + m", "(((Q · (Kᵀ)) / (√dk)) + m)"),
    ("1e-3 ⊙ a + .5", "((0.001 ⊙ a) + 0.5)"),
    ("2.T", "(2ᵀ)"),
    ("layernorm(a, b, c, eps = 0.1)", "layernorm(a, b, c, 0.1)"),
  ])
  func binding(text: String, tree: String) throws {
    #expect(try parsed(text).bracketed == tree)
  }

  @Test func randomTrees() throws {
    for seed in 0..<300 as Range<UInt64> {
      var programs = RandomPrograms(seed: seed)
      let tree = programs.tree(4)
      let spelling = programs.spelling(tree)
      let expression = try parsed(spelling)
      #expect(expression.bracketed == tree.bracketed, "\(spelling)")
      #expect(try parsed(tree.bracketed).bracketed == tree.bracketed)
      // The canonical text stands for the same tree, and is its own canonical text.
      #expect(try parsed("\(expression)").bracketed == tree.bracketed, "\(expression)")
      #expect(try parsed("\(expression)").description == expression.description)
    }
  }

  @Test func canonicalTextHasNoNeedlessBrackets() throws {
    #expect(try parsed("((a)) + ((b·(c)))").description == "a + b·c")
    #expect(try parsed("a - (b - c)").description == "a - (b - c)")
    #expect(try parsed("(a ⊙ b) ⊙ (c / d)").description == "a ⊙ b ⊙ (c / d)")
    #expect(try parsed("(-a)ᵀ·b").description == "(-a)ᵀ·b")
  }

  /// Inside brackets a line may end anywhere.
  @Test func continuedLines() throws {
    let long =
      "state h\nh = tanh(\n  W·x   # the input\n  + U·h' -\n\n  # the rest\n  b\n)  # done\n"
    let cell = try Cell(name: "test", text: long)
    #expect(cell.text == "state h\nh = tanh(W·x + U·h' - b)  # the input; the rest; done\n")
    let list = "state h\nh = max(\n  W·x\n  ,\n  U·h'\n  )"
    #expect(try Cell(name: "test", text: list).text == "state h\nh = max(W·x, U·h')\n")
    let named = "state h\nh = layernorm(W·x, γ, β,\n  eps = 1e-3)"
    #expect(try Cell(name: "test", text: named).text.contains("layernorm(W·x, γ, β, 0.001)"))
  }
}
