internal import Checkpoints
internal import Equations
internal import Learning
internal import Networks

/// A recurrent network that predicts the next token of a text.
nonisolated struct TrainTextJob: TrainJob {
  let learner: LanguageModelLearner
  private let source: TrainTextSource
  private let vocabulary: Vocabulary
  /// How much of the text a token is: bits per character only make sense for characters.
  private let unit: Vocabulary.Unit

  static func isOne(_ file: SafetensorsFile) -> Bool { ModelFile.isOne(file) }
  static func load(_ file: SafetensorsFile) throws(FileError) -> Model { try ModelFile.load(file) }
  static func completed(_ given: TrainSettings) -> TrainSettings { given.completed() }

  init(_ start: TrainStart<Model>) throws {
    let settings = start.settings
    guard let path = settings[.text] else { throw ModelError.request("--text FILE is missing") }
    source = try TrainTextSource(path: start.given[.text] ?? path)
    if let model = start.remembered {
      try Self.checkSameText(source, model.metadata, file: start.file)
    }
    unit = settings[.words] == "true" ? .words : .characters
    let name = TextFile.name(source.path)
    let corpus: TextCorpus
    let windows: TextWindows
    let batchSize = try settings.number(.batch, Int.self)
    let seqLen = try settings.number(.seqLen, Int.self)
    do {
      corpus = try TextCorpus(
        text: source.text, unit: unit,
        vocabularySize: try settings.optionalNumber(.vocabularySize, Int.self) ?? 1,
        validationShare: try settings.share(.validation))
      windows = try corpus.trainingWindows(seqLen: seqLen, batchSize: batchSize)
    } catch let error as CorpusError {
      throw ModelError.request("\(name): \(error)")
    }
    vocabulary = corpus.vocabulary
    let network = try start.remembered?.network ?? Self.network(settings, vocabulary.count)
    if let model = start.remembered {
      guard model.predictsTokens, !model.configuration.isBidirectional,
        model.vocabulary == vocabulary
      else {
        throw ModelError.request(
          "\(start.file): expected a model of the next token with the vocabulary of "
            + "\(name), found another one")
      }
      if start.given[.cell] != nil { try Self.checkSameCell(start.given, network) }
    }
    learner = LanguageModelLearner(
      network: network, windows: windows,
      validation: corpus.validationWindows(seqLen: seqLen, batchSize: batchSize))
  }

  private static func network(
    _ settings: TrainSettings, _ vocabularySize: Int
  ) throws -> Network<Float> {
    let cell = try CellFile.load(settings[.cell] ?? "lstm", activation: try settings.activation())
    if settings[.forgetBias] != nil { try CellFile.checkForgetBias(of: cell) }
    let embedding = try settings.optionalNumber(.embedding, Int.self)
    let configuration = NetworkConfiguration(
      input: embedding.map { .embedding(vocabularySize: vocabularySize, size: $0) }
        ?? .oneHot(vocabularySize: vocabularySize),
      cell: cell, hiddenSize: try settings.number(.hidden, Int.self),
      numLayers: try settings.number(.layers, Int.self), outputSize: vocabularySize)
    try TrainMemory.check(
      configuration,
      rows: settings.number(.seqLen, Int.self) * settings.number(.batch, Int.self),
      lower: "--hidden, --layers, --seq-len or --batch")
    let network = Network<Float>(configuration)
    network.initialize(try settings.initialization())
    return network
  }

  private static func checkSameText(
    _ source: TrainTextSource, _ metadata: [String: String], file: String
  ) throws {
    guard metadata["train.text_fnv1a"] != source.fingerprint else { return }
    let then = metadata["train.text_bytes"] ?? "?"
    throw ModelError.request(
      "--text \(source.path) (\(source.byteCount) bytes) contradicts \(file), which was trained on "
        + "another text (\(metadata[TrainFiles.textKey] ?? "?"), \(then) bytes)")
  }

  private static func checkSameCell(_ given: TrainSettings, _ network: Network<Float>) throws {
    let cell = try CellFile.load(given[.cell] ?? "", activation: try given.activation())
    guard cell.text == network.configuration.cell.text else {
      throw ModelError.request(
        "--cell \(given[.cell] ?? ""): its equations have changed since the training began")
    }
  }

  // MARK: What is told and written

  var token: String { unit == .words ? "word" : "char" }

  var beginning: String {
    "\(learner.network.layout.parameterCount) parameters, \(vocabulary.count) different "
      + "\(unit.rawValue); \(learner.windows.ids.count) to learn from, "
      + "\(learner.validation?.ids.count ?? 0) to measure by"
  }

  func metadata(_ trainer: LanguageModelTrainer, _ losses: TrainLosses) -> [String: String] {
    var metadata = [
      TrainFiles.textKey: source.path, "train.text_bytes": "\(source.byteCount)",
      "train.text_fnv1a": source.fingerprint, "result.epochs": "\(trainer.epoch)",
    ]
    for (name, loss) in losses.named {
      metadata["result.\(name)_loss_bits"] = "\(TrainProgress.bits(loss))"
    }
    return metadata
  }

  func write(
    _ metadata: [String: String], _ state: [NamedArray], to path: String
  ) throws(FileError) {
    try ModelFile.save(
      learner.network, vocabulary: vocabulary, metadata: metadata, state: state, to: path)
  }
}
