public import Networks
public import Tensors

/// unroll's own transformer files: plain safetensors that describe themselves.
///
/// The tensors are named as in the transformer's layout (`embedding.weight`, `layer0.W_Q`, …;
/// matrices are `[in, out]`). The metadata hold the equations of the blocks, the configuration, the
/// vocabulary, and freely how the model was trained.
public enum TransformerFile {
  /// The value of the metadata's key `format`.
  static let format = "unroll-transformer"
  /// Readers refuse files of a later version.
  static let version = 1

  /// The metadata keys that describe the model; all others are free.
  enum Key: String, VocabularyKey {
    case format
    case version = "format_version"
    /// JSON: the sizes and switches of the configuration.
    case configuration
    /// JSON: each different block once, `{"name", "equations", "activation", "constants"}`.
    case blocks
    /// JSON: for each layer the index of its block.
    case layers
    case vocabulary, unit
  }

  /// Whether a file says that it is one of ours.
  public static func isOne(_ file: SafetensorsFile) -> Bool {
    file.metadata[Key.format.rawValue] == format
  }

  /// Writes a model, whole or not at all. The same model gives the same bytes.
  ///
  /// - Parameters:
  ///   - transformer: the configuration and the weights.
  ///   - vocabulary: the tokens, where it takes tokens.
  ///   - metadata: free facts, such as how it was trained; keys that describe the model are not free.
  ///   - state: further arrays, each named with `ModelFile.statePrefix` in front.
  ///   - path: where to write.
  /// - Throws: the system's answer.
  public static func save(
    _ transformer: Transformer<Float>, vocabulary: Vocabulary?, metadata: [String: String] = [:],
    state: [NamedArray] = [], to path: String
  ) throws(FileError) {
    let configuration = transformer.configuration
    var description = WrittenMetadata<Key>(free: metadata, state: state)
    let (blocks, layers) = try TransformerDescription.blocks(configuration)
    description.set(.format, format)
    description.set(.version, "\(version)")
    description.set(.configuration, try TransformerDescription.json(configuration))
    description.set(.blocks, blocks)
    description.set(.layers, layers)
    if let vocabulary { try description.set(vocabulary) }
    let weights = transformer.layout.entries.map {
      NamedArray(name: $0.name, shape: $0.shape, data: transformer.values(of: $0))
    }
    try SafetensorsWriter.write(weights + state, metadata: description.all, to: path)
  }

  /// Opens one of our files.
  ///
  /// - Parameters:
  ///   - file: a file for which `isOne` is true.
  ///   - name: what the model is called; the file's path if nil.
  /// - Returns: the model; of the metadata it keeps those that are free.
  /// - Throws: a description that is missing or makes no sense, a tensor that is missing, left over
  ///   or of another shape than the parameter.
  public static func load(
    _ file: SafetensorsFile, name: String? = nil
  ) throws(FileError) -> TransformerModel {
    let description = TransformerDescription(file: file)
    let configuration = try description.configuration()
    let vocabulary = try description.vocabulary(size: configuration.vocabularySize)
    let layout = TransformerLayout(configuration)
    let source = TensorSource(file)
    let rules = layout.entries.map { TensorRule([$0.name], [$0.name]) }
    let bindings = try source.bindings(rules, prefix: "", layout: layout)
    let used = Set(bindings.map(\.name))
    if let extra = file.names.first(where: {
      !used.contains($0) && !$0.hasPrefix(ModelFile.statePrefix)
    }) {
      throw FileError(
        file: file.path, at: .tensor(extra), expected: "a parameter of the model",
        found: "one that its equations do not have")
    }
    let transformer = try source.transformer(configuration, bindings)
    return TransformerModel(
      name: name ?? file.path, transformer: transformer,
      tokenizer: vocabulary.map { Tokenizer(vocabulary: $0) }, bindings: bindings,
      metadata: description.metadata.free,
      warnings: source.warnings(transformer, used: bindings) { _ in true })
  }

  /// The tokenizer of a file, without its weights being read; nil where it has no vocabulary.
  static func tokenizer(_ file: SafetensorsFile) throws(FileError) -> Tokenizer? {
    guard isOne(file) else { return nil }
    let description = TransformerDescription(file: file)
    return try description.vocabulary(size: try description.configuration().vocabularySize)
      .map { Tokenizer(vocabulary: $0) }
  }
}
