internal import Dispatch
internal import Equations
internal import Networks
internal import Synchronization
internal import Tensors

/// A folder as Hugging Face lays models out: `config.json`, weights, tokenizer.
struct HuggingFaceFolder {
  let path: String
  let config: HuggingFaceConfig
  let tensors: TensorSource

  /// What an architecture's files come to.
  struct Description {
    var configuration: TransformerConfiguration
    var rules: [TensorRule]
    /// What may stand before the tensors' names: the first under which `marker` is found.
    let prefixes: [String]
    let marker: String
    /// Tensors that are no part of what is computed here, by the end of their names.
    let ignored: [String]
  }

  /// The values of `model_type` that can be opened.
  static let architectures = ["bert", "distilbert", "gpt2"]

  init(_ path: String) throws(FileError) {
    // A folder that ends in a slash is the same folder.
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    guard ModelCatalog.exists("\(self.path)/config.json") else {
      throw FileError(
        file: path, expected: "a Hugging Face folder with config.json", found: "none in it")
    }
    config = HuggingFaceConfig(fields: try JSONFields(contentsOf: "\(self.path)/config.json"))
    try config.checkArchitecture()
    tensors = try TensorSource(folder: self.path)
  }

  /// Opens the model.
  ///
  /// - Throws: `FileError`: a value of the configuration that is missing, contradictory or not
  ///   supported; a tensor that is missing or of another shape; a tokenizer that does not fit.
  func model(name: String) throws(FileError) -> TransformerModel {
    let type = try config.fields.text("model_type") ?? ""
    let description =
      switch type {
      case "bert": try bert()
      case "distilbert": try distilBERT()
      default: try gpt2()
      }
    let prefix =
      description.prefixes.first { tensors.has($0 + description.marker) }
      ?? description.prefixes[0]
    try checkLayers(type, count: description.configuration.layerCount, prefix: prefix)
    let layout = TransformerLayout(description.configuration)
    let bindings = try tensors.bindings(description.rules, prefix: prefix, layout: layout)
    let (tokenizer, transformer) = try read(description.configuration, bindings)
    try check(tokenizer, of: type, rows: description.configuration.vocabularySize ?? 0)
    return TransformerModel(
      name: name, architecture: type, transformer: transformer, tokenizer: tokenizer,
      bindings: bindings, metadata: tensors.metadata,
      warnings: tensors.warnings(transformer, used: bindings) { name in
        description.ignored.contains { name.hasSuffix($0) }
      })
  }
}

extension HuggingFaceFolder {
  /// Refuses weights of more layers than the configuration says: the figures would be of another
  /// model.
  private func checkLayers(_ type: String, count: Int, prefix: String) throws(FileError) {
    let layers = ["bert": "encoder.layer.", "distilbert": "transformer.layer.", "gpt2": "h."]
    let next = "\(prefix)\(layers[type] ?? "")\(count)."
    if let name = tensors.names.first(where: { $0.hasPrefix(next) }) {
      throw FileError(
        file: "\(path)/config.json", at: .part("layers"),
        expected: "as many as the weights have", found: "\(count), and a tensor \(name)")
    }
  }

  /// Refuses a tokenizer of another kind or size than the model was made for. Tables of embeddings may
  /// have some rows more than there are tokens, up to a round number.
  private func check(_ tokenizer: Tokenizer, of type: String, rows: Int) throws(FileError) {
    let kind = type == "gpt2" ? Tokenizer.Kind.byteLevelBPE : .wordPiece
    func mismatch(_ expected: String, _ found: String) -> FileError {
      FileError(file: path, at: .part("tokenizer"), expected: expected, found: found)
    }
    if tokenizer.kind != kind {
      throw mismatch("\(kind.rawValue), as \(type) has", tokenizer.kind.rawValue)
    }
    if tokenizer.idEnd > rows {
      throw mismatch(
        "ids below \(rows), the vocab_size of config.json", "\(tokenizer.idEnd - 1)")
    }
    if tokenizer.idEnd + 1024 < rows {
      throw mismatch(
        "about \(rows) tokens, the vocab_size of config.json", "\(tokenizer.vocabularySize)")
    }
  }

  /// The tokenizer and the weights, side by side: both take time.
  private func read(
    _ configuration: TransformerConfiguration, _ bindings: [TransformerBinding]
  ) throws(FileError) -> (Tokenizer, Transformer<Float>) {
    let tokenizer = Mutex<Result<Tokenizer, FileError>?>(nil)
    let transformer = Mutex<Result<Transformer<Float>, FileError>?>(nil)
    DispatchQueue.concurrentPerform(iterations: 2) { index in
      if index == 0 {
        let result = Result { () throws(FileError) in try Tokenizer(folder: path) }
        tokenizer.withLock { $0 = result }
      } else {
        let result = Result { () throws(FileError) in
          try tensors.transformer(configuration, bindings)
        }
        transformer.withLock { $0 = result }
      }
    }
    guard let text = tokenizer.withLock({ $0 }), let weights = transformer.withLock({ $0 }) else {
      preconditionFailure("both have run")
    }
    return (try text.get(), try weights.get())
  }
}

/// The values of a `config.json`, checked as they are read.
struct HuggingFaceConfig {
  let fields: JSONFields

  /// No real model comes near.
  private static let largestSize = 1 << 24

  func checkArchitecture() throws(FileError) {
    let type = try fields.text("model_type")
    guard let type, HuggingFaceFolder.architectures.contains(type) else {
      throw fields.mismatch(
        "model_type",
        expected: Suggestion.listed(HuggingFaceFolder.architectures.map { "\"\($0)\"" }),
        found: type.map { Printable.quote($0) } ?? "nothing")
    }
  }

  /// A size that has to be there.
  func size(_ key: String, upTo limit: Int = Self.largestSize) throws(FileError) -> Int {
    try fields.required(
      key, "a whole number from 1 to \(limit)", try fields.whole(key, in: 1...limit))
  }

  /// The number of heads, which divides the model's size.
  func heads(_ key: String, of sizeKey: String) throws(FileError) -> Int {
    let heads = try size(key), size = try size(sizeKey)
    guard size.isMultiple(of: heads) else {
      throw fields.mismatch(
        key, expected: "a divisor of \(sizeKey), \(size)", found: "\(heads)")
    }
    return heads
  }

  func layers(_ key: String) throws(FileError) -> Int { try size(key, upTo: 1 << 10) }

  func epsilon(_ key: String, default standard: Double) throws(FileError) -> Double {
    let value = try fields.number(key) ?? standard
    guard value > 0, value < 1 else {
      throw fields.mismatch(key, expected: "a number between 0 and 1")
    }
    return value
  }

  /// GELU has many names: gelu is the erf form, the others are the tanh form.
  func activation(_ key: String, default standard: String) throws(FileError) -> Function {
    let name = try fields.text(key) ?? standard
    switch name {
    case "gelu", "gelu_python": return .gelu
    case "gelu_new", "gelu_fast", "gelu_pytorch_tanh": return .geluTanh
    case "relu": return .relu
    case "tanh": return .tanh
    default:
      throw fields.mismatch(
        key, expected: "gelu, gelu_new, gelu_fast, gelu_pytorch_tanh, relu or tanh",
        found: Printable.quote(name))
    }
  }

  /// A switch that changes what is computed, in the only position that can be computed here.
  func expect(_ key: String, _ value: Bool) throws(FileError) {
    guard let found = try fields.flag(key), found != value else { return }
    throw fields.mismatch(key, expected: "\(value): nothing else is supported")
  }

  /// One block per layer, all alike.
  func blocks(
    _ name: String, layers: Int, activation: Function, epsilon: Double
  ) throws(FileError) -> [Block] {
    do throws(EquationError) {
      guard
        let block = try Block.shipped(
          name, activation: activation, constants: ["ε": epsilon])
      else { preconditionFailure("no block \(name)") }
      return Array(repeating: block, count: layers)
    } catch {
      preconditionFailure("the shipped block \(name): \(error)")
    }
  }
}
