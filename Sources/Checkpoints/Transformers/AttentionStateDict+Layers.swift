internal import Equations
internal import Networks

/// What the modules are made of, and which of their tensors is which parameter.
extension AttentionStateDict {
  /// D, the columns of a stacked projection `[3D, D]`.
  private func modelSize(_ tensor: String) throws(ModelError) -> Int {
    guard let shape = file[tensor]?.shape, shape.count == 2, shape[1] > 0,
      shape[0] == 3 * shape[1]
    else {
      throw .file(
        FileError(
          file: file.path, at: .tensor(tensor),
          expected: "[3D, D]: queries, keys and values",
          found: file[tensor].map { Printable.shape($0.shape) } ?? "no tensor of this name"))
    }
    return shape[1]
  }

  private func headCount(of size: Int) throws(ModelError) -> Int {
    guard let heads = request.headCount else {
      throw .request(
        "\(shownName) holds an \(module.kind.rawValue) of size \(size), and does not say how many "
          + "heads it has; give --heads N, a divisor of \(size)")
    }
    guard heads > 0, size.isMultiple(of: heads) else {
      throw .request("--heads \(heads): expected a divisor of \(size), the size of the model")
    }
    return heads
  }

  private func block(_ name: String, _ activation: Function = .gelu) -> Block {
    do throws(EquationError) {
      if let block = try Block.shipped(name, activation: activation) { return block }
    } catch {
      preconditionFailure("the shipped block \(name): \(error)")
    }
    preconditionFailure("no block \(name)")
  }

  typealias Description = (TransformerConfiguration, [TensorRule])

  /// One attention.
  func attention() throws(ModelError) -> Description {
    let size = try modelSize(module.prefix + Self.marker)
    if let option = [
      ("--activation", request.activation != nil), ("--norm-first", request.normFirst != nil),
    ].first(where: \.1)?.0 {
      throw .request(
        "\(option) is for nn.TransformerEncoder and nn.TransformerDecoder; \(shownName) is "
          + "attention alone")
    }
    let heads = try headCount(of: size)
    if file["\(module.prefix)bias_k"] != nil {
      throw .request("\(shownName): an nn.MultiheadAttention with add_bias_kv is not supported")
    }
    let configuration = TransformerConfiguration(
      input: .vectors, modelSize: size, headCount: heads, feedForwardSize: 1,
      blocks: [block("attention")], isCausal: request.isCausal)
    return (configuration, attentionRules("", layer: 0))
  }

  /// A stack of layers, or one layer.
  func layers() throws(ModelError) -> Description {
    let modules = module.isStack ? (0..<layerCount).map { "layers.\($0)." } : [""]
    let size = try modelSize("\(module.prefix)\(modules[0])self_attn.\(Self.marker)")
    let heads = try headCount(of: size)
    guard let normFirst = request.normFirst else {
      throw .request(
        "\(shownName) does not say whether its layers normalise first; give --norm-first or "
          + "--no-norm-first (PyTorch's default)")
    }
    guard let activation = request.activation else {
      throw .request(
        "\(shownName) does not say what activation its feed-forward nets have; give --activation "
          + "relu (PyTorch's default) or gelu")
    }
    let width = try feedForwardSize("\(module.prefix)\(modules[0])linear1.weight", size)
    let hasFinalNorm = module.isStack && file["\(module.prefix)norm.weight"] != nil
    let kind = module.isDecoder ? "decoder" : "encoder"
    let layer = block("\(kind)-\(normFirst ? "pre" : "post")", activation)
    let configuration = TransformerConfiguration(
      input: .vectors, modelSize: size, headCount: heads, feedForwardSize: width,
      blocks: Array(repeating: layer, count: modules.count), normalizesOutput: hasFinalNorm,
      isCausal: request.isCausal)
    let final = hasFinalNorm ? norm("norm", "final.γ", "final.β") : []
    return (configuration, final + modules.enumerated().flatMap { layerRules($1, layer: $0) })
  }

  private func feedForwardSize(_ tensor: String, _ size: Int) throws(ModelError) -> Int {
    guard let shape = file[tensor]?.shape, shape.count == 2, shape[0] > 0 else {
      throw .file(
        FileError(
          file: file.path, at: .tensor(tensor), expected: "[F, \(size)]",
          found: file[tensor].map { Printable.shape($0.shape) } ?? "no tensor of this name"))
    }
    return shape[0]
  }

  /// One more than the largest layer number; a layer that is missing in between is named later.
  private var layerCount: Int {
    let start = "\(module.prefix)layers."
    let numbers = file.names.filter { $0.hasPrefix(start) }
      .compactMap { Int($0.dropFirst(start.count).prefix { $0 != "." }) }
    return min((numbers.max() ?? 0) + 1, file.names.count)
  }

  /// Modules made with `bias=False` have no biases at all: they stay zero.
  private var hasBiases: Bool { file.names.contains { $0.hasSuffix("in_proj_bias") } }

  private func layerRules(_ module: String, layer: Int) -> [TensorRule] {
    let isDecoder = self.module.isDecoder
    var rules = attentionRules("\(module)self_attn.", layer: layer)
    if isDecoder { rules += attentionRules("\(module)multihead_attn.", layer: layer, of: "E") }
    for index in 1...2 {
      rules += linear(
        "\(module)linear\(index)", "layer\(layer).W_\(index)", "layer\(layer).b_\(index)")
    }
    for index in 1...(isDecoder ? 3 : 2) {
      rules += norm(
        "\(module)norm\(index)", "layer\(layer).γ_\(index)", "layer\(layer).β_\(index)")
    }
    return rules
  }

  /// The projections of an attention; those to the rows of E have its letter behind their own.
  private func attentionRules(
    _ module: String, layer: Int, of source: String = ""
  ) -> [TensorRule] {
    func name(_ kind: String, _ letter: String) -> String {
      "layer\(layer).\(kind)_\(letter)\(source)"
    }
    let letters = ["Q", "K", "V"]
    return [
      TensorRule(
        ["\(module)in_proj_weight"], letters.map { name("W", $0) }, isTransposed: true),
      TensorRule(
        ["\(module)in_proj_bias"], letters.map { name("b", $0) }, isOptional: !hasBiases),
    ] + linear("\(module)out_proj", name("W", "O"), name("b", "O"))
  }

  private func linear(_ module: String, _ weight: String, _ bias: String) -> [TensorRule] {
    [
      TensorRule(["\(module).weight"], [weight], isTransposed: true),
      TensorRule(["\(module).bias"], [bias], isOptional: !hasBiases),
    ]
  }

  private func norm(_ module: String, _ gain: String, _ shift: String) -> [TensorRule] {
    [
      TensorRule(["\(module).weight"], [gain]),
      TensorRule(["\(module).bias"], [shift], isOptional: !hasBiases),
    ]
  }
}
