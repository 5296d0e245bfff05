import Equations
import Networks
import Tensors
import Testing

/// Decoders whose blocks attend to a context too: an encoder's rows.
@Suite struct TransformerContextTests {
  private static let tokens: [[Int32]] = [[1, 4, 2, 6], [3, 3, 5]]
  /// `[B, T]`; the last row of the second sequence is padding.
  private static let targets: [Int32] = [4, 2, -1, 0, 3, 5, 1, -1]
  /// The last row of the first context is padding.
  private static let contextLengths = [2, 3]
  private static let size = 6

  /// Two causal layers with tokens, positions and a head.
  private func decoder<Scalar: TensorScalar>(
    _ type: Scalar.Type, _ block: String
  ) throws -> Transformer<Scalar> {
    try TransformerSample.make(type, block: block) { $0.isCausal = true }
  }

  private func normal(_ count: Int, seed: UInt64) -> [Double] {
    var random = SeededRandom(seed: seed)
    return (0..<count).map { _ in random.normal() }
  }

  /// ∂L/∂x_i.
  private func slope(_ buffer: Buffer<Double>, _ index: Int, _ loss: @escaping () -> Double)
    -> Double
  {
    FiniteDifferences(loss: loss).slope(buffer, index) ?? .nan
  }

  /// Every parameter, and the context, with padding in both sequences.
  @Test(arguments: ["decoder-post", "decoder-pre"])
  func gradients(block: String) throws {
    let transformer = try decoder(Double.self, block)
    let context = Buffer(normal(2 * 3 * Self.size, seed: 8))
    let pass = TransformerPass(
      transformer: transformer, seqLen: 4, contextLen: 3, batchSize: 2)
    pass.setTokens(Self.tokens)
    pass.setContext(BufferView(context), lengths: Self.contextLengths)
    func loss() -> Double {
      pass.forward()
      return pass.losses(targets: Self.targets).reduce(0, +) / 6
    }
    let gradients = Buffer<Double>(count: transformer.layout.count)
    #expect(pass.contextGradient == nil)
    // The context's gradient is of the last backward pass alone; those of parameters are added up.
    for _ in 0..<2 {
      _ = loss()
      pass.backward(.crossEntropy(targets: Self.targets), gradients: gradients, scale: 1 / 6)
    }
    for entry in transformer.layout.entries {
      var worst = 0.0, largest = 0.0
      for index in entry.range {
        let numeric = 2 * slope(transformer.parameters, index, loss)
        worst = max(worst, abs(numeric - gradients[index]))
        largest = max(largest, abs(numeric))
      }
      // A bias of the keys shifts all scores of a query alike: its gradient is zero.
      let isZero = entry.name.hasSuffix("b_K") || entry.name.hasSuffix("b_KE")
      #expect(isZero || largest > 1e-4, "\(entry.name) has no gradient")
      #expect(worst <= 1e-7 * max(largest, 0.01), "\(entry.name) \(worst) of \(largest)")
    }
    let found = try #require(pass.contextGradient).array
    for index in 0..<context.count {
      let numeric = slope(context, index, loss)
      #expect(abs(numeric - found[index]) <= 1e-8, "context \(index)")
      let isPadding = (2 * Self.size..<3 * Self.size).contains(index)
      #expect(isPadding == (found[index] == 0), "context \(index)")
    }
  }

  /// Vectors as input, whose gradient goes on to what made them.
  @Test func inputGradient() throws {
    let transformer = try TransformerSample.make(Double.self, block: "decoder-post") {
      $0.input = .vectors
      $0.positions = .none
      $0.head = .none
    }
    let vectors = Buffer(normal(3 * Self.size, seed: 3))
    let pass = TransformerPass(transformer: transformer, seqLen: 3, contextLen: 2)
    pass.setContext(normal(2 * Self.size, seed: 4))
    func loss() -> Double {
      pass.setInput(vectors.array)
      pass.forward()
      return pass.lastHiddenState.array.reduce(0) { $0 + $1 * $1 / 2 }
    }
    _ = loss()
    pass.backward(.sumOfSquares, gradients: Buffer(count: transformer.layout.count))
    let found = try #require(pass.inputGradient).array
    for index in 0..<vectors.count {
      #expect(abs(slope(vectors, index, loss) - found[index]) <= 1e-7)
    }
  }

  /// A padded batch gives what each pair of sequences gives alone, forward and back.
  @Test(arguments: ["decoder-post", "decoder-pre"])
  func padding(block: String) throws {
    let transformer = try decoder(Double.self, block)
    let rows = normal(2 * 3 * Self.size, seed: 8)
    let batch = TransformerPass(transformer: transformer, seqLen: 4, contextLen: 3, batchSize: 2)
    batch.setTokens(Self.tokens)
    batch.setContext(rows, lengths: Self.contextLengths)
    batch.forward()
    let whole = Buffer<Double>(count: transformer.layout.count)
    batch.backward(.sumOfSquares, gradients: whole)
    let contextGradient = try #require(batch.contextGradient).array
    let summed = Buffer<Double>(count: transformer.layout.count)
    for (index, sequence) in Self.tokens.enumerated() {
      let length = Self.contextLengths[index]
      let alone = TransformerPass(
        transformer: transformer, seqLen: sequence.count, contextLen: length)
      let first = index * 3 * Self.size
      alone.setTokens([sequence])
      alone.setContext(Array(rows[first..<first + length * Self.size]))
      alone.forward()
      alone.backward(.sumOfSquares, gradients: summed)
      let found = TransformerSample.rows(
        batch.lastHiddenState, sequence: index, seqLen: 4, count: sequence.count, batchSize: 2)
      #expect(TransformerSample.worst(found, alone.lastHiddenState.array) < 1e-12)
      #expect(
        TransformerSample.worst(
          Array(contextGradient[first..<first + length * Self.size]),
          try #require(alone.contextGradient).array) < 1e-10)
    }
    #expect(TransformerSample.worst(whole.array, summed.array) < 1e-10)
  }

  /// No row depends on later tokens; every row depends on every row of the context, early or late.
  @Test(arguments: ["decoder-post", "decoder-pre"])
  func causality(block: String) throws {
    let transformer = try decoder(Double.self, block)
    let rows = normal(5 * Self.size, seed: 9)
    func run(_ tokens: [Int32], _ context: [Double]) -> TransformerPass<Double> {
      let pass = TransformerPass(transformer: transformer, seqLen: 5, contextLen: 5)
      pass.setTokens([tokens])
      pass.setContext(context)
      pass.forward()
      return pass
    }
    let plain = run([1, 2, 3, 4, 5], rows)
    let before = plain.lastHiddenState.array
    let later = run([1, 2, 3, 6, 0], rows).lastHiddenState.array
    #expect(before[..<18] == later[..<18] && before[18...] != later[18...])
    for changed in [0, 4] {
      var other = rows
      other[changed * Self.size] += 0.5
      let after = run([1, 2, 3, 4, 5], other).lastHiddenState.array
      for row in 0..<5 {
        let range = row * Self.size..<(row + 1) * Self.size
        #expect(TransformerSample.worst(Array(before[range]), Array(after[range])) > 1e-4)
      }
    }
    // As many queries as rows of the context: what is causal is told by whose rows they are.
    let program = transformer.configuration.blocks[0]
    let own = plain.layer(1).matrix(of: try #require(program.equationIndex(of: "A"))).view.array
    let cross = plain.layer(1).matrix(of: try #require(program.equationIndex(of: "A_E")))
    #expect(cross.shape == [2, 5, 5] && cross.view.array.allSatisfy { $0 > 0 })
    for index in 0..<own.count { #expect((own[index] > 0) == (index % 5 <= index / 5 % 5)) }
  }

  /// A decoder that reads an encoder's pass, and whose gradient goes on into the encoder.
  @Test func encoderAndDecoder() throws {
    let encoder = try TransformerSample.make(Double.self, block: "encoder-pre") { $0.head = .none }
    let decoder = try decoder(Double.self, "decoder-pre")
    let source = TransformerPass(transformer: encoder, seqLen: 3, batchSize: 2)
    source.setTokens([[2, 5], [1, 0, 6]])
    let target = TransformerPass(transformer: decoder, seqLen: 4, contextLen: 3, batchSize: 2)
    target.setTokens(Self.tokens)
    target.setContext(source.lastHiddenState, lengths: source.lengths)
    func loss() -> Double {
      source.forward()
      target.forward()
      return target.losses(targets: Self.targets).reduce(0, +)
    }
    _ = loss()
    target.backward(
      .crossEntropy(targets: Self.targets), gradients: Buffer(count: decoder.layout.count))
    let gradients = Buffer<Double>(count: encoder.layout.count)
    source.backward(
      .outputGradient(try #require(target.contextGradient).buffer), gradients: gradients)
    for name in ["embedding.weight", "layer0.W_Q", "layer1.b_V", "final.γ"] {
      let entry = try #require(encoder.layout[name])
      for index in entry.range.prefix(12) {
        let numeric = slope(encoder.parameters, index, loss)
        #expect(abs(numeric - gradients[index]) <= 1e-7 * max(1, abs(numeric)), "\(name)")
      }
    }
  }

  @Test func dropout() throws {
    let transformer = try TransformerSample.make(Float.self, block: "decoder-post") {
      $0.dropout = 0.5
    }
    func output(isTraining: Bool) -> [Float] {
      let pass = TransformerPass(
        transformer: transformer, seqLen: 4, contextLen: 2, isTraining: isTraining)
      pass.setTokens([[1, 2, 3, 4]])
      pass.setContext(normal(2 * Self.size, seed: 4).map { Float($0) })
      pass.forward()
      return pass.lastHiddenState.array
    }
    #expect(output(isTraining: true) == output(isTraining: true))
    #expect(output(isTraining: true) != output(isTraining: false))
  }
}
