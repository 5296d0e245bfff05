internal import Checkpoints
internal import Equations
internal import Networks

/// The kinds of translating models that can be trained, as they are named.
nonisolated enum TrainTranslateModel: Equatable {
  /// A cell, and the attention between decoder and encoder, if any: `gru-none`, `lstm-dot`.
  case recurrent(cell: String, attention: String?)
  case transformer

  static let standardName = "gru-additive"
  private static let attentions = ["none", "additive", "dot"]

  /// All names.
  static var names: [String] {
    Cell.shippedNames.flatMap { cell in attentions.map { "\(cell)-\($0)" } } + ["transformer"]
  }

  /// - Throws: for an unknown name, with those that are near.
  init(name: String) throws(ModelError) {
    if name == "transformer" {
      self = .transformer
      return
    }
    guard Self.names.contains(name), let dash = name.lastIndex(of: "-") else {
      let near = Suggestion.among(Self.names, for: name)
      let shape = near.hasSuffix("…") ? "CELL-none, CELL-additive, CELL-dot or transformer" : near
      throw .request("--model \(name.prefix(80)): expected \(shape)")
    }
    let attention = String(name[name.index(after: dash)...])
    self = .recurrent(
      cell: String(name[..<dash]), attention: attention == "none" ? nil : attention)
  }

  /// What holds where nothing is given.
  var standards: [TrainSettings.Option: String] {
    let shared: [TrainSettings.Option: String] = [
      .batch: "64", .updates: "5000", .warmUp: "200", .decay: "cosine", .weightDecay: "0.1",
      .clip: "1.0", .labelSmoothing: "0.0", .teacherForcing: "1.0", .seed: "1",
    ]
    let own: [TrainSettings.Option: String]
    switch self {
    case .recurrent(_, let attention):
      // With these, models with and without attention have about as many weights.
      own = [
        .hidden: attention == nil ? "192" : "160", .embedding: "64", .layers: "1",
        // Without attention a faster one learns next to nothing.
        .bidirectional: "true", .learningRate: attention == nil ? "0.002" : "0.004",
      ]
    case .transformer:
      own = [
        .hidden: "96", .feedForward: "192", .heads: "4", .layers: "2", .dropout: "0.0",
        .learningRate: "0.003",
      ]
    }
    return shared.merging(own) { $1 }
  }

  /// - Throws: an option that the model has no use for.
  func check(_ given: TrainSettings) throws(ModelError) {
    let foreign: [TrainSettings.Option] =
      switch self {
      case .recurrent: [.heads, .feedForward, .dropout]
      case .transformer: [.embedding, .bidirectional]
      }
    guard let option = foreign.first(where: { given[$0] != nil }) else { return }
    let kind = self == .transformer ? "recurrent models" : "--model transformer"
    throw .request("--\(option.rawValue) is for \(kind)")
  }

  /// - Throws: sizes that don't go together.
  func configuration(
    _ settings: TrainSettings, sourceCount: Int, targetCount: Int
  ) throws -> EncoderDecoderConfiguration {
    switch self {
    case .recurrent(let cell, let attention):
      return .recurrent(
        try recurrent(cell, attention, settings, sourceCount: sourceCount, targetCount: targetCount)
      )
    case .transformer:
      let encoder = try Self.part("encoder-pre", settings, vocabularySize: sourceCount)
      var decoder = try Self.part("decoder-pre", settings, vocabularySize: targetCount)
      decoder.isCausal = true
      decoder.head = .tied(hasBias: true)
      return .transformer(encoder: encoder, decoder: decoder)
    }
  }

  private func recurrent(
    _ cell: String, _ attention: String?, _ settings: TrainSettings, sourceCount: Int,
    targetCount: Int
  ) throws -> RecurrentEncoderDecoderConfiguration {
    let hidden = try settings.number(.hidden, Int.self)
    let isBidirectional = settings[.bidirectional] == "true"
    if isBidirectional, !hidden.isMultiple(of: 2) {
      throw ModelError.request(
        "--hidden \(hidden): expected an even number, as the encoder's two directions share it, or "
          + "--no-bidirectional")
    }
    return RecurrentEncoderDecoderConfiguration(
      cell: try CellFile.load(cell), sourceVocabularySize: sourceCount,
      targetVocabularySize: targetCount, embeddingSize: try settings.number(.embedding, Int.self),
      hiddenSize: hidden, numLayers: try settings.number(.layers, Int.self),
      isBidirectional: isBidirectional, attention: try attention.map { try Self.block($0) })
  }

  private static func part(
    _ name: String, _ settings: TrainSettings, vocabularySize: Int
  ) throws -> TransformerConfiguration {
    let modelSize = try settings.number(.hidden, Int.self)
    let heads = try settings.number(.heads, Int.self)
    guard modelSize.isMultiple(of: heads) else {
      throw ModelError.request("--heads \(heads): expected a divisor of --hidden \(modelSize)")
    }
    return TransformerConfiguration(
      input: .tokens(vocabularySize: vocabularySize), modelSize: modelSize, headCount: heads,
      feedForwardSize: try settings.number(.feedForward, Int.self),
      blocks: Array(repeating: try block(name), count: try settings.number(.layers, Int.self)),
      positions: .sinusoidal, scalesEmbedding: true, normalizesOutput: true,
      dropout: try settings.share(.dropout))
  }

  private static func block(_ name: String) throws -> Block {
    guard let block = try Block.shipped(name) else {
      throw ModelError.request("no block \(name) is shipped")
    }
    return block
  }
}
