internal import Equations
internal import Networks

/// The description in the metadata of one of our transformer files.
struct TransformerDescription {
  let metadata: ReadMetadata<TransformerFile.Key>

  /// No real transformer comes near; a file that claims more is broken.
  private static let largestSize = 1 << 24
  static let mostLayers = 1 << 10

  /// Whether blocks have a second input, the rows of an encoder.
  let takesContext: Bool

  /// - Parameters:
  ///   - file: what holds the description.
  ///   - prefix: stands before its keys, where the transformer is a part of a larger model.
  ///   - takesContext: whether its blocks attend to an encoder's rows.
  init(file: SafetensorsFile, prefix: String = "", takesContext: Bool = false) {
    metadata = ReadMetadata(file: file, prefix: prefix)
    self.takesContext = takesContext
  }

  func configuration() throws(FileError) -> TransformerConfiguration {
    let version = try metadata.text(.version)
    guard let number = Int(version), (1...TransformerFile.version).contains(number) else {
      throw metadata.mismatch(
        .version, "a whole number from 1 to \(TransformerFile.version)", Printable.quote(version))
    }
    return try readConfiguration()
  }

  /// The configuration of a file whose version was looked at.
  func readConfiguration() throws(FileError) -> TransformerConfiguration {
    let fields = try JSONFields(
      file: metadata.file.path, path: "metadata \(metadata.prefix)configuration",
      value: try metadata.json(.configuration))
    func size(_ key: String) throws(FileError) -> Int {
      try fields.required(
        key, "a whole number", try fields.whole(key, in: 1...Self.largestSize))
    }
    func flag(_ key: String) throws(FileError) -> Bool {
      try fields.required(key, "true or false", try fields.flag(key))
    }
    let modelSize = try size("model_size"), heads = try size("heads")
    guard modelSize.isMultiple(of: heads) else {
      throw fields.mismatch(
        "heads", expected: "a divisor of model_size, \(modelSize)", found: "\(heads)")
    }
    let vocabularySize = try fields.whole("vocabulary_size", in: 1...Self.largestSize)
    let head = try readHead(fields)
    if head != .none, vocabularySize == nil {
      throw fields.mismatch("head", expected: "none, as there is no vocabulary_size")
    }
    let positions: TransformerConfiguration.Positions
    switch try fields.text("positions") {
    case "none": positions = .none
    case "sinusoidal": positions = .sinusoidal
    case "learned": positions = .learned(count: try size("position_count"))
    default: throw fields.mismatch("positions", expected: "none, learned or sinusoidal")
    }
    let epsilon = try fields.number("norm_epsilon") ?? 1e-5
    let dropout = try fields.number("dropout") ?? 0
    guard epsilon > 0, epsilon < 1 else {
      throw fields.mismatch("norm_epsilon", expected: "a number between 0 and 1")
    }
    guard (0..<1).contains(dropout) else {
      throw fields.mismatch("dropout", expected: "a number from 0 up to 1")
    }
    return TransformerConfiguration(
      input: vocabularySize.map { .tokens(vocabularySize: $0) } ?? .vectors, modelSize: modelSize,
      headCount: heads, feedForwardSize: try size("feed_forward_size"), blocks: try readBlocks(),
      positions: positions,
      tokenTypeCount: try fields.whole("token_types", in: 0...Self.largestSize) ?? 0,
      scalesEmbedding: try flag("scales_embedding"),
      normalizesEmbedding: try flag("normalizes_embedding"),
      normalizesOutput: try flag("normalizes_output"), isCausal: try flag("causal"), head: head,
      normEpsilon: epsilon, dropout: dropout)
  }

  private func readHead(
    _ fields: JSONFields
  ) throws(FileError) -> TransformerConfiguration.Head {
    switch try fields.text("head") {
    case "none": return .none
    case "tied": return .tied(hasBias: try fields.flag("head_bias") ?? false)
    case "linear": return .linear(hasBias: try fields.flag("head_bias") ?? false)
    case "masked-lm":
      return .maskedLM(activation: try fields.activation("head_activation"))
    default: throw fields.mismatch("head", expected: "none, tied, linear or masked-lm")
    }
  }

  /// The tokens, of which the embedding has `size`; nil where there are none.
  func vocabulary(size: Int?) throws(FileError) -> Vocabulary? {
    guard let vocabulary = try metadata.vocabulary() else { return nil }
    guard let size, vocabulary.count == size else {
      throw metadata.mismatch(
        .vocabulary, size.map { "\($0) tokens, as the embedding has rows" } ?? "none",
        "\(vocabulary.count)")
    }
    return vocabulary
  }
}
