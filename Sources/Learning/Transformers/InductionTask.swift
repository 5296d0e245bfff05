public import Networks
public import Tensors

/// Random characters that repeat: after the first round every next one can be copied from what came
/// after its last occurrence.
///
/// A sequence is P characters, drawn with replacement, and again from the start until it is T long. P and T
/// are drawn anew for each sequence, and so is the position of the first character: a model that has
/// only learnt places, or one distance, fails.
///
/// - Source: Olsson et al. 2022, "In-context learning and induction heads".
public struct InductionTask: TransformerTask {
  public let vocabulary: Vocabulary
  /// The longest sequences learnt from.
  public let seqLen: Int

  /// The shortest round.
  static let shortestPeriod = 4

  /// The printable characters of ASCII, in which users can type.
  public static let characters = (0x20..<0x7F).map { String(Unicode.Scalar(UInt8($0))) }

  /// The shortest that can be learnt from: a quarter of it holds the shortest round twice.
  public static let shortestSeqLen = 8 * shortestPeriod

  /// - Precondition: `seqLen` is at least `shortestSeqLen`.
  public init(seqLen: Int) {
    precondition(seqLen >= Self.shortestSeqLen, "sequences of \(seqLen) characters")
    self.seqLen = seqLen
    vocabulary = Vocabulary(tokens: Self.characters, unit: .characters)
  }

  /// Sequences of the lengths that are measured stand at all of these positions in training.
  public var largestFirstPosition: Int { seqLen }

  public func example(_ random: inout SeededRandom) -> TransformerExample {
    let length = seqLen / 4 * (1 + random.below(4))
    let period =
      Self.shortestPeriod + random.below(length - 2 * Self.shortestPeriod + 1)
    return sequence(period: period, length: length, &random)
  }

  /// A random sequence that is repeated once, of the full length.
  public func heldOutExample(_ random: inout SeededRandom) -> TransformerExample {
    sequence(period: seqLen / 2, length: seqLen, &random)
  }

  /// Predicted is what comes after each character from the second round on; the end of the sequence
  /// has no successor.
  public func sequence(
    period: Int, length: Int, _ random: inout SeededRandom
  ) -> TransformerExample {
    var tokens: [Int32] = []
    for place in 0..<length {
      tokens.append(place < period ? Int32(random.below(vocabulary.count)) : tokens[place - period])
    }
    let targets = (0..<length).map { $0 >= period && $0 + 1 < length ? tokens[$0 + 1] : -1 }
    return TransformerExample(tokens: tokens, targets: targets)
  }
}
