public import Equations

/// Everything that can be said about the transformer to open, as on the command line.
public struct TransformerRequest: Sendable {
  /// A shipped or installed name, a Hugging Face folder, or a file.
  public var model: String
  /// What a PyTorch state dict does not say of itself:
  public var headCount: Int?
  /// Whether layers normalise before attention and the feed-forward net, not after.
  public var normFirst: Bool?
  /// Of the feed-forward net.
  public var activation: Function?
  public var isCausal = false
  /// Which of several modules of a state dict.
  public var prefix: String?

  public init(model: String) { self.model = model }

  /// The options that are for state dicts and were given.
  var stateDictOptions: [String] {
    let all: [(String, Bool)] = [
      ("--heads", headCount != nil),
      (normFirst == false ? "--no-norm-first" : "--norm-first", normFirst != nil),
      ("--activation", activation != nil), ("--causal", isCausal), ("--prefix", prefix != nil),
    ]
    return all.filter(\.1).map(\.0)
  }
}

/// Opens transformers.
public enum TransformerLoader {
  /// Opens a transformer: shipped, installed, one of our files, a Hugging Face folder, or a state
  /// dict of `nn.MultiheadAttention`, `nn.TransformerEncoder` or `nn.TransformerDecoder`.
  ///
  /// - Throws: what is wrong with a file, a name or the options together.
  public static func load(_ request: TransformerRequest) throws(ModelError) -> TransformerModel {
    let name = request.model
    if let folder = TokenizerLoader.folder(of: name) {
      try refuseOptions(request)
      return try ModelError.wrap { () throws(FileError) in
        try HuggingFaceFolder(folder).model(name: name)
      }
    }
    guard
      isPath(name) || ModelCatalog.shippedNames.contains(name) || ModelCatalog.exists(name)
        || ModelCatalog.installed().contains(where: { $0.name == name })
    else { throw ModelCatalog.unknown(name) }
    let file = try ModelError.wrap { () throws(FileError) in try Self.file(name) }
    if TransformerFile.isOne(file) {
      try refuseOptions(request)
      return try ModelError.wrap { () throws(FileError) in
        try TransformerFile.load(file, name: name)
      }
    }
    if EncoderDecoderFile.isOne(file) { throw TranslationLoader.refusal(name) }
    guard AttentionStateDict.isOne(file) else {
      throw .file(
        FileError(
          file: file.path,
          expected: "a transformer: unroll's own, or a state dict of nn.MultiheadAttention, "
            + "nn.TransformerEncoder or nn.TransformerDecoder (in_proj_weight, …)",
          found: Suggestion.listed(Array(file.names.prefix(3)), "and")))
    }
    return try AttentionStateDict.load(file, name: name, request)
  }

  /// Whether a name or path stands for a transformer, as far as can be told without reading weights.
  public static func isTransformer(_ name: String) -> Bool {
    if TokenizerLoader.folder(of: name) != nil { return true }
    guard let file = try? file(name) else { return false }
    return TransformerFile.isOne(file) || AttentionStateDict.isOne(file)
  }

  private static func isPath(_ name: String) -> Bool {
    name.utf8.contains(UInt8(ascii: "/")) || name.hasSuffix(".safetensors")
  }

  static func file(_ name: String) throws(FileError) -> SafetensorsFile {
    if !isPath(name) {
      if let shipped = try ModelCatalog.shipped(name) { return shipped }
      if let installed = ModelCatalog.installed().first(where: { $0.name == name }) {
        return try SafetensorsFile(path: installed.path)
      }
    }
    return try SafetensorsFile(path: name)
  }

  private static func refuseOptions(_ request: TransformerRequest) throws(ModelError) {
    guard let option = request.stateDictOptions.first else { return }
    throw .request(
      "\(option) is for state dicts, which don't say it; "
        + "\(Printable.escape(request.model, limit: 200)) describes itself")
  }
}
