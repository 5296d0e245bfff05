import Debugger
import Networks
import Tensors
import TestSupport

/// Small encoder-decoders of every kind with lively weights, and words for them.
enum TranslationSample {
  enum Kind: String, CaseIterable, Sendable {
    case gruNone, gruAdditive, lstmDot, transformer
  }

  static let sourceWords =
    Translator.sampleSpecialTokens + ["the", "big", "red", "dog", "sees", "a", "house", "cat"]
  static let targetWords =
    Translator.sampleSpecialTokens
    + ["le", "gros", "chien", "rouge", "voit", "une", "maison", "chat", "la"]
  static let text = "the big red dog sees a house"

  static func model(_ kind: Kind) throws -> EncoderDecoder<Float> {
    let model = EncoderDecoder<Float>.sample(try configuration(kind), seed: 11, deviation: 0.6)
    // Sentences of some words.
    if let bias = model.layout["output.bias"] { model.parameters[bias.offset + 2] = -3 }
    return model
  }

  private static func configuration(_ kind: Kind) throws -> EncoderDecoderConfiguration {
    let sizes = EncoderDecoderSizes(
      source: sourceWords.count, target: targetWords.count, embedding: 4, hidden: 6)
    switch kind {
    case .gruNone: return try sizes.recurrent("gru")
    case .gruAdditive: return try sizes.recurrent("gru", "additive", isBidirectional: true)
    case .lstmDot: return try sizes.recurrent("lstm", "dot", layers: 2)
    case .transformer:
      return try sizes.transformer(
        positions: .learned(count: 24), head: .tied(hasBias: false), modelSize: 8,
        feedForwardSize: 10)
    }
  }

  static func translator(_ kind: Kind, mostWords: Int = 9) throws -> Translator {
    .sample(
      name: kind.rawValue, model: try model(kind), english: sourceWords, french: targetWords,
      mostWords: mostWords)
  }

  static func translation(
    _ kind: Kind, _ change: (inout Translation.Request) -> Void = { _ in }
  ) throws -> Translation {
    var request = Translation.Request(text: text)
    change(&request)
    return try Translation(try translator(kind), request)
  }
}
