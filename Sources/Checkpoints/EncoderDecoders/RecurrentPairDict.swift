internal import Equations
internal import Networks

/// Opens state dicts with a recurrent encoder and a recurrent decoder, each with an embedding, and an
/// output layer: `encoder.gru.weight_ih_l0`, `decoder.gru.weight_ih_l0`, `decoder.out.weight`, …
///
/// With `concat.weight` `[H, 2H]` in the decoder it attends as in Luong et al. 2015, by dot products.
/// Without embeddings both take vectors; then the output layer may be missing, too.
struct RecurrentPairDict {
  let file: SafetensorsFile
  let encoder: StateDict
  let decoder: StateDict

  /// Whether a file has recurrent layers below both names.
  static func isOne(_ file: SafetensorsFile) -> Bool {
    let prefixes = prefixes(of: file)
    return prefixes.contains { isSide($0, "enc") } && prefixes.contains { isSide($0, "dec") }
  }

  /// The prefixes of recurrent layers, in the order of the file.
  private static func prefixes(of file: SafetensorsFile) -> [String] {
    var known: [String] = []
    for prefix in file.names.compactMap({ PyTorchName($0)?.prefix }) where !known.contains(prefix) {
      known.append(prefix)
    }
    return known
  }

  /// Whether a module within the prefix begins with the side's name.
  private static func isSide(_ prefix: String, _ side: String) -> Bool {
    prefix.split(separator: ".").contains { $0.lowercased().hasPrefix(side) }
  }

  init(_ file: SafetensorsFile) throws(FileError) {
    self.file = file
    let prefixes = Self.prefixes(of: file)
    func half(_ side: String, _ name: String) throws(FileError) -> StateDict {
      let own = prefixes.filter { Self.isSide($0, side) }
      guard own.count == 1 else {
        throw FileError(
          file: file.path, expected: "one recurrent module in the \(name)",
          found: Suggestion.listed(own, "and"))
      }
      return try StateDict(file: file, prefix: own[0])
    }
    encoder = try half("enc", "encoder")
    decoder = try half("dec", "decoder")
    try checkFit()
  }

  private var isBidirectional: Bool { encoder.layers.contains { $0.direction == .reverse } }

  private func mismatch(_ expected: String, _ found: String) -> FileError {
    FileError(
      file: file.path, at: .part("\(decoder.prefix)weight_hh_l0"), expected: expected, found: found)
  }

  private func checkFit() throws(FileError) {
    guard encoder.layout.cell == decoder.layout.cell else {
      throw mismatch(
        "a decoder of the encoder's kind, \(encoder.layout.module)", decoder.layout.module)
    }
    guard !decoder.layers.contains(where: { $0.direction == .reverse }) else {
      throw mismatch("a decoder in one direction", "both directions")
    }
    let size = encoder.hiddenSize * (isBidirectional ? 2 : 1)
    guard decoder.hiddenSize == size else {
      throw mismatch(
        "H = \(size), the encoder's last state"
          + (isBidirectional ? " with both directions side by side" : ""),
        "H = \(decoder.hiddenSize)")
    }
    let directions = isBidirectional ? 2 : 1
    guard encoder.layers.count == decoder.layers.count * directions else {
      throw mismatch(
        "\(encoder.layers.count / directions) layers, as the encoder has",
        "\(decoder.layers.count)")
    }
  }

  /// The model; of vectors where the file has no embeddings.
  ///
  /// - Parameters:
  ///   - name: what the model is called.
  ///   - cell: the equations of the layout's cell.
  /// - Returns: the model, with the file's own tensor names.
  /// - Throws: a tensor that is missing, or that does not fit the others.
  func open(_ name: String, cell: Cell) throws(FileError) -> EncoderDecoderModel {
    let recurrent = [encoder.prefix, decoder.prefix]
    let outer = try SentenceLayers(
      file: file,
      names: file.names.filter { name in
        PyTorchName(name).map { !recurrent.contains($0.prefix) } ?? true
      },
      embeddingSize: encoder.inputSize, stateSize: decoder.hiddenSize)
    guard outer.source != nil || outer.target != nil else {
      return .vectorRecurrent(try vectorModel(name, cell, outer))
    }
    return .sentences(try wordModel(name, cell, outer))
  }

  /// Refuses tensors that are neither a layer nor `known`.
  private func checkOthers(
    _ outer: SentenceLayers, known: [String], expected: String
  ) throws(FileError) {
    if let other = outer.others.first(where: { !known.contains($0.name) }) {
      throw FileError(
        file: file.path, at: .tensor(other.name), expected: expected,
        found: Printable.shape(other.shape))
    }
  }

  // MARK: Vectors

  private func vectorModel(
    _ name: String, _ cell: Cell, _ outer: SentenceLayers
  ) throws(FileError) -> VectorRecurrentModel {
    try checkOthers(
      outer, known: [], expected: "without embeddings: recurrent layers and an output layer alone")
    return VectorRecurrentModel(
      name: name, architecture: architecture,
      encoder: try encoder.model(
        cell: cell, vocabulary: nil, embedding: .absent, output: .absent),
      decoder: try decoder.model(
        cell: cell, vocabulary: nil, embedding: .absent,
        output: outer.output.map { .tensor($0.name) } ?? .absent))
  }

  private var architecture: String { "nn.\(encoder.layout.module) encoder-decoder" }

  // MARK: Words

  private func wordModel(
    _ name: String, _ cell: Cell, _ outer: SentenceLayers
  ) throws(FileError) -> TranslationModel {
    guard encoder.inputSize == decoder.inputSize else {
      throw FileError(
        file: file.path, at: .tensor("\(decoder.prefix)weight_ih_l0"),
        expected:
          "\(encoder.inputSize) columns, as the encoder's: the decoder is given a word alone, "
          + "not a context beside it (input feeding)",
        found: "\(decoder.inputSize)")
    }
    let size = decoder.hiddenSize
    let found = try outer.complete()
    let concat = try self.concat(outer)
    try checkOthers(
      outer, known: concat.map { [$0.weight, $0.bias] } ?? [],
      expected: "embeddings, recurrent layers, an output layer, and for attention concat.weight "
        + "[\(size), \(2 * size)] alone (Luong's dot products)")
    let configuration = RecurrentEncoderDecoderConfiguration(
      cell: cell, sourceVocabularySize: found.source.rows,
      targetVocabularySize: found.target.rows, embeddingSize: encoder.inputSize, hiddenSize: size,
      numLayers: decoder.layers.count, isBidirectional: isBidirectional,
      attention: concat == nil ? nil : try dot())
    var bindings = EncoderDecoderBindings()
    for (side, dict) in [("encoder", encoder), ("decoder", decoder)] {
      for tensor in file.names {
        guard let parsed = PyTorchName(tensor), parsed.prefix == dict.prefix,
          let kind = parsed.kind, let shape = file[tensor]?.shape
        else { continue }
        let block = shape.reduce(1, *) / dict.layout.blocks
        for (index, parameter) in dict.layout.parameters(of: kind).enumerated() {
          bindings.add(
            tensor, shape,
            .init(parameter: "\(side).\(parsed.id.name).\(parameter)", start: index * block))
        }
      }
    }
    bindings.add(found.source, "encoder.embedding.weight")
    bindings.add(found.target, "decoder.embedding.weight")
    bindings.add(found.output, "output.weight")
    if let bias = found.outputBias { bindings.add(bias, "output.bias") }
    if let concat {
      for (index, parameter) in ["attention.W_x", "attention.W_c"].enumerated() {
        bindings.add(
          concat.weight, [size, 2 * size],
          .init(
            parameter: parameter, start: index * size, stride: 2 * size, isTransposed: true))
      }
      bindings.add(concat.bias, [size], .init(parameter: "attention.b"))
    }
    let ordered = bindings.ordered(as: file)
    try file.check(ordered)
    let model = EncoderDecoder<Float>(.recurrent(configuration))
    for binding in ordered { binding.add(try file.floats(binding.name), to: model) }
    return TranslationModel(
      name: name, architecture: architecture, model: model,
      source: nil, target: nil, bindings: ordered, metadata: file.metadata,
      warnings: model.nonFiniteWarnings(ordered))
  }

  /// The layer that joins the decoder's state and its context.
  private func concat(
    _ outer: SentenceLayers
  ) throws(FileError) -> (weight: String, bias: String)? {
    let weights = outer.others.filter {
      $0.name.hasSuffix("concat.weight")
        && $0.shape == [decoder.hiddenSize, 2 * decoder.hiddenSize]
    }
    guard let weight = weights.first?.name else { return nil }
    let bias = String(weight.dropLast("weight".count)) + "bias"
    guard file[bias]?.shape == [decoder.hiddenSize] else {
      throw FileError(
        file: file.path, at: .tensor(bias), expected: "[\(decoder.hiddenSize)]",
        found: file[bias].map { Printable.shape($0.shape) } ?? "no tensor of this name")
    }
    return (weight, bias)
  }

  private func dot() throws(FileError) -> Block {
    do throws(EquationError) {
      if let block = try Block.shipped("dot") { return block }
    } catch {
      preconditionFailure("the shipped block dot: \(error)")
    }
    preconditionFailure("no block dot")
  }
}
