import Testing

@testable import Equations

/// Different spellings of one program have one canonical text.
@Suite struct SpellingTests {
  private func canonical(_ equation: String) throws -> String {
    try Cell(name: "test", text: "state h\nh = \(equation)\n").text
  }

  @Test(arguments: [
    ("W·x", ["W@x", "W ⋅ x", "W∙x", "W • x", " W  ·\tx"]),
    ("b ⊙ h'", ["b * h'", "b∘h'", "b × h′", "b ⊙ h’", "b⊙hʹ", "b*hʼ", "b * h '"]),
    ("b / h'", ["b ÷ h'", "b/h'"]),
    ("b - h'", ["b − h'", "b – h'", "b-h'"]),
    ("Wᵀ·h'", ["W.T·h'", "W.T@h'", "W⊤·h'", "W ᵀ·h'"]),
    ("√(b ⊙ b)", ["sqrt(b*b)", "√ (b * b)", "sqrt (b*b)"]),
    ("σ(W·x)", ["sigmoid(W@x)", "σ (W·x)"]),
    ("φ(W·x)", ["phi(W@x)", "ϕ(W·x)"]),
    ("leaky_relu(W·x)", ["LeakyReLU(W·x)"]),
    ("relu(W·x)", ["ReLU(W·x)"]),
    ("elu(W·x)", ["ELU(W·x)"]),
    ("gelu(W·x)", ["GELU(W·x)"]),
    ("log(exp(W·x))", ["ln(exp(W·x))"]),
    ("layernorm(W·x, γ, β, 0.001)", ["LayerNorm(W·x, γ, β, eps = 1e-3)"]),
    ("h' + 0.5", ["h' + .5", "h' + 5e-1", "h' + 0.50", "h' + 5E-1"]),
    ("h' + 2", ["h' + 2.0", "h' + 2.", "h' + 2e0", "h' + 2E+0"]),
  ])
  func spelling(text: String, others: [String]) throws {
    let expected = "state h\nh = \(text)\n"
    #expect(try canonical(text) == expected)
    for other in others { #expect(try canonical(other) == expected, "\(other)") }
  }

  /// ᵀ is a letter to Unicode, and an operator here.
  @Test func transposeIsNoPartOfAName() throws {
    let cell = try Cell(name: "test", text: "state h\nh = W·x + U·Uᵀ·h' + h'·Uᵀ")
    #expect(cell.parameters.map(\.name.text) == ["W", "U"])
  }

  /// Names are compared by Unicode scalars.
  @Test func lookAlikeNames() throws {
    let composed = "\u{E9}", decomposed = "e\u{301}", ohm = "\u{2126}", omega = "\u{3A9}"
    let cell = try Cell(
      name: "test", text: "state h\nh = \(composed) + \(decomposed) + \(ohm) + \(omega)\n")
    #expect(cell.parameters.count == 4)
    #expect(Set(cell.parameters.map(\.name)).count == 4)
    #expect(cell.text.unicodeScalars.contains("\u{2126}"))
    let states = try Cell(
      name: "test",
      text: "state \(composed), \(decomposed)\n\(composed) = x·W\n\(decomposed) = x·V\n")
    #expect(states.states.count == 2)
  }

  @Test func lineEndsAndByteOrderMark() throws {
    let plain = "# A note\nstate h\nh = W·x  # why\n"
    let text = try Cell(name: "test", text: plain).text
    #expect(text == plain)
    for other in [
      "\u{FEFF}" + plain, plain.replacing("\n", with: "\r\n"), plain.replacing("\n", with: "\r"),
      String(plain.dropLast()), plain + "\n\n", plain + "\r\n\r\n",
    ] {
      #expect(try Cell(name: "test", text: other).text == plain)
    }
  }
}
