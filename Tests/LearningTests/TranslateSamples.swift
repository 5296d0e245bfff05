import Equations
import Learning
import Networks
import Tensors
import TestSupport
import Testing

/// A language of five words, translated backwards: small enough to be learnt in seconds.
enum TranslateSamples {
  static let words = ["one", "two", "three", "four", "five"]
  static let translated = ["un", "deux", "trois", "quatre", "cinq"]

  /// All sentences of one to three words, 155.
  static let pairs: [SentencePair] = {
    var sentences: [[Int]] = [[]], all: [[Int]] = []
    for _ in 1...3 {
      sentences = sentences.flatMap { sentence in words.indices.map { sentence + [$0] } }
      all += sentences
    }
    return all.map { sentence in
      SentencePair(
        source: sentence.map { words[$0] }.joined(separator: " "),
        target: sentence.reversed().map { translated[$0] }.joined(separator: " "))
    }
  }()

  /// Every eighth sentence is held out.
  static let data = TranslationData(
    training: pairs.enumerated().filter { $0.offset % 8 != 7 }.map(\.element),
    heldOut: pairs.enumerated().filter { $0.offset % 8 == 7 }.map(\.element),
    sourceVocabulary: SentenceVocabulary(of: pairs.map(\.source), language: .english),
    targetVocabulary: SentenceVocabulary(of: pairs.map(\.target), language: .french))

  static func model(
    cell: String = "gru", attention: String? = "additive", hidden: Int = 24, seed: UInt64 = 1
  ) throws -> EncoderDecoder<Float> {
    let sizes = EncoderDecoderSizes(
      source: data.sourceVocabulary.count, target: data.targetVocabulary.count, embedding: 12,
      hidden: hidden)
    let model = EncoderDecoder<Float>(
      try sizes.recurrent(cell, attention, isBidirectional: true))
    model.initialize(InitializationOptions(seed: seed))
    return model
  }

  static func transformer() throws -> EncoderDecoder<Float> {
    func part(_ size: Int, _ block: String) throws -> TransformerConfiguration {
      TransformerConfiguration(
        input: .tokens(vocabularySize: size), modelSize: 16, headCount: 2, feedForwardSize: 24,
        blocks: [try #require(try Block.shipped(block))], positions: .sinusoidal,
        scalesEmbedding: true, normalizesOutput: true, dropout: 0.1)
    }
    var decoder = try part(data.targetVocabulary.count, "decoder-pre")
    decoder.isCausal = true
    decoder.head = .tied(hasBias: true)
    let model = EncoderDecoder<Float>(
      .transformer(
        encoder: try part(data.sourceVocabulary.count, "encoder-pre"), decoder: decoder))
    model.initialize(InitializationOptions(seed: 3))
    return model
  }

  static func trainer(
    _ model: EncoderDecoder<Float>, batch: Int = 32, updates: Int, teacherForcing: Double = 1,
    rate: Double = 0.02, smoothing: Double = 0
  ) -> TranslationTrainer {
    TranslationTrainer(
      TranslationLearner(
        model: model, data: data,
        options: TranslationLearner.Options(
          batchSize: batch, seed: 5, labelSmoothing: smoothing, teacherForcing: teacherForcing)),
      optimizer: Adam(count: model.parameters.count),
      schedule: LearningRateSchedule(
        initialRate: rate, decay: .cosine, totalUpdates: updates, warmupUpdates: 10),
      maximumNorm: 1)
  }

  static func score(_ model: EncoderDecoder<Float>, on pairs: [SentencePair]) -> ExactMatch {
    ExactMatch(
      of: model, on: pairs, sourceVocabulary: data.sourceVocabulary,
      targetVocabulary: data.targetVocabulary)
  }
}
