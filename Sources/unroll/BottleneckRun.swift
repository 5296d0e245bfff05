internal import Learning

/// Exact match by sentence length of some models, on the same sentences.
struct BottleneckRun {
  struct Curve {
    let name: String
    let match: ExactMatch
  }

  /// The shipped models that were trained to the same budget.
  nonisolated static let shipped = [
    "translate-gru-none", "translate-gru-additive", "translate-transformer",
  ]

  let curves: [Curve]
  /// Of the sources, in ascending order.
  let lengths: [Int]

  init(_ models: [TranslateModel], on pairs: [SentencePair]) {
    self.init(
      curves: models.map { model in
        Curve(
          name: model.name,
          match: ExactMatch(
            of: model.network, on: pairs, sourceVocabulary: model.source,
            targetVocabulary: model.target))
      })
  }

  init(curves: [Curve]) {
    self.curves = curves
    lengths = curves.first?.match.byLength.map(\.length) ?? []
  }

  /// Generated held-out sentences, at most `count` of each length.
  nonisolated static func sentences(count: Int, seed: UInt64) -> [SentencePair] {
    let generator = PairGenerator()
    // About as many come of each length; half as many again, so that nearly all are full.
    let drawn = generator.pairs(
      .heldOut, count: count * generator.lengths.count * 3 / 2, seed: seed)
    var counts: [Int: Int] = [:]
    return drawn.filter { pair in
      let length = SentenceTokens.split(pair.source, .english).count
      counts[length, default: 0] += 1
      return counts[length, default: 0] <= count
    }
  }
}
