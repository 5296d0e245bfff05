internal import Equations
public import Tensors

/// Trains a model update by update, can be stopped after each of them, and goes on later as if it had
/// not been.
///
/// Everything is determined by the learner, the optimiser and the options. A trainer is used by one
/// thread at a time.
public final class Trainer<Source: Learner> {
  public let learner: Source
  /// May be changed between updates.
  public var schedule: LearningRateSchedule
  /// The largest norm of all gradients together; nil for no clipping. May be changed between updates.
  public var maximumNorm: Double?

  public private(set) var place = TrainingPlace()
  /// The losses of this epoch so far.
  public private(set) var currentLoss = LossMean()
  /// The losses of the last whole epoch.
  public private(set) var lastLoss = LossMean()
  /// The gradients of the last update, before clipping, laid out as the parameters.
  public let gradients: Buffer<Float>

  private var optimizer: any Optimizer

  /// Updates done.
  public var updateCount: Int { place.update }
  /// Epochs done.
  public var epoch: Int { place.epoch }
  /// Updates done since the epoch began.
  public var position: Int { place.position }

  /// Trains the learner's weights in place.
  public init(
    _ learner: Source, optimizer: any Optimizer, schedule: LearningRateSchedule,
    maximumNorm: Double? = nil
  ) {
    precondition(learner.updatesPerEpoch > 0, "an epoch of \(learner.updatesPerEpoch) updates")
    self.learner = learner
    self.optimizer = optimizer
    self.schedule = schedule
    self.maximumNorm = maximumNorm
    gradients = Buffer(count: learner.parameters.count)
  }

  // MARK: Training

  /// Learns once.
  ///
  /// - Throws: `TrainingError` at the first loss or gradient that is not finite. Weights and
  ///   carried states are as before then.
  public func step() throws(TrainingError) -> UpdateStatistics {
    gradients.fill(0)
    let loss = learner.loss(at: place, gradients: gradients)
    guard loss.sum.isFinite else { throw error(.loss, culprit: firstNonFiniteWeight) }
    let clipping = GradientClipping(gradients: gradients, maximum: maximumNorm)
    guard clipping.norm.isFinite else { throw error(.gradient, culprit: named(gradients)) }
    let rate = schedule.rate(ofUpdate: place.update)
    optimizer.update(
      learner.parameters, gradients: gradients, scale: clipping.scale, learningRate: rate)
    learner.didUpdate()
    let statistics = UpdateStatistics(
      update: place.update + 1, epoch: place.epoch, loss: loss, gradientNorm: clipping.norm,
      clippedNorm: clipping.clippedNorm, learningRate: rate)
    moveOn(with: loss)
    return statistics
  }

  private func moveOn(with loss: LossMean) {
    place.update += 1
    place.position += 1
    currentLoss.add(loss)
    guard place.position == learner.updatesPerEpoch else { return }
    place.epoch += 1
    place.position = 0
    lastLoss = currentLoss
    currentLoss = LossMean()
  }

  /// The loss of what is not learnt from, with the present weights.
  ///
  /// - Parameter shouldStop: asked now and then; true gives up.
  /// - Returns: nil where there is nothing to measure by, or it was given up.
  public func validate(unless shouldStop: () -> Bool = { false }) -> LossMean? {
    learner.validate(unless: shouldStop)
  }

  // MARK: Numbers that are none

  /// The first weight that is not finite.
  public var firstNonFiniteWeight: (name: String, index: Int)? { named(learner.parameters) }

  private func named(_ buffer: Buffer<Float>) -> (name: String, index: Int)? {
    buffer.firstNonFinite.flatMap(learner.parameter)
  }

  private func error(
    _ quantity: TrainingError.Quantity, culprit: (name: String, index: Int)?
  ) -> TrainingError {
    TrainingError(
      update: place.update + 1, quantity: quantity, parameter: culprit?.name,
      index: culprit?.index)
  }

  // MARK: Going on later

  public func snapshot() -> TrainerSnapshot {
    TrainerSnapshot(
      updateCount: place.update, epoch: place.epoch, position: place.position,
      optimizerStepCount: optimizer.stepCount, currentLoss: currentLoss, lastLoss: lastLoss,
      arrays: storage.map { .init(name: $0.name, values: $0.view.array) })
  }

  /// Goes on from a snapshot that a trainer with the same model, data and options has taken.
  ///
  /// - Throws: `SnapshotError` where it does not fit; the trainer is as before then.
  public func restore(_ snapshot: TrainerSnapshot) throws(SnapshotError) {
    guard (0..<learner.updatesPerEpoch).contains(snapshot.position) else {
      throw SnapshotError(
        name: "position", expected: "an update below \(learner.updatesPerEpoch)",
        found: "\(snapshot.position)")
    }
    let storage = storage
    let found = try snapshot.values(for: storage.map { ($0.name, $0.view.count) })
    for ((_, view), values) in zip(storage, found) {
      view.buffer.copy(from: values, at: view.offset)
    }
    place = TrainingPlace(
      update: snapshot.updateCount, epoch: snapshot.epoch, position: snapshot.position)
    optimizer.stepCount = snapshot.optimizerStepCount
    currentLoss = snapshot.currentLoss
    lastLoss = snapshot.lastLoss
  }

  /// All memory that an update depends on, by name.
  private var storage: [(name: String, view: BufferView<Float>)] {
    [(TrainerSnapshot.parameters, BufferView(learner.parameters))]
      + optimizer.moments.map { ($0.name, BufferView($0.buffer)) } + learner.carriedStates
  }
}

/// What one update did.
public struct UpdateStatistics: Sendable, Equatable {
  /// Counted from 1.
  public let update: Int
  /// The epoch that the update belongs to, from 0.
  public let epoch: Int
  /// Of the weights before the update; in nats.
  public let loss: LossMean
  /// The norm of all gradients together, before and after clipping.
  public let gradientNorm: Double
  public let clippedNorm: Double
  public let learningRate: Double
}
