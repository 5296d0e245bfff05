internal import ArgumentParser
internal import Learning

/// How transformers and translators are updated, and how often. What is not given is nil: it may be
/// remembered from before.
struct TrainUpdateOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: ArgumentHelp("How many updates to do.", valueName: "n"))
  var updates: Int?

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
    help: ArgumentHelp(
      "The largest norm of all gradients together, or off.", valueName: "norm"))
  var clip: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The share of each label given to all tokens.", valueName: "share"))
  var labelSmoothing: Double?

  func validate() throws {
    try TrainCheck.positive("updates", updates, upTo: 1 << 40)
    if let warmUp, !(0...1 << 30).contains(warmUp) {
      throw ValidationError("--warm-up \(warmUp): expected a number from 0 on")
    }
    try TrainCheck.rates(learningRate: learningRate, weightDecay: weightDecay, clip: clip)
    try TrainCheck.share("label-smoothing", labelSmoothing)
  }

  var settings: [TrainSettings.Option: String?] {
    [
      .updates: updates.map { "\($0)" }, .learningRate: learningRate.map { "\($0)" },
      .warmUp: warmUp.map { "\($0)" }, .decay: decay?.rawValue,
      .weightDecay: weightDecay.map { "\($0)" },
      .clip: clip.map { text in Double(text).map { "\($0)" } ?? text },
      .labelSmoothing: labelSmoothing.map { "\($0)" },
    ]
  }
}
