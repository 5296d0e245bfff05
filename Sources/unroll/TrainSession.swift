internal import ArgumentParser
internal import Checkpoints
internal import Learning
internal import Tensors

/// One training from its first update, or from where it stopped, to its end or a signal.
nonisolated final class TrainSession<Job: TrainJob> {
  private let settings: TrainSettings
  private let files: TrainFiles
  private let job: Job
  private let trainer: Trainer<Job.Source>
  private let totalUpdates: Int
  /// Of the finished model.
  private lazy var report = job.report()

  /// - Throws: whatever is wrong with the settings, what is learnt from, or the file to go on with.
  init(given: TrainSettings, files: TrainFiles, isResumed: Bool) throws {
    self.files = files
    let file = isResumed ? try files.open(Job.isOne) : nil
    let remembered = try file.map { (file) throws(FileError) in try Job.load(file) }
    if let remembered {
      settings = try TrainSettings(metadata: remembered.metadata)
        .resumed(with: given, file: files.training)
    } else {
      settings = Job.completed(given)
    }
    job = try Job(
      TrainStart(
        settings: settings, given: given, remembered: remembered, file: files.training))
    let learner = job.learner
    totalUpdates =
      try settings.optionalNumber(.updates, Int.self)
      ?? settings.number(.epochs, Int.self) * learner.updatesPerEpoch
    trainer = Trainer(
      learner,
      optimizer: try settings.optimizer(count: learner.parameters.count),
      schedule: try settings.schedule(totalUpdates: totalUpdates),
      maximumNorm: try settings.maximumNorm())
    if let file {
      try TrainLoop.restore(
        trainer, try files.snapshot(file, weights: learner.parameters), file: files.training,
        totalUpdates: totalUpdates)
    }
  }

  /// Runs a command from its options to the exit code.
  ///
  /// - Throws: what went wrong, or the exit code of a signal.
  static func run(
    _ given: [[TrainSettings.Option: String?]], _ output: TrainOutputOptions
  ) throws {
    BLAS.threads = output.threads
    let files = TrainFiles(model: output.out)
    try files.checkWritable()
    let session = try TrainSession(
      given: TrainSettings(given: given), files: files, isResumed: output.resume)
    if let signal = try session.run() { throw ExitCode(128 + signal) }
  }

  /// Trains until all updates are done or a signal comes, saves, and says what the finished model can
  /// do.
  ///
  /// - Returns: the signal's number, if one came.
  private func run() throws -> Int32? {
    let loop = TrainLoop(
      trainer: trainer, totalUpdates: totalUpdates, model: files.model, token: job.token,
      save: save)
    if let signal = try loop.run(beginning: job.beginning) { return signal }
    for line in report.lines { Console.warn(line) }
    return nil
  }

  /// Writes both files; `validation` is nil where it is not known for the present weights.
  private func save(_ validation: LossMean?) throws {
    if let (name, index) = trainer.firstNonFiniteWeight {
      throw ModelError.request(
        "update \(trainer.updateCount): \(name) is not finite (element \(index)); nothing "
          + "is written over \(files.model) and \(files.training)")
    }
    let losses = TrainLosses(
      training: trainer.lastLoss.mean ?? trainer.currentLoss.mean, validation: validation?.mean)
    var metadata = settings.metadata
    metadata["result.updates"] = "\(trainer.updateCount)"
    for (name, loss) in losses.named { metadata["result.\(name)_loss_nats"] = "\(loss)" }
    metadata.merge(job.metadata(trainer, losses)) { $1 }
    if trainer.updateCount == totalUpdates {
      metadata.merge(report.metadata) { old, _ in old }
    }
    try files.save(trainer.snapshot(), metadata: metadata) {
      (metadata, state, path) throws(FileError) in
      try job.write(metadata, state, to: path)
    }
  }
}
