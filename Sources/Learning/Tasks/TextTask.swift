public import Networks
public import Tensors

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Windows of a text, drawn at random; each step asks for the next character.
public struct TextTask: SequenceTask {
  /// A step's input is as long as the alphabet.
  static let largestAlphabet = 4096

  public let seqLen: Int
  public let vocabulary: Vocabulary
  public let memorylessLoss: Double
  public let chance: Double
  private let ids: [Int32]

  /// - Parameters:
  ///   - seqLen: T.
  ///   - corpus: a text cut into characters; its training part is used.
  /// - Throws: `TaskError` for a text that is too short, or an alphabet that is too large.
  public init(seqLen: Int, corpus: TextCorpus) throws(TaskError) {
    try TaskError.checkLength(.text, seqLen, atLeast: 1)
    guard corpus.training.count > seqLen else {
      throw TaskError(
        task: .text, expected: "a text longer than \(seqLen) characters",
        found: "\(corpus.training.count)")
    }
    guard corpus.vocabulary.count <= Self.largestAlphabet else {
      throw TaskError(
        task: .text, expected: "at most \(Self.largestAlphabet) different characters",
        found: "\(corpus.vocabulary.count)")
    }
    self.seqLen = seqLen
    vocabulary = corpus.vocabulary
    ids = corpus.training
    (memorylessLoss, chance) = Self.bigramFigures(ids)
  }

  public var kind: TaskKind { .text }
  public var summary: String {
    "windows of a text of \(ids.count) characters, \(vocabulary.count) different ones; each step "
      + "asks for the next character"
  }
  public var input: TokenInput { .oneHot(vocabularySize: vocabulary.count) }
  public var inputLabels: [String] { vocabulary.tokens }
  public var inputMeanSquare: Double { 1 }
  public var outputSize: Int { vocabulary.count }
  public var loss: TaskLoss { .crossEntropy }
  public var lossSteps: Range<Int> { 0..<seqLen }
  public var scoredSteps: Range<Int> { 0..<seqLen }

  public func sequence(_ random: inout SeededRandom) -> TaskSequence {
    let start = random.below(ids.count - seqLen)
    var sequence = TaskSequence()
    sequence.tokens = Array(ids[start..<start + seqLen])
    sequence.classes = Array(ids[start + 1..<start + seqLen + 1])
    return sequence
  }

  /// The entropy of a character given the one before it, and how often the most frequent successor
  /// is right: what can be known without memory.
  private static func bigramFigures(_ ids: [Int32]) -> (loss: Double, chance: Double) {
    struct Pair: Hashable {
      let first: Int32
      let second: Int32
    }
    var pairs: [Pair: Int] = [:], firsts: [Int32: Int] = [:], best: [Int32: Int] = [:]
    for (first, second) in zip(ids, ids.dropFirst()) {
      let count = pairs[Pair(first: first, second: second), default: 0] + 1
      pairs[Pair(first: first, second: second)] = count
      firsts[first, default: 0] += 1
      best[first] = max(best[first] ?? 0, count)
    }
    let total = Double(ids.count - 1)
    // Summed in a fixed order: a dictionary's changes from run to run, and with it the last bit.
    let entropy = pairs.sorted { ($0.key.first, $0.key.second) < ($1.key.first, $1.key.second) }
      .reduce(0.0) { sum, pair in
        let share = Double(pair.value) / Double(firsts[pair.key.first] ?? 1)
        return sum - Double(pair.value) / total * log(share)
      }
    return (entropy, Double(best.values.reduce(0, +)) / total)
  }
}
