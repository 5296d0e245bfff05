internal import Checkpoints
internal import Equations
internal import Learning
internal import Networks

extension TranslationModel: nonisolated TrainedModel {}

/// An encoder-decoder that learns to translate.
nonisolated struct TrainTranslateJob: TrainJob {
  let learner: TranslationLearner
  private let source: TrainTranslateSource

  private static let taskKey = "train.task"
  private static let task = "translate"

  static func isOne(_ file: SafetensorsFile) -> Bool { EncoderDecoderFile.isOne(file) }

  static func load(_ file: SafetensorsFile) throws(FileError) -> TranslationModel {
    try EncoderDecoderFile.load(file)
  }

  /// How long to train may be said in epochs too.
  static func completed(_ given: TrainSettings) -> TrainSettings {
    let name = given[.model] ?? TrainTranslateModel.standardName
    // An unknown name is refused before.
    var standards = (try? TrainTranslateModel(name: name))?.standards ?? [:]
    standards[.model] = name
    if given[.epochs] != nil { standards[.updates] = nil }
    return given.completed(standards)
  }

  init(_ start: TrainStart<TranslationModel>) throws {
    let settings = start.settings
    if let model = start.remembered, model.metadata[Self.taskKey] != Self.task {
      throw ModelError.request("\(start.file): expected a training of \(Self.task), found another")
    }
    guard let name = settings[.model] else { throw settings.malformed(.model) }
    let kind = try TrainTranslateModel(name: name)
    try kind.check(start.given)
    // Sizes that don't go together are refused before any pairs are made.
    _ = try kind.configuration(settings, sourceCount: 1, targetCount: 1)
    let source = try TrainTranslateSource(start)
    self.source = source
    learner = TranslationLearner(
      model: try start.remembered.map { try Self.model($0, source.data, file: start.file) }
        ?? Self.model(kind, settings, source.data),
      data: source.data,
      options: TranslationLearner.Options(
        batchSize: try settings.number(.batch, Int.self),
        seed: try settings.number(.seed, UInt64.self),
        labelSmoothing: try settings.share(.labelSmoothing),
        teacherForcing: try Self.teacherForcing(settings)))
  }

  /// 0…1.
  private static func teacherForcing(_ settings: TrainSettings) throws -> Double {
    let rate = try settings.number(.teacherForcing, Double.self)
    guard (0...1).contains(rate) else { throw settings.malformed(.teacherForcing) }
    return rate
  }

  /// The remembered model, if it has the words of the pairs.
  private static func model(
    _ remembered: TranslationModel, _ data: TranslationData, file: String
  ) throws -> EncoderDecoder<Float> {
    guard remembered.source == data.sourceWords, remembered.target == data.targetWords else {
      throw ModelError.request(
        "\(file): expected a model with the words of the pairs, found one with others")
    }
    return remembered.model
  }

  private static func model(
    _ kind: TrainTranslateModel, _ settings: TrainSettings, _ data: TranslationData
  ) throws -> EncoderDecoder<Float> {
    let configuration = try kind.configuration(
      settings, sourceCount: data.sourceVocabulary.count, targetCount: data.targetVocabulary.count)
    try checkMemory(configuration, settings, data)
    let model = EncoderDecoder<Float>(configuration)
    model.initialize(InitializationOptions(seed: try settings.number(.seed, UInt64.self)))
    return model
  }

  /// Counts weights, gradients and two moments, and for each word of a batch every value with its
  /// gradient.
  private static func checkMemory(
    _ configuration: EncoderDecoderConfiguration, _ settings: TrainSettings, _ data: TranslationData
  ) throws {
    let longestSource = Double(data.training.map(\.source.count).max() ?? 1)
    let longestTarget = Double(data.training.map(\.answers.count).max() ?? 1)
    let perWord: Double
    switch configuration {
    case .recurrent(let recurrent):
      let values = 3 * recurrent.cell.equations.count * recurrent.hiddenSize * recurrent.numLayers
      perWord = Double(values) + longestSource * Double(2 + recurrent.attentionSize)
    case .transformer(_, let decoder):
      let columns = Double(20 * decoder.modelSize + 3 * decoder.feedForwardSize)
      let scores = 6 * (longestSource + longestTarget) * Double(decoder.headCount)
      perWord = 2 * Double(decoder.layerCount) * (columns + scores)
    }
    let words = (longestSource + longestTarget) * perWord
    let answers = longestTarget * Double(3 * configuration.targetVocabularySize)
    try TrainMemory.check(
      floats: 4 * Double(EncoderDecoderLayout(configuration).count)
        + Double(try settings.number(.batch, Int.self)) * (words + answers),
      lower: "--hidden, --layers or --batch")
  }

  // MARK: What is told and written

  var token: String { "word" }

  var beginning: String {
    let data = source.data
    return "\(learner.model.layout.parameterCount) parameters, \(data.sourceVocabulary.count) and "
      + "\(data.targetVocabulary.count) words; \(data.training.count) pairs to learn from, "
      + "\(data.heldOut.count) to measure by"
  }

  func metadata(_ trainer: TranslationTrainer, _ losses: TrainLosses) -> [String: String] {
    [Self.taskKey: Self.task, "result.epochs": "\(trainer.epoch)"].merging(source.metadata) { $1 }
  }

  func report() -> TrainReport {
    let pairs = source.judgedBy
    let score = ExactMatch(
      of: learner.model, on: pairs, sourceVocabulary: source.data.sourceVocabulary,
      targetVocabulary: source.data.targetVocabulary)
    guard let share = score.share else { return TrainReport() }
    return TrainReport(
      metadata: [
        TranslationModel.Fact.heldOutExactMatch.rawValue: "\(share)",
        TranslationModel.Fact.heldOutCount.rawValue: "\(score.count)",
      ],
      lines: [
        "\(score.count) held-out sentences: \(TrainTransformerText.percent(share)) right word for "
          + "word; by length \(Self.byLength(score))"
      ])
  }

  private static func byLength(_ score: ExactMatch) -> String {
    [1...4, 5...8, 9...12, 13...16, 17...Int.max].compactMap { lengths in
      score.share(ofLengths: lengths).map {
        let name =
          lengths.upperBound == .max ? "17 and more" : "\(lengths.lowerBound)-\(lengths.upperBound)"
        return "\(name): \(TrainTransformerText.percent($0))"
      }
    }.joined(separator: ", ")
  }

  func write(
    _ metadata: [String: String], _ state: [NamedArray], to path: String
  ) throws(FileError) {
    var metadata = metadata
    if state.isEmpty {
      // A model may be given away: it keeps the files' names, not where they were.
      for option in [TrainSettings.Option.pairs, .heldOut] {
        let key = "train.\(option.rawValue)"
        metadata[key] = metadata[key]?.split(separator: "/").last.map(String.init)
      }
    }
    try EncoderDecoderFile.save(
      learner.model, source: source.data.sourceWords, target: source.data.targetWords,
      metadata: metadata, state: state, to: path)
  }
}

nonisolated extension TranslationData {
  /// The vocabularies as a model file has them.
  var sourceWords: TranslationWords { Self.words(sourceVocabulary) }
  var targetWords: TranslationWords { Self.words(targetVocabulary) }

  private static func words(_ vocabulary: SentenceVocabulary) -> TranslationWords {
    TranslationWords(language: vocabulary.language.rawValue, tokens: vocabulary.tokens)
  }
}
