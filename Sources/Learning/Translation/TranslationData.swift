internal import Tensors

/// A sentence pair as the ids of its words, without start and end.
public struct TranslationExample: Sendable, Equatable {
  public let source: [Int32]
  public let target: [Int32]

  public init(source: [Int32], target: [Int32]) {
    self.source = source
    self.target = target
  }

  /// What the decoder is given under teacher forcing.
  public var inputs: [Int32] { [SentenceVocabulary.start] + target }
  /// What it should say to each of these.
  public var answers: [Int32] { target + [SentenceVocabulary.end] }
}

/// Sentence pairs to learn from and to measure by, in the words of two vocabularies.
public struct TranslationData: Sendable {
  public let sourceVocabulary: SentenceVocabulary
  public let targetVocabulary: SentenceVocabulary
  public let training: [TranslationExample]
  public let heldOut: [TranslationExample]
  /// The held-out sentences themselves.
  public let heldOutPairs: [SentencePair]

  /// The vocabularies are to have all words of the pairs that are learnt from; words that they have
  /// not are `SentenceVocabulary.unknown`.
  public init(
    training: [SentencePair], heldOut: [SentencePair], sourceVocabulary: SentenceVocabulary,
    targetVocabulary: SentenceVocabulary
  ) {
    func examples(_ pairs: [SentencePair]) -> [TranslationExample] {
      pairs.map {
        TranslationExample(
          source: sourceVocabulary.encode($0.source).ids,
          target: targetVocabulary.encode($0.target).ids)
      }
    }
    self.sourceVocabulary = sourceVocabulary
    self.targetVocabulary = targetVocabulary
    self.training = examples(training)
    self.heldOut = examples(heldOut)
    heldOutPairs = heldOut
  }

  /// Pairs of the generated language, in its own vocabularies.
  public init(generated count: Int, heldOutCount: Int, seed: UInt64) {
    let generator = PairGenerator()
    self.init(
      training: generator.pairs(.training, count: count, seed: seed),
      heldOut: generator.pairs(.heldOut, count: heldOutCount, seed: seed),
      sourceVocabulary: PairGenerator.vocabulary(.english),
      targetVocabulary: PairGenerator.vocabulary(.french))
  }
}

/// The order in which an epoch goes through the examples. The same seed and epoch give the same one,
/// whatever came before.
///
/// Examples of about the same length come together, so that little is padded: the shuffled examples
/// are cut into pools, each pool is sorted by length, and the batches of all pools are shuffled.
struct TranslationBatches {
  /// Batches of a pool.
  private static let poolSize = 32

  let epoch: Int
  /// Indices of examples.
  let batches: [[Int]]

  /// - Complexity: O(n log n).
  init(_ examples: [TranslationExample], seed: UInt64, epoch: Int, batchSize: Int) {
    self.epoch = epoch
    var random = SeededRandom(seed: TransformerBatches.mixed(seed, epoch))
    let shuffled = examples.indices.shuffled(using: &random)
    var batches: [[Int]] = []
    for first in stride(from: 0, to: shuffled.count, by: Self.poolSize * batchSize) {
      let pool = shuffled[first..<min(shuffled.count, first + Self.poolSize * batchSize)]
      batches += Self.batches(of: pool, examples, size: batchSize)
    }
    batches.shuffle(using: &random)
    self.batches = batches
  }

  /// Sorts by length and cuts; of equal lengths, the order stays.
  static func batches(
    of indices: some Sequence<Int>, _ examples: [TranslationExample], size: Int
  ) -> [[Int]] {
    let sorted = indices.enumerated().sorted {
      let first = examples[$0.element], second = examples[$1.element]
      return (first.target.count, first.source.count, $0.offset)
        < (second.target.count, second.source.count, $1.offset)
    }.map(\.element)
    return stride(from: 0, to: sorted.count, by: size).map {
      Array(sorted[$0..<min(sorted.count, $0 + size)])
    }
  }
}
