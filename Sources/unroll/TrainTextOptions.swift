public import ArgumentParser
internal import Equations
public import Learning

/// Which text, and how it is cut. What is not given is nil: it may be remembered from before.
struct TrainTextOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The text to learn, UTF-8; - is standard input.", valueName: "file"),
    completion: .file())
  var text: String?

  @Flag(help: "Words and punctuation marks are the tokens, not characters.")
  var words = false

  @Option(
    parsing: .unconditional,
    help: "With --words: how many tokens; rarer words are <unk>. (default: 10000)")
  var vocabularySize: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of the text, from its end, to measure by. (default: 0.05)", valueName: "share"))
  var validation: Double?

  func validate() throws {
    try TrainCheck.positive("vocabulary-size", vocabularySize)
    try TrainCheck.share("validation", validation)
  }

  var settings: [TrainSettings.Option: String?] {
    [
      .text: text, .words: words ? "true" : nil, .vocabularySize: vocabularySize.map { "\($0)" },
      .validation: validation.map { "\($0)" },
    ]
  }
}

/// The network to train.
struct TrainNetworkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A shipped cell (unroll cells lists them) or a file such as ./my.cell. (default: lstm)",
      valueName: "cell"))
  var cell: String?

  @Option(help: "What φ stands for, in cells that have one. (default: tanh)")
  var activation: Function?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Units of each layer. (default: 128)", valueName: "n"))
  var hidden: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Layers, one upon the other. (default: 1)", valueName: "n"))
  var layers: Int?

  @Option(
    name: [.customLong("embedding"), .customLong("embedding-size")],
    parsing: .unconditional,
    help: ArgumentHelp(
      "The length of trained token vectors; without it tokens are one-hot.", valueName: "n"))
  var embedding: Int?

  @Option(
    name: .customLong("init"),
    help: """
      How recurrent matrices start: uniform (within ±1/√hidden), xavier, he, orthogonal, identity, \
      zeros, or as in a cell file, e.g. normal(0, 0.01). (default: uniform)
      """)
  var initializer: String?

  @Option(parsing: .unconditional, help: "Multiplies what --init draws. (default: 1)")
  var gain: Double?

  @Option(
    help: ArgumentHelp(
      "How the input's matrices start. (default: uniform)", valueName: "initialiser"))
  var inputInit: String?

  @Option(
    help: ArgumentHelp(
      "How the output layer's matrix starts. (default: uniform)", valueName: "initialiser"))
  var outputInit: String?

  @Option(
    parsing: .unconditional,
    help: "Where the forget gate's bias b_f starts. (default: drawn as other biases)")
  var forgetBias: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seed of the first weights. (default: 1)", valueName: "n"))
  var seed: UInt64?

  func validate() throws {
    try TrainCheck.positive("hidden", hidden, upTo: 1 << 16)
    try TrainCheck.positive("layers", layers, upTo: 1 << 10)
    try TrainCheck.positive("embedding", embedding, upTo: 1 << 16)
    try TrainCheck.finite("gain", gain)
    try TrainCheck.finite("forget-bias", forgetBias)
    for (name, text) in [
      ("--init", initializer), ("--input-init", inputInit), ("--output-init", outputInit),
    ] {
      guard let text, Initializer(argument: text) == nil else { continue }
      let known = Initializer.allValueStrings.joined(separator: ", ")
      throw ValidationError("\(name) \(text): expected \(known)")
    }
  }

  var settings: [TrainSettings.Option: String?] {
    [
      .cell: cell, .activation: activation?.asciiName,
      .hidden: hidden.map { "\($0)" }, .layers: layers.map { "\($0)" },
      .embedding: embedding.map { "\($0)" }, .initializer: initializer,
      .gain: gain.map { "\($0)" }, .forgetBias: forgetBias.map { "\($0)" },
      .inputInitializer: inputInit, .outputInitializer: outputInit,
      .seed: seed.map { "\($0)" },
    ]
  }
}

/// How it is trained.
struct TrainLearningOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: ArgumentHelp("Steps of a window. (default: 64)", valueName: "n"))
  var seqLen: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Parallel streams. (default: 32)", valueName: "n"))
  var batch: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How often to read the text. (default: 10)", valueName: "n"))
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many updates to do, in place of --epochs.", valueName: "n"))
  var updates: Int?

  @Option(
    name: .customLong("lr"), parsing: .unconditional,
    help: ArgumentHelp("Learning rate. (default: 0.002)", valueName: "x"))
  var learningRate: Double?

  @Option(help: "How the learning rate falls to zero: none, linear or cosine. (default: none)")
  var decay: LearningRateSchedule.Decay?

  @Option(help: "adam, or sgd (momentum 0.9). (default: adam)")
  var optimizer: OptimizerKind?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With adam: each weight shrinks by rate times this. (default: 0)", valueName: "x"))
  var weightDecay: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The largest norm of all gradients together, or off. (default: 1)", valueName: "norm"))
  var clip: String?

  func validate() throws {
    try TrainCheck.positive("seq-len", seqLen)
    try TrainCheck.positive("batch", batch)
    try TrainCheck.positive("epochs", epochs, upTo: 1 << 30)
    try TrainCheck.positive("updates", updates, upTo: 1 << 40)
    if epochs != nil, updates != nil {
      throw ValidationError("--epochs and --updates both say how long; give one of them")
    }
    try TrainCheck.rates(learningRate: learningRate, weightDecay: weightDecay, clip: clip)
    if optimizer == .sgd, (weightDecay ?? 0) > 0 {
      throw ValidationError("--weight-decay is for --optimizer adam")
    }
  }

  var settings: [TrainSettings.Option: String?] {
    [
      .seqLen: seqLen.map { "\($0)" }, .batch: batch.map { "\($0)" },
      .epochs: epochs.map { "\($0)" }, .updates: updates.map { "\($0)" },
      .learningRate: learningRate.map { "\($0)" }, .decay: decay?.rawValue,
      .optimizer: optimizer?.rawValue, .weightDecay: weightDecay.map { "\($0)" },
      .clip: clip.map { text in Double(text).map { "\($0)" } ?? text },
    ]
  }
}

extension LearningRateSchedule.Decay: ExpressibleByArgument {}
extension OptimizerKind: ExpressibleByArgument {}

/// Checks that several options share.
nonisolated enum TrainCheck {
  /// More than this is a slip, and would overflow when sizes are multiplied.
  static let most = 1 << 20

  static func positive(_ name: String, _ value: Int?, upTo most: Int = most) throws {
    if let value, !(1...most).contains(value) {
      throw ValidationError("--\(name): expected a number from 1 to \(most), found \(value)")
    }
  }

  static func rates(learningRate: Double?, weightDecay: Double?, clip: String?) throws {
    try finite("lr", learningRate)
    if let learningRate, learningRate <= 0 {
      throw ValidationError("--lr \(learningRate): expected a number above 0")
    }
    if let weightDecay, !(0..<1e6).contains(weightDecay) {
      throw ValidationError("--weight-decay \(weightDecay): expected a number from 0 on")
    }
    if let clip, clip != "off", !((Double(clip) ?? 0) > 0) {
      throw ValidationError("--clip \(clip): expected a number above 0, or off")
    }
  }

  static func share(_ name: String, _ value: Double?) throws {
    if let value, !(0..<1).contains(value) {
      throw ValidationError("--\(name) \(value): expected a share from 0 to below 1")
    }
  }

  static func finite(_ name: String, _ value: Double?) throws {
    if let value, !value.isFinite { throw ValidationError("--\(name) \(value): expected a number") }
  }
}
