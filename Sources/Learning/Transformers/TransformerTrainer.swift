public import Networks
public import Tensors

/// Trains a transformer on a task whose sequences never repeat.
///
/// Everything is determined by the first weights, the task and the options: the sequences and what is
/// dropped out are drawn anew for each update, from the seed and the update's number.
///
/// A trainer is used by one thread at a time.
public final class TransformerTrainer: Trainer {
  public struct Options: Sendable, Equatable {
    public var batchSize: Int
    /// Of the sequences and of what is dropped out.
    public var seed: UInt64
    /// ε of Szegedy et al. 2016.
    public var labelSmoothing: Double
    /// The largest norm of all gradients together; nil for no clipping.
    public var maximumNorm: Double?
    /// Updates between two measurements.
    public var epochLength: Int
    /// Sequences to measure by.
    public var validationCount: Int

    public init(
      batchSize: Int, seed: UInt64, labelSmoothing: Double = 0, maximumNorm: Double? = nil,
      epochLength: Int = 250, validationCount: Int = 256
    ) {
      self.batchSize = batchSize
      self.seed = seed
      self.labelSmoothing = labelSmoothing
      self.maximumNorm = maximumNorm
      self.epochLength = epochLength
      self.validationCount = validationCount
    }
  }

  public let transformer: Transformer<Float>
  public let task: any TransformerTask
  public let options: Options
  public let schedule: LearningRateSchedule

  public private(set) var updateCount = 0
  /// Epochs done.
  public private(set) var epoch = 0
  public private(set) var position = 0
  /// The losses of this epoch so far, and those of the last whole one.
  public private(set) var currentLoss = LossMean()
  public private(set) var lastLoss = LossMean()
  /// The gradients of the last update, before clipping, laid out as the parameters.
  public let gradients: Buffer<Float>

  private let objective: TransformerObjective
  private var optimizer: any Optimizer
  private var drawn: TransformerBatches?
  private lazy var heldOut = task.heldOutBatches(
    seed: options.seed ^ Self.heldOutSeed, count: options.validationCount, size: options.batchSize)

  /// What keeps the sequences that are measured by apart from the others.
  private static let heldOutSeed: UInt64 = 0xBB67_AE85_84CA_A73B

  /// Trains the transformer's weights in place.
  ///
  /// - Precondition: the transformer has a head, and knows the task's tokens.
  public init(
    transformer: Transformer<Float>, task: any TransformerTask, optimizer: any Optimizer,
    schedule: LearningRateSchedule, options: Options
  ) {
    precondition(
      transformer.configuration.vocabularySize == task.vocabulary.count
        && transformer.configuration.head != .none,
      "a transformer of another vocabulary, or without a head")
    self.transformer = transformer
    self.task = task
    self.optimizer = optimizer
    self.schedule = schedule
    self.options = options
    gradients = Buffer(count: transformer.layout.count)
    objective = TransformerObjective(
      transformer: transformer, labelSmoothing: options.labelSmoothing)
  }

  // MARK: Training

  /// Learns from the next batch: the loss followed downwards is the mean over its targets.
  ///
  /// - Throws: `TrainingError` at the first loss or gradient that is not finite. The weights are as
  ///   before then.
  public func step() throws(TrainingError) -> UpdateStatistics {
    gradients.fill(0)
    let result = objective.loss(
      nextBatch(), gradients: gradients,
      dropoutSeed: TransformerBatches.mixed(~options.seed, updateCount))
    guard result.sum.isFinite else {
      let culprit = transformer.firstNonFinite
      throw TrainingError(
        update: updateCount + 1, quantity: .loss, parameter: culprit?.entry.name,
        index: culprit?.index)
    }
    let clipping = GradientClipping(gradients: gradients, maximum: options.maximumNorm)
    guard clipping.norm.isFinite else { throw nonFiniteGradient() }
    let rate = schedule.rate(ofUpdate: updateCount)
    optimizer.update(
      transformer.parameters, gradients: gradients, scale: clipping.scale, learningRate: rate)
    updateCount += 1
    let loss = LossMean(sum: result.sum, tokenCount: result.count)
    currentLoss.add(loss)
    let statistics = UpdateStatistics(
      update: updateCount, epoch: epoch, loss: loss, gradientNorm: clipping.norm,
      clippedNorm: clipping.clippedNorm, learningRate: rate)
    position += 1
    if position == options.epochLength { endEpoch() }
    return statistics
  }

  private func nextBatch() -> TransformerBatch {
    let (group, place) = updateCount.quotientAndRemainder(
      dividingBy: TransformerBatches.groupSize)
    if drawn?.group != group {
      drawn = TransformerBatches(
        task: task, seed: options.seed, group: group, batchSize: options.batchSize)
    }
    guard let drawn else { preconditionFailure("no batches were drawn") }
    return drawn.batches[place]
  }

  private func nonFiniteGradient() -> TrainingError {
    let index = gradients.firstNonFinite
    let entry = index.flatMap { index in
      transformer.layout.entries.first { $0.range.contains(index) }
    }
    return TrainingError(
      update: updateCount + 1, quantity: .gradient, parameter: entry?.name,
      index: entry.flatMap { entry in index.map { $0 - entry.offset } })
  }

  private func endEpoch() {
    epoch += 1
    position = 0
    lastLoss = currentLoss
    currentLoss = LossMean()
  }

  // MARK: Measuring

  public func validate(unless shouldStop: () -> Bool = { false }) -> LossMean? {
    var loss = LossMean()
    for batch in heldOut {
      if shouldStop() { return nil }
      let result = objective.loss(batch)
      loss.add(LossMean(sum: result.sum, tokenCount: result.count))
    }
    return loss
  }

  // MARK: Going on later

  public func snapshot() -> TrainerSnapshot {
    TrainerSnapshot(
      updateCount: updateCount, epoch: epoch, position: position,
      optimizerStepCount: optimizer.stepCount, currentLoss: currentLoss, lastLoss: lastLoss,
      arrays: storage.map { .init(name: $0.name, values: $0.buffer.array) })
  }

  public func restore(_ snapshot: TrainerSnapshot) throws(SnapshotError) {
    guard snapshot.position >= 0, snapshot.position < options.epochLength else {
      throw SnapshotError(
        name: "position", expected: "an update below \(options.epochLength)",
        found: "\(snapshot.position)")
    }
    let storage = storage
    let found = try snapshot.values(for: storage.map { ($0.name, $0.buffer.count) })
    for ((_, buffer), values) in zip(storage, found) { buffer.copy(from: values) }
    updateCount = snapshot.updateCount
    epoch = snapshot.epoch
    position = snapshot.position
    optimizer.stepCount = snapshot.optimizerStepCount
    currentLoss = snapshot.currentLoss
    lastLoss = snapshot.lastLoss
  }

  /// All memory that an update depends on, by name.
  private var storage: [(name: String, buffer: Buffer<Float>)] {
    [("parameters", transformer.parameters)] + optimizer.moments.map { ($0.name, $0.buffer) }
  }
}
