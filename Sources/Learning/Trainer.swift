/// What trains a model update by update, can be stopped after each of them, and goes on later as if
/// it had not been.
public protocol Trainer: AnyObject {
  /// Updates done.
  var updateCount: Int { get }
  /// Updates done since the epoch began; an epoch is what lies between two measurements.
  var position: Int { get }
  /// Learns once.
  ///
  /// - Throws: `TrainingError` at the first loss or gradient that is not finite. The weights are as
  ///   before then.
  func step() throws(TrainingError) -> UpdateStatistics
  /// The loss of what is not learnt from, with the present weights.
  ///
  /// - Parameter shouldStop: asked now and then; true gives up.
  /// - Returns: nil where there is nothing to measure by, or it was given up.
  func validate(unless shouldStop: () -> Bool) -> LossMean?
  func snapshot() -> TrainerSnapshot
  /// Goes on from a snapshot that a trainer with the same model, data and options has taken.
  ///
  /// - Throws: `SnapshotError` where it does not fit; the trainer is as before then.
  func restore(_ snapshot: TrainerSnapshot) throws(SnapshotError)
}
