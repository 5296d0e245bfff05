import Canvas
import Debugger
import Equations
import Networks
import Tensors
import Testing

@testable import Scenes

/// Translate scenes over small models with fixed random weights.
enum TranslateSample {
  nonisolated enum Kind: String, CaseIterable, Sendable {
    case none, additive, dot, transformer
  }

  nonisolated static let text = "the big red dog sees a small house"
  private nonisolated static let special = ["<pad>", "<s>", "</s>", "<unk>"]
  private nonisolated static let english =
    special + ["the", "big", "red", "dog", "sees", "a", "small", "house", "cat", "not"]
  private nonisolated static let french =
    special + [
      "le", "gros", "chien", "rouge", "voit", "une", "petite", "maison", "chat", "la", "ne", "pas",
    ]

  nonisolated private static func model(_ kind: Kind) throws -> EncoderDecoder<Float> {
    let model = EncoderDecoder<Float>(try configuration(kind))
    var random = SeededRandom(seed: 23)
    for entry in model.layout.entries {
      let isGain = entry.name.contains("γ")
      for index in entry.range {
        model.parameters[index] = Float((isGain ? 1 : 0) + 0.5 * random.normal())
      }
    }
    return model
  }

  nonisolated private static func configuration(
    _ kind: Kind
  ) throws -> EncoderDecoderConfiguration {
    func recurrent(
      _ cell: String, _ attention: String?, layers: Int = 1, isBidirectional: Bool = false
    ) throws -> EncoderDecoderConfiguration {
      .recurrent(
        RecurrentEncoderDecoderConfiguration(
          cell: try #require(try Cell.shipped(cell)), sourceVocabularySize: english.count,
          targetVocabularySize: french.count, embeddingSize: 6, hiddenSize: 16,
          numLayers: layers, isBidirectional: isBidirectional,
          attention: try attention.flatMap { try Block.shipped($0) }))
    }
    switch kind {
    case .none: return try recurrent("gru", nil)
    case .additive: return try recurrent("gru", "additive", isBidirectional: true)
    case .dot: return try recurrent("lstm", "dot", layers: 2)
    case .transformer:
      func part(_ size: Int, _ block: String) throws -> TransformerConfiguration {
        let block = try #require(try Block.shipped(block))
        return TransformerConfiguration(
          input: .tokens(vocabularySize: size), modelSize: 16, headCount: 2, feedForwardSize: 24,
          blocks: [block, block], positions: .learned(count: 40), normalizesOutput: true)
      }
      var decoder = try part(french.count, "decoder-pre")
      decoder.isCausal = true
      decoder.head = .tied(hasBias: false)
      return .transformer(encoder: try part(english.count, "encoder-pre"), decoder: decoder)
    }
  }

  nonisolated static func translator(_ kind: Kind) throws -> Translator {
    func language(_ name: String, _ words: [String]) -> TranslatorLanguage {
      TranslatorLanguage(
        name: name, words: words, split: { $0.split(separator: " ").map(String.init) },
        join: { $0.joined(separator: " ") })
    }
    return Translator(
      name: "translate-\(kind)", summary: "a sample with fixed weights", model: try model(kind),
      source: language("english", english), target: language("french", french),
      special: Translator.SpecialIDs(padding: 0, start: 1, end: 2, unknown: 3), mostWords: 12)
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
