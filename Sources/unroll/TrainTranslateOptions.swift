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
    if let dropout, !(0..<1).contains(dropout) {
      throw ValidationError("--dropout \(dropout): expected a share from 0 to below 1")
    }
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

  @Option(parsing: .unconditional, help: ArgumentHelp("How many updates to do.", valueName: "n"))
  var updates: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      How often the decoder is given the right word, 0 to 1; else it is given the word that it held \
      for the likeliest.
      """, valueName: "rate"))
  var teacherForcing: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The share of each label given to all words.", valueName: "share"))
  var labelSmoothing: Double?

  @Option(
    name: .customLong("lr"), parsing: .unconditional,
    help: ArgumentHelp("The highest learning rate.", valueName: "x"))
  var learningRate: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Updates in which the rate rises from zero.", valueName: "n"))
  var warmUp: Int?

  @Option(help: "How the learning rate falls to zero after that: none, linear or cosine.")
  var decay: LearningRateSchedule.Decay?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Each weight shrinks by rate times this.", valueName: "x"))
  var weightDecay: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The largest norm of all gradients together, or off.", valueName: "norm"))
  var clip: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seed of the first weights and of all that is drawn.", valueName: "n"))
  var seed: UInt64?

  func validate() throws {
    try TrainCheck.positive("batch", batch, upTo: 1 << 12)
    try TrainCheck.positive("epochs", epochs, upTo: 1 << 30)
    try TrainCheck.positive("updates", updates, upTo: 1 << 40)
    if epochs != nil, updates != nil {
      throw ValidationError("--epochs and --updates both say how long; give one of them")
    }
    if let teacherForcing, !(0...1).contains(teacherForcing) {
      throw ValidationError("--teacher-forcing \(teacherForcing): expected a rate from 0 to 1")
    }
    if let labelSmoothing, !(0..<1).contains(labelSmoothing) {
      throw ValidationError(
        "--label-smoothing \(labelSmoothing): expected a share from 0 to below 1")
    }
    if let warmUp, !(0...1 << 30).contains(warmUp) {
      throw ValidationError("--warm-up \(warmUp): expected a number from 0 on")
    }
    try TrainCheck.rates(learningRate: learningRate, weightDecay: weightDecay, clip: clip)
  }

  var settings: [TrainSettings.Option: String?] {
    [
      .pairs: pairs, .heldOut: heldOut, .batch: batch.map { "\($0)" },
      .epochs: epochs.map { "\($0)" }, .updates: updates.map { "\($0)" },
      .teacherForcing: teacherForcing.map { "\($0)" },
      .labelSmoothing: labelSmoothing.map { "\($0)" },
      .learningRate: learningRate.map { "\($0)" }, .warmUp: warmUp.map { "\($0)" },
      .decay: decay?.rawValue, .weightDecay: weightDecay.map { "\($0)" },
      .clip: clip.map { text in Double(text).map { "\($0)" } ?? text },
      .seed: seed.map { "\($0)" },
    ]
  }
}
