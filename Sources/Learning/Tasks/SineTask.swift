public import Networks
public import Tensors

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// A sine wave of unknown frequency and phase is shown; each step asks for the value after it.
public struct SineTask: SequenceTask {
  /// Radians per step: periods from 40 down to 10 steps.
  static let lowest = 2 * Double.pi / 40
  static let highest = 2 * Double.pi / 10

  public let seqLen: Int
  public let chance: Double

  public init(seqLen: Int) throws(TaskError) {
    try TaskError.checkLength(.sine, seqLen, atLeast: 2)
    self.seqLen = seqLen
    chance = Self.hitRate
  }

  public var kind: TaskKind { .sine }
  public var summary: String {
    "a sine wave with a period of 10 to 40 steps is shown; each step asks for the next value"
  }
  public var input: TokenInput { .vectors(size: 1) }
  public var inputLabels: [String] { [] }
  public var inputMeanSquare: Double { 0.5 }
  public var outputSize: Int { 1 }
  public var loss: TaskLoss { .squaredError }
  public var lossSteps: Range<Int> { 0..<seqLen }
  public var scoredSteps: Range<Int> { 1..<seqLen }

  /// E[cos ω], by which the best predictor that sees one value multiplies it: the wave rises and
  /// falls with equal probability.
  private static var factor: Double { (sin(highest) - sin(lowest)) / (highest - lowest) }

  /// E[(x₁ − x₀·E[cos ω])²] with E[x²] = ½.
  public var memorylessLoss: Double { (1 - Self.factor * Self.factor) / 2 }

  /// How often that predictor is within the tolerance: a mean over a grid of phases and frequencies.
  private static var hitRate: Double {
    let count = 400
    var hits = 0
    for i in 0..<count {
      let phase = 2 * Double.pi * (Double(i) + 0.5) / Double(count)
      for j in 0..<count {
        let omega = lowest + (highest - lowest) * (Double(j) + 0.5) / Double(count)
        if abs(sin(phase + omega) - factor * sin(phase)) <= TaskLoss.tolerance { hits += 1 }
      }
    }
    return Double(hits) / Double(count * count)
  }

  public func sequence(_ random: inout SeededRandom) -> TaskSequence {
    let omega = random.uniform(Self.lowest, Self.highest)
    let phase = random.uniform(0, 2 * .pi)
    var sequence = TaskSequence()
    sequence.vectors = (0..<seqLen).map { Float(sin(omega * Double($0) + phase)) }
    sequence.values = (1...seqLen).map { Float(sin(omega * Double($0) + phase)) }
    return sequence
  }
}
