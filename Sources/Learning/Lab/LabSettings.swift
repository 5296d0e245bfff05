public import Equations
internal import Networks

/// Everything that determines a training in the lab.
public struct LabSettings: Sendable {
  /// With the activation that φ stands for.
  public var cell: Cell
  /// Of the recurrent matrices.
  public var initializer: Initializer
  /// Multiplies what the initialiser draws.
  public var gain: Double
  /// Where the forget gate's bias `b_f` starts; other biases start at zero, and so does this where
  /// it is nil.
  public var forgetBias: Double?
  /// The standard deviation, per unit, of what the input adds to a pre-activation at the start.
  public var inputScale: Double
  public var hiddenSize: Int
  public var seqLen: Int
  public var batchSize: Int
  public var optimizer: OptimizerKind
  public var learningRate: Double
  /// The largest norm of all gradients together; nil for no clipping.
  public var maximumNorm: Double?
  public var task: TaskRequest
  /// Of the first weights and of the task's sequences.
  public var seed: UInt64

  public init(
    cell: Cell, initializer: Initializer = .uniform(low: nil, high: nil), gain: Double = 1,
    forgetBias: Double? = nil, inputScale: Double = 0.03, hiddenSize: Int = 64, seqLen: Int = 60,
    batchSize: Int = 16, optimizer: OptimizerKind = .adam, learningRate: Double = 0.001,
    maximumNorm: Double? = 1, task: TaskRequest = TaskRequest(), seed: UInt64 = 1
  ) {
    self.cell = cell
    self.initializer = initializer
    self.gain = gain
    self.forgetBias = forgetBias
    self.inputScale = inputScale
    self.hiddenSize = hiddenSize
    self.seqLen = seqLen
    self.batchSize = batchSize
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.maximumNorm = maximumNorm
    self.task = task
    self.seed = seed
  }

  /// What a change of settings does to a running training.
  public enum ChangeEffect: Int, Sendable, Comparable {
    /// The next update is made with the new settings.
    case none
    /// The weights and what the optimiser remembers stay; sequences have another shape.
    case keepsTraining
    /// The weights stay; the optimiser starts afresh, and what was before cannot be gone back to.
    case keepsWeights
    /// Training begins anew.
    case restarts

    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }

  /// What it means to go on with `new` in place of these settings.
  public func effect(of new: LabSettings) -> ChangeEffect {
    let isSameNetwork =
      cell.text == new.cell.text && cell.name == new.cell.name && hiddenSize == new.hiddenSize
      && initializer == new.initializer && gain == new.gain && forgetBias == new.forgetBias
      && inputScale == new.inputScale && seed == new.seed && task.isSame(as: new.task)
    if !isSameNetwork { return .restarts }
    if optimizer != new.optimizer { return .keepsWeights }
    if cell.activation != new.cell.activation || seqLen != new.seqLen
      || batchSize != new.batchSize
    {
      return .keepsTraining
    }
    return .none
  }

  /// The largest size that is taken for a real one.
  public static let largestSize = 1 << 16

  /// The first setting that no training can have, with what was expected; nil where all can.
  public var mistake: String? {
    let sizes = [("hidden", hiddenSize), ("seq-len", seqLen), ("batch", batchSize)]
    for (name, value) in sizes where !(1...Self.largestSize).contains(value) {
      return "\(name): expected a number from 1 to \(Self.largestSize), found \(value)"
    }
    for (name, value) in [("gain", gain), ("forget-bias", forgetBias ?? 0)] where !value.isFinite {
      return "\(name): expected a finite number, found \(value)"
    }
    guard inputScale.isFinite, inputScale >= 0 else {
      return "input-scale: expected a number from 0 on, found \(inputScale)"
    }
    guard learningRate.isFinite, learningRate >= 0 else {
      return "lr: expected a number from 0 on, found \(learningRate)"
    }
    if let maximumNorm, !(maximumNorm > 0) {
      return "clip: expected a number above 0, or off; found \(maximumNorm)"
    }
    return nil
  }
}
