import Checkpoints
import Learning
import Networks
import Tensors
import Testing

/// The shipped models that translate, measured on held-out sentences of a fresh seed.
@Suite struct TranslateModelTests {
  private static let pairs = PairGenerator().pairs(.heldOut, count: 160, seed: 20_261)

  private func score(_ name: String) throws -> (stated: Double, score: ExactMatch) {
    let model = try TranslationLoader.load(TranslationRequest(model: name))
    let source = try #require(model.source), target = try #require(model.target)
    #expect(source.tokens == PairGenerator.vocabulary(.english).tokens)
    #expect(target.tokens == PairGenerator.vocabulary(.french).tokens)
    #expect(try #require(model.number(.heldOutCount)) >= 2000)
    let score = ExactMatch(
      of: model.model, on: Self.pairs,
      sourceVocabulary: try SentenceVocabulary(tokens: source.tokens, language: .english),
      targetVocabulary: try SentenceVocabulary(tokens: target.tokens, language: .french))
    return (try #require(model.number(.heldOutExactMatch)), score)
  }

  @Test(arguments: ["translate-gru-additive", "translate-transformer"])
  func heldOutSentencesAreTranslatedRight(name: String) throws {
    let (stated, score) = try score(name)
    let share = try #require(score.share)
    #expect(stated >= 0.95 && share >= 0.95, "\(stated) \(share)")
    #expect(abs(stated - share) < 0.04)
  }

  /// One vector holds a short sentence better than a long one; attention does not care as much.
  @Test func theBottleneckShows() throws {
    let (stated, none) = try score("translate-gru-none")
    let attentive = try score("translate-gru-additive").score
    #expect(abs(stated - (try #require(none.share))) < 0.1)
    let short = try #require(none.share(ofLengths: 1...5))
    let long = try #require(none.share(ofLengths: 12...16))
    #expect(long < short - 0.3, "\(short) \(long)")
    let attentiveLong = try #require(attentive.share(ofLengths: 12...16))
    #expect(long < attentiveLong - 0.4, "\(long) \(attentiveLong)")
  }

  /// To the same budget: as many updates of as many pairs, and about as many weights.
  @Test func theBudgetIsTheSame() throws {
    let models = try BottleneckNames.all.map {
      try TranslationLoader.load(TranslationRequest(model: $0))
    }
    for key in ["train.updates", "train.batch", "training.pairs", "train.seed"] {
      #expect(Set(models.map { $0.metadata[key] }).count == 1, "\(key)")
    }
    let counts = models.map { $0.model.layout.parameterCount }
    let least = try #require(counts.min()), most = try #require(counts.max())
    #expect(Double(most) < 1.1 * Double(least), "\(counts)")
  }
}

/// The models that `unroll bottleneck` compares.
enum BottleneckNames {
  static let all = ["translate-gru-none", "translate-gru-additive", "translate-transformer"]
}
