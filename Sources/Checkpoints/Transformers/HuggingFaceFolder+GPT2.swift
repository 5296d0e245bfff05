internal import Equations
internal import Networks

/// GPT-2 (Radford et al. 2019): the norms come first, and each token sees those before it.
extension HuggingFaceFolder {
  func gpt2() throws(FileError) -> Description {
    let size = try config.size("n_embd")
    let layers = try config.layers("n_layer")
    let epsilon = try config.epsilon("layer_norm_epsilon", default: 1e-5)
    let activation = try config.activation("activation_function", default: "gelu_new")
    try config.expect("scale_attn_weights", true)
    try config.expect("scale_attn_by_inverse_layer_idx", false)
    try config.expect("add_cross_attention", false)
    let width = try config.fields.whole("n_inner", in: 1...1 << 24) ?? 4 * size
    let positions = config.fields.value("n_positions") == nil ? "n_ctx" : "n_positions"
    let hasOwnHead = try !isTied() && tensors.has("lm_head.weight")
    var description = Description(
      configuration: TransformerConfiguration(
        input: .tokens(vocabularySize: try config.size("vocab_size")), modelSize: size,
        headCount: try config.heads("n_head", of: "n_embd"), feedForwardSize: width,
        blocks: try config.blocks(
          "encoder-pre", layers: layers, activation: activation, epsilon: epsilon),
        positions: .learned(count: try config.size(positions)), normalizesOutput: true,
        isCausal: true,
        head: hasOwnHead ? .linear(hasBias: false) : try isTied() ? .tied(hasBias: false) : .none,
        normEpsilon: epsilon),
      rules: [
        TensorRule(["wte.weight"], ["embedding.weight"]),
        TensorRule(["wpe.weight"], ["position.weight"]),
      ] + TensorRule.norm("ln_f", "final.γ", "final.β"),
      prefixes: ["transformer.", ""], marker: "wte.weight",
      ignored: ["attn.bias", "attn.masked_bias", "lm_head.weight"])
    if hasOwnHead {
      description.rules.append(
        TensorRule(["lm_head.weight"], ["output.weight"], hasPrefix: false))
    }
    for layer in 0..<layers {
      description.rules += Self.layerRules("\(architecture.layerPrefix)\(layer)", "layer\(layer)")
    }
    return description
  }

  /// Its linear layers store `[in, out]`; queries, keys and values stand side by side.
  private static func layerRules(_ module: String, _ layer: String) -> [TensorRule] {
    let stacked = ["Q", "K", "V"]
    let linear = [
      ("attn.c_attn", stacked.map { "W_\($0)" }, stacked.map { "b_\($0)" }),
      ("attn.c_proj", ["W_O"], ["b_O"]),
      ("mlp.c_fc", ["W_1"], ["b_1"]),
      ("mlp.c_proj", ["W_2"], ["b_2"]),
    ]
    var rules: [TensorRule] = []
    for (name, weights, biases) in linear {
      rules.append(
        TensorRule(["\(module).\(name).weight"], weights.map { "\(layer).\($0)" }))
      rules.append(TensorRule(["\(module).\(name).bias"], biases.map { "\(layer).\($0)" }))
    }
    return rules + TensorRule.norm("\(module).ln_1", "\(layer).γ_1", "\(layer).β_1")
      + TensorRule.norm("\(module).ln_2", "\(layer).γ_2", "\(layer).β_2")
  }
}
