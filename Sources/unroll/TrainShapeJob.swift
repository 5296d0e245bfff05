internal import Checkpoints
internal import Equations
internal import Learning
internal import Networks

/// A small task as it is trained for the shipped model.
nonisolated protocol ShapeRecipe {
  static var kind: ShapeKind { get }
  /// What holds where nothing is given.
  static var standards: [TrainSettings.Option: String] { get }
  /// What the harder ones of the held-out examples are, where they are measured apart.
  static var hardOnes: String { get }
}

private nonisolated func shapeStandards(
  hidden: Int, updates: Int, isBidirectional: Bool = false
) -> [TrainSettings.Option: String] {
  [
    .cell: "lstm", .hidden: "\(hidden)", .updates: "\(updates)", .batch: "32",
    .learningRate: "0.005", .decay: "cosine", .weightDecay: "0.0", .clip: "1.0", .seed: "1",
    .forgetBias: "1.0", .bidirectional: "\(isBidirectional)",
  ]
}

nonisolated enum SentimentRecipe: ShapeRecipe {
  static let kind = ShapeKind.sentiment
  static let standards = shapeStandards(hidden: 32, updates: 4000)
  static let hardOnes = "with \"but\" or \"although\""
}

nonisolated enum NamesRecipe: ShapeRecipe {
  static let kind = ShapeKind.names
  static let standards = shapeStandards(hidden: 32, updates: 3000, isBidirectional: true)
  static let hardOnes = "names that what follows decides"
}

nonisolated enum CaptionsRecipe: ShapeRecipe {
  static let kind = ShapeKind.captions
  static let standards = shapeStandards(hidden: 96, updates: 20_000)
  static let hardOnes = ""
}

/// A recurrent network that learns a small task.
nonisolated struct TrainShapeJob<Recipe: ShapeRecipe>: TrainJob {
  let learner: ShapeLearner
  private let task = Recipe.kind.task

  /// How many examples the held-out figure is measured on, and from which seed.
  private static var heldOutCount: Int { 2000 }
  private static var heldOutSeed: UInt64 { 0xE7A1 }

  static func isOne(_ file: SafetensorsFile) -> Bool { ModelFile.isOne(file) }
  static func load(_ file: SafetensorsFile) throws(FileError) -> Model { try ModelFile.load(file) }
  static func completed(_ given: TrainSettings) -> TrainSettings {
    given.completed(Recipe.standards)
  }

  init(_ start: TrainStart<Model>) throws {
    let settings = start.settings
    let expected = try Self.configuration(
      settings, task,
      cell: start.remembered?.cell ?? CellFile.load(settings[.cell] ?? "lstm"))
    let network: Network<Float>
    if let model = start.remembered {
      let found = model.configuration
      guard ShapeModel(model)?.kind == Recipe.kind, found.hiddenSize == expected.hiddenSize,
        found.numLayers == 1, found.isBidirectional == expected.isBidirectional,
        found.outputSize == expected.outputSize
      else {
        throw ModelError.request(
          "\(start.file): expected a training of \(Recipe.kind.rawValue), found another one")
      }
      if let cell = start.given[.cell], try CellFile.load(cell).text != found.cell.text {
        throw ModelError.request(
          "--cell \(cell): its equations have changed since the training began")
      }
      network = model.network
    } else {
      try TrainMemory.check(
        expected, rows: 32 * settings.number(.batch, Int.self), lower: "--hidden or --batch")
      network = Network<Float>(expected)
      network.initialize(
        InitializationOptions(
          forgetBias: try settings.number(.forgetBias, Double.self),
          seed: try settings.number(.seed, UInt64.self)))
    }
    learner = ShapeLearner(
      network: network, task: task, updates: try settings.number(.updates, Int.self),
      batchSize: try settings.number(.batch, Int.self),
      seed: try settings.number(.seed, UInt64.self))
  }

  private static func configuration(
    _ settings: TrainSettings, _ task: any ShapeTask, cell: Cell
  ) throws -> NetworkConfiguration {
    NetworkConfiguration(
      input: task.input, cell: cell,
      hiddenSize: try settings.number(.hidden, Int.self),
      isBidirectional: settings[.bidirectional] == "true", outputSize: task.classes.count)
  }

  // MARK: What is told and written

  var token: String { "answer" }

  var beginning: String {
    "\(learner.network.layout.parameterCount) parameters, \(task.classes.count) answers"
  }

  func metadata(_ trainer: ShapeTrainer, _ losses: TrainLosses) -> [String: String] {
    [ShapeModel.taskKey: Recipe.kind.rawValue]
  }

  func report() -> TrainReport {
    let score = ShapeScore(
      learner.network, on: task, examples: Self.heldOutCount, seed: Self.heldOutSeed)
    var report = TrainReport(
      metadata: [
        "result.held_out_examples": "\(Self.heldOutCount)",
        "result.held_out_accuracy": "\(score.accuracy)",
      ],
      lines: [
        "held out: \(score.right) of \(score.count) \(task.unit) right, "
          + TrainTransformerText.percent(score.accuracy)
      ])
    if let hard = score.hardAccuracy {
      report.metadata["result.held_out_hard_accuracy"] = "\(hard)"
      report.lines.append(
        "\(Recipe.hardOnes): \(score.hardRight) of \(score.hardCount), "
          + TrainTransformerText.percent(hard))
    }
    return report
  }

  func write(
    _ metadata: [String: String], _ state: [NamedArray], to path: String
  ) throws(FileError) {
    try ModelFile.save(
      learner.network, vocabulary: task.vocabulary, classes: task.classes, metadata: metadata,
      state: state, to: path)
  }
}
