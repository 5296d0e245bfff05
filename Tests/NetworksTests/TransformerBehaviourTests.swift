import Equations
import Networks
import Tensors
import Testing

/// What must hold whatever the weights are.
@Suite struct TransformerBehaviourTests {
  private func pass<Scalar>(
    _ transformer: Transformer<Scalar>, _ sequences: [[Int32]], seqLen: Int,
    interventions: [Int: [BlockIntervention]] = [:]
  ) -> TransformerPass<Scalar> {
    let pass = TransformerPass(
      transformer: transformer, seqLen: seqLen, batchSize: sequences.count)
    pass.setTokens(sequences)
    pass.forward(interventions: interventions)
    return pass
  }

  /// A padded batch gives what each sequence gives alone, forward and back.
  @Test(arguments: ["encoder-post", "encoder-pre"], [false, true])
  func padding(block: String, isCausal: Bool) throws {
    let transformer = try TransformerSample.make(Double.self, block: block) {
      $0.isCausal = isCausal
    }
    let sequences: [[Int32]] = [[1, 2], [6, 5, 4, 3, 2], [0, 3, 3]]
    let batch = pass(transformer, sequences, seqLen: 5)
    let whole = Buffer<Double>(count: transformer.layout.count)
    batch.backward(.sumOfSquares, gradients: whole)
    let summed = Buffer<Double>(count: transformer.layout.count)
    for (index, sequence) in sequences.enumerated() {
      let alone = pass(transformer, [sequence], seqLen: sequence.count)
      alone.backward(.sumOfSquares, gradients: summed)
      let found = TransformerSample.rows(
        batch.lastHiddenState, sequence: index, seqLen: 5, count: sequence.count, batchSize: 3)
      #expect(TransformerSample.worst(found, alone.lastHiddenState.array) < 1e-12)
      #expect(TransformerSample.worst(batch.pooled(sequence: index), alone.pooled()) < 1e-12)
    }
    #expect(TransformerSample.worst(whole.array, summed.array) < 1e-10)
  }

  /// A causal token does not depend on what follows it.
  @Test func causal() throws {
    let transformer = try TransformerSample.make(Double.self, block: "encoder-pre") {
      $0.isCausal = true
    }
    let first = pass(transformer, [[1, 2, 3, 4, 5]], seqLen: 5)
    let other = pass(transformer, [[1, 2, 3, 6, 0]], seqLen: 5)
    let size = 7
    let before = try #require(first.logits).array, after = try #require(other.logits).array
    #expect(Array(before[..<(3 * size)]) == Array(after[..<(3 * size)]))
    #expect(before[(3 * size)...] != after[(3 * size)...])
    let equation = try #require(transformer.configuration.blocks[0].equationIndex(of: "A"))
    for layer in 0..<2 {
      let attention = first.layer(layer).matrix(of: equation)
      #expect(attention.shape == [2, 5, 5])
      for head in 0..<2 {
        let rows = attention.head(head)
        for query in 0..<5 {
          let row = rows[query * 5..<(query + 1) * 5]
          #expect(abs(row.reduce(0, +) - 1) < 1e-12)
          #expect(row.dropFirst(query + 1).allSatisfy { $0 == 0 })
        }
      }
    }
  }

  /// Without positions, permuted words give the same rows in the permuted order; with them not.
  @Test(arguments: [TransformerConfiguration.Positions.none, .sinusoidal, .learned(count: 4)])
  func permutation(positions: TransformerConfiguration.Positions) throws {
    let transformer = try TransformerSample.make(Double.self, block: "encoder-post") {
      $0.positions = positions
    }
    let order = [2, 0, 3, 1]
    let tokens: [Int32] = [1, 6, 3, 2]
    let straight = pass(transformer, [tokens], seqLen: 4).lastHiddenState.array
    let permuted = pass(transformer, [order.map { tokens[$0] }], seqLen: 4).lastHiddenState.array
    let expected = order.flatMap { straight[$0 * 6..<($0 + 1) * 6] }
    let worst = TransformerSample.worst(permuted, expected)
    #expect(positions == .none ? worst < 1e-12 : worst > 1e-3)
  }

  /// A head whose Z is 0 is a head whose rows of W_O are 0.
  @Test func ablatedHead() throws {
    let transformer = try TransformerSample.make(Double.self, block: "encoder-post")
    let z = try #require(transformer.configuration.blocks[1].equationIndex(of: "Z"))
    let tokens: [[Int32]] = [[1, 6, 3, 2]]
    let ablated = pass(
      transformer, tokens, seqLen: 4,
      interventions: [1: [BlockIntervention(equation: z, heads: 1..<2)]]
    ).lastHiddenState.array
    let plain = pass(transformer, tokens, seqLen: 4).lastHiddenState.array
    let entry = try #require(transformer.layout["layer1.W_O"])
    // Head 1 of 2 has the rows 3, 4, 5 of 6.
    for index in 18..<36 { transformer.parameters[entry.offset + index] = 0 }
    let removed = pass(transformer, tokens, seqLen: 4).lastHiddenState.array
    #expect(TransformerSample.worst(ablated, removed) < 1e-12)
    #expect(TransformerSample.worst(ablated, plain) > 1e-3)
  }

  /// Vaswani et al. 2017, section 3.5, by hand: position 1 of size 4 has sin 1, cos 1, sin 0.01,
  /// cos 0.01.
  @Test func sinusoidalPositions() throws {
    let transformer = Transformer<Double>(
      TransformerConfiguration(
        input: .vectors, modelSize: 4, headCount: 1, feedForwardSize: 4, blocks: [],
        positions: .sinusoidal))
    let pass = TransformerPass(transformer: transformer, seqLen: 2)
    pass.setInput([0, 0, 0, 0, 10, 20, 30, 40])
    pass.forward()
    let expected = [
      0, 1, 0, 1, 10 + 0.8414709848078965, 20 + 0.5403023058681398, 30 + 0.009999833334166664,
      40 + 0.9999500004166653,
    ]
    #expect(TransformerSample.worst(pass.embeddings.array, expected) < 1e-14)
  }

  /// The same results in single precision, and in a pass that was used for other tokens before.
  @Test func singlePrecisionAndReuse() throws {
    let double = try TransformerSample.make(Double.self, block: "encoder-pre")
    let float = double.converted(to: Float.self)
    let expected = pass(double, [[1, 2, 3], [4, 5, 6]], seqLen: 3).lastHiddenState.array
    let used = pass(float, [[6], [0, 2]], seqLen: 3)
    used.setTokens([[1, 2, 3], [4, 5, 6]])
    used.forward()
    let found = used.lastHiddenState.array.map { Double($0) }
    #expect(TransformerSample.worst(found, expected) < 1e-5)
  }

  /// Adam-free: steps against the gradient make the loss of a batch smaller.
  @Test func objective() throws {
    let transformer = try TransformerSample.make(Float.self, block: "encoder-pre") {
      $0.isCausal = true
      $0.dropout = 0.1
    }
    transformer.initialize(seed: 3)
    let objective = TransformerObjective(transformer: transformer, labelSmoothing: 0.05)
    let batch = TransformerBatch(nextTokensOf: [[1, 2, 3, 4, 5], [5, 4, 3]])
    let before = objective.loss(batch)
    #expect(before.count == 6)
    #expect(abs(before.mean - 1.9459101) < 0.3)
    for _ in 0..<120 {
      let gradients = Buffer<Float>(count: transformer.layout.count)
      _ = objective.loss(batch, gradients: gradients)
      for index in 0..<gradients.count { transformer.parameters[index] -= 0.3 * gradients[index] }
    }
    let after = objective.loss(batch)
    #expect(after.mean < 0.2 * before.mean)
    #expect(after.accuracy == 1)
  }
}
