internal import Equations
internal import Networks

/// BERT (Devlin et al. 2019) and DistilBERT (Sanh et al. 2019): the norms come after each sum.
extension HuggingFaceFolder {
  func bert() throws(FileError) -> Description {
    let size = try config.size("hidden_size")
    let layers = try config.layers("num_hidden_layers")
    let epsilon = try config.epsilon("layer_norm_eps", default: 1e-12)
    let activation = try config.activation("hidden_act", default: "gelu")
    try config.expect("is_decoder", false)
    try config.expect("add_cross_attention", false)
    if let kind = try config.fields.text("position_embedding_type"), kind != "absolute" {
      throw config.fields.mismatch("position_embedding_type", expected: "\"absolute\"")
    }
    var description = Description(
      configuration: TransformerConfiguration(
        input: .tokens(vocabularySize: try config.size("vocab_size")), modelSize: size,
        headCount: try config.heads("num_attention_heads", of: "hidden_size"),
        feedForwardSize: try config.size("intermediate_size"),
        blocks: try config.blocks(
          "encoder-post", layers: layers, activation: activation, epsilon: epsilon),
        positions: .learned(count: try config.size("max_position_embeddings")),
        tokenTypeCount: try config.fields.whole("type_vocab_size", in: 1...1 << 16) ?? 2,
        normalizesEmbedding: true, normEpsilon: epsilon),
      rules: [
        TensorRule(["embeddings.word_embeddings.weight"], ["embedding.weight"]),
        TensorRule(["embeddings.position_embeddings.weight"], ["position.weight"]),
        TensorRule(["embeddings.token_type_embeddings.weight"], ["tokenType.weight"]),
      ] + TensorRule.norm("embeddings.LayerNorm", "embedding.γ", "embedding.β"),
      prefixes: ["", "bert."], marker: "embeddings.word_embeddings.weight",
      ignored: [
        "embeddings.position_ids", "embeddings.token_type_ids", "pooler.dense.weight",
        "pooler.dense.bias", "cls.predictions.decoder.weight", "cls.predictions.decoder.bias",
        "cls.predictions.bias", "cls.seq_relationship.weight", "cls.seq_relationship.bias",
      ])
    for layer in 0..<layers {
      let module = "encoder.layer.\(layer)", ours = "layer\(layer)"
      description.rules += Self.layerRules(
        ours,
        projections: ["query", "key", "value"].map { "\(module).attention.self.\($0)" }
          + ["\(module).attention.output.dense"],
        attentionNorm: "\(module).attention.output.LayerNorm",
        feedForward: ["\(module).intermediate.dense", "\(module).output.dense"],
        norm: "\(module).output.LayerNorm")
    }
    if tensors.has("cls.predictions.transform.dense.weight"), try isTied() {
      description.configuration.head = .maskedLM(activation: activation)
      description.rules += Self.headRules(
        dense: "cls.predictions.transform.dense", norm: "cls.predictions.transform.LayerNorm",
        biases: ["cls.predictions.bias", "cls.predictions.decoder.bias"])
    }
    return description
  }

  func distilBERT() throws(FileError) -> Description {
    let layers = try config.layers("n_layers")
    let activation = try config.activation("activation", default: "gelu")
    // Fixed in its code; the configuration has no key for it.
    let epsilon = 1e-12
    var description = Description(
      configuration: TransformerConfiguration(
        input: .tokens(vocabularySize: try config.size("vocab_size")),
        modelSize: try config.size("dim"),
        headCount: try config.heads("n_heads", of: "dim"),
        feedForwardSize: try config.size("hidden_dim"),
        blocks: try config.blocks(
          "encoder-post", layers: layers, activation: activation, epsilon: epsilon),
        positions: .learned(count: try config.size("max_position_embeddings")),
        normalizesEmbedding: true, normEpsilon: epsilon),
      rules: [
        TensorRule(["embeddings.word_embeddings.weight"], ["embedding.weight"]),
        TensorRule(["embeddings.position_embeddings.weight"], ["position.weight"]),
      ] + TensorRule.norm("embeddings.LayerNorm", "embedding.γ", "embedding.β"),
      prefixes: ["", "distilbert."], marker: "embeddings.word_embeddings.weight",
      ignored: ["embeddings.position_ids", "vocab_projector.weight"])
    for layer in 0..<layers {
      let module = "transformer.layer.\(layer)"
      description.rules += Self.layerRules(
        "layer\(layer)",
        projections: ["q_lin", "k_lin", "v_lin", "out_lin"].map { "\(module).attention.\($0)" },
        attentionNorm: "\(module).sa_layer_norm",
        feedForward: ["\(module).ffn.lin1", "\(module).ffn.lin2"],
        norm: "\(module).output_layer_norm")
    }
    if tensors.has("vocab_transform.weight"), try isTied() {
      description.configuration.head = .maskedLM(activation: activation)
      description.rules += Self.headRules(
        dense: "vocab_transform", norm: "vocab_layer_norm", biases: ["vocab_projector.bias"])
    }
    return description
  }

  /// Whether the head shares the embedding's table.
  func isTied() throws(FileError) -> Bool {
    try config.fields.flag("tie_word_embeddings") ?? true
  }

  /// The tensors of one layer, from the modules of queries, keys, values and the heads' output, of
  /// the norm behind them, of the net that widens and narrows, and of the norm behind that.
  private static func layerRules(
    _ layer: String, projections: [String], attentionNorm: String, feedForward: [String],
    norm: String
  ) -> [TensorRule] {
    var rules: [TensorRule] = []
    for (module, letter) in zip(projections, ["Q", "K", "V", "O"]) {
      rules += TensorRule.linear(module, "\(layer).W_\(letter)", "\(layer).b_\(letter)")
    }
    for (index, module) in feedForward.enumerated() {
      rules += TensorRule.linear(module, "\(layer).W_\(index + 1)", "\(layer).b_\(index + 1)")
    }
    return rules + TensorRule.norm(attentionNorm, "\(layer).γ_1", "\(layer).β_1")
      + TensorRule.norm(norm, "\(layer).γ_2", "\(layer).β_2")
  }

  private static func headRules(
    dense: String, norm: String, biases: [String]
  ) -> [TensorRule] {
    TensorRule.linear(dense, "transform.W", "transform.b", hasPrefix: false)
      + TensorRule.norm(norm, "transform.γ", "transform.β", hasPrefix: false)
      + [TensorRule(biases, ["output.bias"], hasPrefix: false)]
  }
}
