internal import Equations
internal import Networks

/// Opens state dicts of PyTorch's `nn.MultiheadAttention`, `nn.TransformerEncoder` and
/// `nn.TransformerDecoder` (or of one layer of these), under any prefix.
///
/// - Source: torch.nn.modules.activation and torch.nn.modules.transformer, PyTorch 2.
struct AttentionStateDict {
  let file: SafetensorsFile
  let request: TransformerRequest
  let module: Module

  /// A module of the file.
  struct Module: Hashable {
    enum Kind: String {
      case attention = "nn.MultiheadAttention"
      case encoderLayer = "nn.TransformerEncoderLayer"
      case encoder = "nn.TransformerEncoder"
      case decoderLayer = "nn.TransformerDecoderLayer"
      case decoder = "nn.TransformerDecoder"
    }

    let kind: Kind
    /// What stands before its own names.
    let prefix: String

    /// Whether the names of its layers begin with `layers.N.`.
    var isStack: Bool { kind == .encoder || kind == .decoder }
    /// Whether its layers attend to another sequence too.
    var isDecoder: Bool { kind == .decoder || kind == .decoderLayer }
  }

  static let marker = "in_proj_weight"

  static func isOne(_ file: SafetensorsFile) -> Bool {
    file.names.contains {
      $0 == marker || $0.hasSuffix("." + marker) || $0.hasSuffix("q_proj_weight")
    }
  }

  static func load(
    _ file: SafetensorsFile, name: String, _ request: TransformerRequest
  ) throws(ModelError) -> TransformerModel {
    let module = try ModelError.wrap { () throws(FileError) in
      try choose(file, prefix: request.prefix)
    }
    return try AttentionStateDict(file: file, request: request, module: module).model(name)
  }

  // MARK: Finding the module

  private static func choose(
    _ file: SafetensorsFile, prefix: String?
  ) throws(FileError) -> Module {
    if let name = file.names.first(where: { $0.hasSuffix("q_proj_weight") }) {
      throw FileError(
        file: file.path, at: .tensor(name),
        expected: "an nn.MultiheadAttention with in_proj_weight: kdim and vdim are not supported",
        found: Printable.shape(file[name]?.shape ?? []))
    }
    let modules = self.modules(of: file)
    func shown(_ prefix: String) -> String { prefix.isEmpty ? "\"\"" : prefix }
    if let prefix {
      guard let found = modules.first(where: { $0.prefix == prefix || $0.prefix == prefix + "." })
      else {
        throw FileError(
          file: file.path, at: .part("--prefix \(prefix)"),
          expected: Suggestion.among(modules.map { shown($0.prefix) }, for: prefix),
          found: "no attention of this prefix")
      }
      return found
    }
    guard modules.count == 1 else {
      throw FileError(
        file: file.path, expected: "one module with attention; --prefix NAME says which",
        found: Suggestion.listed(modules.map { shown($0.prefix) }, "and"))
    }
    return modules[0]
  }

  private static func modules(of file: SafetensorsFile) -> [Module] {
    var modules: [Module] = []
    for name in file.names where name == marker || name.hasSuffix("." + marker) {
      let module = module(file, ofAttention: String(name.dropLast(marker.count)))
      if !modules.contains(module) { modules.append(module) }
    }
    return modules
  }

  /// The module that an attention of this prefix is a part of, or is.
  private static func module(_ file: SafetensorsFile, ofAttention prefix: String) -> Module {
    let part = ["self_attn.", "multihead_attn."].first { prefix.hasSuffix($0) }
    guard let part else { return Module(kind: .attention, prefix: prefix) }
    let layer = String(prefix.dropLast(part.count))
    let words = layer.split(separator: ".")
    if words.count >= 2, words[words.count - 2] == "layers", Int(words[words.count - 1]) != nil {
      let stack = words.dropLast(2).map { "\($0)." }.joined()
      return Module(
        kind: hasDecoderNames(file, "\(stack)layers.") ? .decoder : .encoder, prefix: stack)
    }
    guard file["\(layer)linear1.weight"] != nil else {
      return Module(kind: .attention, prefix: prefix)
    }
    return Module(
      kind: hasDecoderNames(file, layer) ? .decoderLayer : .encoderLayer, prefix: layer)
  }

  /// Whether a name below the prefix is one that layers of encoders don't have. One is enough: what
  /// else a decoder lacks is named later.
  private static func hasDecoderNames(_ file: SafetensorsFile, _ prefix: String) -> Bool {
    file.names.contains { name in
      guard name.hasPrefix(prefix) else { return false }
      return name.dropFirst(prefix.count).split(separator: ".")
        .contains { $0 == "multihead_attn" || $0 == "norm3" }
    }
  }

  // MARK: Opening it

  func model(_ name: String) throws(ModelError) -> TransformerModel {
    let source = TensorSource(file)
    let (configuration, rules) = try module.kind == .attention ? attention() : layers()
    return try ModelError.wrap { () throws(FileError) in
      let bindings = try source.bindings(
        rules, prefix: module.prefix, layout: TransformerLayout(configuration))
      let transformer = try source.transformer(configuration, bindings)
      return TransformerModel(
        name: name, architecture: module.kind.rawValue, transformer: transformer, tokenizer: nil,
        bindings: bindings, metadata: file.metadata,
        warnings: source.warnings(transformer, used: bindings) { _ in false })
    }
  }

  var shownName: String { Printable.escape(file.path, limit: 200) }
}
