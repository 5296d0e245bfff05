internal import Checkpoints
internal import Equations
internal import Learning
internal import Networks
internal import Tensors

/// One training from its first update, or from where it stopped, to its end or a signal.
nonisolated struct TrainSession {
  private let settings: TrainSettings
  private let files: TrainFiles
  private let source: TrainTextSource
  private let vocabulary: Vocabulary
  private let trainer: LanguageModelTrainer
  private let totalUpdates: Int
  /// How much of the text a token is: bits per character only make sense for characters.
  private let unit: Vocabulary.Unit

  /// - Throws: whatever is wrong with the text, the cell, the options or the file to go on with.
  init(given: TrainSettings, files: TrainFiles, isResumed: Bool) throws {
    let remembered = isResumed ? try Remembered(files) : nil
    let settings: TrainSettings
    if let metadata = remembered?.model.metadata {
      settings = try TrainSettings(metadata: metadata).resumed(with: given, file: files.training)
    } else {
      settings = given.completed()
    }
    guard let path = settings[.text] else { throw ModelError.request("--text FILE is missing") }
    self.settings = settings
    self.files = files
    source = try TrainTextSource(path: given[.text] ?? path)
    if let metadata = remembered?.model.metadata {
      try Self.checkSameText(source, metadata, file: files.training)
    }
    unit = settings[.words] == "true" ? .words : .characters
    let name = source.path == "-" ? "standard input" : source.path
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
    let network = try remembered?.model.network ?? Self.network(settings, vocabulary.count)
    if let model = remembered?.model {
      guard model.predictsTokens, !model.configuration.isBidirectional,
        model.vocabulary == vocabulary
      else {
        throw ModelError.request(
          "\(files.training): expected a model of the next token with the vocabulary of "
            + "\(name), found another one")
      }
    }
    if remembered != nil, given[.cell] != nil { try Self.checkSameCell(given, network) }
    totalUpdates =
      try settings.optionalNumber(.updates, Int.self)
      ?? settings.number(.epochs, Int.self) * windows.count
    trainer = LanguageModelTrainer(
      network: network, windows: windows,
      validation: corpus.validationWindows(seqLen: seqLen, batchSize: batchSize),
      optimizer: try settings.choice(.optimizer, OptimizerKind.self)
        .make(
          count: network.parameters.count,
          weightDecay: try settings.number(.weightDecay, Double.self)),
      schedule: LearningRateSchedule(
        initialRate: try settings.number(.learningRate, Double.self),
        decay: try settings.choice(.decay, LearningRateSchedule.Decay.self),
        totalUpdates: totalUpdates),
      maximumNorm: try settings.maximumNorm())
    if let remembered {
      try TrainLoop.restore(
        trainer, remembered.snapshot, file: files.training, totalUpdates: totalUpdates)
    }
  }

  /// A training to go on with.
  private struct Remembered {
    let model: Model
    let snapshot: TrainerSnapshot

    init(_ files: TrainFiles) throws(FileError) {
      let file = try files.open(ModelFile.isOne)
      model = try ModelFile.load(file)
      snapshot = try files.snapshot(file, weights: model.network.parameters)
    }
  }

  private static func network(
    _ settings: TrainSettings, _ vocabularySize: Int
  ) throws -> Network<Float> {
    let cell = try CellFile.load(settings[.cell] ?? "lstm", activation: try settings.activation())
    let embedding = try settings.optionalNumber(.embedding, Int.self)
    let configuration = NetworkConfiguration(
      input: embedding.map { .embedding(vocabularySize: vocabularySize, size: $0) }
        ?? .oneHot(vocabularySize: vocabularySize),
      cell: cell, hiddenSize: try settings.number(.hidden, Int.self),
      numLayers: try settings.number(.layers, Int.self), outputSize: vocabularySize)
    try checkMemory(
      configuration,
      rows: try settings.number(.seqLen, Int.self) * settings.number(.batch, Int.self))
    let network = Network<Float>(configuration)
    network.initialize(try settings.initialization())
    return network
  }

  /// Refuses what could not be allocated: weights, gradients and two moments, and for each row of
  /// a window every named value, its gradient and the sums that it is made of.
  private static func checkMemory(_ configuration: NetworkConfiguration, rows: Int) throws {
    let perLayer = 3 * configuration.cell.equations.count * configuration.hiddenSize
    let perRow = configuration.numLayers * perLayer + 3 * (configuration.outputSize ?? 0)
    try TrainMemory.check(
      numbers: 4 * Double(ParameterLayout(configuration).count) + Double(rows) * Double(perRow),
      lower: "--hidden, --layers, --seq-len or --batch")
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

  // MARK: Running

  /// Trains until all updates are done or a signal comes, and saves.
  ///
  /// - Returns: the signal's number, if one came.
  func run() throws -> Int32? {
    let loop = TrainLoop(
      trainer: trainer, totalUpdates: totalUpdates, model: files.model,
      token: unit == .words ? "word" : "char", save: save)
    return try loop.run(
      beginning:
        "\(trainer.network.layout.parameterCount) parameters, \(vocabulary.count) different "
        + "\(unit.rawValue); \(trainer.windows.ids.count) to learn from, "
        + "\(trainer.validation?.ids.count ?? 0) to measure by")
  }

  /// Writes both files; `validation` is nil where it is not known for the present weights.
  private func save(_ validation: LossMean?) throws {
    if let (entry, index) = trainer.network.firstNonFinite {
      throw ModelError.request(
        "update \(trainer.updateCount): \(entry.name) is not finite (element \(index)); nothing "
          + "is written over \(files.model) and \(files.training)")
    }
    var metadata = settings.metadata
    metadata[TrainFiles.textKey] = source.path
    metadata["train.text_bytes"] = "\(source.byteCount)"
    metadata["train.text_fnv1a"] = source.fingerprint
    metadata["result.updates"] = "\(trainer.updateCount)"
    metadata["result.epochs"] = "\(trainer.epoch)"
    let training = trainer.lastLoss.mean ?? trainer.currentLoss.mean
    for (name, loss) in [("train", training), ("validation", validation?.mean)] {
      guard let loss else { continue }
      metadata["result.\(name)_loss_nats"] = "\(loss)"
      metadata["result.\(name)_loss_bits"] = "\(TrainProgress.bits(loss))"
    }
    try files.save(trainer.snapshot(), metadata: metadata) {
      (metadata, state, path) throws(FileError) in
      try ModelFile.save(
        trainer.network, vocabulary: vocabulary, metadata: metadata, state: state, to: path)
    }
  }
}
