internal import ArgumentParser

/// `unroll train sentiment`.
struct TrainSentimentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sentiment",
    abstract: "Many to one: learn whether a review praises or blames.",
    discussion: """
      Reviews are made from a seed, with negations and "but" and "although". The loss is that of the \
      last word; one review in eight is held out, and the accuracy on those is written into the model.

      \(TrainTransformerText.standards(SentimentRecipe.standards)) \(TrainTransformerText.resuming)
      """)

  @OptionGroup(title: "Training") var training: TrainShapeOptions
  @OptionGroup(title: "Output") var output: TrainOutputOptions

  func run() throws {
    try TrainSession<TrainShapeJob<SentimentRecipe>>.run([training.settings], output)
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

      \(TrainTransformerText.standards(NamesRecipe.standards)) \(TrainTransformerText.resuming)
      """)

  @OptionGroup(title: "Training") var training: TrainShapeOptions
  @Flag(help: "Read from the left alone.") var forwardOnly = false
  @OptionGroup(title: "Output") var output: TrainOutputOptions

  func run() throws {
    try TrainSession<TrainShapeJob<NamesRecipe>>.run(
      [training.settings, [.bidirectional: forwardOnly ? "false" : nil]], output)
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

      \(TrainTransformerText.standards(CaptionsRecipe.standards)) \(TrainTransformerText.resuming)
      """)

  @OptionGroup(title: "Training") var training: TrainShapeOptions
  @OptionGroup(title: "Output") var output: TrainOutputOptions

  func run() throws {
    try TrainSession<TrainShapeJob<CaptionsRecipe>>.run([training.settings], output)
  }
}

/// What the small tasks have in common. What is not given is nil: it may be remembered from before.
struct TrainShapeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A shipped cell's name, or a cell file.", valueName: "name|file"))
  var cell: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("Units of the layer.", valueName: "n"))
  var hidden: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("How many updates to do.", valueName: "n"))
  var updates: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Sequences of an update.", valueName: "n"))
  var batch: Int?

  @Option(
    name: .customLong("lr"), parsing: .unconditional,
    help: ArgumentHelp("Learning rate; it falls along half a cosine wave.", valueName: "x"))
  var learningRate: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seed of the weights and the examples.", valueName: "n"))
  var seed: UInt64?

  func validate() throws {
    try TrainCheck.positive("batch", batch)
    try TrainCheck.positive("hidden", hidden, upTo: 1 << 14)
    try TrainCheck.positive("updates", updates, upTo: 1 << 40)
    try TrainCheck.rates(learningRate: learningRate, weightDecay: nil, clip: nil)
  }

  var settings: [TrainSettings.Option: String?] {
    [
      .cell: cell, .hidden: hidden.map { "\($0)" }, .updates: updates.map { "\($0)" },
      .batch: batch.map { "\($0)" }, .learningRate: learningRate.map { "\($0)" },
      .seed: seed.map { "\($0)" },
    ]
  }
}
