import Testing

@testable import Equations

/// The sizes that follow from the equations.
@Suite struct ShapeInferenceTests {
  private func shapes(_ text: String) throws -> [String: String] {
    let cell = try Cell(name: "test", text: text)
    return Dictionary(
      uniqueKeysWithValues: cell.parameters.map { ($0.name.text, $0.symbolicShape) })
  }

  @Test(arguments: [
    ("h = W·x + U·h' + b", ["W": "[H, I]", "U": "[H, H]", "b": "[H]"]),
    ("h = x·W + h'·U", ["W": "[I, H]", "U": "[H, H]"]),
    ("h = Wᵀ·x", ["W": "[I, H]"]),
    ("h = x·Wᵀ", ["W": "[H, I]"]),
    ("h = W·[x, h'] + b", ["W": "[H, I + H]", "b": "[H]"]),
    ("h = W·[h', x, h']", ["W": "[H, I + 2H]"]),
    ("h = W·[x, [h', x]]", ["W": "[H, 2I + H]"]),
    ("h = W·[b, x]", ["W": "[H, I + H]", "b": "[H]"]),
    ("h = [x, h']·W", ["W": "[I + H, H]"]),
    // A bottleneck whose size nothing tells is H.
    ("h = U·(V·h')", ["U": "[H, H]", "V": "[H, H]"]),
    ("h = U·(V·x)", ["U": "[H, H]", "V": "[H, I]"]),
    ("h = U·(V·x + x)", ["U": "[H, I]", "V": "[I, I]"]),
    ("h = U·(V·h' + x)", ["U": "[H, I]", "V": "[I, H]"]),
    ("h = U·V·h' + U·x", ["U": "[H, I]", "V": "[I, H]"]),
    // Tied weights.
    ("h = W·tanh(Wᵀ·h')", ["W": "[H, H]"]),
    ("h = W·x + W·(Wᵀ·h')", ["W": "[H, I]"]),
    ("h = (0.5 ⊙ U)·h'", ["U": "[H, H]"]),
    ("h = (U / 2)·x", ["U": "[H, I]"]),
    ("h = (-U)·x", ["U": "[H, I]"]),
    ("h = (k ⊙ U)·x", ["U": "[H, I]"]),
    ("h = (U / (1 + k))·x", ["U": "[H, I]"]),
    ("h = (2 ⊙ (U ⊙ k)ᵀ)·x", ["U": "[I, H]"]),
    ("h = layernorm(W·x, γ, β)", ["W": "[H, I]", "γ": "[H]", "β": "[H]"]),
    ("h = W·layernorm(x, γ, β)", ["W": "[H, I]", "γ": "[I]", "β": "[I]"]),
    ("h = W·softmax(V·x)", ["W": "[H, H]", "V": "[H, I]"]),
    ("h = W·(max(p, x) + q)", ["W": "[H, I]", "p": "[I]", "q": "[I]"]),
    ("h = b", ["b": "[H]"]),
    ("h = 0", [:]),
  ])
  func equation(text: String, expected: [String: String]) throws {
    #expect(try shapes("state h\nconst k = 2\n\(text)") == expected)
  }

  @Test func acrossEquations() throws {
    let text = """
      state h, c
      z = [x, h']
      r = σ(R·z + p)
      a = V·(r ⊙ x)
      c = a + c'
      h = P·tanh(a) + Q·z
      """
    let expected = [
      "R": "[I, I + H]", "p": "[I]", "V": "[H, I]", "P": "[H, H]", "Q": "[H, I + H]",
    ]
    #expect(try shapes(text) == expected)
    let cell = try Cell(name: "test", text: text)
    let sizes = cell.equations.indices.map { cell.size(of: $0, inputSize: 10, hiddenSize: 3) }
    #expect(sizes == [13, 10, 3, 3, 3])
  }

  @Test func shippedShapes() throws {
    let lstm = try #require(try Cell.shipped("lstm"))
    for parameter in lstm.parameters {
      let expected = ["W": [4, 3], "U": [4, 4], "b": [4]][parameter.name.text.prefix(1)]
      #expect(parameter.shape(inputSize: 3, hiddenSize: 4) == expected)
      #expect(parameter.isRecurrent == parameter.name.text.hasPrefix("U"))
    }
    #expect(lstm.parameterCountFormula == "4HI + 4H² + 4H")
    #expect(lstm.output == "h" && lstm.states == ["h", "c"])
  }

  /// A matrix is recurrent if it multiplies what depends on a state, through names too.
  @Test func recurrentMatrices() throws {
    let cell = try Cell(
      name: "t",
      text: "state h\na = A·x\nb = B·a\nc = C·h' + a\nd = D·(c + b)\nh = d + x·E + h'·F + V·[x, c]")
    let recurrent = cell.parameters.filter(\.isRecurrent).map(\.name.text)
    #expect(Set(recurrent) == ["C", "D", "F", "V"])
  }
}
