internal import ArgumentParser
internal import Learning

/// The model to train to translate. What is not given is nil: it may be remembered from before.
struct TrainTranslateModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      CELL-none, CELL-additive or CELL-dot with a shipped cell, or transformer. \
      (default: \(TrainTranslateModel.standardName))
      """, valueName: "model"))
  var model: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Units of each layer; of a transformer D.", valueName: "n"))
  var hidden: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Layers of the encoder, and as many of the decoder.", valueName: "n"))
  var layers: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The length of the words' vectors, on both sides.", valueName: "n"))
  var embedding: Int?

  @Flag(
    inversion: .prefixedNo,
    help: "Whether the encoder reads both ways; its directions share the units. (default: both)")
  var bidirectional: Bool?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("transformer: heads of each layer; they share D.", valueName: "n"))
  var heads: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("transformer: F, the width of the feed-forward nets.", valueName: "n"))
  var feedForward: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "transformer: the share of elements dropped while training.", valueName: "share"))
  var dropout: Double?

  func validate() throws {
    if let model {
      do {
        _ = try TrainTranslateModel(name: model)
      } catch {
        throw ValidationError("\(error)")
      }
    }
    try TrainCheck.positive("hidden", hidden, upTo: 1 << 14)
    try TrainCheck.positive("layers", layers, upTo: 1 << 6)
    try TrainCheck.positive("embedding", embedding, upTo: 1 << 14)
    try TrainCheck.positive("heads", heads, upTo: 1 << 8)
    try TrainCheck.positive("feed-forward", feedForward, upTo: 1 << 14)
    try TrainCheck.share("dropout", dropout)
  }

  var settings: [TrainSettings.Option: String?] {
    [
      .model: model, .hidden: hidden.map { "\($0)" }, .layers: layers.map { "\($0)" },
      .embedding: embedding.map { "\($0)" }, .bidirectional: bidirectional.map { "\($0)" },
      .heads: heads.map { "\($0)" }, .feedForward: feedForward.map { "\($0)" },
      .dropout: dropout.map { "\($0)" },
    ]
  }
}

/// What it learns from, and how.
struct TrainTranslateLearningOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Sentence pairs, ENGLISH<TAB>FRENCH. (default: generated ones)", valueName: "file.tsv"),
    completion: .file())
  var pairs: String?

  @Option(
    help: ArgumentHelp(
      "Pairs to measure by. (default: one sentence in 20 of --pairs)", valueName: "file.tsv"),
    completion: .file())
  var heldOut: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("Pairs of an update.", valueName: "n"))
  var batch: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How often to go through all pairs, in place of --updates.", valueName: "n"))
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How often the decoder is given the right word, 0 to 1; else it is given the word that it held \
      for the likeliest.
      """, valueName: "rate"))
  var teacherForcing: Double?

  @OptionGroup var update: TrainUpdateOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seed of the first weights and of all that is drawn.", valueName: "n"))
  var seed: UInt64?

  func validate() throws {
    try TrainCheck.positive("batch", batch, upTo: 1 << 12)
    try TrainCheck.positive("epochs", epochs, upTo: 1 << 30)
    if epochs != nil, update.updates != nil {
      throw ValidationError("--epochs and --updates both say how long; give one of them")
    }
    if let teacherForcing, !(0...1).contains(teacherForcing) {
      throw ValidationError("--teacher-forcing \(teacherForcing): expected a rate from 0 to 1")
    }
  }

  var settings: [TrainSettings.Option: String?] {
    [
      .pairs: pairs, .heldOut: heldOut, .batch: batch.map { "\($0)" },
      .epochs: epochs.map { "\($0)" }, .teacherForcing: teacherForcing.map { "\($0)" },
      .seed: seed.map { "\($0)" },
    ].merging(update.settings) { own, _ in own }
  }
}
