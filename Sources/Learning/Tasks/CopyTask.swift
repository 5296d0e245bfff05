public import Networks
public import Tensors

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Symbols are shown, then blanks, then a sign after which the symbols are to be repeated.
///
/// - Source: Arjovsky, Shah & Bengio 2016, section 4.1: 8 symbols, 10 of them to remember. Sequences
///   shorter than 30 steps remember a third of their length.
public struct CopyTask: SequenceTask {
  static let symbolCount = 8

  public let seqLen: Int
  /// How many symbols are to be remembered.
  public let copiedCount: Int

  public init(seqLen: Int) throws(TaskError) {
    try TaskError.checkLength(.copy, seqLen, atLeast: 3)
    self.seqLen = seqLen
    copiedCount = min(10, seqLen / 3)
  }

  private static var blank: Int32 { Int32(symbolCount) }
  private static var sign: Int32 { Int32(symbolCount + 1) }

  public var kind: TaskKind { .copy }
  public var summary: String {
    "\(copiedCount) symbols out of \(Self.symbolCount) are shown; \(seqLen - 2 * copiedCount) "
      + "steps after the last of them they are to be repeated"
  }
  public var input: TokenInput { .oneHot(vocabularySize: Self.symbolCount + 2) }
  public var inputLabels: [String] {
    (0..<Self.symbolCount).map { "s\($0)" } + ["·", ">"]
  }
  public var inputMeanSquare: Double { 1 }
  /// The symbols and the blank.
  public var outputSize: Int { Self.symbolCount + 1 }
  public var loss: TaskLoss { .crossEntropy }
  public var lossSteps: Range<Int> { 0..<seqLen }
  public var scoredSteps: Range<Int> { seqLen - copiedCount..<seqLen }
  /// Blanks are certain, the symbols are guessed.
  public var memorylessLoss: Double {
    Double(copiedCount) * log(Double(Self.symbolCount)) / Double(seqLen)
  }
  public var chance: Double { 1 / Double(Self.symbolCount) }

  public func sequence(_ random: inout SeededRandom) -> TaskSequence {
    let symbols = (0..<copiedCount).map { _ in Int32(random.below(Self.symbolCount)) }
    var sequence = TaskSequence()
    sequence.tokens = symbols + [Int32](repeating: Self.blank, count: seqLen - copiedCount)
    // The sign is the last input before the first symbol is due.
    sequence.tokens[seqLen - copiedCount - 1] = Self.sign
    sequence.classes =
      [Int32](repeating: Self.blank, count: seqLen - copiedCount) + symbols
    return sequence
  }
}
