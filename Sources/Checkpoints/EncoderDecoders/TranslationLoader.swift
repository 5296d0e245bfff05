public import Equations
internal import Networks

/// Everything that can be said about the encoder-decoder to open, as on the command line.
public struct TranslationRequest: Sendable {
  /// A shipped or installed name, or a file.
  public var model: String
  /// What the state dict of an nn.Transformer does not say of itself:
  public var headCount: Int?
  /// Whether layers normalise before attention and the feed-forward net, not after.
  public var normFirst: Bool?
  /// Of the feed-forward net, or of an nn.RNN.
  public var activation: Function?
  /// Whether the decoder of an nn.Transformer that takes vectors sees no later row of its own; one that
  /// writes words never does.
  public var isCausal = false

  public init(model: String = TranslationModel.defaultName) { self.model = model }

  /// The options that are for state dicts and were given.
  var stateDictOptions: [String] {
    let all: [(String, Bool)] = [
      ("--heads", headCount != nil),
      (normFirst == false ? "--no-norm-first" : "--norm-first", normFirst != nil),
      ("--activation", activation != nil), ("--causal", isCausal),
    ]
    return all.filter(\.1).map(\.0)
  }
}

/// What a file with an encoder and a decoder holds.
public enum EncoderDecoderModel: Sendable {
  case sentences(TranslationModel)
  /// An nn.Transformer without embeddings.
  case vectorTransformer(VectorTransformerModel)
  /// A recurrent encoder and decoder without embeddings.
  case vectorRecurrent(VectorRecurrentModel)
}

/// An nn.Transformer that takes vectors on both sides and gives vectors.
public struct VectorTransformerModel: Sendable {
  public let name: String
  public let encoder: TransformerModel
  public let decoder: TransformerModel

  public var modelSize: Int { encoder.configuration.modelSize }
  public var warnings: [String] {
    encoder.warnings.filter { !$0.hasPrefix("not used") }
      + (decoder.configuration.isCausal
        ? [] : ["the decoder's rows see later ones too, as without tgt_mask; --causal hides them"])
  }
}

/// A recurrent encoder that takes vectors, and a decoder whose states begin as its last ones.
public struct VectorRecurrentModel: Sendable {
  public let name: String
  public let architecture: String
  public let encoder: Model
  public let decoder: Model

  public var warnings: [String] {
    (encoder.warnings + decoder.warnings).filter { !$0.hasPrefix("not used") }
  }
}

/// Opens encoder-decoders.
public enum TranslationLoader {
  /// Whether a name or path stands for an encoder-decoder, as far as can be told without reading
  /// weights.
  public static func isTranslation(_ name: String) -> Bool {
    guard TokenizerLoader.folder(of: name) == nil, let file = try? TransformerLoader.file(name)
    else { return false }
    return EncoderDecoderFile.isOne(file) || isStateDict(file)
  }

  /// Whether a file holds both halves of an encoder-decoder as PyTorch names them.
  private static func isStateDict(_ file: SafetensorsFile) -> Bool {
    TransformerPairDict.isOne(file) || !ModelFile.isOne(file) && RecurrentPairDict.isOne(file)
  }

  /// Refuses a state dict where words are needed.
  ///
  /// - Throws: what opens it.
  public static func expectWords(_ name: String) throws(ModelError) {
    guard let file = try? file(name), !EncoderDecoderFile.isOne(file), isStateDict(file) else {
      return
    }
    throw .request(
      "\(shown(name)) is a state dict, which holds no words; unroll trace opens it, with token ids "
        + "or vectors (--input, --target-input)")
  }

  /// Opens an encoder-decoder of words: shipped, installed, one of our files, or a state dict.
  ///
  /// - Throws: what is wrong with a file, a name or the options together; a model of another kind,
  ///   with the commands that open it.
  public static func load(_ request: TranslationRequest) throws(ModelError) -> TranslationModel {
    switch try open(request) {
    case .sentences(let model): return model
    case .vectorTransformer, .vectorRecurrent:
      throw .request(
        "\(shown(request.model)) takes vectors, not words: it has no embeddings; unroll trace opens it"
      )
    }
  }

  /// Opens an encoder-decoder of words or of vectors.
  ///
  /// - Throws: as `load`.
  public static func open(_ request: TranslationRequest) throws(ModelError) -> EncoderDecoderModel {
    let file = try file(request.model)
    if EncoderDecoderFile.isOne(file) {
      try refuseOptions(request)
      return .sentences(
        try ModelError.wrap { () throws(FileError) in
          try EncoderDecoderFile.load(file, name: request.model)
        })
    }
    if let dict = TransformerPairDict(file, request) { return try dict.open() }
    guard isStateDict(file) else { throw otherKind(file, name: request.model) }
    if let option = request.stateDictOptions.first(where: { $0 != "--activation" }) {
      throw .request(
        "\(option) is for an nn.Transformer; \(shown(request.model)) is a recurrent encoder-decoder"
      )
    }
    let dict = try ModelError.wrap { () throws(FileError) in try RecurrentPairDict(file) }
    let cell = try CellFile.load(dict.encoder.layout.cell, activation: request.activation)
    return try ModelError.wrap { () throws(FileError) in try dict.open(request.model, cell: cell) }
  }

  /// The file of a name or path.
  private static func file(_ name: String) throws(ModelError) -> SafetensorsFile {
    if TokenizerLoader.folder(of: name) != nil {
      throw .request(
        "\(shown(name)) is a Hugging Face folder; unroll attend and unroll trace open it")
    }
    let isPath = name.utf8.contains(UInt8(ascii: "/")) || name.hasSuffix(".safetensors")
    guard
      isPath || ModelCatalog.shippedNames.contains(name) || ModelCatalog.exists(name)
        || ModelCatalog.installed().contains(where: { $0.name == name })
    else { throw ModelCatalog.unknown(name) }
    return try ModelError.wrap { () throws(FileError) in try TransformerLoader.file(name) }
  }

  private static func otherKind(_ file: SafetensorsFile, name: String) -> ModelError {
    let expected = "unroll translate opens encoder-decoders"
    if ModelFile.isOne(file) || StateDict.isOne(file) {
      return .request(
        "\(shown(name)) is a recurrent network, which unroll step and unroll trace open; \(expected)"
      )
    }
    if TransformerFile.isOne(file) || AttentionStateDict.isOne(file) {
      return .request(
        "\(shown(name)) is a transformer, which unroll attend and unroll trace open; \(expected)")
    }
    return .file(
      FileError(
        file: file.path, expected: "an encoder-decoder: unroll's own, or a state dict of one",
        found: Suggestion.listed(Array(file.names.prefix(3)), "and")))
  }

  private static func refuseOptions(_ request: TranslationRequest) throws(ModelError) {
    guard let option = request.stateDictOptions.first else { return }
    throw .request(
      "\(option) is for state dicts, which don't say it; \(shown(request.model)) describes itself")
  }

  static func shown(_ name: String) -> String { Printable.escape(name, limit: 200) }

  /// What is answered where another command was given one.
  static func refusal(_ name: String) -> ModelError {
    .request(
      "\(shown(name)) is an encoder-decoder; unroll translate and unroll trace open it")
  }
}
