internal import Equations
internal import Networks

/// Reads the description in the metadata of one of our encoder-decoder files.
struct EncoderDecoderHeader {
  let metadata: ReadMetadata<EncoderDecoderFile.Key>

  init(file: SafetensorsFile) { metadata = ReadMetadata(file: file) }

  private var file: SafetensorsFile { metadata.file }

  func configuration() throws(FileError) -> EncoderDecoderConfiguration {
    let version = try metadata.text(.version)
    guard let number = Int(version), (1...EncoderDecoderFile.version).contains(number) else {
      throw metadata.mismatch(
        .version, "a whole number from 1 to \(EncoderDecoderFile.version)",
        Printable.quote(version))
    }
    let kind = try metadata.text(.kind)
    switch EncoderDecoderFile.Kind(rawValue: kind) {
    case .recurrent: return .recurrent(try RecurrentDescription(metadata: metadata).configuration())
    case .transformer: return try transformer()
    case nil:
      throw metadata.mismatch(.kind, "recurrent or transformer", Printable.quote(kind))
    }
  }

  /// The two transformers, and whether they fit each other.
  private func transformer() throws(FileError) -> EncoderDecoderConfiguration {
    let encoder = try TransformerDescription(file: file, prefix: "encoder.").readConfiguration()
    let decoder = try TransformerDescription(
      file: file, prefix: "decoder.", takesContext: true
    ).readConfiguration()
    func mismatch(
      _ key: EncoderDecoderFile.Key, _ expected: String, _ found: String
    ) -> FileError { metadata.mismatch(key, expected, found) }
    guard encoder.vocabularySize != nil else {
      throw mismatch(.encoderConfiguration, "vocabulary_size", "none")
    }
    guard encoder.head == .none, !encoder.isCausal else {
      throw mismatch(
        .encoderConfiguration, "an encoder that sees both sides, without a head",
        encoder.isCausal ? "a causal one" : "one with a head")
    }
    guard decoder.isCausal else {
      throw mismatch(.decoderConfiguration, "a causal decoder", "one that sees both sides")
    }
    switch decoder.head {
    case .tied, .linear: break
    case .none, .maskedLM:
      throw mismatch(
        .decoderConfiguration, "a head tied or linear",
        decoder.head == .none ? "none" : "masked-lm")
    }
    guard encoder.modelSize == decoder.modelSize else {
      throw mismatch(
        .decoderConfiguration, "model_size \(encoder.modelSize), as the encoder has",
        "\(decoder.modelSize)")
    }
    return .transformer(encoder: encoder, decoder: decoder)
  }

  /// The words of one side; nil where the file has none.
  func words(
    _ key: EncoderDecoderFile.Key, _ language: EncoderDecoderFile.Key, count: Int
  ) throws(FileError) -> TranslationWords? {
    guard let tokens = try metadata.strings(key, "words") else { return nil }
    guard tokens.count == count else {
      throw metadata.mismatch(key, "\(count) words, as the model has", "\(tokens.count)")
    }
    return TranslationWords(language: try metadata.text(language), tokens: tokens)
  }
}

/// The description of a recurrent encoder-decoder.
struct RecurrentDescription {
  let metadata: ReadMetadata<EncoderDecoderFile.Key>

  /// No real model comes near; a file that claims more is broken, and its sizes must not overflow.
  private static let largestSize = 1 << 24
  private static let mostLayers = 1 << 10

  func configuration() throws(FileError) -> RecurrentEncoderDecoderConfiguration {
    let fields = try fields(.configuration)
    func size(
      _ key: String, upTo limit: Int = RecurrentDescription.largestSize
    ) throws(FileError) -> Int {
      try fields.required(key, "a whole number", try fields.whole(key, in: 1...limit))
    }
    let isBidirectional = try fields.required(
      "bidirectional", "true or false", try fields.flag("bidirectional"))
    let hiddenSize = try size("hidden_size")
    guard !isBidirectional || hiddenSize.isMultiple(of: 2) else {
      throw fields.mismatch("hidden_size", expected: "an even number, for two directions")
    }
    let attention = try readAttention()
    return RecurrentEncoderDecoderConfiguration(
      cell: try readCell(), sourceVocabularySize: try size("source_vocabulary_size"),
      targetVocabularySize: try size("target_vocabulary_size"),
      embeddingSize: try size("embedding_size"), hiddenSize: hiddenSize,
      numLayers: try size("layers", upTo: Self.mostLayers), isBidirectional: isBidirectional,
      attention: attention, attentionSize: attention == nil ? nil : try size("attention_size"))
  }

  private func fields(_ key: EncoderDecoderFile.Key) throws(FileError) -> JSONFields {
    try JSONFields(
      file: metadata.file.path, path: "metadata \(key.rawValue)", value: try metadata.json(key))
  }

  private func readAttention() throws(FileError) -> Block? {
    guard metadata.has(.attention) else { return nil }
    let fields = try fields(.attention)
    let block = try fields.block()
    guard block.inputs.count == 2 else {
      throw fields.mismatch(
        "equations", expected: "a block of X and E",
        found: "\(block.inputs.count) \(block.inputs.count == 1 ? "input" : "inputs")")
    }
    return block
  }

  private func readCell() throws(FileError) -> Cell {
    let fields = try fields(.cell)
    let name = try fields.required("name", "a string", try fields.text("name"))
    let equations = try fields.required("equations", "a cell", try fields.text("equations"))
    let activation = try fields.activation("activation")
    do throws(EquationError) {
      return try Cell(name: name, text: equations, source: name, activation: activation)
    } catch {
      throw fields.mismatch("equations", expected: "a cell", found: error.summary)
    }
  }

  // MARK: Writing

  static func json(
    _ configuration: RecurrentEncoderDecoderConfiguration
  ) throws(FileError) -> String {
    try JSONWriter.document { json throws(FileError) in
      try json.beginObject()
      try json.member("source_vocabulary_size", configuration.sourceVocabularySize)
      try json.member("target_vocabulary_size", configuration.targetVocabularySize)
      try json.member("embedding_size", configuration.embeddingSize)
      try json.member("hidden_size", configuration.hiddenSize)
      try json.member("layers", configuration.numLayers)
      try json.member("bidirectional", configuration.isBidirectional)
      if configuration.attention != nil {
        try json.member("attention_size", configuration.attentionSize)
      }
      try json.endObject()
    }
  }

  static func cell(_ cell: Cell) throws(FileError) -> String {
    try JSONWriter.document { json throws(FileError) in
      try json.beginObject()
      try json.member("name", cell.name)
      try json.member("equations", cell.text)
      try json.member("activation", cell.activation.asciiName)
      try json.endObject()
    }
  }
}
