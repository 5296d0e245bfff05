/// What a watched training is told to do.
public enum LabOrder: Sendable {
  case pause
  /// Goes on until it is paused, a condition becomes true or a number is not finite.
  case resume
  /// Makes so many updates, then pauses.
  case step(Int)
  /// Takes so many updates back, bit for bit, and pauses.
  case back(Int)
  /// Begins anew with the present settings.
  case restart
  /// Goes on with other settings, one per lane and without a mistake.
  case change([LabSettings])
  case addCondition(LabCondition)
  /// The condition of that number, or all.
  case deleteConditions(Int?)
  /// Pauses and copies a lane's weights with one sequence of the batch that is shown: the given one,
  /// or the one with the number that is not finite, or the first.
  case capture(lane: Int, sequence: Int?)
}

/// What a watched training is doing.
public enum LabState: Sendable, Equatable {
  case paused
  case running
  /// So many updates are still to be made.
  case stepping(Int)

  public var isPaused: Bool { self == .paused }
}

/// Something that happened, to be told once.
public struct LabNotice: Sendable, Equatable {
  /// Grows from notice to notice.
  public let number: Int
  public let text: String
  public let isError: Bool
  /// Of several lanes the one that it is about.
  public let lane: Int?
  /// Whether it says that a condition has become true.
  public let isBreak: Bool
}
