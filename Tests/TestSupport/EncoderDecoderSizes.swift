public import Equations
public import Networks
internal import Tensors
internal import Testing

/// The sizes of encoder-decoders that are small enough for tests, and what can be made of them.
public struct EncoderDecoderSizes: Sendable {
  /// The numbers of words.
  public var source: Int, target: Int
  public var embedding: Int, hidden: Int
  /// Of an attention that has a size of its own.
  public var attention: Int?

  public init(source: Int, target: Int, embedding: Int, hidden: Int, attention: Int? = nil) {
    (self.source, self.target) = (source, target)
    (self.embedding, self.hidden, self.attention) = (embedding, hidden, attention)
  }

  /// A recurrent model of a shipped cell and, if it is named, a shipped attention.
  public func recurrent(
    _ cell: String, _ attention: String? = nil, layers: Int = 1, isBidirectional: Bool = false
  ) throws -> EncoderDecoderConfiguration {
    recurrent(
      try #require(try Cell.shipped(cell)),
      try attention.map { try #require(try Block.shipped($0)) },
      layers: layers, isBidirectional: isBidirectional)
  }

  public func recurrent(
    _ cell: Cell, _ block: Block?, layers: Int = 1, isBidirectional: Bool = false
  ) -> EncoderDecoderConfiguration {
    .recurrent(
      RecurrentEncoderDecoderConfiguration(
        cell: cell, sourceVocabularySize: source, targetVocabularySize: target,
        embeddingSize: embedding, hiddenSize: hidden, numLayers: layers,
        isBidirectional: isBidirectional, attention: block, attentionSize: attention))
  }

  /// A transformer of 2 layers and 2 heads on each side.
  ///
  /// - Parameters:
  ///   - norm: "pre" or "post", as its blocks are named.
  ///   - epsilon: the blocks' ε, if it is another one.
  ///   - positions: of both sides.
  ///   - head: what stands above the decoder.
  ///   - modelSize: D.
  ///   - feedForwardSize: F.
  ///   - change: what else both sides have.
  /// - Returns: a causal decoder that attends to an encoder.
  /// - Throws: where there is no such block.
  public func transformer(
    norm: String = "pre", epsilon: Double? = nil, positions: TransformerConfiguration.Positions,
    head: TransformerConfiguration.Head, modelSize: Int, feedForwardSize: Int,
    change: (inout TransformerConfiguration) -> Void = { _ in }
  ) throws -> EncoderDecoderConfiguration {
    func side(_ name: String, _ wordCount: Int) throws -> TransformerConfiguration {
      let constants = epsilon.map { ["ε": $0] } ?? [:]
      let block = try #require(try Block.shipped("\(name)-\(norm)", constants: constants))
      var configuration = TransformerConfiguration(
        input: .tokens(vocabularySize: wordCount), modelSize: modelSize, headCount: 2,
        feedForwardSize: feedForwardSize, blocks: [block, block], positions: positions,
        normalizesOutput: norm == "pre")
      change(&configuration)
      return configuration
    }
    var decoder = try side("decoder", target)
    decoder.isCausal = true
    decoder.head = head
    return .transformer(encoder: try side("encoder", source), decoder: decoder)
  }
}

extension EncoderDecoder {
  /// A model whose weights are normally distributed and not small, so that everything matters.
  public static func sample(
    _ configuration: EncoderDecoderConfiguration, seed: UInt64, deviation: Double
  ) -> EncoderDecoder {
    let model = EncoderDecoder(configuration)
    var random = SeededRandom(seed: seed)
    for entry in model.layout.entries {
      let mean: Double = entry.name.contains("γ") ? 1 : 0
      for index in entry.range {
        model.parameters[index] = Scalar(mean + deviation * random.normal())
      }
    }
    return model
  }

  /// A run of sentences, padded to the longest, with the words that the target has so far.
  public func pass(sources: [[Int32]], inputs: [[Int32]]) -> EncoderDecoderPass<Scalar> {
    let pass = EncoderDecoderPass(
      model: self, sourceLen: sources.map(\.count).max() ?? 1,
      targetLen: inputs.map(\.count).max() ?? 1, batchSize: sources.count)
    pass.setSources(sources)
    pass.setInputs(inputs)
    pass.forward()
    return pass
  }
}
