public import Debugger
public import Networks
public import Tensors

extension Translator {
  /// A translator between two lists of words, which begin with `sampleSpecialTokens`.
  public static func sample(
    name: String, summary: String = "a sample", model: EncoderDecoder<Float>,
    english: [String], french: [String], mostWords: Int
  ) -> Translator {
    func language(_ name: String, _ words: [String]) -> TranslatorLanguage {
      TranslatorLanguage(
        name: name, words: words, split: { $0.split(separator: " ").map(String.init) },
        join: { $0.joined(separator: " ") })
    }
    return Translator(
      name: name, summary: summary, model: model, source: language("english", english),
      target: language("french", french),
      special: Translator.SpecialIDs(padding: 0, start: 1, end: 2, unknown: 3),
      mostWords: mostWords)
  }

  public static let sampleSpecialTokens = ["<pad>", "<s>", "</s>", "<unk>"]
}
