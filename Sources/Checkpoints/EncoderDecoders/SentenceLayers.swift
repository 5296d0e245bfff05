internal import Equations

/// The tensors of an encoder-decoder besides its layers, told by their names and shapes: embeddings,
/// tables of positions, the output layer.
struct SentenceLayers {
  struct Tensor: Equatable {
    let name: String
    let shape: [Int]

    /// Words, places or outputs. A table of positions may have a dimension of 1 for the batch.
    var rows: Int { shape.dropLast().reduce(1, *) }
  }

  let file: SafetensorsFile
  let embeddingSize: Int
  let stateSize: Int
  /// `[V, I]`.
  private(set) var source: Tensor?
  /// `[V', I]`.
  private(set) var target: Tensor?
  /// `[V', H]`.
  private(set) var output: Tensor?
  /// `[V']`.
  private(set) var outputBias: Tensor?
  private(set) var sourcePositions: Tensor?
  private(set) var targetPositions: Tensor?
  private var unused: [Tensor] = []

  /// What a name speaks of.
  private enum Role: String {
    case source = "embedding of the source"
    case target = "embedding of the target"
    case shared = "embedding"
    case output = "output layer"
    case sourcePositions = "table of the source's positions"
    case targetPositions = "table of the target's positions"
    case sharedPositions = "table of positions"
  }

  /// - Parameters:
  ///   - file: the checkpoint.
  ///   - names: the tensors that are not part of the layers.
  ///   - embeddingSize: the columns of the embeddings.
  ///   - stateSize: the columns of the output layer.
  /// - Throws: two tensors for one role, a tensor that its name calls one of these and whose shape
  ///   does not fit.
  init(
    file: SafetensorsFile, names: [String], embeddingSize: Int, stateSize: Int
  ) throws(FileError) {
    self.file = file
    self.embeddingSize = embeddingSize
    self.stateSize = stateSize
    var shared: Tensor?, sharedPositions: Tensor?
    for name in names {
      let tensor = Tensor(name: name, shape: file[name]?.shape ?? [])
      guard name.hasSuffix("weight") || tensor.shape.count > 1, let role = Self.role(of: name)
      else { unused.append(tensor); continue }
      try check(tensor, role)
      switch role {
      case .source: try take(tensor, role, &source)
      case .target: try take(tensor, role, &target)
      case .shared: try take(tensor, role, &shared)
      case .output: try take(tensor, role, &output)
      case .sourcePositions: try take(tensor, role, &sourcePositions)
      case .targetPositions: try take(tensor, role, &targetPositions)
      case .sharedPositions: try take(tensor, role, &sharedPositions)
      }
    }
    source = source ?? shared
    target = target ?? shared
    sourcePositions = sourcePositions ?? sharedPositions
    targetPositions = targetPositions ?? sharedPositions
    if let output, output.name.hasSuffix("weight") {
      let name = String(output.name.dropLast("weight".count)) + "bias"
      outputBias = unused.first { $0.name == name }
      unused.removeAll { $0.name == name }
    }
    if let bias = outputBias, bias.shape != [output?.rows ?? 0] {
      throw FileError(
        file: file.path, at: .tensor(bias.name), expected: "[\(output?.rows ?? 0)]",
        found: Printable.shape(bias.shape))
    }
  }

  /// The last words of the name tell what it is, those before it of which side.
  private static func role(of name: String) -> Role? {
    let lower = name.lowercased()
    func has(_ parts: String...) -> Bool { parts.contains { lower.contains($0) } }
    let isSource = has("src", "source", "encoder", "enc_")
    let isTarget = has("tgt", "trg", "target", "decoder", "dec_")
    let module = lower.split(separator: ".").dropLast().last ?? ""
    if has("pos_", "position", "pos.", ".pe"), !has("generator") {
      // `pos_encoder` is of both sides, whatever its name.
      let side = lower.replacing("pos_encoder", with: "").replacing("positional_encod", with: "")
      if side.contains("src") || side.contains("encoder") { return .sourcePositions }
      return side.contains("tgt") || side.contains("trg") || side.contains("decoder")
        ? .targetPositions : .sharedPositions
    }
    if has("emb", "lut", "lookup") {
      return isSource ? .source : isTarget ? .target : .shared
    }
    let outputs = ["generator", "fc", "out", "linear", "proj", "head", "logit", "classif", "vocab"]
    return outputs.contains { module.contains($0) } && !isSource ? .output : nil
  }

  private func check(_ tensor: Tensor, _ role: Role) throws(FileError) {
    let columns = role == .output ? stateSize : embeddingSize
    let isTable: Bool
    switch role {
    case .sourcePositions, .targetPositions, .sharedPositions:
      isTable =
        tensor.shape.count == 2
        || tensor.shape.count == 3 && tensor.shape.dropLast().contains(1)
    case .source, .target, .shared, .output: isTable = tensor.shape.count == 2
    }
    guard isTable, tensor.shape.last == columns, tensor.rows > 0 else {
      throw FileError(
        file: file.path, at: .tensor(tensor.name),
        expected: "[N, \(columns)]: the \(role.rawValue)",
        found: Printable.shape(tensor.shape))
    }
  }

  private func take(_ tensor: Tensor, _ role: Role, _ place: inout Tensor?) throws(FileError) {
    if let other = place {
      throw FileError(
        file: file.path, expected: "one \(role.rawValue)",
        found: "\(other.name) and \(tensor.name)")
    }
    place = tensor
  }

  /// What a model of words needs.
  struct Complete {
    let source: Tensor
    let target: Tensor
    /// The target's embedding where the file has no output layer: it is tied.
    let output: Tensor
    let outputBias: Tensor?
  }

  /// - Throws: an embedding or an output layer that is missing, or that does not fit the other.
  func complete() throws(FileError) -> Complete {
    func missing(_ role: Role, _ names: String) -> FileError {
      FileError(
        file: file.path, expected: "the \(role.rawValue) (such as \(names))",
        found: unused.isEmpty ? "none" : Suggestion.listed(unused.prefix(3).map(\.name), "and"))
    }
    guard let source else { throw missing(.source, "src_embed.weight or encoder.embedding.weight") }
    guard let target else { throw missing(.target, "tgt_embed.weight or decoder.embedding.weight") }
    guard let output = output ?? (embeddingSize == stateSize ? target : nil) else {
      throw missing(.output, "decoder.out.weight or generator.weight")
    }
    guard output.rows == target.rows else {
      throw FileError(
        file: file.path, at: .tensor(output.name),
        expected: "\(target.rows) rows, as \(target.name)", found: Printable.shape(output.shape))
    }
    return Complete(source: source, target: target, output: output, outputBias: outputBias)
  }

  /// The tensors that have no role.
  var others: [Tensor] { unused }

  func unusedWarnings(used: [EncoderDecoderBinding]) -> [String] {
    let left = unused.filter { tensor in !used.contains { $0.name == tensor.name } }
      .map { Printable.escape($0.name, limit: 80) }
    guard !left.isEmpty else { return [] }
    let shown = left.count <= 4 ? left : left.prefix(3) + ["\(left.count - 3) other tensors"]
    return ["not used: \(Suggestion.listed(Array(shown), "and"))"]
  }
}
