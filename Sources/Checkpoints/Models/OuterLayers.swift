internal import Equations

/// Which tensor is the embedding or the output layer.
public enum TensorChoice: Sendable, Equatable {
  /// The one whose shape and name fit.
  case automatic
  /// There is no such layer.
  case absent
  case tensor(String)

  /// As on the command line: nothing, "none" or a tensor's name.
  public init(_ argument: String?) {
    switch argument {
    case nil: self = .automatic
    case "none": self = .absent
    case .some(let name): self = .tensor(name)
    }
  }
}

/// The embedding and the output layer of a checkpoint, told by their shapes and names.
struct OuterLayers {
  /// `[V, I]`; nil where the input is vectors.
  let embedding: String?
  /// `[V', D]`.
  let outputWeight: String?
  /// `[V']`.
  let outputBias: String?
  /// What in the file is not used.
  let warnings: [String]

  /// - Parameters:
  ///   - file: the checkpoint.
  ///   - names: the tensors that are not part of the recurrence.
  ///   - inputSize: I, the columns of an embedding.
  ///   - layerOutputSize: D, the columns of an output layer.
  ///   - embedding: what was asked for.
  ///   - output: what was asked for.
  /// - Throws: tensors among which the two can't be told, or that are neither.
  init(
    file: SafetensorsFile, names: [String], inputSize: Int, layerOutputSize: Int,
    embedding: TensorChoice, output: TensorChoice
  ) throws(FileError) {
    let search = OuterLayerSearch(file: file, names: names)
    var embeddings = try search.candidates(embedding, columns: inputSize, role: .embedding)
    var outputs = try search.candidates(output, columns: layerOutputSize, role: .output)
    // A tensor that fits both and is certain to be the one is not the other, unless it is tied: an
    // embedding by its name and the output layer by request.
    if case .automatic = output, embeddings.count == 1, search.isSettled(embedding, embeddings[0]) {
      outputs.removeAll { $0 == embeddings[0] }
    }
    if case .automatic = embedding, outputs.count == 1, search.isSettled(output, outputs[0]) {
      embeddings.removeAll { $0 == outputs[0] && !search.isNamedEmbedding($0) }
    }
    if embeddings.count > 1 {
      throw search.ambiguous(embeddings, "one embedding [V, \(inputSize)]", "--embedding")
    }
    if outputs.count > 1 {
      throw search.ambiguous(outputs, "one output layer [V, \(layerOutputSize)]", "--output")
    }
    if let first = embeddings.first, outputs == embeddings, output == .automatic {
      throw search.ambiguous(
        [first], "a name that tells the embedding from the output layer", "--embedding or --output")
    }
    self.embedding = embeddings.first
    outputWeight = outputs.first
    outputBias = try outputs.first.flatMap { (name) throws(FileError) in try search.bias(of: name) }
    let used = [self.embedding, outputWeight, outputBias].compactMap(\.self)
    let unused = names.filter { !used.contains($0) }
    let leftOver = unused.filter(search.couldBeLayer)
    guard leftOver.isEmpty || embedding != .automatic || output != .automatic else {
      throw FileError(
        file: file.path,
        expected: "an embedding [V, \(inputSize)] and an output layer [V, \(layerOutputSize)] at "
          + "most (--embedding or --output NAME or none leaves the rest away)",
        found: search.listed(leftOver))
    }
    // Those first that could have been meant.
    let shown = leftOver + unused.filter { !search.couldBeLayer($0) }
    warnings = shown.isEmpty ? [] : ["not used: \(search.listed(shown))"]
  }
}

private struct OuterLayerSearch {
  let file: SafetensorsFile
  let names: [String]

  enum Role {
    case embedding
    case output

    /// Parts of the names that such layers have.
    private var hints: [String] {
      switch self {
      case .embedding: ["emb", "encoder", "wte", "lookup"]
      case .output:
        [
          "fc", "out", "decoder", "linear", "head", "proj", "logit", "classif", "dense",
          "generator",
          "pred",
        ]
      }
    }

    /// The role that a tensor's name speaks of: the last module in it counts.
    static func hinted(by name: String) -> Role? {
      let modules = name.split(separator: ".")
      let module = (modules.count > 1 ? modules[modules.count - 2] : modules.first ?? "")
        .lowercased()
      return [Role.embedding, .output].first { $0.hints.contains { module.contains($0) } }
    }
  }

  /// The tensors that could have a role: the one that was asked for, or those that fit.
  func candidates(
    _ choice: TensorChoice, columns: Int, role: Role
  ) throws(FileError) -> [String] {
    switch choice {
    case .absent: return []
    case .tensor(let name):
      guard let tensor = file[name] else {
        throw FileError(
          file: file.path, at: .tensor(name),
          expected: Suggestion.among(names.isEmpty ? Array(file.names) : names, for: name),
          found: "no tensor of this name")
      }
      guard tensor.shape.count == 2, tensor.shape[1] == columns, tensor.shape[0] > 0 else {
        throw FileError(
          file: file.path, at: .tensor(name),
          expected:
            "[V, \(columns)] for \(role == .embedding ? "an embedding" : "an output layer")",
          found: Printable.shape(tensor.shape))
      }
      return [name]
    case .automatic:
      let fitting = names.filter { name in
        guard couldBeLayer(name), let shape = file[name]?.shape, shape.count == 2 else {
          return false
        }
        return shape[1] == columns && shape[0] > 0 && Role.hinted(by: name) ?? role == role
      }
      let hinted = fitting.filter { Role.hinted(by: $0) == role }
      return hinted.isEmpty ? fitting : hinted
    }
  }

  /// Whether a tensor could be part of a layer: not a counter such as batch normalisation's, a mask
  /// or a single number, without which the network is the same.
  func couldBeLayer(_ name: String) -> Bool {
    guard let tensor = file[name] else { return false }
    return !tensor.type.isInteger && !tensor.shape.isEmpty && tensor.shape != [1]
  }

  /// Whether a tensor's role follows from the choice or from its name, not from its shape alone.
  func isSettled(_ choice: TensorChoice, _ name: String) -> Bool {
    choice != .automatic || Role.hinted(by: name) != nil
  }

  func isNamedEmbedding(_ name: String) -> Bool { Role.hinted(by: name) == .embedding }

  /// The bias of an output layer: beside its matrix, or the only vector left that fits.
  func bias(of weight: String) throws(FileError) -> String? {
    guard let rows = file[weight]?.shape.first else { return nil }
    if weight.hasSuffix("weight") {
      let name = String(weight.dropLast("weight".count)) + "bias"
      if let shape = file[name]?.shape {
        guard shape == [rows] else {
          throw FileError(
            file: file.path, at: .tensor(name), expected: "[\(rows)] for the bias of \(weight)",
            found: Printable.shape(shape))
        }
        return name
      }
    }
    let fitting = names.filter { file[$0]?.shape == [rows] && $0.hasSuffix("bias") }
    return fitting.count == 1 ? fitting[0] : nil
  }

  func ambiguous(_ names: [String], _ expected: String, _ option: String) -> FileError {
    FileError(
      file: file.path, expected: "\(expected); \(option) NAME (or none) says which",
      found: listed(names))
  }

  /// "a [2, 3], b [4] and 5 more".
  func listed(_ names: [String]) -> String {
    let shown = names.prefix(3).map { "\($0) \(Printable.shape(file[$0]?.shape ?? []))" }
    guard names.count > 3 else { return Suggestion.listed(shown, "and") }
    return shown.joined(separator: ", ") + " and \(names.count - 3) more"
  }
}
