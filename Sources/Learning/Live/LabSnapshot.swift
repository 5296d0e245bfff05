/// A watched training at one moment: all that a screen shows of it.
public struct LabSnapshot: Sendable {
  public let lanes: [LaneSnapshot]
  /// Updates done by the lanes that still run.
  public let updateCount: Int
  /// Over the last seconds; nil while it is paused or has just begun.
  public let updatesPerSecond: Double?
  public let state: LabState
  /// How many updates can be taken back now, and at most within the budget.
  public let undoCount: Int
  public let undoCapacity: Int
  /// Of all lanes together.
  /// - Units: bytes.
  public let undoByteCount: Int
  /// - Units: bytes.
  public let undoBudget: Int
  /// The lane with the lowest loss over its last updates.
  public let leader: Int?
  public let conditions: [LabCondition]
  /// The newest one.
  public let notice: LabNotice?
}

/// One lane of it.
public struct LaneSnapshot: Sendable {
  public let name: String
  public let settings: LabSettings
  public let task: any SequenceTask
  public let updateCount: Int
  public let parameterCount: Int
  /// The last updates, oldest first.
  public let recent: [LabUpdate]
  public let lossHistory: DecimatedHistory
  public let accuracyHistory: DecimatedHistory
  public let gradientNormHistory: DecimatedHistory
  public let clippedNormHistory: DecimatedHistory
  /// While it runs its costly figures are renewed from time to time only; nil where nothing could
  /// be measured yet.
  public let verdict: LabVerdict?
  /// The updates that the weights of the verdict had seen.
  public let verdictUpdate: Int
  /// The updates that the recurrent matrix had seen whose spectrum the verdict tells; nil without
  /// one. While it runs it may be seconds old.
  public let spectrumUpdate: Int?
  public let lossMatrix: LossMatrix?
  /// States, then gates, then the rest of what is squashed or rectified.
  public let histograms: [ValueHistogram]
  /// Each state of the first sequence.
  public let states: [StateMap]
  /// The number at which the lane had to stop.
  public let stop: NonFiniteValue?
}

/// A state of one sequence, over time.
public struct StateMap: Sendable, Equatable {
  public let name: String
  public let seqLen: Int
  /// The first units of the state, `mostUnits` at most.
  public let unitCount: Int
  /// `[T, unitCount]`.
  public let values: [Float]

  public static let mostUnits = 64

  public subscript(time: Int, unit: Int) -> Float { values[time * unitCount + unit] }
}
