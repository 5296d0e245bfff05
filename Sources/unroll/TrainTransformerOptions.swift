internal import ArgumentParser
internal import Learning

/// A transformer to train, and how. What is not given is nil: it may be remembered from before.
struct TrainTransformerOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: ArgumentHelp("Layers, one upon the other.", valueName: "n"))
  var layers: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("D, the length of the tokens' vectors.", valueName: "n"))
  var modelSize: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Heads of each layer; they share D.", valueName: "n"))
  var heads: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("F, the width of the feed-forward nets.", valueName: "n"))
  var feedForward: Int?

  @Option(help: "How a token knows its place: sinusoidal, or none. (default: sinusoidal)")
  var positions: PositionChoice?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The share of elements dropped while training.", valueName: "share"))
  var dropout: Double?

  @Option(parsing: .unconditional, help: ArgumentHelp("Sequences of an update.", valueName: "n"))
  var batch: Int?

  @OptionGroup var update: TrainUpdateOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seed of the first weights, the data and the dropout.", valueName: "n"))
  var seed: UInt64?

  func validate() throws {
    try TrainCheck.positive("layers", layers, upTo: 1 << 6)
    try TrainCheck.positive("model-size", modelSize, upTo: 1 << 12)
    try TrainCheck.positive("heads", heads, upTo: 1 << 8)
    try TrainCheck.positive("feed-forward", feedForward, upTo: 1 << 14)
    try TrainCheck.positive("batch", batch, upTo: 1 << 12)
    try TrainCheck.share("dropout", dropout)
  }

  var settings: [TrainSettings.Option: String?] {
    [
      .layers: layers.map { "\($0)" }, .modelSize: modelSize.map { "\($0)" },
      .heads: heads.map { "\($0)" }, .feedForward: feedForward.map { "\($0)" },
      .dropout: dropout.map { "\($0)" }, .positions: positions?.rawValue,
      .batch: batch.map { "\($0)" }, .seed: seed.map { "\($0)" },
    ].merging(update.settings) { own, _ in own }
  }
}

/// What is added to the embedding.
nonisolated enum PositionChoice: String, ExpressibleByArgument, CaseIterable {
  case sinusoidal
  /// Then the order of the words does not matter, unless there is a causal mask.
  case none
}

/// Where a training writes to, and whether it goes on.
struct TrainOutputOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Threads of the matrix products.")
  var threads = 1

  @Option(
    help: ArgumentHelp("The model to write.", valueName: "file"), completion: .file())
  var out: String

  @Flag(help: "Go on with the training that OUT.training remembers.")
  var resume = false

  func validate() throws {
    try TrainCheck.positive("threads", threads)
    if out.isEmpty { throw ValidationError("--out is empty; expected a file to write") }
  }
}
