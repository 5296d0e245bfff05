internal import Equations
internal import Networks

/// Opens a PyTorch state dict: recurrent layers under any prefix, with an embedding and an output
/// layer where there are any.
struct StateDict {
  let file: SafetensorsFile
  let prefix: String
  let layers: [LayerID]
  let hiddenSize: Int
  let inputSize: Int
  let layout: PyTorchLayout
  let hasBiases: Bool
  /// Tensors of the recurrent layers that were not chosen.
  private let otherRecurrent: [String]

  /// Whether a file holds recurrent layers as PyTorch names them.
  static func isOne(_ file: SafetensorsFile) -> Bool {
    file.names.contains { PyTorchName($0) != nil }
  }

  /// Finds the recurrent layers and checks their shapes.
  ///
  /// - Parameters:
  ///   - file: the checkpoint.
  ///   - prefix: which of several recurrent modules; nil where there is only one.
  /// - Throws: several modules and no prefix, a tensor that is missing or of a wrong shape.
  init(file: SafetensorsFile, prefix: String?) throws(FileError) {
    self.file = file
    let parsed = file.names.compactMap { name in PyTorchName(name).map { (name, $0) } }
    let chosen = try Self.choosePrefix(prefix, of: parsed.map(\.1.prefix), file: file)
    self.prefix = chosen
    otherRecurrent = parsed.filter { $0.1.prefix != chosen }.map(\.0)
    let own = parsed.map(\.1).filter { $0.prefix == chosen }
    if let projection = parsed.first(where: { $0.1.prefix == chosen && $0.1.kind == nil }) {
      throw FileError(
        file: file.path, at: .tensor(projection.0),
        expected: "an LSTM without projection: proj_size is not supported",
        found: Printable.shape(file[projection.0]?.shape ?? []))
    }
    let isBidirectional = own.contains { $0.id.direction == .reverse }
    hasBiases = own.contains { $0.kind?.isBias == true }
    let last = own.map(\.id.layer).max() ?? 0
    // More layers than tensors can't be complete; the missing one is named below.
    layers = (0...min(last, own.count)).flatMap { layer in
      (isBidirectional ? [Direction.forward, .reverse] : [.forward])
        .map { LayerID(layer: layer, direction: $0) }
    }

    let first = LayerID(layer: 0)
    let recurrent = try Self.matrix(.recurrentMatrix, first, prefix: chosen, file: file)
    let input = try Self.matrix(.inputMatrix, first, prefix: chosen, file: file)
    hiddenSize = recurrent.shape[1]
    inputSize = input.shape[1]
    let blocks = recurrent.shape[0] / hiddenSize
    guard recurrent.shape[0].isMultiple(of: hiddenSize),
      let layout = PyTorchLayout.all.first(where: { $0.blocks == blocks })
    else {
      let h = hiddenSize
      throw FileError(
        file: file.path, at: .tensor(recurrent.name),
        expected: "\(4 * h) rows for an LSTM, \(3 * h) for a GRU or \(h) for an RNN, with H = \(h)",
        found: Printable.shape(recurrent.shape))
    }
    self.layout = layout
    try checkShapes(isBidirectional: isBidirectional)
  }

  private static func choosePrefix(
    _ wanted: String?, of all: [String], file: SafetensorsFile
  ) throws(FileError) -> String {
    var known: [String] = []
    for prefix in all where !known.contains(prefix) { known.append(prefix) }
    let shown = known.map { $0.isEmpty ? "\"\"" : $0 }
    if let wanted {
      if let found = known.first(where: { $0 == wanted || $0 == wanted + "." }) { return found }
      throw FileError(
        file: file.path, at: .part("--prefix \(wanted)"),
        expected: Suggestion.among(shown, for: wanted), found: "no recurrent layer of this prefix")
    }
    guard known.count == 1 else {
      throw FileError(
        file: file.path, expected: "one recurrent module; --prefix NAME says which",
        found: Suggestion.listed(shown, "and"))
    }
    return known[0]
  }

  private static func matrix(
    _ kind: PyTorchLayout.Kind, _ id: LayerID, prefix: String, file: SafetensorsFile
  ) throws(FileError) -> (name: String, shape: [Int]) {
    let name = PyTorchName.name(prefix: prefix, kind, id)
    guard let tensor = file[name] else {
      throw FileError(
        file: file.path, at: .tensor(name), expected: "a matrix", found: "no tensor of this name")
    }
    guard tensor.shape.count == 2, tensor.shape.allSatisfy({ $0 > 0 }) else {
      throw FileError(
        file: file.path, at: .tensor(name), expected: "a matrix",
        found: Printable.shape(tensor.shape))
    }
    return (name, tensor.shape)
  }

  private var kinds: [PyTorchLayout.Kind] {
    PyTorchLayout.Kind.allCases.filter { hasBiases || !$0.isBias }
  }

  private func checkShapes(isBidirectional: Bool) throws(FileError) {
    let rows = layout.blocks * hiddenSize
    for id in layers {
      for kind in kinds {
        let name = PyTorchName.name(prefix: prefix, kind, id)
        let columns: Int? =
          switch kind {
          case .inputMatrix:
            id.layer == 0 ? inputSize : hiddenSize * (isBidirectional ? 2 : 1)
          case .recurrentMatrix: hiddenSize
          case .inputBias, .recurrentBias: nil
          }
        let expected = [rows, columns].compactMap(\.self)
        let found = file[name]?.shape
        if found != expected {
          throw FileError(
            file: file.path, at: .tensor(name), expected: Printable.shape(expected),
            found: found.map { Printable.shape($0) } ?? "no tensor of this name")
        }
      }
    }
  }

  /// Reads the weights.
  ///
  /// - Parameters:
  ///   - cell: equations whose parameters are the layout's.
  ///   - vocabulary: its size is checked here.
  ///   - embedding: which tensor is the embedding.
  ///   - output: which tensor is the output layer.
  /// - Returns: the model with the state dict's own tensor names.
  /// - Throws: what `OuterLayers` throws, a vocabulary of the wrong size, an unreadable tensor.
  func model(
    cell: Cell, vocabulary: NamedVocabulary?, embedding: TensorChoice, output: TensorChoice
  ) throws(FileError) -> Model {
    let isBidirectional = layers.contains { $0.direction == .reverse }
    let layerOutputSize = hiddenSize * (isBidirectional ? 2 : 1)
    let recurrent = Set(
      layers.flatMap { id in kinds.map { PyTorchName.name(prefix: prefix, $0, id) } }
        + otherRecurrent)
    let outer = try OuterLayers(
      file: file, names: file.names.filter { !recurrent.contains($0) }, inputSize: inputSize,
      layerOutputSize: layerOutputSize, embedding: embedding, output: output)
    let network = Network<Float>(
      NetworkConfiguration(
        input: try file.tokenInput(
          embedding: outer.embedding, inputSize: inputSize, vocabulary: vocabulary),
        cell: cell, hiddenSize: hiddenSize, numLayers: (layers.map(\.layer).max() ?? 0) + 1,
        isBidirectional: isBidirectional,
        outputSize: outer.outputWeight.flatMap { file[$0]?.shape[0] },
        hasOutputBias: outer.outputBias != nil))
    var filler = ParameterFiller(network: network)
    for name in file.names {
      guard let tensor = file[name] else { continue }
      var uses: [[Range<Int>]] = []
      if let parsed = PyTorchName(name), parsed.prefix == prefix, let kind = parsed.kind {
        uses.append(
          layout.parameters(of: kind).compactMap {
            network.layout["\(parsed.id.name).\($0)"]?.range
          })
      }
      uses += outer.uses(of: name, in: network.layout)
      if !uses.isEmpty {
        filler.bind(
          TensorBinding(name: name, shape: tensor.shape, uses: uses), to: try file.floats(name))
      }
    }
    var warnings = filler.allWarnings() + outer.warnings
    if !otherRecurrent.isEmpty { warnings.append("not used: the layers of other prefixes") }
    return Model(
      name: file.path, network: network, vocabulary: vocabulary?.vocabulary,
      bindings: filler.bindings, metadata: file.metadata, warnings: warnings)
  }
}

/// A vocabulary with the file that it came from, for messages.
struct NamedVocabulary {
  let file: String
  let vocabulary: Vocabulary
}

extension OuterLayers {
  /// The parameters that a tensor of the embedding or the output layer is; two if it is tied.
  func uses(of name: String, in layout: ParameterLayout) -> [[Range<Int>]] {
    let roles: [(String?, ParameterLayout.Role)] = [
      (embedding, .embedding), (outputWeight, .outputWeight), (outputBias, .outputBias),
    ]
    return roles.filter { $0.0 == name }.compactMap { layout[$0.1].map { [$0.range] } }
  }
}

extension SafetensorsFile {
  /// How a network with the given input size is fed; checks the vocabulary against it.
  func tokenInput(
    embedding: String?, inputSize: Int, vocabulary: NamedVocabulary?
  ) throws(FileError) -> TokenInput {
    let rows = embedding.flatMap { self[$0]?.shape.first }
    if let vocabulary, vocabulary.vocabulary.count != rows ?? inputSize {
      let reason =
        embedding.map { "one for each row of \($0)" }
        ?? "the input size, as there is no embedding"
      throw FileError(
        file: vocabulary.file, expected: "\(rows ?? inputSize) tokens, \(reason)",
        found: "\(vocabulary.vocabulary.count)")
    }
    if let rows { return .embedding(vocabularySize: rows, size: inputSize) }
    return vocabulary == nil ? .vectors(size: inputSize) : .oneHot(vocabularySize: inputSize)
  }
}
