import Checkpoints
import Equations
import Foundation
import Networks
import TestSupport
import Testing

/// Models as Hugging Face and PyTorch save them, against the figures that those compute.
@Suite struct GoldenTransformerTests {
  /// Attention of all layers, `[layers, heads, T, T]`, and whether its rows sum to 1.
  private func attentions(_ trace: TransformerTrace) throws -> [Float] {
    var all: [Float] = []
    let arrays = trace.arrays.byName
    let length = trace.input.seqLen
    for layer in 0..<trace.run.layerCount {
      let array = try #require(arrays["layer\(layer).attention"])
      #expect(array.shape == [trace.run.headCount, length, length])
      for row in 0..<trace.run.headCount * length {
        let sum = array.floats[row * length..<(row + 1) * length].reduce(0, +)
        #expect(abs(sum - 1) < 1e-5)
      }
      all += array.floats
    }
    return all
  }

  /// Compares the tokens, the attention, and other values by their names in the trace and in the file.
  private func check(
    _ trace: TransformerTrace, against expected: SafetensorsFile, _ text: String,
    _ names: [String: String]
  ) throws {
    let arrays = trace.arrays.byName
    #expect(try expected.integers("\(text).input_ids") == trace.run.input.ids?.map(Int.init))
    let attentions = try attentions(trace)
    #expect(largestDifference(attentions, try expected.floats("\(text).attentions")) < 1e-5)
    for (own, name) in names {
      let array = try #require(arrays[own])
      #expect(array.shape == expected["\(text).\(name)"]?.shape)
      #expect(largestDifference(array.floats, try expected.floats("\(text).\(name)")) < 2e-5)
    }
  }

  @Test func gpt2() throws {
    let model = try open(Fixtures.path("gpt2-tiny"))
    #expect(model.architecture == "gpt2")
    #expect(model.summary == "gpt2, 3 layers of 4 heads, size 48, 106,800 parameters")
    #expect(model.warnings.isEmpty)
    #expect(model.longestSequence == 96)
    #expect(model.predictsNextToken && !model.predictsMaskedTokens)
    let expected = try SafetensorsFile(path: Fixtures.path("gpt2-tiny.expected.safetensors"))
    for (index, text) in try ReferenceText.read("gpt2-tiny.cases.json").enumerated() {
      let trace = try TransformerTrace(model: model, input: try model.input(text: text.text))
      try check(
        trace, against: expected, "s\(index)",
        ["last_hidden_state": "last_hidden_state", "logits": "logits"])
    }
  }

  @Test(.enabled(if: MiniLM.folder != nil, Comment(rawValue: MiniLM.missing)))
  func miniLM() throws {
    let model = try open(try #require(MiniLM.folder))
    #expect(model.architecture == "bert")
    // The pooler is no part of what is computed here: 22,713,216 with it.
    #expect(model.summary == "bert, 6 layers of 12 heads, size 384, 22,565,376 parameters")
    #expect(model.warnings.isEmpty)
    let expected = try SafetensorsFile(path: Fixtures.path("minilm.expected.safetensors"))
    for (index, text) in try ReferenceText.read("minilm.cases.json").prefix(3).enumerated() {
      let trace = try TransformerTrace(model: model, input: try model.input(text: text.text))
      try check(
        trace, against: expected, "s\(index)",
        ["last_hidden_state": "last_hidden_state", "pooled": "mean_pooled"])
    }
  }

  /// `nn.MultiheadAttention`: values, losses, and the gradients of its stacked tensors.
  @Test(arguments: ["mha_12_3", "mha_12_3_causal"])
  func attention(name: String) throws {
    let model = try open(Fixtures.path("\(name).safetensors")) {
      $0.headCount = 3
      $0.isCausal = name.hasSuffix("causal")
    }
    let expected = try SafetensorsFile(path: Fixtures.path("\(name).expected.safetensors"))
    let input = try model.input(vectors: try expected.floats("input"))
    let trace = try TransformerTrace(
      model: model, input: input, loss: .sumOfSquares, isBackward: true)
    let arrays = trace.arrays.byName
    let renamed = ["attention", "q", "k", "v", "output"]
    for name in expected.names {
      let own = renamed.contains(name) ? "layer0.\(name)" : name
      let array = try #require(arrays[own], "\(own) is not in the trace")
      #expect(array.shape == expected[name]?.shape, "\(name)")
      let wanted = try expected.floats(name)
      let scale = wanted.map { abs($0) }.max() ?? 1
      #expect(largestDifference(array.floats, wanted) <= 1e-6 * max(1, scale), "\(name)")
    }
    let file = try SafetensorsFile(path: Fixtures.path("\(name).safetensors"))
    #expect(
      trace.arrays.map(\.name).filter { $0.hasPrefix("grad.param.") }
        == file.names.map { "grad.param.\($0)" })
  }

  /// GPT-2's layers under the names of an `nn.TransformerEncoder` that normalises first.
  @Test func encoderWithTheWeightsOfGPT2() throws {
    var source: [String: NamedArray] = [:]
    for tensor in try tensors(of: Fixtures.path("gpt2-tiny/model.safetensors")) {
      source[String(tensor.name.dropFirst("transformer.".count))] = tensor
    }
    func find(_ name: String) throws -> NamedArray { try #require(source[name]) }
    var dict: [NamedArray] = []
    for layer in 0..<3 {
      let ours = "encoder.layers.\(layer)", theirs = "h.\(layer)"
      for (to, from) in [
        ("self_attn.in_proj_", "attn.c_attn."), ("self_attn.out_proj.", "attn.c_proj."),
        ("linear1.", "mlp.c_fc."), ("linear2.", "mlp.c_proj."), ("norm1.", "ln_1."),
        ("norm2.", "ln_2."),
      ] {
        let weight = try find("\(theirs).\(from)weight")
        let isMatrix = weight.shape.count == 2
        dict.append(
          (isMatrix ? weight.transposed : weight).renamed("\(ours).\(to)weight"))
        dict.append(try find("\(theirs).\(from)bias").renamed("\(ours).\(to)bias"))
      }
    }
    dict.append(try find("ln_f.weight").renamed("encoder.norm.weight"))
    dict.append(try find("ln_f.bias").renamed("encoder.norm.bias"))
    let folder = try TemporaryFolder()
    let model = try open(try folder.write(dict, to: "encoder.safetensors")) {
      $0.headCount = 4
      $0.normFirst = true
      $0.activation = .geluTanh
      $0.isCausal = true
    }
    #expect(model.architecture == "nn.TransformerEncoder")
    #expect(model.warnings.isEmpty)
    let ids = try ReferenceText.read("gpt2-tiny.cases.json")[1].ids
    let tokens = try find("wte.weight").floats, positions = try find("wpe.weight").floats
    let vectors = ids.enumerated().flatMap { t, id in
      (0..<48).map { tokens[id * 48 + $0] + positions[t * 48 + $0] }
    }
    let trace = try TransformerTrace(model: model, input: try model.input(vectors: vectors))
    let expected = try SafetensorsFile(path: Fixtures.path("gpt2-tiny.expected.safetensors"))
    #expect(
      largestDifference(try attentions(trace), try expected.floats("s1.attentions")) < 1e-5)
    let hidden = try #require(trace.arrays.byName["last_hidden_state"])
    #expect(
      largestDifference(hidden.floats, try expected.floats("s1.last_hidden_state")) < 2e-5)
  }

  /// The first layer of MiniLM under DistilBERT's names; its token types go into the positions.
  @Test(.enabled(if: MiniLM.folder != nil, Comment(rawValue: MiniLM.missing)))
  func distilBERTWithTheWeightsOfMiniLM() throws {
    let source = try SafetensorsFile(path: "\(try #require(MiniLM.folder))/model.safetensors")
    let folder = try TemporaryFolder()
    func tensor(_ from: String, _ to: String, rows: Int? = nil) throws -> NamedArray {
      var shape = try #require(source[from]).shape
      let floats = try source.floats(from)
      let width = shape.dropFirst().reduce(1, *)
      if let rows { shape[0] = rows }
      return NamedArray(
        name: "distilbert." + to, shape: shape, data: Array(floats[..<(shape[0] * width)]))
    }
    let types = try source.floats("embeddings.token_type_embeddings.weight")
    let positions = try tensor(
      "embeddings.position_embeddings.weight", "embeddings.position_embeddings.weight", rows: 16)
    var dict = [
      try tensor(
        "embeddings.word_embeddings.weight", "embeddings.word_embeddings.weight", rows: 8000),
      NamedArray(
        name: positions.name, shape: positions.shape,
        data: positions.floats.enumerated().map { $1 + types[$0 % 384] }),
    ]
    let layer = "encoder.layer.0.", ours = "transformer.layer.0."
    for kind in ["weight", "bias"] {
      dict.append(try tensor("embeddings.LayerNorm.\(kind)", "embeddings.LayerNorm.\(kind)"))
      for (from, to) in [
        ("attention.self.query", "attention.q_lin"), ("attention.self.key", "attention.k_lin"),
        ("attention.self.value", "attention.v_lin"),
        ("attention.output.dense", "attention.out_lin"),
        ("attention.output.LayerNorm", "sa_layer_norm"), ("intermediate.dense", "ffn.lin1"),
        ("output.dense", "ffn.lin2"), ("output.LayerNorm", "output_layer_norm"),
      ] {
        dict.append(try tensor("\(layer)\(from).\(kind)", "\(ours)\(to).\(kind)"))
      }
    }
    try folder.write(dict, to: "model.safetensors")
    try folder.write(
      """
      {"model_type": "distilbert", "vocab_size": 8000, "dim": 384, "n_heads": 12, "n_layers": 1,
       "hidden_dim": 1536, "max_position_embeddings": 16, "activation": "gelu"}
      """, to: "config.json")
    let words = try TextFile.readAny("\(try #require(MiniLM.folder))/vocab.txt")
    try folder.write(
      words.split(separator: "\n").prefix(8000).joined(separator: "\n"), to: "vocab.txt")
    let model = try open(folder.path)
    #expect(model.architecture == "distilbert")
    let text = try ReferenceText.read("minilm.cases.json")[0]
    let trace = try TransformerTrace(model: model, input: try model.input(text: text.text))
    #expect(trace.run.input.ids?.map(Int.init) == text.ids)
    let whole = try SafetensorsFile(path: Fixtures.path("minilm.expected.safetensors"))
      .floats("s0.attentions")
    let found = try attentions(trace)
    #expect(largestDifference(found, Array(whole[..<found.count])) < 1e-5)
  }
}
