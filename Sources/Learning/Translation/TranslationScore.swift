public import Networks
public import Tensors

extension ExactMatch {
  /// Translates the sources of some pairs and counts which translations are right word for word.
  ///
  /// A source without words, or one that is longer than the model can read, is not translated and
  /// counts as wrong.
  ///
  /// - Parameters:
  ///   - model: what translates.
  ///   - pairs: sentences with their right translations.
  ///   - sourceVocabulary: the words that the model reads.
  ///   - targetVocabulary: the words that it writes.
  ///   - beamWidth: hypotheses that are kept; with 1 it takes the likeliest word each time.
  public init(
    of model: EncoderDecoder<Float>, on pairs: [SentencePair], sourceVocabulary: SentenceVocabulary,
    targetVocabulary: SentenceVocabulary, beamWidth: Int = 1
  ) {
    self.init()
    let sources = pairs.map { sourceVocabulary.encode($0.source).ids }
    let longest = model.configuration.longestSource ?? .max
    let readable = sources.indices.filter { (1...longest).contains(sources[$0].count) }
    // A translation with more words than any right one is wrong in any case.
    let mostWords =
      1
      + (pairs.map { SentenceTokens.split($0.target, targetVocabulary.language).count }.max() ?? 0)
    let read = readable.map { sources[$0] }
    let translations: [[Int32]]
    if beamWidth == 1 {
      translations = model.translations(of: read, mostWords: mostWords)
    } else {
      translations = read.map {
        BeamSearch(
          model: model, source: $0, start: SentenceVocabulary.start, end: SentenceVocabulary.end,
          options: BeamSearch.Options(width: beamWidth, mostWords: mostWords)
        ).best
      }
    }
    var texts = Array(repeating: "", count: pairs.count)
    for (index, words) in zip(readable, translations) {
      texts[index] = targetVocabulary.decode(words)
    }
    for (pair, text) in zip(pairs, texts) { add(pair, translation: text) }
  }

  /// Of the lengths in a range; nil where there are no sentences of them.
  public func share(ofLengths lengths: ClosedRange<Int>) -> Double? {
    let chosen = byLength.filter { lengths.contains($0.length) }
    let count = chosen.reduce(0) { $0 + $1.count }
    return count == 0 ? nil : Double(chosen.reduce(0) { $0 + $1.matched }) / Double(count)
  }
}
