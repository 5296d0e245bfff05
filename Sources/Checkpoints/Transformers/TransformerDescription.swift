internal import Equations
internal import Networks

/// The description in the metadata of one of our transformer files.
struct TransformerDescription {
  let file: SafetensorsFile

  private static let largestSize = 1 << 24
  private static let mostLayers = 1 << 10

  // MARK: Writing

  static func json(_ configuration: TransformerConfiguration) throws(FileError) -> String {
    let output = ByteOutput()
    var json = JSONWriter(to: output)
    try json.beginObject()
    if let size = configuration.vocabularySize { try json.member("vocabulary_size", size) }
    try json.member("model_size", configuration.modelSize)
    try json.member("heads", configuration.headCount)
    try json.member("feed_forward_size", configuration.feedForwardSize)
    switch configuration.positions {
    case .none: try json.member("positions", "none")
    case .sinusoidal: try json.member("positions", "sinusoidal")
    case .learned(let count):
      try json.member("positions", "learned")
      try json.member("position_count", count)
    }
    try json.member("token_types", configuration.tokenTypeCount)
    try json.member("scales_embedding", configuration.scalesEmbedding)
    try json.member("normalizes_embedding", configuration.normalizesEmbedding)
    try json.member("normalizes_output", configuration.normalizesOutput)
    try json.member("causal", configuration.isCausal)
    switch configuration.head {
    case .none: try json.member("head", "none")
    case .tied(let hasBias):
      try json.member("head", "tied")
      try json.member("head_bias", hasBias)
    case .linear(let hasBias):
      try json.member("head", "linear")
      try json.member("head_bias", hasBias)
    case .maskedLM(let activation):
      try json.member("head", "masked-lm")
      try json.member("head_activation", activation.asciiName)
    }
    try json.member("norm_epsilon", configuration.normEpsilon)
    try json.member("dropout", configuration.dropout)
    try json.endObject()
    return String(decoding: output.bytes, as: UTF8.self)
  }

  /// The different blocks, and for each layer the index of its own.
  static func blocks(
    _ configuration: TransformerConfiguration
  ) throws(FileError) -> (blocks: String, layers: String) {
    var different: [Block] = []
    var layers: [Int] = []
    for block in configuration.blocks {
      let index = different.firstIndex {
        $0.name == block.name && $0.text == block.text && $0.activation == block.activation
          && $0.constants.elementsEqual(block.constants) { $0 == $1 }
      }
      layers.append(index ?? different.count)
      if index == nil { different.append(block) }
    }
    let output = ByteOutput()
    var json = JSONWriter(to: output)
    try json.beginArray()
    for block in different {
      try json.beginObject()
      try json.member("name", block.name)
      try json.member("equations", block.text)
      try json.member("activation", block.activation.asciiName)
      try json.key("constants")
      try json.beginObject()
      for (name, value) in block.constants { try json.member(name.text, value) }
      try json.endObject()
      try json.endObject()
    }
    try json.endArray()
    let indices = ByteOutput()
    var list = JSONWriter(to: indices)
    try list.value(layers)
    return (
      String(decoding: output.bytes, as: UTF8.self), String(decoding: indices.bytes, as: UTF8.self)
    )
  }

  // MARK: Reading

  func configuration() throws(FileError) -> TransformerConfiguration {
    let version = try text(.version)
    guard let number = Int(version), (1...TransformerFile.version).contains(number) else {
      throw mismatch(
        .version, "a whole number from 1 to \(TransformerFile.version)", Printable.quote(version))
    }
    let fields = try JSONFields(
      file: file.path, path: "metadata configuration", value: try json(.configuration))
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
      return .maskedLM(activation: try readActivation(fields, "head_activation"))
    default: throw fields.mismatch("head", expected: "none, tied, linear or masked-lm")
    }
  }

  private func readActivation(
    _ fields: JSONFields, _ key: String
  ) throws(FileError) -> Function {
    guard let known = try fields.text(key).flatMap({ Function(activation: $0) }) else {
      throw fields.mismatch(
        key, expected: Suggestion.listed(Function.activations.map(\.asciiName)))
    }
    return known
  }

  private func readBlocks() throws(FileError) -> [Block] {
    guard case .array(let elements) = try json(.blocks), !elements.isEmpty else {
      throw mismatch(.blocks, "an array of blocks", "another value")
    }
    var blocks: [Block] = []
    for (index, element) in elements.enumerated() {
      let fields = try JSONFields(
        file: file.path, path: "metadata blocks[\(index)]", value: element)
      let name = try fields.required("name", "a string", try fields.text("name"))
      let text = try fields.required("equations", "a block", try fields.text("equations"))
      var constants: [String: Double] = [:]
      if let given = try fields.fields("constants") {
        for (key, _) in given.object { constants[key] = try given.number(key) }
      }
      let activation = try readActivation(fields, "activation")
      do throws(EquationError) {
        blocks.append(
          try Block(
            name: name, text: text, source: name, activation: activation, constants: constants))
      } catch {
        throw fields.mismatch("equations", expected: "a block", found: error.summary)
      }
      if blocks[index].inputs.count > 1 {
        throw fields.mismatch(
          "equations", expected: "a block of X alone",
          found: "\(blocks[index].inputs.count) inputs")
      }
    }
    guard case .array(let layers) = try json(.layers), (1...Self.mostLayers).contains(layers.count)
    else {
      throw mismatch(.layers, "an array of 1 to \(Self.mostLayers) indices", "another value")
    }
    var result: [Block] = []
    for layer in layers {
      guard case .integer(let index) = layer, blocks.indices.contains(index) else {
        throw mismatch(.layers, "indices from 0 to \(blocks.count - 1)", layer.summary)
      }
      result.append(blocks[index])
    }
    return result
  }

  /// The tokens, of which the embedding has `size`; nil where there are none.
  func vocabulary(size: Int?) throws(FileError) -> Vocabulary? {
    guard file.metadata[TransformerFile.Key.vocabulary.rawValue] != nil else { return nil }
    guard case .array(let elements) = try json(.vocabulary) else {
      throw mismatch(.vocabulary, "an array of tokens", "another value")
    }
    guard let size, elements.count == size else {
      throw mismatch(
        .vocabulary, size.map { "\($0) tokens, as the embedding has rows" } ?? "none",
        "\(elements.count)")
    }
    var tokens: [String] = []
    for element in elements {
      guard case .string(let token) = element else {
        throw mismatch(.vocabulary, "strings", element.summary)
      }
      tokens.append(token)
    }
    let unit = try text(.unit)
    guard let unit = Vocabulary.Unit(rawValue: unit) else {
      throw mismatch(.unit, "characters or words", Printable.quote(unit))
    }
    return Vocabulary(tokens: tokens, unit: unit)
  }

  // MARK: Values

  private func text(_ key: TransformerFile.Key) throws(FileError) -> String {
    guard let text = file.metadata[key.rawValue] else { throw mismatch(key, "a value", "none") }
    return text
  }

  private func json(_ key: TransformerFile.Key) throws(FileError) -> JSONValue {
    let bytes = Array(try text(key).utf8)
    do throws(JSONParser.Failure) {
      return try JSONParser.parse(bytes)
    } catch {
      throw mismatch(key, error.expected, error.found)
    }
  }

  private func mismatch(
    _ key: TransformerFile.Key, _ expected: String, _ found: String
  ) -> FileError {
    FileError(
      file: file.path, at: .part("metadata \(key.rawValue)"), expected: expected, found: found)
  }
}
