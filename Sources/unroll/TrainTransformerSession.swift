internal import Checkpoints
internal import Equations
internal import Learning
internal import Networks
internal import Tensors

/// One training of a transformer from its first update, or from where it stopped, to its end or a
/// signal.
nonisolated final class TrainTransformerSession<Recipe: TransformerRecipe> {
  private let recipe: Recipe
  private let settings: TrainSettings
  private let files: TrainFiles
  private let task: Recipe.Task
  private let trainer: TransformerTrainer
  private let totalUpdates: Int
  /// Of the finished model.
  private lazy var report = recipe.report(trainer.transformer, task)

  /// The metadata key of the task's name.
  private static var taskKey: String { "train.task" }

  /// - Throws: whatever is wrong with the options or the file to go on with.
  init(_ recipe: Recipe, given: TrainSettings, files: TrainFiles, isResumed: Bool) throws {
    self.recipe = recipe
    self.files = files
    let file = isResumed ? try files.open(TransformerFile.isOne) : nil
    let remembered = try file.map { (file) throws(FileError) in try TransformerFile.load(file) }
    if let remembered { try Self.checkTask(remembered, file: files.training) }
    if let metadata = remembered?.metadata {
      settings = try TrainSettings(metadata: metadata).resumed(with: given, file: files.training)
    } else {
      settings = given.completed(Recipe.standards)
    }
    task = try recipe.task(settings)
    if let remembered { try Self.check(remembered, task, file: files.training) }
    totalUpdates = try settings.number(.updates, Int.self)
    let transformer =
      if let remembered { remembered.transformer } else {
        try Self.transformer(recipe, settings, task)
      }
    trainer = TransformerTrainer(
      transformer: transformer, task: task,
      optimizer: Adam(
        count: transformer.parameters.count,
        weightDecay: try settings.number(.weightDecay, Double.self)),
      schedule: LearningRateSchedule(
        initialRate: try settings.number(.learningRate, Double.self),
        decay: try settings.choice(.decay, LearningRateSchedule.Decay.self),
        totalUpdates: totalUpdates,
        warmupUpdates: Int(try settings.number(.warmUp, UInt32.self))),
      options: TransformerTrainer.Options(
        batchSize: try settings.number(.batch, Int.self),
        seed: try settings.number(.seed, UInt64.self),
        labelSmoothing: try settings.share(.labelSmoothing),
        maximumNorm: try settings.maximumNorm()))
    if let file {
      try TrainLoop.restore(
        trainer, try files.snapshot(file, weights: transformer.parameters), file: files.training,
        totalUpdates: totalUpdates)
    }
  }

  private static func transformer(
    _ recipe: Recipe, _ settings: TrainSettings, _ task: Recipe.Task
  ) throws -> Transformer<Float> {
    let configuration = try recipe.configuration(task, TransformerSizes(settings))
    try checkMemory(configuration, settings)
    let transformer = Transformer<Float>(configuration)
    transformer.initialize(seed: try settings.number(.seed, UInt64.self))
    return transformer
  }

  /// Counts weights, gradients and two moments, and for each row of a batch every value and its
  /// gradient.
  private static func checkMemory(
    _ configuration: TransformerConfiguration, _ settings: TrainSettings
  ) throws {
    // The longest generated sentence is shorter.
    let seqLen = Double(try settings.optionalNumber(.seqLen, Int.self) ?? 32)
    let rows = seqLen * Double(try settings.number(.batch, Int.self))
    let sizes = configuration.sizes
    let columns = Double(12 * sizes.modelSize + 3 * sizes.feedForwardSize)
    let perLayer = columns + 3 * seqLen * Double(sizes.headCount)
    let perRow =
      2 * perLayer * Double(configuration.layerCount)
      + 3 * Double(configuration.vocabularySize ?? 0)
    try TrainMemory.check(
      numbers: 4 * Double(TransformerLayout(configuration).count) + rows * perRow,
      lower: "--model-size, --feed-forward, --layers or --batch")
  }

  /// Refuses the training of another task.
  private static func checkTask(_ model: TransformerModel, file: String) throws {
    let found = model.metadata[taskKey]
    guard found == Recipe.name else {
      throw ModelError.request(
        "\(file): expected a training of \(Recipe.name), found one of \(found ?? "something else")")
    }
  }

  /// Refuses a model that does not know the task's tokens.
  private static func check(
    _ model: TransformerModel, _ task: Recipe.Task, file: String
  ) throws {
    let tokens = (0..<task.vocabulary.count).map { model.tokenizer?.token($0) }
    guard model.tokenizer?.vocabularySize == tokens.count, tokens == task.vocabulary.tokens,
      model.configuration.head != .none
    else {
      throw ModelError.request(
        "\(file): expected the \(tokens.count) tokens of \(Recipe.name), found other ones")
    }
  }

  /// Trains until all updates are done or a signal comes, saves, and says what the finished model can
  /// do.
  ///
  /// - Returns: the signal's number, if one came.
  func run() throws -> Int32? {
    let loop = TrainLoop(
      trainer: trainer, totalUpdates: totalUpdates, model: files.model, token: Recipe.token,
      save: save)
    let signal = try loop.run(
      beginning: "\(trainer.transformer.layout.parameterCount) parameters, "
        + "\(task.vocabulary.count) different \(task.vocabulary.unit.rawValue)")
    guard signal == nil else { return signal }
    for line in report.lines { Console.warn(line) }
    return nil
  }

  private func save(_ validation: LossMean?) throws {
    if let (entry, index) = trainer.transformer.firstNonFinite {
      throw ModelError.request(
        "update \(trainer.updateCount): \(entry.name) is not finite (element \(index)); nothing "
          + "is written over \(files.model) and \(files.training)")
    }
    var metadata = settings.metadata
    metadata[Self.taskKey] = Recipe.name
    metadata["result.updates"] = "\(trainer.updateCount)"
    let training = trainer.lastLoss.mean ?? trainer.currentLoss.mean
    for (name, loss) in [("train", training), ("validation", validation?.mean)] {
      if let loss { metadata["result.\(name)_loss_nats"] = "\(loss)" }
    }
    if trainer.updateCount == totalUpdates {
      metadata.merge(report.metadata) { old, _ in old }
    }
    try files.save(trainer.snapshot(), metadata: metadata) {
      (metadata, state, path) throws(FileError) in
      try TransformerFile.save(
        trainer.transformer, vocabulary: task.vocabulary, metadata: metadata, state: state,
        to: path)
    }
  }
}
