public import Debugger
public import Learning
public import Networks
public import Tensors

extension Translator {
  /// A model with the vocabularies that it was trained on.
  public nonisolated init(
    name: String, summary: String, model: EncoderDecoder<Float>, source: SentenceVocabulary,
    target: SentenceVocabulary, mostWords: Int = 40
  ) {
    self.init(
      name: name, summary: summary, model: model, source: TranslatorLanguage(source),
      target: TranslatorLanguage(target),
      special: SpecialIDs(
        padding: SentenceVocabulary.padding, start: SentenceVocabulary.start,
        end: SentenceVocabulary.end, unknown: SentenceVocabulary.unknown),
      mostWords: mostWords)
  }
}

nonisolated extension TranslatorLanguage {
  fileprivate init(_ vocabulary: SentenceVocabulary) {
    let language = vocabulary.language
    self.init(
      name: language.rawValue, words: vocabulary.tokens,
      split: { vocabulary.split($0) }, join: { SentenceTokens.join($0, language) })
  }
}
