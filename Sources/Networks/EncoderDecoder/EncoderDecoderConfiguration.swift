public import Equations

/// A model that reads a sentence with one net, the encoder, and writes another with a second one, the
/// decoder.
public enum EncoderDecoderConfiguration: Sendable {
  case recurrent(RecurrentEncoderDecoderConfiguration)
  /// Vaswani et al. 2017: the blocks of the decoder attend to the last hidden state of the encoder.
  /// The decoder is causal and has a head.
  case transformer(encoder: TransformerConfiguration, decoder: TransformerConfiguration)

  public var sourceVocabularySize: Int {
    switch self {
    case .recurrent(let configuration): configuration.sourceVocabularySize
    case .transformer(let encoder, _): encoder.vocabularySize ?? 0
    }
  }

  public var targetVocabularySize: Int {
    switch self {
    case .recurrent(let configuration): configuration.targetVocabularySize
    case .transformer(_, let decoder): decoder.vocabularySize ?? 0
    }
  }

  /// H of a recurrent model, D of a transformer.
  public var modelSize: Int {
    switch self {
    case .recurrent(let configuration): configuration.hiddenSize
    case .transformer(_, let decoder): decoder.modelSize
    }
  }

  /// The longest source and target; nil where there is no limit.
  public var longestSource: Int? {
    if case .transformer(let encoder, _) = self { encoder.longestSequence } else { nil }
  }

  public var longestTarget: Int? {
    if case .transformer(_, let decoder) = self { decoder.longestSequence } else { nil }
  }

}

/// A recurrent encoder and decoder of one cell.
///
/// The decoder's states begin as the encoder's last ones, layer by layer, the directions side by side:
/// without attention all that it knows of the sentence (Sutskever et al. 2014). With attention each of
/// its states meets all states of the encoder; the output layer reads what comes of that (Luong et al.
/// 2015, section 3).
public struct RecurrentEncoderDecoderConfiguration: Sendable {
  public var cell: Cell
  public var sourceVocabularySize: Int
  public var targetVocabularySize: Int
  /// Numbers per word, on both sides.
  public var embeddingSize: Int
  /// H of the decoder; a bidirectional encoder has half of it in each direction.
  public var hiddenSize: Int
  public var numLayers: Int
  /// Of the encoder.
  public var isBidirectional: Bool
  /// Between the decoder's state (X) and the encoder's (E); nil for none.
  public var attention: Block?
  /// The width of the net that scores, where there is one.
  public var attentionSize: Int

  public init(
    cell: Cell, sourceVocabularySize: Int, targetVocabularySize: Int, embeddingSize: Int,
    hiddenSize: Int, numLayers: Int = 1, isBidirectional: Bool = false, attention: Block? = nil,
    attentionSize: Int? = nil
  ) {
    precondition(!isBidirectional || hiddenSize % 2 == 0, "two directions of H = \(hiddenSize)")
    precondition(attention.map { $0.inputs.count == 2 } ?? true, "attention is between X and E")
    self.cell = cell
    self.sourceVocabularySize = sourceVocabularySize
    self.targetVocabularySize = targetVocabularySize
    self.embeddingSize = embeddingSize
    self.hiddenSize = hiddenSize
    self.numLayers = numLayers
    self.isBidirectional = isBidirectional
    self.attention = attention
    self.attentionSize = attentionSize ?? hiddenSize
  }

  public var encoder: NetworkConfiguration {
    NetworkConfiguration(
      input: .embedding(vocabularySize: sourceVocabularySize, size: embeddingSize), cell: cell,
      hiddenSize: isBidirectional ? hiddenSize / 2 : hiddenSize, numLayers: numLayers,
      isBidirectional: isBidirectional)
  }

  public var decoder: NetworkConfiguration {
    NetworkConfiguration(
      input: .embedding(vocabularySize: targetVocabularySize, size: embeddingSize), cell: cell,
      hiddenSize: hiddenSize, numLayers: numLayers)
  }

  public var attentionSizes: BlockSizes {
    BlockSizes(modelSize: hiddenSize, headCount: 1, feedForwardSize: attentionSize)
  }
}
