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
    description.rules += Self.bertLayer.rules(layers: layers, of: architecture)
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
    description.rules += Self.distilBERTLayer.rules(layers: layers, of: architecture)
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

  private static let bertLayer = EncoderLayerNames(
    projections: [
      "attention.self.query", "attention.self.key", "attention.self.value",
      "attention.output.dense",
    ], attentionNorm: "attention.output.LayerNorm",
    feedForward: ["intermediate.dense", "output.dense"], norm: "output.LayerNorm")

  private static let distilBERTLayer = EncoderLayerNames(
    projections: ["q_lin", "k_lin", "v_lin", "out_lin"].map { "attention.\($0)" },
    attentionNorm: "sa_layer_norm", feedForward: ["ffn.lin1", "ffn.lin2"],
    norm: "output_layer_norm")

  private static func headRules(
    dense: String, norm: String, biases: [String]
  ) -> [TensorRule] {
    TensorRule.linear(dense, "transform.W", "transform.b", hasPrefix: false)
      + TensorRule.norm(norm, "transform.γ", "transform.β", hasPrefix: false)
      + [TensorRule(biases, ["output.bias"], hasPrefix: false)]
  }
}

/// What the modules of a layer are called.
private struct EncoderLayerNames {
  /// Of queries, keys, values and the heads' output.
  let projections: [String]
  /// Behind the attention.
  let attentionNorm: String
  /// What widens and what narrows again.
  let feedForward: [String]
  /// Behind the feed-forward net.
  let norm: String

  func rules(layers: Int, of architecture: HuggingFaceArchitecture) -> [TensorRule] {
    var rules: [TensorRule] = []
    for layer in 0..<layers {
      let module = "\(architecture.layerPrefix)\(layer).", ours = "layer\(layer)."
      let matrices = zip(projections + feedForward, ["Q", "K", "V", "O", "1", "2"])
      for (name, index) in matrices {
        rules += TensorRule.linear(module + name, "\(ours)W_\(index)", "\(ours)b_\(index)")
      }
      for (name, index) in [(attentionNorm, 1), (norm, 2)] {
        rules += TensorRule.norm(module + name, "\(ours)γ_\(index)", "\(ours)β_\(index)")
      }
    }
    return rules
  }
}
