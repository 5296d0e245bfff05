internal import Checkpoints
internal import Learning

/// Runs a trainer until all updates are done or a signal comes, and saves.
nonisolated struct TrainLoop<Source: Learner> {
  let trainer: Trainer<Source>
  let totalUpdates: Int
  /// The file of the model, for messages.
  let model: String
  /// What the loss is a mean over.
  let token: String
  /// Writes the files; the loss is nil where it is not known for the present weights.
  let save: (_ validation: LossMean?) throws -> Void

  /// Lets a trainer go on where a file says that it stopped.
  static func restore(
    _ trainer: Trainer<Source>, _ snapshot: TrainerSnapshot, file: String, totalUpdates: Int
  ) throws {
    do throws(SnapshotError) {
      try trainer.restore(snapshot)
    } catch {
      throw ModelError.request("\(file): \(error)")
    }
    guard trainer.updateCount <= totalUpdates else {
      throw ModelError.request(
        "\(file) has done \(trainer.updateCount) updates already; expected at least as many, found "
          + "\(totalUpdates) (--epochs or --updates)")
    }
  }

  /// - Parameter beginning: the first line to show. When it is there, signals are being watched.
  /// - Returns: the signal's number, if one came.
  /// - Throws: a training that went to where no number is, files that can't be written.
  func run(beginning: String) throws -> Int32? {
    TrainSignals.install()
    var progress = TrainProgress(
      totalUpdates: totalUpdates, firstUpdate: trainer.updateCount, token: token)
    TrainProgress.write(beginning + "\n")
    var validation: LossMean?
    var lastSave = ContinuousClock.now
    while trainer.updateCount < totalUpdates, TrainSignals.pending == nil {
      validation = nil
      do throws(TrainingError) {
        progress.note(try trainer.step())
      } catch {
        progress.end()
        // The weights are those of before this update: nothing is lost.
        try save(validation)
        throw ModelError.request(
          "\(error); the weights before it are in \(model): lower --lr or set --clip, and start "
            + "again")
      }
      let isLast = trainer.updateCount == totalUpdates
      if trainer.position == 0 || isLast {
        validation = trainer.validate { TrainSignals.pending != nil }
        progress.note(validation: validation)
      }
      if !isLast, ContinuousClock.now - lastSave > .seconds(60) {
        try save(validation)
        lastSave = .now
      }
    }
    // A signal during the last validation: it is asked for again when the training is resumed.
    if trainer.updateCount == totalUpdates, validation == nil, TrainSignals.pending == nil {
      validation = trainer.validate { false }
      progress.note(validation: validation)
    }
    progress.end()
    try save(validation)
    if let signal = TrainSignals.pending {
      Console.warn("stopped after update \(trainer.updateCount); --resume goes on")
      return signal
    }
    return nil
  }
}
