public import Networks
public import Tensors

/// A transformer that is ready to run: a Hugging Face model, a PyTorch module, or one of our own.
public struct TransformerModel: Sendable {
  /// The shipped name, or the path as the user gave it.
  public let name: String
  /// What it was made as: `bert`, `distilbert`, `gpt2`, `nn.MultiheadAttention`,
  /// `nn.TransformerEncoder`, `nn.TransformerDecoder`, or `unroll`.
  public let architecture: String
  public let transformer: Transformer<Float>
  /// What turns text into tokens; nil where the input is vectors.
  public let tokenizer: Tokenizer?
  /// The checkpoint's own tensors, in the order of the file.
  public let bindings: [TransformerBinding]
  /// Free facts about the model: how it was trained, or what the checkpoint says of itself.
  public let metadata: [String: String]
  /// What the user should know, such as weights that are not finite; one line each.
  public let warnings: [String]

  public init(
    name: String, architecture: String = "unroll", transformer: Transformer<Float>,
    tokenizer: Tokenizer?, bindings: [TransformerBinding]? = nil,
    metadata: [String: String] = [:], warnings: [String] = []
  ) {
    self.name = name
    self.architecture = architecture
    self.transformer = transformer
    self.tokenizer = tokenizer
    self.bindings = bindings ?? transformer.layout.entries.map { TransformerBinding($0) }
    self.metadata = metadata
    self.warnings = warnings
  }

  public var configuration: TransformerConfiguration { transformer.configuration }

  /// The most tokens that it can be given at once; nil without a limit.
  public var longestSequence: Int? { configuration.longestSequence }

  /// Whether each row of the logits is over the token that follows.
  public var predictsNextToken: Bool { configuration.isCausal && configuration.head != .none }

  /// Whether a token can be masked and guessed.
  public var predictsMaskedTokens: Bool {
    !configuration.isCausal && configuration.head != .none && tokenizer?.special.mask != nil
  }

  /// One line: "bert, 6 layers of 12 heads, size 384, 22,565,376 parameters".
  public var summary: String {
    let layers = configuration.layerCount, heads = configuration.headCount
    return "\(architecture), \(layers) \(layers == 1 ? "layer" : "layers") of \(heads) "
      + "\(heads == 1 ? "head" : "heads"), size \(configuration.modelSize), "
      + "\(Model.grouped(transformer.layout.parameterCount)) parameters"
  }
}

/// A text as a transformer takes it.
public struct TransformerInput: Sendable {
  public let run: RunInput
  /// With their places in the text; empty where the input is vectors.
  public let tokens: [TextToken]
  /// Tokens that were cut off, as the model takes no more.
  public let cutCount: Int
  /// `[T_E, D]`: the rows of an encoder that a decoder attends to; empty for other models.
  public internal(set) var memory: [Float] = []

  public var seqLen: Int { run.seqLen }
}

extension TransformerModel {
  /// Takes a text, cut at the model's limit.
  ///
  /// - Throws: a model without tokens, a text that gives none.
  public func input(text: String) throws(ModelError) -> TransformerInput {
    guard let tokenizer else {
      throw .request(
        configuration.vocabularySize == nil
          ? "\(shownName) takes vectors, not text; give --input FILE.npy or FILE.csv"
          : "\(shownName) has no vocabulary; give token ids with --input FILE.npy or FILE.csv")
    }
    let (tokens, cutCount) = tokenizer.encode(text, limit: longestSequence)
    guard !tokens.isEmpty else {
      throw .request("the text gives no tokens; \(shownName) needs at least one")
    }
    let run = RunInput(
      source: .tokens(tokens.map { Int32($0.id) }), labels: tokens.map(\.text),
      unknownCount: tokens.count(where: tokenizer.isUnknown))
    return TransformerInput(run: run, tokens: tokens, cutCount: cutCount)
  }

  /// Takes vectors, `[T, D]` row-major.
  ///
  /// - Parameters:
  ///   - vectors: one row per token.
  ///   - memory: `[T_E, D]`, what an encoder gave; for decoders with cross-attention, which need it.
  /// - Returns: the input.
  /// - Throws: a model that takes tokens, numbers that make no rows, memory that the model needs or has
  ///   no use for.
  public func input(
    vectors: [Float], memory: [Float]? = nil
  ) throws(ModelError) -> TransformerInput {
    let size = configuration.modelSize
    guard configuration.vocabularySize == nil else {
      throw .request("\(shownName) takes tokens, not vectors")
    }
    guard !vectors.isEmpty, vectors.count.isMultiple(of: size) else {
      throw .request("expected [T, \(size)] numbers, found \(vectors.count)")
    }
    return TransformerInput(
      run: RunInput(
        source: .vectors(vectors), labels: (0..<vectors.count / size).map(String.init)),
      tokens: [], cutCount: 0, memory: try checked(memory))
  }

  /// Takes token ids.
  public func input(ids: [Int]) throws(ModelError) -> TransformerInput {
    guard let size = configuration.vocabularySize else {
      throw .request("\(shownName) takes vectors, not tokens")
    }
    if let wrong = ids.first(where: { !(0..<size).contains($0) }) {
      throw .request("expected token ids from 0 to \(size - 1), found \(wrong)")
    }
    guard !ids.isEmpty else { throw .request("expected at least one token id, found none") }
    let kept = ids.prefix(longestSequence ?? ids.count)
    return TransformerInput(
      run: RunInput(
        source: .tokens(kept.map { Int32($0) }),
        labels: kept.map { tokenizer?.token($0) ?? String($0) }),
      tokens: [], cutCount: ids.count - kept.count)
  }

  /// Reads `[T, D]` numbers, or `[T]` token ids for a model that takes tokens, from a `.npy` or a
  /// `.csv` file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - memory: as for `input(vectors:memory:)`.
  /// - Returns: the input.
  /// - Throws: a file that can't be read or does not fit; memory as for `input(vectors:memory:)`.
  public func input(
    file path: String, memory: [Float]? = nil
  ) throws(ModelError) -> TransformerInput {
    let file = try InputFile(path: path)
    func mismatch(_ expected: String) -> ModelError {
      .file(FileError(file: path, expected: expected, found: Printable.shape(file.shape)))
    }
    guard configuration.vocabularySize == nil else {
      guard file.columnCount == 1, let ids = file.wholeNumbers else {
        throw mismatch("[T] whole numbers: token ids, as the model takes tokens")
      }
      return try input(ids: ids)
    }
    guard file.shape.count == 2, file.columnCount == configuration.modelSize else {
      throw mismatch("[T, \(configuration.modelSize)] numbers, as the model takes")
    }
    return try input(vectors: file.values, memory: memory)
  }

  /// Reads what a decoder attends to besides its own rows, `[T_E, D]`, from a `.npy` or a `.csv`
  /// file.
  public func memory(file path: String) throws(ModelError) -> [Float] {
    guard configuration.takesContext else { throw memoryRefusal }
    let file = try InputFile(path: path)
    guard file.shape.count == 2, file.columnCount == configuration.modelSize else {
      throw .file(
        FileError(
          file: path,
          expected: "[T_E, \(configuration.modelSize)] numbers: rows of an encoder, as the model "
            + "takes", found: Printable.shape(file.shape)))
    }
    return file.values
  }

  private func checked(_ memory: [Float]?) throws(ModelError) -> [Float] {
    guard configuration.takesContext else {
      guard memory == nil else { throw memoryRefusal }
      return []
    }
    let size = configuration.modelSize
    guard let memory else {
      throw .request(
        "\(shownName) attends to the rows of an encoder too, [T_E, \(size)]; give them with "
          + "--memory FILE.npy or FILE.csv")
    }
    guard !memory.isEmpty, memory.count.isMultiple(of: size) else {
      throw .request("expected [T_E, \(size)] numbers as memory, found \(memory.count)")
    }
    return memory
  }

  private var memoryRefusal: ModelError {
    .request(
      "--memory is for decoders that attend to an encoder's rows; \(shownName) attends to its own "
        + "alone")
  }

  var shownName: String { Printable.escape(name, limit: 200) }
}

extension Tokenizer {
  /// The tokens of a text, at most `limit` of them; special ones around the text are kept.
  ///
  /// - Returns: the tokens, and how many were left out.
  public func encode(_ text: String, limit: Int?) -> (tokens: [TextToken], cutCount: Int) {
    let all = encode(text)
    guard let limit, all.count > limit else { return (all, 0) }
    let kept = max(0, limit - suffix.count)
    return (Array(all.prefix(kept) + all.suffix(limit - kept)), all.count - limit)
  }
}
