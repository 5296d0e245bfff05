internal import Equations
internal import Networks

/// Opens state dicts of PyTorch's `nn.Transformer`, alone or within a module with embeddings and an
/// output layer.
///
/// - Source: torch.nn.modules.transformer, PyTorch 2.
struct TransformerPairDict {
  let file: SafetensorsFile
  let request: TranslationRequest
  /// What stands before `encoder.layers` and `decoder.layers`.
  let prefix: String

  private static let marker = "decoder.layers.0.self_attn.in_proj_weight"

  static func isOne(_ file: SafetensorsFile) -> Bool { prefix(of: file) != nil }

  private static func prefix(of file: SafetensorsFile) -> String? {
    file.names.lazy.compactMap { name -> String? in
      guard name == marker || name.hasSuffix("." + marker) else { return nil }
      let prefix = String(name.dropLast(marker.count))
      return file["\(prefix)encoder.layers.0.self_attn.in_proj_weight"] == nil ? nil : prefix
    }.first
  }

  init?(_ file: SafetensorsFile, _ request: TranslationRequest) {
    guard let prefix = Self.prefix(of: file) else { return nil }
    self.file = file
    self.request = request
    self.prefix = prefix
  }

  /// A side's layers as `AttentionStateDict` reads them.
  private func half(_ side: String) throws(ModelError) -> AttentionStateDict {
    var request = TransformerRequest(model: self.request.model)
    request.headCount = self.request.headCount
    request.normFirst = self.request.normFirst
    request.activation = self.request.activation
    request.isCausal = side == "decoder" && self.request.isCausal
    return AttentionStateDict(
      file: file, request: request,
      module: .init(
        kind: side == "decoder" ? .decoder : .encoder, prefix: "\(prefix)\(side)."))
  }

  /// The model; of vectors where the file has no embeddings.
  func open() throws(ModelError) -> EncoderDecoderModel {
    let encoder = try half("encoder"), decoder = try half("decoder")
    let (encoderLayers, encoderRules) = try encoder.layers()
    let (decoderLayers, decoderRules) = try decoder.layers()
    guard encoderLayers.modelSize == decoderLayers.modelSize else {
      throw .file(
        FileError(
          file: file.path, at: .part("\(prefix)decoder"),
          expected: "layers of size \(encoderLayers.modelSize), as the encoder's",
          found: "\(decoderLayers.modelSize)"))
    }
    let outer = try ModelError.wrap { () throws(FileError) in
      try SentenceLayers(
        file: file,
        names: file.names.filter {
          !$0.hasPrefix("\(prefix)encoder.layers.") && !$0.hasPrefix("\(prefix)decoder.layers.")
            && !$0.hasPrefix("\(prefix)encoder.norm.") && !$0.hasPrefix("\(prefix)decoder.norm.")
        },
        embeddingSize: encoderLayers.modelSize, stateSize: decoderLayers.modelSize)
    }
    guard outer.source != nil || outer.target != nil || outer.output != nil else {
      return .vectorTransformer(
        VectorTransformerModel(
          name: request.model, encoder: try encoder.model(request.model),
          decoder: try decoder.model(request.model)))
    }
    return .sentences(
      try ModelError.wrap { () throws(FileError) in
        try model(encoderLayers, encoderRules, decoderLayers, decoderRules, outer)
      })
  }

  private func model(
    _ encoderLayers: TransformerConfiguration, _ encoderRules: [TensorRule],
    _ decoderLayers: TransformerConfiguration, _ decoderRules: [TensorRule],
    _ outer: SentenceLayers
  ) throws(FileError) -> TranslationModel {
    let found = try outer.complete()
    var encoder = encoderLayers, decoder = decoderLayers
    encoder.input = .tokens(vocabularySize: found.source.rows)
    decoder.input = .tokens(vocabularySize: found.target.rows)
    decoder.isCausal = true
    decoder.head =
      found.output == found.target
      ? .tied(hasBias: found.outputBias != nil) : .linear(hasBias: found.outputBias != nil)
    if let table = outer.sourcePositions { encoder.positions = .learned(count: table.rows) }
    if let table = outer.targetPositions { decoder.positions = .learned(count: table.rows) }

    let configuration = EncoderDecoderConfiguration.transformer(encoder: encoder, decoder: decoder)
    let source = TensorSource(file)
    var bindings = EncoderDecoderBindings()
    for (side, rules, part) in [
      ("encoder.", encoderRules, encoder), ("decoder.", decoderRules, decoder),
    ] {
      for binding in try source.bindings(
        rules, prefix: prefix + side, layout: TransformerLayout(part))
      {
        for part in binding.parts {
          bindings.add(
            binding.name, binding.shape,
            .init(
              parameter: side + part.parameter, start: part.start, isTransposed: part.isTransposed))
        }
      }
    }
    bindings.add(found.source, "encoder.embedding.weight")
    bindings.add(found.target, "decoder.embedding.weight")
    if found.output != found.target { bindings.add(found.output, "decoder.output.weight") }
    if let bias = found.outputBias { bindings.add(bias, "decoder.output.bias") }
    if let table = outer.sourcePositions { bindings.add(table, "encoder.position.weight") }
    if let table = outer.targetPositions { bindings.add(table, "decoder.position.weight") }

    let ordered = bindings.ordered(as: file)
    try file.check(ordered)
    let model = EncoderDecoder<Float>(configuration)
    for binding in ordered { binding.add(try file.floats(binding.name), to: model) }
    var warnings = model.nonFiniteWarnings(ordered) + outer.unusedWarnings(used: ordered)
    if outer.sourcePositions == nil, outer.targetPositions == nil {
      warnings.append("no table of positions: words are taken without their places")
    }
    warnings.append("embeddings are taken as they stand, not multiplied by √D")
    return TranslationModel(
      name: request.model, architecture: "nn.Transformer", model: model, source: nil, target: nil,
      bindings: ordered, metadata: file.metadata, warnings: warnings)
  }
}

/// The parameters that tensors stand for, put together by the tensors' names.
struct EncoderDecoderBindings {
  private var all: [String: EncoderDecoderBinding] = [:]

  mutating func add(_ name: String, _ shape: [Int], _ part: ParameterPart) {
    all[name] = EncoderDecoderBinding(
      name: name, shape: shape, parts: (all[name]?.parts ?? []) + [part])
  }

  mutating func add(_ tensor: SentenceLayers.Tensor, _ parameter: String) {
    add(tensor.name, tensor.shape, .init(parameter: parameter))
  }

  func ordered(as file: SafetensorsFile) -> [EncoderDecoderBinding] {
    file.names.compactMap { all[$0] }
  }
}
