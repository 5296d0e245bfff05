import Learning
import Networks
import Tensors
import Testing

@Suite struct TranslateScoreTests {
  private typealias Samples = TranslateSamples

  /// Many sentences at once are what a beam of one finds for each alone.
  @Test(arguments: [false, true])
  func batchesAreGreedyDecoding(isTransformer: Bool) throws {
    let model = isTransformer ? try Samples.transformer() : try Samples.model(seed: 4)
    // It has learnt a little: it writes something, and not everywhere the same.
    let trainer = Samples.trainer(model, updates: 60)
    for _ in 0..<60 { _ = try trainer.step() }
    let sources = Samples.data.heldOut.map(\.source)
    let translations = model.translations(of: sources, mostWords: 6, batchSize: 7)
    #expect(Set(translations).count > 3)
    for (source, translation) in zip(sources, translations) {
      let search = BeamSearch(
        model: model, source: source, start: SentenceVocabulary.start, end: SentenceVocabulary.end,
        options: BeamSearch.Options(width: 1, mostWords: 6))
      #expect(search.best == translation)
    }
  }

  /// A model that has learnt its language, asked for translations of which some are wrong, unknown or
  /// too long on purpose.
  @Test func countsByHand() throws {
    let model = try Samples.model()
    let trainer = Samples.trainer(model, updates: 160)
    for _ in 0..<160 { _ = try trainer.step() }
    let pairs = [
      SentencePair(source: "one", target: "un"),
      SentencePair(source: "TWO", target: "Deux"),
      SentencePair(source: "three", target: "un"),
      SentencePair(source: "one two", target: "deux un"),
      SentencePair(source: "one two", target: "un deux"),
      SentencePair(source: "two three", target: "trois deux deux"),
      SentencePair(source: "one two five", target: "cinq deux un"),
      SentencePair(source: "one two five", target: "cinq deux un inconnu"),
    ]
    for beamWidth in [1, 3] {
      let score = ExactMatch(
        of: model, on: pairs, sourceVocabulary: Samples.data.sourceVocabulary,
        targetVocabulary: Samples.data.targetVocabulary, beamWidth: beamWidth)
      #expect(score.byLength.map(\.length) == [1, 2, 3])
      #expect(score.byLength.map(\.count) == [3, 3, 2])
      #expect(score.byLength.map(\.matched) == [2, 1, 1])
      #expect(score.share == 0.5 && score.share(ofLengths: 2...3) == 0.4)
      #expect(score.share(ofLengths: 4...9) == nil)
    }
  }
}
