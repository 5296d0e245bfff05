public import Networks
public import Tensors

/// A task that a network is trained on, with the figures that say whether it remembers anything.
///
/// Sequences are made from a seed as they are needed; all have the same length.
public protocol SequenceTask: Sendable {
  var kind: TaskKind { get }
  /// What is shown, what is asked for, in one sentence.
  var summary: String { get }
  /// T.
  var seqLen: Int { get }
  /// What a step's input is.
  var input: TokenInput { get }
  /// How the input tokens are called; empty where the input is vectors.
  var inputLabels: [String] { get }
  /// The mean of ‖x_t‖², by which initial input weights are scaled.
  var inputMeanSquare: Double { get }
  /// Classes, or numbers that are predicted per step.
  var outputSize: Int { get }
  var loss: TaskLoss { get }
  /// The steps that have a target.
  var lossSteps: Range<Int> { get }
  /// The steps whose predictions count as right or wrong: those that need memory.
  var scoredSteps: Range<Int> { get }
  /// The mean loss per target of the best predictor that sees the present input only.
  var memorylessLoss: Double { get }
  /// The accuracy of that predictor.
  var chance: Double { get }

  /// Makes one sequence.
  func sequence(_ random: inout SeededRandom) -> TaskSequence
}

/// How predictions are judged.
public enum TaskLoss: String, Sendable {
  /// In nats; a prediction is right if the target's probability is the largest.
  case crossEntropy = "cross-entropy"
  /// (y − target)²; a prediction is right within 0.04, as in Hochreiter & Schmidhuber 1997.
  case squaredError = "squared-error"

  /// The largest error of a number that counts as right.
  public static let tolerance = 0.04
}

/// One sequence with its targets.
public struct TaskSequence: Sendable {
  /// `[T]`; empty where the input is vectors.
  public var tokens: [Int32] = []
  /// `[T, I]`; empty where the input is tokens.
  public var vectors: [Float] = []
  /// `[T]`, −1 for none; empty with squared error.
  public var classes: [Int32] = []
  /// `[T]`, NaN for none; empty with cross-entropy.
  public var values: [Float] = []
}

/// Sequences side by side: everything `[T, B, …]`.
public struct TaskBatch: Sendable, Equatable {
  public var batchSize: Int
  public var tokens: [Int32] = []
  public var vectors: [Float] = []
  public var classes: [Int32] = []
  public var values: [Float] = []

  /// Puts the input into a pass of the same length and batch.
  public func setInput(of pass: NetworkPass<Float>) {
    if vectors.isEmpty { pass.setTokens(tokens) } else { pass.setInput(vectors) }
  }

  /// Bit for bit: a missing target, NaN, equals another.
  public static func == (left: TaskBatch, right: TaskBatch) -> Bool {
    left.batchSize == right.batchSize && left.tokens == right.tokens
      && left.classes == right.classes
      && left.vectors.elementsEqual(right.vectors) { $0.bitPattern == $1.bitPattern }
      && left.values.elementsEqual(right.values) { $0.bitPattern == $1.bitPattern }
  }
}

/// The tasks by name.
public enum TaskKind: String, Sendable, CaseIterable {
  case recall, adding, copy, parity, sine, text
}

extension SequenceTask {
  /// The batch of an update: the same seed, update and size give the same sequences, whatever came
  /// before.
  public func batch(seed: UInt64, update: Int, size: Int) -> TaskBatch {
    var batch = TaskBatch(batchSize: size)
    // Far from the seeds that weights are drawn from, and from those of other updates.
    let mixed = (seed &+ 0x6A09_E667_F3BC_C909) &* 0xD134_2543_DE82_EF95
    var random = SeededRandom(seed: mixed ^ (UInt64(truncatingIfNeeded: update) &* 0x9E37_79B9))
    let sequences = (0..<size).map { _ in sequence(&random) }
    batch.tokens = interleaved(sequences.map(\.tokens))
    batch.vectors = interleaved(sequences.map(\.vectors))
    batch.classes = interleaved(sequences.map(\.classes))
    batch.values = interleaved(sequences.map(\.values))
    return batch
  }

  /// Rows of one step side by side: `[B][T, n]` becomes `[T, B, n]`.
  private func interleaved<Element>(_ rows: [[Element]]) -> [Element] {
    guard let first = rows.first, !first.isEmpty else { return [] }
    let width = first.count / seqLen
    var result: [Element] = []
    result.reserveCapacity(first.count * rows.count)
    for time in 0..<seqLen {
      for row in rows { result += row[time * width..<(time + 1) * width] }
    }
    return result
  }
}

/// A task cannot be made.
public struct TaskError: Error, Equatable, Sendable, CustomStringConvertible {
  public let task: TaskKind
  public let expected: String
  public let found: String

  public var description: String { "task \(task.rawValue): expected \(expected), found \(found)" }

  static func checkLength(_ task: TaskKind, _ seqLen: Int, atLeast least: Int) throws(TaskError) {
    guard seqLen >= least else {
      throw TaskError(
        task: task, expected: "a sequence length of at least \(least)", found: "\(seqLen)")
    }
  }
}
