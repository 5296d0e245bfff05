public import Networks
public import Tensors

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Bits are shown at the first steps; whether an odd number of them was 1 is asked for at the end.
public struct ParityTask: SequenceTask {
  public let seqLen: Int
  /// How many bits are shown.
  public let bitCount: Int

  /// - Parameters:
  ///   - seqLen: T.
  ///   - bitCount: at most T − 1.
  /// - Throws: `TaskError` for a sequence that is too short.
  public init(seqLen: Int, bitCount: Int = 3) throws(TaskError) {
    try TaskError.checkLength(.parity, seqLen, atLeast: 2)
    self.seqLen = seqLen
    self.bitCount = min(bitCount, seqLen - 1)
  }

  public var kind: TaskKind { .parity }
  public var summary: String {
    let lag = seqLen - bitCount
    return "\(bitCount) \(bitCount == 1 ? "bit is" : "bits are") shown, then blanks; \(lag) "
      + "\(lag == 1 ? "step" : "steps") after the last bit their parity is asked for"
  }
  public var input: TokenInput { .oneHot(vocabularySize: 4) }
  public var inputLabels: [String] { ["0", "1", "·", "?"] }
  public var inputMeanSquare: Double { 1 }
  public var outputSize: Int { 2 }
  public var loss: TaskLoss { .crossEntropy }
  public var lossSteps: Range<Int> { seqLen - 1..<seqLen }
  public var scoredSteps: Range<Int> { lossSteps }
  public var memorylessLoss: Double { log(2) }
  public var chance: Double { 0.5 }

  public func sequence(_ random: inout SeededRandom) -> TaskSequence {
    let bits = (0..<bitCount).map { _ in Int32(random.below(2)) }
    var sequence = TaskSequence()
    sequence.tokens = bits + [Int32](repeating: 2, count: seqLen - 1 - bitCount) + [3]
    sequence.classes =
      [Int32](repeating: -1, count: seqLen - 1) + [bits.reduce(0, +) % 2]
    return sequence
  }
}
