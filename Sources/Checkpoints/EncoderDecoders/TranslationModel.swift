internal import Equations
public import Networks
public import Tensors

/// The words of one side of a model that translates, in the order of their ids.
public struct TranslationWords: Sendable, Equatable {
  /// Such as `english`; what cuts sentences into words knows it.
  public let language: String
  public let tokens: [String]

  public init(language: String, tokens: [String]) {
    self.language = language
    self.tokens = tokens
  }
}

/// An encoder-decoder that is ready to run: one of our own files, or a PyTorch state dict.
public struct TranslationModel: Sendable {
  /// The model that is opened when none is named.
  public static let defaultName = "translate-gru-additive"

  /// The shipped name, or the path as the user gave it.
  public let name: String
  /// What it was made as: `unroll`, `nn.Transformer`, or such as `nn.GRU encoder-decoder`.
  public let architecture: String
  public let model: EncoderDecoder<Float>
  /// Nil where the file has token ids without names.
  public let source: TranslationWords?
  public let target: TranslationWords?
  /// The checkpoint's own tensors, in the order of the file.
  public let bindings: [EncoderDecoderBinding]
  /// Free facts about the model: how it was trained, or what the checkpoint says of itself.
  public let metadata: [String: String]
  /// What the user should know, such as weights that are not finite; one line each.
  public let warnings: [String]

  /// Puts a model together; `bindings` is nil where the tensors are the model's own parameters.
  public init(
    name: String, architecture: String = "unroll", model: EncoderDecoder<Float>,
    source: TranslationWords?, target: TranslationWords?,
    bindings: [EncoderDecoderBinding]? = nil, metadata: [String: String] = [:],
    warnings: [String] = []
  ) {
    self.name = name
    self.architecture = architecture
    self.model = model
    self.source = source
    self.target = target
    self.bindings = bindings ?? model.layout.entries.map { EncoderDecoderBinding($0) }
    self.metadata = metadata
    self.warnings = warnings
  }

  public var configuration: EncoderDecoderConfiguration { model.configuration }

  /// One line: "gru with additive attention, 1 layer of 128, 312,004 parameters".
  public var summary: String {
    let layers: Int
    var text: String
    switch configuration {
    case .recurrent(let recurrent):
      layers = recurrent.numLayers
      text = recurrent.cell.name
      text += recurrent.attention.map { " with \($0.name) attention" } ?? " without attention"
    case .transformer(let encoder, let decoder):
      layers = encoder.layerCount + decoder.layerCount
      text = "\(decoder.headCount)-head transformer"
    }
    text += ", \(layers) \(layers == 1 ? "layer" : "layers") of \(configuration.modelSize)"
    if case .recurrent(let recurrent) = configuration, recurrent.isBidirectional {
      text += ", reading both ways"
    }
    return text + ", \(Model.grouped(model.layout.parameterCount)) parameters"
  }

  /// The keys under which a training writes how good the model is.
  public enum Fact: String, Sendable {
    /// The share 0…1 of held-out sentences that are right word for word.
    case heldOutExactMatch = "result.held_out_exact_match"
    /// How many sentences that is the share of.
    case heldOutCount = "result.held_out_count"
    /// What it was trained on, in words.
    case trainedOn = "training.pairs"
  }

  public func number(_ fact: Fact) -> Double? { metadata[fact.rawValue].flatMap(Double.init) }

  var shownName: String { Printable.escape(name, limit: 200) }
}
