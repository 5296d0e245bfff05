internal import ArgumentParser
internal import Checkpoints
internal import Learning
internal import Networks

/// `unroll train sentiment`.
struct TrainSentimentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sentiment",
    abstract: "Many to one: learn whether a review praises or blames.",
    discussion: """
      Reviews are made from a seed, with negations and "but" and "although". The loss is that of the \
      last word; one review in eight is held out, and the accuracy on those is written into the model.
      """)

  @OptionGroup var options: TrainShapeOptions

  func run() throws {
    try ShapeTraining(kind: .sentiment, hidden: 32, updates: 4000).run(options)
  }
}

/// `unroll train names`.
struct TrainNamesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "names",
    abstract: "Many to many, aligned: learn to tell names of people, organisations and places.",
    discussion: """
      Often only the words behind a name tell what it is, so the network reads in both directions. \
      With --forward-only it reads from the left alone, for comparison.
      """)

  @OptionGroup var options: TrainShapeOptions
  @Flag(help: "Read from the left alone.") var forwardOnly = false

  func run() throws {
    try ShapeTraining(
      kind: .names, hidden: 32, updates: 3000, isBidirectional: !forwardOnly
    ).run(options)
  }
}

/// `unroll train captions`.
struct TrainCaptionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "captions",
    abstract: "One to many: learn to say what is on a picture of 8x8 cells.",
    discussion: """
      The picture is the input of the first step, the word before that of each later one. One \
      picture in eight is held out; the share of those that get exactly the right words is written \
      into the model.
      """)

  @OptionGroup var options: TrainShapeOptions

  func run() throws {
    try ShapeTraining(kind: .captions, hidden: 96, updates: 20_000).run(options)
  }
}

/// What the small tasks have in common.
struct TrainShapeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The model to write.", valueName: "file"), completion: .file())
  var out: String
  @Option(help: ArgumentHelp("A shipped cell's name, or a cell file.", valueName: "name|file"))
  var cell = "lstm"
  @Option(parsing: .unconditional, help: "Units of the layer (default: by the task).") var hidden:
    Int?
  @Option(parsing: .unconditional, help: "Updates of the weights (default: by the task).")
  var updates: Int?
  @Option(parsing: .unconditional, help: "Sequences of an update.") var batch = 32
  @Option(parsing: .unconditional, help: "Learning rate; it falls along half a cosine wave.")
  var lr = 5e-3
  @Option(parsing: .unconditional, help: "Seed of the weights and the examples.") var seed: UInt64 =
    1

  func validate() throws {
    if out.isEmpty { throw ValidationError("--out is empty; expected a file to write") }
    try TrainCheck.positive("batch", batch)
    if let hidden { try TrainCheck.positive("hidden", hidden) }
    if let updates { try TrainCheck.positive("updates", updates) }
    guard lr > 0, lr.isFinite else {
      throw ValidationError("--lr: expected a number above 0, found \(lr)")
    }
  }
}

/// The training of a small task, from its first update to the file.
nonisolated struct ShapeTraining {
  let kind: ShapeKind
  let hidden: Int
  let updates: Int
  var isBidirectional = false

  /// How many examples the held-out figure is measured on, and from which seed.
  private static let heldOutCount = 2000
  private static let heldOutSeed: UInt64 = 0xE7A1

  func run(_ options: TrainShapeOptions) throws {
    let task = kind.task
    try checkWritable(options.out)
    let network = Network<Float>(
      NetworkConfiguration(
        input: task.input, cell: try CellFile.load(options.cell, activation: nil),
        hiddenSize: options.hidden ?? hidden, isBidirectional: isBidirectional,
        outputSize: task.classes.count))
    network.initialize(InitializationOptions(forgetBias: 1, seed: options.seed))
    let settings = ShapeTrainingOptions(
      updates: options.updates ?? updates, batchSize: options.batch, learningRate: options.lr,
      seed: options.seed)
    let trainer = ShapeTrainer(network: network, task: task, options: settings)
    var progress = TrainProgress(
      totalUpdates: settings.updates, firstUpdate: 0, token: "answer")
    while trainer.updateCount < settings.updates {
      do { progress.note(try trainer.step()) } catch {
        progress.end()
        throw ModelError.request("\(error)")
      }
    }
    progress.end()
    let score = ShapeScore(network, on: task, examples: Self.heldOutCount, seed: Self.heldOutSeed)
    try ModelFile.save(
      network, vocabulary: task.vocabulary, classes: task.classes,
      metadata: metadata(options, settings, score), to: options.out)
    try Console.print(summary(score, task))
  }

  /// Finds out whether the file can be written before anything is trained, and leaves it as it is.
  private func checkWritable(_ path: String) throws {
    let givenUp = FileError(file: path, .mismatch(expected: "", found: ""))
    do throws(FileError) {
      try AtomicFile.write(to: path) { _ throws(FileError) in throw givenUp }
    } catch {
      if error != givenUp { throw error }
    }
  }

  private func metadata(
    _ options: TrainShapeOptions, _ settings: ShapeTrainingOptions, _ score: ShapeScore
  ) -> [String: String] {
    var metadata = [
      ShapeModel.taskKey: kind.rawValue,
      "train.seed": "\(settings.seed)", "train.updates": "\(settings.updates)",
      "train.batch": "\(settings.batchSize)", "train.lr": "\(settings.learningRate)",
      "train.clip": "\(settings.maximumNorm)", "train.decay": "cosine",
      "result.held_out_examples": "\(Self.heldOutCount)",
      "result.held_out_accuracy": "\(score.accuracy)",
    ]
    if let hard = score.hardAccuracy { metadata["result.held_out_hard_accuracy"] = "\(hard)" }
    return metadata
  }

  private func summary(_ score: ShapeScore, _ task: any ShapeTask) -> String {
    func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10)%" }
    var text = "held out: \(score.right) of \(score.count) \(task.unit) right, "
    text += percent(score.accuracy)
    if let hard = score.hardAccuracy {
      let what = kind == .names ? "names that what follows decides" : "with \"but\" or \"although\""
      text += "; \(what): \(score.hardRight) of \(score.hardCount), \(percent(hard))"
    }
    return text
  }
}
