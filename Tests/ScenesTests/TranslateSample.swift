import Canvas
import Debugger
import Networks
import Tensors
import TestSupport

@testable import Scenes

/// Translate scenes over small models with fixed random weights.
enum TranslateSample {
  nonisolated enum Kind: String, CaseIterable, Sendable {
    case none, additive, dot, transformer
  }

  nonisolated static let text = "the big red dog sees a small house"
  private nonisolated static let english =
    Translator.sampleSpecialTokens
    + ["the", "big", "red", "dog", "sees", "a", "small", "house", "cat", "not"]
  private nonisolated static let french =
    Translator.sampleSpecialTokens + [
      "le", "gros", "chien", "rouge", "voit", "une", "petite", "maison", "chat", "la", "ne", "pas",
    ]

  nonisolated private static func configuration(
    _ kind: Kind
  ) throws -> EncoderDecoderConfiguration {
    let sizes = EncoderDecoderSizes(
      source: english.count, target: french.count, embedding: 6, hidden: 16)
    switch kind {
    case .none: return try sizes.recurrent("gru")
    case .additive: return try sizes.recurrent("gru", "additive", isBidirectional: true)
    case .dot: return try sizes.recurrent("lstm", "dot", layers: 2)
    case .transformer:
      return try sizes.transformer(
        positions: .learned(count: 40), head: .tied(hasBias: false), modelSize: 16,
        feedForwardSize: 24)
    }
  }

  nonisolated static func translator(_ kind: Kind) throws -> Translator {
    .sample(
      name: "translate-\(kind)", summary: "a sample with fixed weights",
      model: .sample(try configuration(kind), seed: 23, deviation: 0.5),
      english: english, french: french, mostWords: 12)
  }

  /// A scene whose sentence has eight words: put in by hand, as random weights write any.
  static func scene(_ kind: Kind, text: String = text) throws -> TranslateScene {
    var request = Translation.Request(text: text)
    request.reference = "le gros chien rouge voit une petite maison"
    request.usesTeacher = true
    return TranslateScene(try Translation(try translator(kind), request))
  }

  /// A scene in which the model chooses the words.
  static func free(_ kind: Kind, text: String = text) throws -> TranslateScene {
    TranslateScene(try Translation(try translator(kind), Translation.Request(text: text)))
  }
}
