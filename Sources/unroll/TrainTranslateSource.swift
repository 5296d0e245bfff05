internal import Checkpoints
internal import Learning
internal import Tensors

/// The sentence pairs of a training: those of a file, or generated ones.
nonisolated struct TrainTranslateSource {
  let data: TranslationData
  /// What the finished model is judged by; empty where there is nothing.
  let judgedBy: [SentencePair]
  /// Facts about the pairs, by their metadata keys.
  let metadata: [String: String]

  /// Generated pairs to learn from, and to measure by while training.
  private static let generatedCount = 150_000
  private static let validationCount = 500
  /// A finished model is judged by generated pairs of a seed of their own, the same for all.
  private static let judgedCount = 2000
  private static let judgedSeed: UInt64 = 0xE7A1
  /// One source sentence in so many of a file is held out.
  private static let heldOutShare = 20

  /// - Throws: what is wrong with a file; another file than the one that the training began with.
  init(_ start: TrainStart<TranslationModel>) throws {
    let settings = start.settings
    let seed = try settings.number(.seed, UInt64.self)
    guard let path = start.given[.pairs] ?? settings[.pairs] else {
      guard start.given[.heldOut] == nil else {
        throw ModelError.request("--held-out is for --pairs; generated pairs have their own")
      }
      data = TranslationData(
        generated: Self.generatedCount, heldOutCount: Self.validationCount, seed: seed)
      judgedBy = PairGenerator().pairs(.heldOut, count: Self.judgedCount, seed: Self.judgedSeed)
      metadata = [
        TranslationModel.Fact.trainedOn.rawValue:
          "\(Self.generatedCount) generated pairs, English to French; what is held out says an "
          + "adjective of a noun of which no training sentence says it"
      ]
      return
    }
    let file = try TrainPairsFile(path)
    let heldOut = try (start.given[.heldOut] ?? settings[.heldOut]).map { try TrainPairsFile($0) }
    var metadata = file.metadata(.pairs)
    if let heldOut { metadata.merge(heldOut.metadata(.heldOut)) { $1 } }
    if let model = start.remembered {
      try file.check(.pairs, model.metadata, remembered: start.file)
      try heldOut?.check(.heldOut, model.metadata, remembered: start.file)
    }
    let parts = heldOut.map { (file.pairs, $0.pairs) } ?? Self.split(file.pairs, seed: seed)
    data = TranslationData(
      training: parts.0, heldOut: parts.1,
      sourceVocabulary: SentenceVocabulary(of: parts.0.map(\.source), language: .english),
      targetVocabulary: SentenceVocabulary(of: parts.0.map(\.target), language: .french))
    judgedBy = parts.1
    metadata[TranslationModel.Fact.trainedOn.rawValue] =
      "\(parts.0.count) pairs of \(file.name), \(parts.1.count) held out"
    self.metadata = metadata
  }

  /// Holds out some source sentences with all their translations.
  private static func split(
    _ pairs: [SentencePair], seed: UInt64
  ) -> (training: [SentencePair], heldOut: [SentencePair]) {
    var sources: [String] = [], known: Set<String> = []
    for pair in pairs where known.insert(pair.source).inserted { sources.append(pair.source) }
    var random = SeededRandom(seed: seed)
    let heldOut = Set(sources.shuffled(using: &random).prefix(sources.count / heldOutShare))
    return (
      pairs.filter { !heldOut.contains($0.source) }, pairs.filter { heldOut.contains($0.source) }
    )
  }
}

/// A file of sentence pairs, with what tells it from others.
nonisolated struct TrainPairsFile {
  let pairs: [SentencePair]
  private let source: TrainTextSource

  /// - Throws: the system's answer, or the first line that is no pair.
  init(_ path: String) throws {
    source = try TrainTextSource(path: path)
    do throws(PairsError) {
      pairs = try PairsFile.parse(Array(source.text.utf8), name: source.path)
    } catch {
      throw ModelError.request(error.description)
    }
  }

  /// Without the folder: a model may be given away.
  var name: String { source.path.split(separator: "/").last.map(String.init) ?? source.path }

  private static func key(_ option: TrainSettings.Option) -> String {
    "train.\(option.rawValue)_fnv1a"
  }

  func metadata(_ option: TrainSettings.Option) -> [String: String] {
    [Self.key(option): source.fingerprint]
  }

  /// - Throws: where a training remembers another file.
  func check(
    _ option: TrainSettings.Option, _ metadata: [String: String], remembered: String
  ) throws(ModelError) {
    guard metadata[Self.key(option)] != source.fingerprint else { return }
    throw .request(
      "--\(option.rawValue) \(source.path) contradicts \(remembered), which was trained with other "
        + "pairs")
  }
}
