internal import Checkpoints
internal import Equations
internal import Learning
internal import Networks

/// A transformer that learns a task of generated sequences.
nonisolated struct TrainTransformerJob<Recipe: TransformerRecipe>: TrainJob {
  let learner: TransformerLearner
  private let task: Recipe.Task

  /// The metadata key of the task's name.
  private static var taskKey: String { "train.task" }

  static func isOne(_ file: SafetensorsFile) -> Bool { TransformerFile.isOne(file) }

  static func load(_ file: SafetensorsFile) throws(FileError) -> TransformerModel {
    try TransformerFile.load(file)
  }

  static func completed(_ given: TrainSettings) -> TrainSettings {
    given.completed(Recipe.standards)
  }

  init(_ start: TrainStart<TransformerModel>) throws {
    let settings = start.settings
    if let model = start.remembered { try Self.checkTask(model, file: start.file) }
    task = try Recipe.task(settings)
    if let model = start.remembered { try Self.check(model, task, file: start.file) }
    learner = TransformerLearner(
      transformer: try start.remembered?.transformer ?? Self.transformer(settings, task),
      task: task,
      options: TransformerLearner.Options(
        batchSize: try settings.number(.batch, Int.self),
        seed: try settings.number(.seed, UInt64.self),
        labelSmoothing: try settings.share(.labelSmoothing)))
  }

  private static func transformer(
    _ settings: TrainSettings, _ task: Recipe.Task
  ) throws -> Transformer<Float> {
    let configuration = try Recipe.configuration(task, TransformerSizes(settings))
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
      floats: 4 * Double(TransformerLayout(configuration).count) + rows * perRow,
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

  // MARK: What is told and written

  var token: String { Recipe.token }

  var beginning: String {
    "\(learner.transformer.layout.parameterCount) parameters, "
      + "\(task.vocabulary.count) different \(task.vocabulary.unit.rawValue)"
  }

  func metadata(_ trainer: TransformerTrainer, _ losses: TrainLosses) -> [String: String] {
    [Self.taskKey: Recipe.name]
  }

  func report() -> TrainReport { Recipe.report(learner.transformer, task) }

  func write(
    _ metadata: [String: String], _ state: [NamedArray], to path: String
  ) throws(FileError) {
    try TransformerFile.save(
      learner.transformer, vocabulary: task.vocabulary, metadata: metadata, state: state, to: path)
  }
}
