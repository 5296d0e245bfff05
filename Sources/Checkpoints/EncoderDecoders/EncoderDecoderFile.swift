public import Networks
public import Tensors

/// unroll's own encoder-decoder files: plain safetensors that describe themselves.
///
/// The tensors are named as in the model's layout (`encoder.layer0.W_f`, `attention.W_s`,
/// `decoder.layer0.W_QE`, `output.weight`, …). The metadata hold the equations of cells and blocks, the
/// sizes, the words of both languages, and freely how the model was trained.
public enum EncoderDecoderFile {
  /// The value of the metadata's key `format`.
  static let format = "unroll-encoder-decoder"
  /// Readers refuse files of a later version.
  static let version = 1

  /// The metadata keys that describe the model; all others are free.
  enum Key: String, MetadataKey {
    case format
    case version = "format_version"
    /// `recurrent` or `transformer`.
    case kind
    /// JSON, recurrent: the sizes.
    case configuration
    /// JSON, recurrent: `{"name", "equations", "activation"}`.
    case cell
    /// JSON, recurrent: the block between decoder and encoder, if there is one.
    case attention
    /// JSON, transformer: as in `TransformerFile`.
    case encoderConfiguration = "encoder.configuration"
    case encoderBlocks = "encoder.blocks"
    case encoderLayers = "encoder.layers"
    case decoderConfiguration = "decoder.configuration"
    case decoderBlocks = "decoder.blocks"
    case decoderLayers = "decoder.layers"
    /// JSON: the words.
    case sourceVocabulary = "source_vocabulary"
    case targetVocabulary = "target_vocabulary"
    case sourceLanguage = "source_language"
    case targetLanguage = "target_language"
  }

  /// Whether a file says that it is one of ours.
  public static func isOne(_ file: SafetensorsFile) -> Bool {
    file.metadata[Key.format.rawValue] == format
  }

  /// Writes a model, whole or not at all. The same model gives the same bytes.
  ///
  /// - Parameters:
  ///   - model: the configuration and the weights.
  ///   - source: the words of the language that is read.
  ///   - target: those of the language that is written.
  ///   - metadata: free facts, such as how it was trained (`TranslationModel.Fact` has the keys of
  ///     those that are shown); keys that describe the model are not free.
  ///   - state: further arrays, each named with `ModelFile.statePrefix` in front.
  ///   - path: where to write.
  /// - Throws: the system's answer.
  /// - Precondition: as many words as the model has, or none.
  public static func save(
    _ model: EncoderDecoder<Float>, source: TranslationWords?, target: TranslationWords?,
    metadata: [String: String] = [:], state: [NamedArray] = [], to path: String
  ) throws(FileError) {
    let configuration = model.configuration
    precondition(
      source.map { $0.tokens.count == configuration.sourceVocabularySize } ?? true
        && target.map { $0.tokens.count == configuration.targetVocabularySize } ?? true,
      "words of another model")
    var description = WrittenMetadata<Key>(free: metadata, state: state)
    description.set(.format, format)
    description.set(.version, "\(version)")
    try describe(configuration, in: &description)
    if let source {
      description.set(.sourceLanguage, source.language)
      try description.set(.sourceVocabulary, source.tokens)
    }
    if let target {
      description.set(.targetLanguage, target.language)
      try description.set(.targetVocabulary, target.tokens)
    }
    let weights = model.layout.entries.map {
      NamedArray(name: $0.name, shape: $0.shape, data: model.values(of: $0))
    }
    try SafetensorsWriter.write(weights + state, metadata: description.all, to: path)
  }

  /// Writes a model with its own metadata.
  public static func save(_ model: TranslationModel, to path: String) throws(FileError) {
    try save(
      model.model, source: model.source, target: model.target, metadata: model.metadata, to: path)
  }

  private static func describe(
    _ configuration: EncoderDecoderConfiguration, in description: inout WrittenMetadata<Key>
  ) throws(FileError) {
    switch configuration {
    case .recurrent(let recurrent):
      description.set(.kind, Kind.recurrent.rawValue)
      description.set(.configuration, try RecurrentDescription.json(recurrent))
      description.set(.cell, try RecurrentDescription.cell(recurrent.cell))
      if let attention = recurrent.attention {
        description.set(
          .attention,
          try JSONWriter.document { json throws(FileError) in try json.value(attention) })
      }
    case .transformer(let encoder, let decoder):
      description.set(.kind, Kind.transformer.rawValue)
      let reading = try TransformerDescription.blocks(encoder)
      description.set(.encoderConfiguration, try TransformerDescription.json(encoder))
      description.set(.encoderBlocks, reading.blocks)
      description.set(.encoderLayers, reading.layers)
      let writing = try TransformerDescription.blocks(decoder)
      description.set(.decoderConfiguration, try TransformerDescription.json(decoder))
      description.set(.decoderBlocks, writing.blocks)
      description.set(.decoderLayers, writing.layers)
    }
  }

  enum Kind: String, CaseIterable {
    case recurrent, transformer
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
  ) throws(FileError) -> TranslationModel {
    let header = EncoderDecoderHeader(file: file)
    let configuration = try header.configuration()
    let source = try header.words(
      .sourceVocabulary, .sourceLanguage, count: configuration.sourceVocabularySize)
    let target = try header.words(
      .targetVocabulary, .targetLanguage, count: configuration.targetVocabularySize)
    // Before memory is taken for what the description says.
    let layout = EncoderDecoderLayout(configuration)
    let bindings = layout.entries.map { EncoderDecoderBinding($0) }
    try file.check(bindings)
    if let extra = file.names.first(where: {
      layout[$0] == nil && !$0.hasPrefix(ModelFile.statePrefix)
    }) {
      throw FileError(
        file: file.path, at: .tensor(extra), expected: "a parameter of the model",
        found: "one that its equations do not have")
    }
    let model = EncoderDecoder<Float>(configuration)
    for entry in layout.entries {
      model.parameters.copy(from: try file.floats(entry.name), at: entry.offset)
    }
    return TranslationModel(
      name: name ?? file.path, model: model, source: source, target: target, bindings: bindings,
      metadata: header.metadata.free, warnings: model.nonFiniteWarnings(bindings))
  }
}

extension SafetensorsFile {
  /// Checks that there is a tensor of weights for each binding, of its shape.
  func check(_ bindings: [EncoderDecoderBinding]) throws(FileError) {
    for binding in bindings {
      guard let tensor = self[binding.name], tensor.shape == binding.shape else {
        throw FileError(
          file: path, at: .tensor(binding.name), expected: Printable.shape(binding.shape),
          found: self[binding.name].map { Printable.shape($0.shape) } ?? "no tensor of this name")
      }
      // Quantised weights are whole numbers that stand for others.
      if tensor.type.isInteger {
        throw FileError(
          file: path, at: .tensor(binding.name), expected: "F32, F16, BF16 or F64 weights",
          found: tensor.type.rawValue)
      }
    }
  }
}

extension EncoderDecoder<Float> {
  /// A line about the first weight that is NaN or infinite; none where all are finite.
  func nonFiniteWarnings(_ bindings: [EncoderDecoderBinding]) -> [String] {
    guard let (entry, index) = firstNonFinite,
      let binding = bindings.first(where: { $0.parts.contains { $0.parameter == entry.name } })
    else { return [] }
    let value = parameters[entry.offset + index]
    return ["tensor \(Printable.escape(binding.name, limit: 80)) holds \(value)"]
  }
}
