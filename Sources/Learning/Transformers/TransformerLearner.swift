public import Networks
public import Tensors

/// A transformer that learns a task whose sequences never repeat.
///
/// The sequences and what is dropped out are drawn anew for each update, from the seed and the
/// update's number.
public final class TransformerLearner: Learner {
  public struct Options: Sendable, Equatable {
    public var batchSize: Int
    /// Of the sequences and of what is dropped out.
    public var seed: UInt64
    /// ε of Szegedy et al. 2016.
    public var labelSmoothing: Double
    /// Updates between two measurements.
    public var epochLength: Int
    /// Sequences to measure by.
    public var validationCount: Int

    public init(
      batchSize: Int, seed: UInt64, labelSmoothing: Double = 0, epochLength: Int = 250,
      validationCount: Int = 256
    ) {
      self.batchSize = batchSize
      self.seed = seed
      self.labelSmoothing = labelSmoothing
      self.epochLength = epochLength
      self.validationCount = validationCount
    }
  }

  public let transformer: Transformer<Float>
  public let task: any TransformerTask
  public let options: Options

  private let objective: TransformerObjective
  private var drawn: TransformerBatches?
  private lazy var heldOut = task.heldOutBatches(
    seed: options.seed ^ Self.heldOutSeed, count: options.validationCount, size: options.batchSize)

  /// What keeps the sequences that are measured by apart from the others.
  private static let heldOutSeed: UInt64 = 0xBB67_AE85_84CA_A73B

  /// - Precondition: the transformer has a head, and knows the task's tokens.
  public init(transformer: Transformer<Float>, task: any TransformerTask, options: Options) {
    precondition(
      transformer.configuration.vocabularySize == task.vocabulary.count
        && transformer.configuration.head != .none,
      "a transformer of another vocabulary, or without a head")
    self.transformer = transformer
    self.task = task
    self.options = options
    objective = TransformerObjective(
      transformer: transformer, labelSmoothing: options.labelSmoothing)
  }

  public var parameters: Buffer<Float> { transformer.parameters }
  public var updatesPerEpoch: Int { options.epochLength }

  public func parameter(at element: Int) -> (name: String, index: Int)? {
    transformer.layout.parameter(at: element)
  }

  /// The loss that is followed downwards is the mean over the batch's targets.
  public func loss(at place: TrainingPlace, gradients: Buffer<Float>) -> LossMean {
    let result = objective.loss(
      batch(ofUpdate: place.update), gradients: gradients,
      dropoutSeed: TransformerBatches.mixed(~options.seed, place.update))
    return LossMean(sum: result.sum, tokenCount: result.count)
  }

  private func batch(ofUpdate update: Int) -> TransformerBatch {
    let (group, place) = update.quotientAndRemainder(dividingBy: TransformerBatches.groupSize)
    if let drawn, drawn.group == group { return drawn.batches[place] }
    let batches = TransformerBatches(
      task: task, seed: options.seed, group: group, batchSize: options.batchSize)
    drawn = batches
    return batches.batches[place]
  }

  public func validate(unless shouldStop: () -> Bool) -> LossMean? {
    var loss = LossMean()
    for batch in heldOut {
      if shouldStop() { return nil }
      let result = objective.loss(batch)
      loss.add(LossMean(sum: result.sum, tokenCount: result.count))
    }
    return loss
  }
}

public typealias TransformerTrainer = Trainer<TransformerLearner>
