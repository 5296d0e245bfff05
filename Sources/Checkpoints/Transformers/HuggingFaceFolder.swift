internal import Dispatch
internal import Equations
internal import Glibc
internal import Networks
internal import Synchronization
internal import Tensors

/// A folder as Hugging Face lays models out: `config.json`, weights, tokenizer.
struct HuggingFaceFolder {
  let path: String
  let config: HuggingFaceConfig
  let architecture: HuggingFaceArchitecture
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

  init(_ path: String) throws(FileError) {
    // A folder that ends in a slash is the same folder.
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    guard ModelCatalog.exists(self.path) else {
      throw FileError(file: path, .system(doing: "open", code: ENOENT))
    }
    guard ModelCatalog.exists("\(self.path)/config.json") else {
      throw FileError(
        file: path, expected: "a Hugging Face folder with config.json", found: "none in it")
    }
    config = HuggingFaceConfig(fields: try JSONFields(contentsOf: "\(self.path)/config.json"))
    architecture = try config.architecture()
    tensors = try TensorSource(folder: self.path)
  }

  /// Opens the model.
  ///
  /// - Throws: `FileError`: a value of the configuration that is missing, contradictory or not
  ///   supported; a tensor that is missing or of another shape; a tokenizer that does not fit.
  func model(name: String) throws(FileError) -> TransformerModel {
    let description =
      switch architecture {
      case .bert: try bert()
      case .distilbert: try distilBERT()
      case .gpt2: try gpt2()
      }
    let prefix =
      description.prefixes.first { tensors.has($0 + description.marker) }
      ?? description.prefixes[0]
    try checkLayers(count: description.configuration.layerCount, prefix: prefix)
    let layout = TransformerLayout(description.configuration)
    let bindings = try tensors.bindings(description.rules, prefix: prefix, layout: layout)
    let (tokenizer, transformer) = try read(description.configuration, bindings)
    try check(tokenizer, rows: description.configuration.vocabularySize ?? 0)
    return TransformerModel(
      name: name, architecture: architecture.rawValue, transformer: transformer,
      tokenizer: tokenizer,
      bindings: bindings, metadata: tensors.metadata,
      warnings: tensors.warnings(transformer, used: bindings) { name in
        description.ignored.contains { name.hasSuffix($0) }
      })
  }
}

extension HuggingFaceFolder {
  /// Refuses weights of more layers than the configuration says: the figures would be of another
  /// model.
  private func checkLayers(count: Int, prefix: String) throws(FileError) {
    let next = "\(prefix)\(architecture.layerPrefix)\(count)."
    if let name = tensors.names.first(where: { $0.hasPrefix(next) }) {
      throw FileError(
        file: "\(path)/config.json", at: .part("layers"),
        expected: "as many as the weights have", found: "\(count), and a tensor \(name)")
    }
  }

  /// Refuses a tokenizer of another kind or size than the model was made for. Tables of embeddings may
  /// have some rows more than there are tokens, up to a round number.
  private func check(_ tokenizer: Tokenizer, rows: Int) throws(FileError) {
    let kind = architecture.tokenizerKind
    func mismatch(_ expected: String, _ found: String) -> FileError {
      FileError(file: path, at: .part("tokenizer"), expected: expected, found: found)
    }
    if tokenizer.kind != kind {
      throw mismatch("\(kind.rawValue), as \(architecture.rawValue) has", tokenizer.kind.rawValue)
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
