internal import Checkpoints
internal import Equations
internal import Learning
internal import Networks

/// A shipped transformer's task: how it is made, and how it is judged.
nonisolated protocol TransformerRecipe {
  /// As the command is called.
  static var name: String { get }
  /// What holds where nothing is given.
  static var standards: [TrainSettings.Option: String] { get }
  /// What a loss is a mean over.
  static var token: String { get }

  associatedtype Task: TransformerTask
  static func task(_ settings: TrainSettings) throws -> Task
  static func configuration(
    _ task: Task, _ sizes: TransformerSizes
  ) throws -> TransformerConfiguration
  /// Figures of the finished model.
  static func report(_ transformer: Transformer<Float>, _ task: Task) -> TrainReport
}

/// The standards that the shipped transformers share, with a recipe's `own`.
private nonisolated func transformerStandards(
  _ own: [TrainSettings.Option: String]
) -> [TrainSettings.Option: String] {
  let shared: [TrainSettings.Option: String] = [
    .layers: "2", .heads: "4", .feedForward: "128", .labelSmoothing: "0.0", .warmUp: "200",
    .decay: "cosine", .weightDecay: "0.01", .clip: "1.0", .seed: "1",
  ]
  return shared.merging(own) { $1 }
}

/// The sizes that options give.
nonisolated struct TransformerSizes {
  let layers: Int
  let modelSize: Int
  let heads: Int
  let feedForward: Int
  let positions: TransformerConfiguration.Positions
  let dropout: Double

  /// - Throws: heads that do not share D evenly.
  init(_ settings: TrainSettings) throws {
    layers = try settings.number(.layers, Int.self)
    modelSize = try settings.number(.modelSize, Int.self)
    heads = try settings.number(.heads, Int.self)
    feedForward = try settings.number(.feedForward, Int.self)
    positions =
      try settings[.positions] == nil
      || settings.choice(.positions, PositionChoice.self) == .sinusoidal
      ? .sinusoidal : .none
    dropout = try settings.share(.dropout)
    guard modelSize.isMultiple(of: heads) else {
      throw ModelError.request(
        "--heads \(heads): expected a divisor of --model-size \(modelSize)")
    }
  }

  /// A transformer of these sizes.
  ///
  /// - Parameters:
  ///   - name: the block of all layers.
  ///   - vocabularySize: the number of tokens.
  ///   - head: what predicts.
  /// - Returns: an encoder that sees all tokens and normalises no output.
  /// - Throws: a block that is not shipped.
  func configuration(
    _ name: String, vocabularySize: Int, head: TransformerConfiguration.Head
  ) throws -> TransformerConfiguration {
    guard let block = try Block.shipped(name) else {
      throw ModelError.request("no block \(name) is shipped")
    }
    return TransformerConfiguration(
      input: .tokens(vocabularySize: vocabularySize), modelSize: modelSize, headCount: heads,
      feedForwardSize: feedForward, blocks: Array(repeating: block, count: layers),
      positions: positions, scalesEmbedding: true, head: head, dropout: dropout)
  }
}

/// An encoder in whose heads "it" finds its noun.
nonisolated struct PronounRecipe: TransformerRecipe {
  static let name = "it"
  static let token = "target"
  static let standards = transformerStandards([
    .modelSize: "64", .dropout: "0.1", .batch: "64", .updates: "3000", .learningRate: "0.002",
  ])

  static func task(_ settings: TrainSettings) -> PronounTask { PronounTask() }

  static func configuration(
    _ task: PronounTask, _ sizes: TransformerSizes
  ) throws -> TransformerConfiguration {
    try sizes.configuration(
      "encoder-post", vocabularySize: task.vocabulary.count, head: .tied(hasBias: true))
  }

  static func report(_ transformer: Transformer<Float>, _ task: PronounTask) -> TrainReport {
    // The head is chosen on other sentences than it is judged by.
    let head = task.evaluate(transformer, sentenceCount: 200, seed: 1).bestHead
    let score = task.evaluate(transformer, sentenceCount: 1000, seed: 2)
    let found = score.accuracy(of: head)
    return TrainReport(
      metadata: [
        "trained": "on generated sentences: where \"it\" stands, the noun that it stands for is to "
          + "be predicted; in other sentences masked words. Attention itself was not supervised.",
        "attend": "\(head)", "attendToken": "it",
        "example": "The cat drank the milk because it was hungry.",
        "heldOutSentences": "\(score.sentenceCount)", "heldOutAccuracy": "\(found)",
        "heldOutPredictionAccuracy": "\(score.predictionAccuracy)",
      ],
      lines: [
        "\(score.sentenceCount) held-out sentences, whose nouns never stood together in training:",
        "  \(head): the largest noun weight of \"it\" is on the right noun in "
          + "\(TrainTransformerText.percent(found))",
        "  the word predicted at \"it\" is that noun in \(TrainTransformerText.percent(score.predictionAccuracy))",
        "  the first noun is the right one in "
          + "\(TrainTransformerText.percent(Double(score.firstNoun) / Double(score.sentenceCount)))",
      ])
  }
}

/// A decoder with an induction head.
nonisolated struct InductionRecipe: TransformerRecipe {
  static let name = "induction"
  static let token = "char"
  static let standards = transformerStandards([
    .modelSize: "128", .dropout: "0.0", .seqLen: "64", .batch: "24", .updates: "8000",
    .learningRate: "0.0015",
  ])

  static func task(_ settings: TrainSettings) throws -> InductionTask {
    let seqLen = try settings.number(.seqLen, Int.self)
    guard seqLen >= InductionTask.shortestSeqLen else { throw settings.malformed(.seqLen) }
    return InductionTask(seqLen: seqLen)
  }

  static func configuration(
    _ task: InductionTask, _ sizes: TransformerSizes
  ) throws -> TransformerConfiguration {
    var configuration = try sizes.configuration(
      "encoder-pre", vocabularySize: task.vocabulary.count, head: .linear(hasBias: true))
    configuration.normalizesOutput = true
    configuration.isCausal = true
    return configuration
  }

  static func report(_ transformer: Transformer<Float>, _ task: InductionTask) -> TrainReport {
    let head = task.evaluate(
      transformer, length: task.seqLen, sequenceCount: 50, seed: 1
    ).bestHead
    var report = TrainReport(
      metadata: [
        "trained":
          "to predict the next character of random characters that repeat, in sequences of at "
          + "most \(task.seqLen)",
        "attend": "\(head)", "example": "Wkq7 mZ! Wkq7 mZ!",
        "trainedLength": "\(task.seqLen)",
      ],
      lines: ["200 random sequences of each length, repeated once, their second half predicted:"])
    for length in [task.seqLen, task.seqLen * 3 / 2, task.seqLen * 2] {
      let score = task.evaluate(
        transformer, length: length / 2 * 2, sequenceCount: 200, seed: UInt64(length))
      report.metadata["heldOutAccuracy.\(score.length)"] = "\(score.accuracy)"
      report.metadata["heldOutAttention.\(score.length)"] = "\(score.accuracy(of: head))"
      report.lines.append(
        "  \(score.length) characters: \(TrainTransformerText.percent(score.accuracy)) right; "
          + "\(head) looks at the right one in \(TrainTransformerText.percent(score.accuracy(of: head)))"
      )
    }
    report.metadata["heldOutAccuracy"] = report.metadata["heldOutAccuracy.\(task.seqLen * 2)"]
    return report
  }
}
