import Debugger
import Equations
import Networks
import Tensors
import Testing

/// Small encoder-decoders of every kind with lively weights, and words for them.
enum TranslationSample {
  enum Kind: String, CaseIterable, Sendable {
    case gruNone, gruAdditive, lstmDot, transformer
  }

  static let special = ["<pad>", "<s>", "</s>", "<unk>"]
  static let sourceWords = special + ["the", "big", "red", "dog", "sees", "a", "house", "cat"]
  static let targetWords =
    special + ["le", "gros", "chien", "rouge", "voit", "une", "maison", "chat", "la"]
  static let text = "the big red dog sees a house"

  static func model(_ kind: Kind) throws -> EncoderDecoder<Float> {
    let model = EncoderDecoder<Float>(try configuration(kind))
    var random = SeededRandom(seed: 11)
    for entry in model.layout.entries {
      let isGain = entry.name.contains("γ")
      for index in entry.range {
        model.parameters[index] = Float((isGain ? 1 : 0) + 0.6 * random.normal())
      }
    }
    // Sentences of some words.
    if let bias = model.layout["output.bias"] { model.parameters[bias.offset + 2] = -3 }
    return model
  }

  private static func configuration(_ kind: Kind) throws -> EncoderDecoderConfiguration {
    func recurrent(
      _ cell: String, _ attention: String?, layers: Int, isBidirectional: Bool
    ) throws -> EncoderDecoderConfiguration {
      .recurrent(
        RecurrentEncoderDecoderConfiguration(
          cell: try #require(try Cell.shipped(cell)), sourceVocabularySize: sourceWords.count,
          targetVocabularySize: targetWords.count, embeddingSize: 4, hiddenSize: 6,
          numLayers: layers, isBidirectional: isBidirectional,
          attention: try attention.flatMap { try Block.shipped($0) }))
    }
    switch kind {
    case .gruNone: return try recurrent("gru", nil, layers: 1, isBidirectional: false)
    case .gruAdditive: return try recurrent("gru", "additive", layers: 1, isBidirectional: true)
    case .lstmDot: return try recurrent("lstm", "dot", layers: 2, isBidirectional: false)
    case .transformer:
      func part(_ size: Int, _ block: String) throws -> TransformerConfiguration {
        let block = try #require(try Block.shipped(block))
        return TransformerConfiguration(
          input: .tokens(vocabularySize: size), modelSize: 8, headCount: 2, feedForwardSize: 10,
          blocks: [block, block], positions: .learned(count: 24), normalizesOutput: true)
      }
      var decoder = try part(targetWords.count, "decoder-pre")
      decoder.isCausal = true
      decoder.head = .tied(hasBias: false)
      return .transformer(encoder: try part(sourceWords.count, "encoder-pre"), decoder: decoder)
    }
  }

  static func translator(_ kind: Kind, mostWords: Int = 9) throws -> Translator {
    func language(_ name: String, _ words: [String]) -> TranslatorLanguage {
      TranslatorLanguage(
        name: name, words: words, split: { $0.split(separator: " ").map(String.init) },
        join: { $0.joined(separator: " ") })
    }
    return Translator(
      name: kind.rawValue, summary: "a sample", model: try model(kind),
      source: language("english", sourceWords), target: language("french", targetWords),
      special: Translator.SpecialIDs(padding: 0, start: 1, end: 2, unknown: 3),
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
