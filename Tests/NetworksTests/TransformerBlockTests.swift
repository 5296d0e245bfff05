import Equations
import Networks
import Tensors
import Testing

/// Blocks against finite differences in Double: every parameter and every input.
@Suite struct TransformerBlockTests {
  static let sizes = BlockSizes(modelSize: 6, headCount: 2, feedForwardSize: 5)

  private func check(_ block: Block, _ what: String, isCausal: Bool = false) throws {
    let check = try BlockGradientCheck(
      block: block, sizes: Self.sizes, seqLen: 4, batchSize: 2, isCausal: isCausal,
      lengths: [4, 3], contextLengths: [3, 2])
    #expect(check.rows.count == block.parameters.count + block.inputs.count)
    for row in check.rows { #expect(row.error <= 1e-6, "\(what) \(row.name) \(row.error)") }
  }

  @Test(arguments: Block.shippedNames, [false, true])
  func shipped(name: String, isCausal: Bool) throws {
    let block = try #require(try Block.shipped(name))
    try check(block, name, isCausal: isCausal)
  }

  /// Those whose scores are of each head.
  @Test(
    arguments: Block.shippedNames.filter { !["additive", "dot"].contains($0) }, Similarity.allCases)
  func similarity(name: String, similarity: Similarity) throws {
    let block = try #require(try Block.shipped(name)).withSimilarity(similarity)
    try check(block, "\(name) \(similarity)")
  }

  @Test(arguments: [Function.relu, .tanh, .geluTanh, .sigmoid])
  func activation(_ activation: Function) throws {
    let block = try #require(try Block.shipped("encoder-pre", activation: activation))
    try check(block, "\(activation)")
  }

  /// Programs that use every operator, in the ways that the plan treats differently.
  @Test(arguments: [
    "Y = X·W + b",
    "Y = X ⊙ g + b",
    "A = softmax(X·Xᵀ + M)\nY = A·X",
    "A = softmax(X·W·Xᵀ / 2)\nY = Aᵀ·X - X",
    "H = X·W\nY = tanh(H)·V + X·U - 2 ⊙ (X·P)",
    "input E\nY = softmax(X·W·Eᵀ)·E",
    "input E\neach head:\n  Q = X·W_Q\n  K = E·W_K\n  A = softmax(Q·Kᵀ/√d_k + M)\n  Z = A·(E·W_V)\nY = [Z]·W_O",
    "each head:\n  B = X·W_B\n  C = B·W_C\n  Z = C·W_Dᵀ ⊙ g\nY = [Z] + X",
    "each head:\n  Q = X·W_Q\n  N = layernorm(Q, γ, β)\n  S = softmax(N·Qᵀ)\n  Z = S·N\nY = [Z]",
    "each head:\n  P = X ⊙ g\n  Q = P·W_Q\n  S = additive(Q, Q, v)\n  Z = softmax(S)·Q\nY = [Z]·W",
    "each head:\n  Q = X·W_Q + b\n  R = Q·Qᵀ\n  S = R ⊙ R / (1 + R ⊙ R) + M\n  Z = softmax(S)·Q\nY = [Z] + layernorm(X, γ, β, 0.1)",
    "each head:\n  Q = softmax(X·W_Q)\n  Z = unit(Q)\nY = [Z] ⊙ X",
    "H = softmax(X)\nY = H ⊙ exp(X) + max(X, H) + √(1 + X ⊙ X)",
    "H = unit(X)\nG = softmax(H) ⊙ H\nY = layernorm(H + G, γ, β) - log(1 + exp(b))",
  ])
  func userBlock(text: String) throws {
    try check(try Block(name: "user", text: text), text)
  }

  /// What was set by hand passes no gradient on; everything else is as finite differences say.
  @Test func interventions() throws {
    let block = try #require(try Block.shipped("encoder-post"))
    let z = try #require(block.equationIndex(of: "Z")),
      s = try #require(block.equationIndex(of: "S"))
    let o = try #require(block.equationIndex(of: "O")),
      f = try #require(block.equationIndex(of: "F_1"))
    let all = [
      BlockIntervention(equation: z, heads: 1..<2), BlockIntervention(equation: z, rows: 0..<1),
      BlockIntervention(equation: s, heads: 0..<1, rows: 1..<2, columns: 2..<3, value: 1.5),
      BlockIntervention(equation: o, rows: 2..<3, columns: 0..<2, value: 0.3),
      BlockIntervention(equation: f, columns: 1..<3, value: -1),
    ]
    for list in all.map({ [$0] }) + [all] {
      let check = try BlockGradientCheck(
        block: block, sizes: Self.sizes, seqLen: 3, batchSize: 2, interventions: list)
      for row in check.rows { #expect(row.error <= 1e-6, "\(list) \(row.name) \(row.error)") }
    }
  }
}
