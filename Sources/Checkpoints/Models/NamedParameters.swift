internal import Equations
internal import Networks

/// Opens weights that are named as in a cell file: `layer0.W_f`, `layer1.reverse.U_o`.
///
/// The sizes follow from the shapes, the layers and directions from the names.
struct NamedParameters {
  let file: SafetensorsFile
  let cell: Cell

  /// Whether a file has such names.
  static func isOne(_ file: SafetensorsFile) -> Bool {
    file.names.contains { layer(of: $0) != nil }
  }

  /// The layer and the parameter that a tensor's name speaks of.
  private static func layer(of name: String) -> (id: LayerID, parameter: Identifier)? {
    guard name.hasPrefix("layer"), let dot = name.firstIndex(of: ".") else { return nil }
    let number = name[..<dot].dropFirst("layer".count)
    guard (1...4).contains(number.count), let layer = Int(number), String(layer) == number else {
      return nil
    }
    var rest = name[dot...].dropFirst()
    var direction = Direction.forward
    if rest.hasPrefix("reverse.") {
      direction = .reverse
      rest = rest.dropFirst("reverse.".count)
    }
    return (LayerID(layer: layer, direction: direction), Identifier(String(rest)))
  }

  func model(
    vocabulary: NamedVocabulary?, embedding: TensorChoice, output: TensorChoice
  ) throws(FileError) -> Model {
    var shapes: [LayerID: [Identifier: [Int]]] = [:]
    for name in file.names {
      guard let (id, parameter) = Self.layer(of: name) else { continue }
      shapes[id, default: [:]][parameter] = file[name]?.shape
    }
    guard let last = shapes.keys.max()?.layer else {
      let example = cell.parameters.first.map { "layer0.\($0.name)" } ?? "layer0.W"
      throw FileError(
        file: file.path, expected: "tensors named as in the cell, such as \(example)",
        found: Suggestion.listed(Array(file.names.prefix(3)), "and"))
    }
    let isBidirectional = shapes.keys.contains { $0.direction == .reverse }
    let first = shapes[LayerID(layer: 0)] ?? [:]
    let sizes = cell.inferSizes(from: first)
    guard let hiddenSize = sizes.hiddenSize else {
      throw FileError(
        file: file.path, at: .part("layer0"),
        expected: "shapes that tell the hidden size: "
          + cell.parameters.map { "\($0.name) \($0.symbolicShape)" }.joined(separator: ", "),
        found: first.isEmpty ? "no tensor of layer 0" : "none that does")
    }
    let recurrent = file.names.filter { Self.layer(of: $0) != nil }
    let layerOutputSize = hiddenSize * (isBidirectional ? 2 : 1)
    // A cell that doesn't look at x takes any input; one number is the least.
    let inputSize = sizes.inputSize ?? 1
    // The file knows best how many layers there are, but not more than it has tensors.
    var configuration = NetworkConfiguration(
      input: .vectors(size: inputSize), cell: cell, hiddenSize: hiddenSize,
      numLayers: min(last, recurrent.count) + 1, isBidirectional: isBidirectional)
    try file.checkShapes(of: ParameterLayout(configuration), names: recurrent)
    let outerNames = file.names.filter {
      Self.layer(of: $0) == nil && !$0.hasPrefix(ModelFile.statePrefix)
    }
    let outer = try OuterLayers(
      file: file, names: outerNames, inputSize: inputSize,
      layerOutputSize: layerOutputSize, embedding: embedding, output: output)
    configuration.input = try file.tokenInput(
      embedding: outer.embedding, inputSize: inputSize, vocabulary: vocabulary)
    configuration.outputSize = outer.outputWeight.flatMap { file[$0]?.shape[0] }
    configuration.hasOutputBias = outer.outputBias != nil
    let network = Network<Float>(configuration)
    var filler = ParameterFiller(network: network)
    for name in file.names {
      var uses = outer.uses(of: name, in: network.layout)
      if Self.layer(of: name) != nil, let entry = network.layout[name] {
        uses.append([entry.range])
      }
      if let shape = file[name]?.shape, !uses.isEmpty {
        filler.bind(TensorBinding(name: name, shape: shape, uses: uses), to: try file.floats(name))
      }
    }
    return Model(
      name: file.path, network: network, vocabulary: vocabulary?.vocabulary,
      bindings: filler.bindings, metadata: file.metadata,
      warnings: filler.allWarnings() + outer.warnings)
  }
}

extension SafetensorsFile {
  /// Checks that the tensors of the given names are exactly the parameters of a layout.
  func checkShapes(of layout: ParameterLayout, names: [String]) throws(FileError) {
    for entry in layout.entries {
      guard let tensor = self[entry.name] else {
        throw FileError(
          file: path, at: .tensor(entry.name), expected: Printable.shape(entry.shape),
          found: "no tensor of this name")
      }
      guard tensor.shape == entry.shape else {
        throw FileError(
          file: path, at: .tensor(entry.name), expected: Printable.shape(entry.shape),
          found: Printable.shape(tensor.shape))
      }
    }
    for name in names where layout[name] == nil {
      throw FileError(
        file: path, at: .tensor(name),
        expected: "a parameter of the cell, such as "
          + Suggestion.among(layout.entries.map(\.name), for: name),
        found: Printable.shape(self[name]?.shape ?? []))
    }
  }
}
