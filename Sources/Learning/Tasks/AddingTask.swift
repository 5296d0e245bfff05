public import Networks
public import Tensors

/// Two numbers of a sequence are marked; their sum is asked for at the end.
///
/// The first marked number is in the first half of the steps, the second in the second half, so that
/// the lag is long.
///
/// - Source: Hochreiter & Schmidhuber 1997, experiment 4; numbers within 0…1 as in Arjovsky et
///   al. 2016.
public struct AddingTask: SequenceTask {
  public let seqLen: Int

  public init(seqLen: Int) throws(TaskError) {
    try TaskError.checkLength(.adding, seqLen, atLeast: 2)
    self.seqLen = seqLen
  }

  public var kind: TaskKind { .adding }
  public var summary: String {
    "each step shows a number from 0 to 1; the sum of the two marked ones is asked for at step "
      + "\(seqLen - 1)"
  }
  public var input: TokenInput { .vectors(size: 2) }
  public var inputLabels: [String] { [] }
  /// A number's 1/3, and two marks in T steps.
  public var inputMeanSquare: Double { 1.0 / 3 + 2 / Double(seqLen) }
  public var outputSize: Int { 1 }
  public var loss: TaskLoss { .squaredError }
  public var lossSteps: Range<Int> { seqLen - 1..<seqLen }
  public var scoredSteps: Range<Int> { lossSteps }
  /// How often the second mark is at the last step, whose number is the one that a net without memory
  /// sees.
  private var lastIsMarked: Double { 1 / Double(seqLen - seqLen / 2) }
  /// The variance of the numbers that are not seen, mostly both: 1/12 each.
  public var memorylessLoss: Double { lastIsMarked / 12 + (1 - lastIsMarked) / 6 }
  /// What is not seen is within the tolerance of its mean: the density of one number is flat, that of
  /// the sum of two a triangle.
  public var chance: Double {
    let outside = 1 - TaskLoss.tolerance
    return lastIsMarked * min(1, 2 * TaskLoss.tolerance)
      + (1 - lastIsMarked) * (1 - outside * outside)
  }

  public func sequence(_ random: inout SeededRandom) -> TaskSequence {
    let half = seqLen / 2
    let marked = (random.below(half), half + random.below(seqLen - half))
    var sequence = TaskSequence()
    var sum: Float = 0
    for time in 0..<seqLen {
      let number = Float(random.uniform())
      let isMarked = time == marked.0 || time == marked.1
      if isMarked { sum += number }
      sequence.vectors += [number, isMarked ? 1 : 0]
    }
    sequence.values = [Float](repeating: .nan, count: seqLen - 1) + [sum]
    return sequence
  }
}
