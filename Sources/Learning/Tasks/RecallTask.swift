public import Networks
public import Tensors

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// A symbol is shown at the first step and asked for at the last; between them are distractors.
///
/// Symbols, distractors and the question are different tokens, so nothing but the lag makes it hard.
///
/// - Source: after the latching problem of Bengio, Simard & Frasconi 1994.
public struct RecallTask: SequenceTask {
  /// What stands between the symbol and the question.
  public enum Distractors: String, Sendable, CaseIterable {
    /// A random token at each step.
    case random
    /// The same token at each step.
    case blanks
  }

  static let distractorCount = 4

  public let seqLen: Int
  public let symbolCount: Int
  public let distractors: Distractors

  /// - Parameters:
  ///   - seqLen: T; the lag is T − 1 steps.
  ///   - symbolCount: how many symbols there are to remember one of.
  ///   - distractors: what stands between.
  /// - Throws: `TaskError` for a sequence that is too short, or a number of symbols.
  public init(
    seqLen: Int, symbolCount: Int = 4, distractors: Distractors = .random
  ) throws(TaskError) {
    try TaskError.checkLength(.recall, seqLen, atLeast: 2)
    guard symbolCount >= 2, symbolCount <= 1000 else {
      throw TaskError(task: .recall, expected: "2 to 1000 symbols", found: "\(symbolCount)")
    }
    self.seqLen = seqLen
    self.symbolCount = symbolCount
    self.distractors = distractors
  }

  public var kind: TaskKind { .recall }
  public var summary: String {
    let between = distractors == .random ? "random distractors" : "blanks"
    return "one of \(symbolCount) symbols is shown at step 0, then \(between), "
      + "and \(seqLen - 1) \(seqLen == 2 ? "step" : "steps") later it is asked for"
  }
  private var betweenCount: Int { distractors == .random ? Self.distractorCount : 1 }
  public var input: TokenInput { .oneHot(vocabularySize: symbolCount + betweenCount + 1) }
  public var inputLabels: [String] {
    let between =
      distractors == .random ? (0..<betweenCount).map { "d\($0)" } : ["·"]
    return (0..<symbolCount).map { "s\($0)" } + between + ["?"]
  }
  public var inputMeanSquare: Double { 1 }
  public var outputSize: Int { symbolCount }
  public var loss: TaskLoss { .crossEntropy }
  public var lossSteps: Range<Int> { seqLen - 1..<seqLen }
  public var scoredSteps: Range<Int> { lossSteps }
  public var memorylessLoss: Double { log(Double(symbolCount)) }
  public var chance: Double { 1 / Double(symbolCount) }

  public func sequence(_ random: inout SeededRandom) -> TaskSequence {
    let symbol = Int32(random.below(symbolCount))
    var sequence = TaskSequence()
    sequence.tokens = [symbol]
    for _ in 1..<seqLen - 1 {
      sequence.tokens.append(Int32(symbolCount + random.below(betweenCount)))
    }
    sequence.tokens.append(Int32(symbolCount + betweenCount))
    sequence.classes = [Int32](repeating: -1, count: seqLen - 1) + [symbol]
    return sequence
  }
}
