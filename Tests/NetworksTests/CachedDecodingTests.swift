import Equations
import Networks
import Tensors
import Testing

/// Rows that are run one at a time, against runs of whole sequences.
@Suite struct CachedDecodingTests {
  private static let size = 6
  private static let vocabularySize = 7
  private static let tokens: [[Int32]] = [[1, 4, 2, 6, 0], [3, 3, 5, 1, 2], [6, 0, 4, 4, 1]]
  private static let contextLengths = [2, 4, 3]

  struct Kind: CustomTestStringConvertible, Sendable {
    let block: String
    var positions = TransformerConfiguration.Positions.learned(count: 6)
    var similarity: Similarity?
    var head = TransformerConfiguration.Head.tied(hasBias: true)
    var normalizesEmbedding = false

    var testDescription: String { "\(block), \(positions), \(similarity?.rawValue ?? "")" }
  }

  private static let kinds = [
    Kind(block: "encoder-pre"),
    Kind(block: "encoder-post", positions: .none, head: .tied(hasBias: false)),
    Kind(block: "encoder-pre", positions: .sinusoidal, similarity: .additive),
    Kind(block: "decoder-post", positions: .sinusoidal, normalizesEmbedding: true),
    Kind(block: "decoder-pre", head: .linear(hasBias: true)),
    Kind(block: "decoder-pre", similarity: .cosine),
    Kind(block: "decoder-post", similarity: .additive),
  ]

  private func make<Scalar: TensorScalar>(
    _ type: Scalar.Type, _ kind: Kind
  ) throws -> Transformer<Scalar> {
    var block = try #require(try Block.shipped(kind.block, constants: ["ε": 1e-3]))
    if let similarity = kind.similarity { block = try block.withSimilarity(similarity) }
    return try TransformerSample.make(type, block: kind.block) {
      $0.blocks = [block, block]
      $0.isCausal = true
      $0.positions = kind.positions
      $0.head = kind.head
      $0.normalizesEmbedding = kind.normalizesEmbedding
    }
  }

  /// A pass for three sequences of up to `seqLen` rows, with contexts of two to four rows.
  private func pass<Scalar>(
    _ transformer: Transformer<Scalar>, seqLen: Int, contextSeed: UInt64 = 8
  ) -> TransformerPass<Scalar> {
    let takesContext = transformer.configuration.takesContext
    let pass = TransformerPass(
      transformer: transformer, seqLen: seqLen, contextLen: takesContext ? 4 : nil, batchSize: 3)
    if takesContext { setContext(of: pass, seed: contextSeed) }
    return pass
  }

  private func setContext<Scalar>(of pass: TransformerPass<Scalar>, seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let rows = (0..<3 * 4 * Self.size).map { _ in Scalar(random.normal()) }
    pass.setContext(rows, lengths: Self.contextLengths)
  }

  /// A run of whole sequences.
  private func whole<Scalar>(
    _ transformer: Transformer<Scalar>, _ sequences: [[Int32]], contextSeed: UInt64 = 8
  ) -> TransformerPass<Scalar> {
    let pass = pass(transformer, seqLen: sequences[0].count, contextSeed: contextSeed)
    pass.setTokens(sequences)
    pass.forward()
    return pass
  }

  /// Row `row` of `[B, T, n]`, of each sequence.
  private func row<Scalar>(_ view: BufferView<Scalar>, _ row: Int, seqLen: Int) -> [Scalar] {
    let size = view.count / (3 * seqLen)
    return (0..<3).flatMap { sequence in
      (0..<size).map { view[(sequence * seqLen + row) * size + $0] }
    }
  }

  /// The same logits in a row of two passes, which may have room for different numbers of rows.
  private func expectSameLogits(
    _ cached: TransformerPass<Double>, _ expected: TransformerPass<Double>, row: Int,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws {
    let worst = TransformerSample.worst(
      self.row(try #require(cached.logits), row, seqLen: cached.seqLen),
      self.row(try #require(expected.logits), row, seqLen: expected.seqLen))
    #expect(worst < 1e-12, "row \(row)", sourceLocation: sourceLocation)
  }

  private func column(_ sequences: [[Int32]], _ row: Int) -> [Int32] { sequences.map { $0[row] } }

  private func agrees<Scalar: TensorScalar>(
    _ type: Scalar.Type, _ kind: Kind, within tolerance: Double
  ) throws {
    let transformer = try make(type, kind)
    let expected = whole(transformer, Self.tokens)
    // A pass with room for a row more than there are tokens.
    let cached = pass(transformer, seqLen: 6)
    for step in 0..<5 {
      cached.forward(tokens: column(Self.tokens, step), row: step)
      let found = row(try #require(cached.logits), step, seqLen: 6)
      let logits = row(try #require(expected.logits), step, seqLen: 5)
      #expect(TransformerSample.worst(found, logits) < tolerance, "row \(step)")
      #expect(found[0..<7] != found[7..<14])
      for layer in 0..<2 {
        let worst = TransformerSample.worst(
          row(cached.output(ofLayer: layer), step, seqLen: 6),
          row(expected.output(ofLayer: layer), step, seqLen: 5))
        #expect(worst < tolerance, "row \(step) of layer \(layer)")
      }
    }
    let block = transformer.configuration.blocks[0]
    for name: Identifier in ["A", "A_E"] {
      guard let equation = block.equationIndex(of: name) else { continue }
      for layer in 0..<2 {
        for sequence in 0..<3 {
          let found = cached.layer(layer).matrix(of: equation, sequence: sequence)
          let known = expected.layer(layer).matrix(of: equation, sequence: sequence)
          for head in 0..<2 {
            let keys = known.shape[2], width = found.shape[2]
            let all = found.head(head)
            let rows = (0..<5).flatMap { all[$0 * width..<$0 * width + keys] }
            #expect(TransformerSample.worst(rows, known.head(head)) < tolerance, "\(name)")
          }
        }
      }
    }
  }

  @Test(arguments: kinds)
  func agreesWithWholeSequences(kind: Kind) throws {
    try agrees(Double.self, kind, within: 1e-12)
    try agrees(Float.self, kind, within: 1e-5)
  }

  /// Beams that go on from others, twice.
  @Test(arguments: kinds)
  func reorders(kind: Kind) throws {
    let transformer = try make(Double.self, kind)
    let cached = pass(transformer, seqLen: 6)
    // Beams of one source have one context.
    var context: [Double] = []
    if transformer.configuration.takesContext {
      var random = SeededRandom(seed: 4)
      context = (0..<4 * Self.size).map { _ in random.normal() }
      cached.setContext(context + context + context, lengths: [3, 3, 3])
    }
    var sequences = Self.tokens.map { [$0[0]] }
    cached.forward(tokens: column(sequences, 0), row: 0)
    for step in 1..<5 {
      if step == 2 || step == 3 {
        let parents = step == 2 ? [2, 0, 0] : [1, 2, 0]
        cached.reorder(parents: parents, rows: step)
        sequences = parents.map { sequences[$0] }
      }
      for beam in 0..<3 { sequences[beam].append(Self.tokens[beam][step]) }
      cached.forward(tokens: column(sequences, step), row: step)
      let expected = pass(transformer, seqLen: step + 1)
      if !context.isEmpty { expected.setContext(context + context + context, lengths: [3, 3, 3]) }
      expected.setTokens(sequences)
      expected.forward()
      try expectSameLogits(cached, expected, row: step)
    }
  }

  /// A second sentence, with another context, on a pass that has seen numbers that are none.
  @Test(arguments: kinds)
  func startsAnew(kind: Kind) throws {
    let transformer = try make(Double.self, kind)
    let cached = pass(transformer, seqLen: 6, contextSeed: 1)
    let isBound = transformer.configuration.longestSequence != nil
    cached.setTokens([[1, 2], [3, 4, 5, 6, 0, 1], [2]], firstPosition: isBound ? 0 : 3)
    cached.forward()
    let entry = try #require(transformer.layout["embedding.weight"])
    let saved = transformer.parameters[entry.offset]
    transformer.parameters[entry.offset] = .nan
    for step in 0..<6 { cached.forward(tokens: [0, 0, 0], row: step) }
    #expect(try #require(cached.logits).array.contains { $0.isNaN })
    transformer.parameters[entry.offset] = saved
    if transformer.configuration.takesContext { setContext(of: cached, seed: 8) }
    let expected = whole(transformer, Self.tokens)
    for step in 0..<5 {
      cached.forward(tokens: column(Self.tokens, step), row: step)
      try expectSameLogits(cached, expected, row: step)
    }
  }

  /// Rows may follow a run of a whole beginning, and may be done again with other tokens.
  @Test(arguments: kinds)
  func goesOnAndBack(kind: Kind) throws {
    let transformer = try make(Double.self, kind)
    let cached = pass(transformer, seqLen: 5)
    cached.setTokens(Self.tokens.map { Array($0[..<3]) })
    cached.forward()
    cached.forward(tokens: [5, 5, 5], row: 3)
    cached.forward(tokens: [1, 1, 1], row: 4)
    let expected = whole(transformer, Self.tokens)
    for step in 3..<5 {
      cached.forward(tokens: column(Self.tokens, step), row: step)
      try expectSameLogits(cached, expected, row: step)
    }
  }

  /// A block whose keys are its input, so that the input's own rows are kept and moved; and blocks
  /// whose rows depend on more than the rows before them.
  @Test func otherBlocks() throws {
    func plan(_ text: String) throws -> BlockPlan {
      BlockPlan(
        block: try Block(name: "test", text: text, activation: .tanh),
        sizes: BlockSizes(modelSize: Self.size, headCount: 2, feedForwardSize: 8))
    }
    #expect(try plan("S = X·Xᵀ + M\nA = softmax(S)\nY = X + A·X").runsByRows)
    #expect(try plan("each head:\n    Q = X·W\nY = [Q]·W_O").runsByRows)
    let refused = [
      // Powers of attention weights.
      "S = X·Xᵀ + M\nA = softmax(S)\nB = A·A\nY = B·X",
      // Each token sums over those that look at it.
      "S = X·Xᵀ + M\nA = softmax(S)\nY = Aᵀ·X",
      // A context that looks at X.
      "input E\nS = E·Xᵀ + M\nA = softmax(S)\nC = A·X\nR = X·Cᵀ + M\nB = softmax(R)\nY = B·C",
    ]
    for text in refused { #expect(try !plan(text).runsByRows, "\(text)") }
  }

  @Test func inputsThatAreKeys() throws {
    let block = try Block(
      name: "bare", text: "S = X·Xᵀ / √d_k + M\nA = softmax(S)\nH = A·X\nY = X + H·W",
      activation: .tanh)
    let transformer = try TransformerSample.make(Double.self, block: "encoder-pre") {
      $0.blocks = [block, block]
      $0.isCausal = true
    }
    let cached = pass(transformer, seqLen: 5)
    for step in 0..<3 { cached.forward(tokens: column(Self.tokens, step), row: step) }
    cached.reorder(parents: [2, 2, 1], rows: 3)
    let sequences = [2, 2, 1].enumerated().map { beam, parent in
      Self.tokens[parent][..<3] + Self.tokens[beam][3...]
    }.map(Array.init)
    let expected = whole(transformer, sequences)
    for step in 3..<5 {
      cached.forward(tokens: column(sequences, step), row: step)
      try expectSameLogits(cached, expected, row: step)
    }
  }
}
