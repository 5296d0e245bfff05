import Equations
import Networks
import Testing

/// Every shipped cell against finite differences in Double, T > 1.
@Suite struct GradientCheckTests {
  static let activations: [Function] = [.tanh, .relu, .sigmoid, .leakyReLU, .elu, .gelu, .geluTanh]

  @Test(arguments: Cell.shippedNames)
  func shippedCell(name: String) throws {
    let cell = try #require(try Cell.shipped(name))
    let check = try GradientCheck(cell: cell, inputSize: 3, hiddenSize: 4, seqLen: 5)
    for row in check.rows { #expect(row.error <= 1e-6, "\(name) \(row.name) \(row.error)") }
  }

  @Test(arguments: Cell.shippedNames)
  func stackedAndBidirectional(name: String) throws {
    let cell = try #require(try Cell.shipped(name))
    let check = try GradientCheck(
      cell: cell, inputSize: 3, hiddenSize: 4, seqLen: 4, batchSize: 2, numLayers: 2,
      isBidirectional: true)
    for row in check.rows { #expect(row.error <= 1e-6, "\(name) \(row.name) \(row.error)") }
  }

  @Test(arguments: activations)
  func activation(_ activation: Function) throws {
    let cell = try #require(try Cell.shipped("rnn", activation: activation))
    let check = try GradientCheck(cell: cell, inputSize: 3, hiddenSize: 4, seqLen: 5)
    for row in check.rows { #expect(row.error <= 1e-6, "\(activation) \(row.name) \(row.error)") }
  }

  /// Cells that use every operator, in the ways that the plan treats differently.
  @Test(arguments: [
    "state h\nh = tanh(W·[x, h'] + b)",
    "state h\nh = tanh(Wᵀ·x + U·Uᵀ·h')",
    "state h\na = U·h' + b\nh = a / √(1 + a ⊙ a)",
    "state h\nh = softmax(W·x + U·h')",
    "state h\nn = layernorm(W·x + U·h', γ, β)\nh = tanh(n) ⊙ γ",
    "state h\nz = [x, h']\nh = tanh(W·tanh(z))",
    "state h, c\nu = tanh(V·x)\nc = u ⊙ c' + W·u\nh = tanh(c) - 0.5 ⊙ U·h'\ny = P·h + p ⊙ h'",
    "state h\nh = x·W + h'·U - (0.5 ⊙ U)·h' + exp(-abs(h'))",
    "state h\na = W·x\nh = min(a, 0.3) + max(U·h', V·a)",
    "state h\nh = gelu(W·x) + gelu_tanh(U·h') + log(1 + exp(b))",
    "state h, c\nc = tanh(W·x + U·h')\nh = c",
    "state h\na = tanh(U·h')\nb = tanh(U·h')\nh = a ⊙ b + W·x",
    "state h\nk = 2\nh = tanh(W·x ⊙ k + U·h' / k)",
    "state h\nr = σ(U_r·h')\nh = tanh(W·x + (U·h' + b) ⊙ (U·h' + b) ⊙ r)",
  ])
  func userCell(text: String) throws {
    let cell = try Cell(name: "user", text: text)
    let check = try GradientCheck(
      cell: cell, inputSize: 3, hiddenSize: 4, seqLen: 5, numLayers: 2, isBidirectional: true)
    for row in check.rows { #expect(row.error <= 1e-6, "\(text): \(row.name) \(row.error)") }
  }

  /// From a start at 0 the state would stay there, with nothing to compare.
  @Test(arguments: [false, true])
  func statesThatAreMultiplied(isBidirectional: Bool) throws {
    let cell = try Cell(name: "user", text: "state h\nh = (u ⊙ h') ⊙ (W·x)")
    let check = try GradientCheck(
      cell: cell, inputSize: 3, hiddenSize: 4, seqLen: 5, isBidirectional: isBidirectional)
    #expect(check.passes && check.rows.count == (isBidirectional ? 5 : 3))
    for row in check.rows { #expect(row.largest > 1e-3, "\(row.name) \(row.largest)") }
  }
}
