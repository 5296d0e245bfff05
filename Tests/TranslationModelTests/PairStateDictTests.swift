import Checkpoints
import Equations
import Foundation
import Networks
import Tensors
import TestSupport
import Testing

/// State dicts of encoder-decoders, against figures computed apart from the program.
@Suite struct PairStateDictTests {
  private static func transformer(_ request: inout TranslationRequest) {
    request.headCount = 2
    request.normFirst = false
    request.activation = .relu
  }

  private func path(_ name: String) -> String { Fixtures.path("\(name).safetensors") }

  private func open(_ name: String) throws -> TranslationModel {
    try TranslationModelTests.open(path(name)) {
      if name == "pair_transformer" { Self.transformer(&$0) }
    }
  }

  private func expected(_ name: String) throws -> SafetensorsFile {
    try SafetensorsFile(path: path("\(name).expected"))
  }

  /// Every value, the loss, and the gradients of all of them and of every tensor.
  @Test(arguments: ["pair_transformer", "pair_gru", "pair_lstm_luong"])
  func figures(name: String) throws {
    let model = try open(name)
    let expected = try expected(name)
    func ids(_ name: String) throws -> [Int32] { try expected.floats(name).map { Int32($0) } }
    let inputs = try ids("target")
    let trace = try EncoderDecoderTrace(
      model: model,
      input: EncoderDecoderInput(
        source: try ids("input"), inputs: inputs, targets: inputs.dropFirst() + [-1], labels: []),
      isBackward: true)
    let arrays = trace.arrays.byName
    for name in expected.names where name != "input" && name != "target" {
      let array = try #require(arrays[name], "\(name) is not in the trace")
      #expect(array.shape == expected[name]?.shape, "\(name)")
      let wanted = try expected.floats(name)
      let scale = wanted.filter(\.isFinite).map { abs($0) }.max() ?? 1
      #expect(largestDifference(array.floats, wanted) <= 1e-5 * max(1, scale), "\(name)")
    }
    // Nothing is left out of the figures that the trace has of the checkpoint.
    #expect(
      trace.arrays.map(\.name).filter { $0.hasPrefix("grad.param.") }
        == (try SafetensorsFile(path: path(name))).names.map { "grad.param.\($0)" })
  }

  /// The names that the figures are looked up by are those that are promised.
  @Test func shapes() throws {
    func shapes(_ name: String) throws -> (SafetensorsFile, [String]) {
      let file = try expected(name)
      return (file, file.names)
    }
    let (transformer, _) = try shapes("pair_transformer")
    #expect(transformer["encoder.layer0.attention"]?.shape == [2, 5, 5])
    #expect(transformer["decoder.layer0.attention"]?.shape == [2, 4, 4])
    #expect(transformer["grad.decoder.layer1.cross.attention"]?.shape == [2, 4, 5])
    let (luong, _) = try shapes("pair_lstm_luong")
    #expect(luong["alignment"]?.shape == [4, 5] && luong["grad.context"]?.shape == [4, 6])
    let (gru, names) = try shapes("pair_gru")
    #expect(gru["encoder.layer1.reverse.h"]?.shape == [5, 3])
    #expect(names.contains("grad.decoder.layer0.h"))
  }

  @Test func whatTheyAre() throws {
    let transformer = try open("pair_transformer")
    #expect(transformer.architecture == "nn.Transformer" && transformer.source == nil)
    #expect(transformer.configuration.longestSource == 6)
    #expect(
      transformer.warnings == ["embeddings are taken as they stand, not multiplied by √D"])
    let gru = try open("pair_gru")
    #expect(gru.architecture == "nn.GRU encoder-decoder" && gru.warnings.isEmpty)
    guard case .recurrent(let recurrent) = gru.configuration else {
      Issue.record("no recurrent model")
      return
    }
    #expect(recurrent.isBidirectional && recurrent.numLayers == 2 && recurrent.attention == nil)
    #expect(recurrent.hiddenSize == 6 && recurrent.embeddingSize == 5)
    #expect(
      try open("pair_lstm_luong").summary.hasPrefix("lstm with dot attention, 1 layer of 6, "))
  }

  /// Without its embeddings an nn.Transformer takes vectors; given the embeddings, it computes the same.
  @Test(arguments: ["", "transformer."])
  func vectors(prefix: String) throws {
    let folder = try TemporaryFolder()
    let layers = try tensors(of: path("pair_transformer")).filter {
      $0.name.hasPrefix("transformer.")
    }.map { $0.renamed(prefix + $0.name.dropFirst("transformer.".count)) }
    let file = try folder.write(layers, to: "vectors.safetensors")
    var request = TranslationRequest(model: file)
    Self.transformer(&request)
    request.isCausal = true
    guard case .vectorTransformer(let model) = try TranslationLoader.open(request) else {
      Issue.record("a model of words")
      return
    }
    let expected = try expected("pair_transformer")
    let source = try expected.floats("encoder.embeddings")
    let target = try expected.floats("decoder.embeddings")
    let trace = try VectorTransformerTrace(
      model: model, source: source, target: target, isBackward: true)
    let arrays = trace.arrays.byName
    for name in [
      "encoder.layer0.attention", "encoder.last_hidden_state", "decoder.layer1.cross.attention",
      "decoder.last_hidden_state",
    ] {
      let found = try #require(arrays[name]?.floats)
      #expect(largestDifference(found, try expected.floats(name)) <= 1e-5, "\(name)")
    }
    // The gradient reaches the encoder: against central differences of half the sum of squares.
    let gradient = try #require(arrays["grad.encoder.input"]?.floats)
    func loss(_ vectors: [Float]) throws -> Double {
      let arrays = try VectorTransformerTrace(model: model, source: vectors, target: target).arrays
      let last = try #require(arrays.first { $0.name == "decoder.last_hidden_state" }).floats
      return last.reduce(0) { $0 + 0.5 * Double($1) * Double($1) }
    }
    for index in [0, 11, 30] {
      var more = source, less = source
      more[index] += 0.01
      less[index] -= 0.01
      let slope = (try loss(more) - loss(less)) / 0.02
      #expect(abs(slope - Double(gradient[index])) <= 1e-3 + 0.01 * abs(slope), "\(index)")
    }
    #expect(arrays["grad.param.\(prefix)encoder.norm.weight"]?.shape == [8])
    #expect(
      message(file, Self.transformer)
        == "\(file) takes vectors, not words: it has no embeddings; unroll trace opens it")
  }

  /// So do recurrent halves; the decoder's states begin as the encoder's last ones.
  @Test(arguments: [true, false])
  func recurrentVectors(hasOutput: Bool) throws {
    let folder = try TemporaryFolder()
    let layers = try tensors(of: path("pair_gru")).filter {
      !$0.name.contains("embedding") && (hasOutput || !$0.name.contains("out."))
    }
    let file = try folder.write(layers, to: "vectors.safetensors")
    guard
      case .vectorRecurrent(let model) = try TranslationLoader.open(TranslationRequest(model: file))
    else {
      Issue.record("a model of words")
      return
    }
    #expect(model.warnings.isEmpty)
    let expected = try expected("pair_gru")
    let source = try expected.floats("encoder.embeddings")
    let target = try expected.floats("decoder.embeddings")
    let trace = try VectorRecurrentTrace(
      model: model, source: source, target: target, isBackward: true)
    let arrays = trace.arrays.byName
    for name in [
      "encoder.layer0.reverse.h", "encoder.layer1.h", "decoder.layer0.h", "decoder.layer1.h",
    ] + (hasOutput ? ["logits"] : []) {
      let found = try #require(arrays[name]?.floats)
      #expect(largestDifference(found, try expected.floats(name)) <= 1e-5, "\(name)")
    }
    #expect((arrays["logits"] == nil) == !hasOutput)
    let output = try #require(arrays["decoder.output"]).floats
    let losses = stride(from: 0, to: output.count, by: 6).map { first in
      output[first..<first + 6].reduce(0) { $0 + $1 * $1 / 2 }
    }
    #expect(largestDifference(try #require(arrays["loss"]).floats, losses) <= 1e-6)
    // Against central differences of half the sum of squares, on both sides.
    func loss(_ source: [Float], _ target: [Float]) throws -> Double {
      let trace = try VectorRecurrentTrace(model: model, source: source, target: target)
      return try #require(trace.arrays.byName["decoder.output"]).floats
        .reduce(0) { $0 + 0.5 * Double($1) * Double($1) }
    }
    for (side, index) in [("encoder", 0), ("encoder", 13), ("decoder", 0), ("decoder", 7)] {
      func moved(_ vectors: [Float], _ name: String, by step: Float) -> [Float] {
        var vectors = vectors
        if name == side { vectors[index] += step }
        return vectors
      }
      let (more, less) = try (
        loss(moved(source, "encoder", by: 0.01), moved(target, "decoder", by: 0.01)),
        loss(moved(source, "encoder", by: -0.01), moved(target, "decoder", by: -0.01))
      )
      let slope = (more - less) / 0.02
      let gradient = Double(try #require(arrays["grad.\(side).input"]).floats[index])
      #expect(abs(slope - gradient) <= 1e-4 + 0.01 * abs(slope), "\(side) \(index)")
      #expect(abs(slope) > 1e-3, "\(side) \(index)")
    }
    #expect(arrays["grad.param.encoder.gru.weight_hh_l0"]?.shape == [9, 3])
    #expect(
      message(file)
        == "\(file) takes vectors, not words: it has no embeddings; unroll trace opens it")
    let attends = layers + [zeros("decoder.concat.weight", 6, 12), zeros("decoder.concat.bias", 6)]
    #expect(
      message(try folder.write(attends, to: "attends.safetensors")).contains(
        "tensor decoder.concat.weight: expected without embeddings: recurrent layers and an output "
          + "layer alone, found [6, 12]"))
  }

  /// An nn.RNN does not say what its φ is.
  @Test func activations() throws {
    let folder = try TemporaryFolder()
    let layers = try tensors(of: path("pair_lstm_luong")).compactMap { tensor -> NamedArray? in
      guard tensor.name.contains("lstm") else { return nil }
      let shape = [6] + tensor.shape.dropFirst()
      return NamedArray(
        name: tensor.name, shape: shape,
        data: Array(tensor.floats.prefix(shape.reduce(1, *))))
    }
    let file = try folder.write(layers, to: "rnn.safetensors")
    for (asked, expected) in [(nil, Function.tanh), (.relu, .relu)] as [(Function?, Function)] {
      var request = TranslationRequest(model: file)
      request.activation = asked
      guard case .vectorRecurrent(let model) = try TranslationLoader.open(request) else {
        Issue.record("a model of words")
        return
      }
      #expect(
        model.encoder.cell.activation == expected && model.decoder.cell.activation == expected)
    }
    #expect(message(path("pair_gru")) { $0.activation = .relu }.contains("has no φ"))
  }

  /// Other names for the same tensors.
  @Test func otherNames() throws {
    let folder = try TemporaryFolder()
    let names = [
      "src_embed.weight": "src_tok_emb.embedding.weight",
      "tgt_embed.weight": "tgt_tok_emb.embedding.weight",
      "pos_encoder.pe": "positional_encoding.pos_embedding",
      "generator.weight": "fc_out.weight", "generator.bias": "fc_out.bias",
    ]
    let renamed = try tensors(of: path("pair_transformer")).map {
      $0.renamed(names[$0.name] ?? $0.name)
    }
    let model = try TranslationModelTests.open(
      try folder.write(renamed, to: "a.safetensors"), Self.transformer)
    #expect(
      model.model.parameters.array == (try open("pair_transformer")).model.parameters.array)
    // Without an output layer the target's embedding gives the logits.
    let tied = renamed.filter { !$0.name.hasPrefix("fc_out") }
    let other = try TranslationModelTests.open(
      try folder.write(tied, to: "b.safetensors"), Self.transformer)
    guard case .transformer(_, let decoder) = other.configuration else { return }
    #expect(decoder.head == .tied(hasBias: false))
    let recurrent = try tensors(of: path("pair_gru")).map {
      $0.renamed(
        $0.name.replacing(".gru.", with: ".rnn.").replacing("decoder.out.", with: "fc."))
    }
    let gru = try TranslationModelTests.open(try folder.write(recurrent, to: "c.safetensors"))
    #expect(gru.model.parameters.array == (try open("pair_gru")).model.parameters.array)
  }

  // MARK: What does not fit

  private func refusal(
    _ name: String, _ change: ([NamedArray]) -> [NamedArray]
  ) throws -> String {
    let folder = try TemporaryFolder()
    let file = try folder.write(change(try tensors(of: path(name))), to: "changed.safetensors")
    let message = message(file) { if name == "pair_transformer" { Self.transformer(&$0) } }
    #expect(message.hasPrefix("\(file): "), "\(message)")
    return String(message.dropFirst("\(file): ".count))
  }

  @Test func recurrentOnesThatDoNotFit() throws {
    func without(_ part: String) throws -> String {
      try refusal("pair_gru") { $0.filter { !$0.name.contains(part) } }
    }
    #expect(
      try refusal("pair_gru") {
        $0.filter { !$0.name.contains("_reverse") && !$0.name.contains("_l1") }
      } == "decoder.gru.weight_hh_l0: expected H = 3, the encoder's last state, found H = 6")
    #expect(
      try refusal("pair_gru") {
        $0.filter { !$0.name.hasPrefix("decoder.gru") || !$0.name.contains("_l1") }
      }
        == "decoder.gru.weight_hh_l0: expected 2 layers, as the encoder has, found 1")
    // A context beside the word, as in the tutorials' AttnDecoderRNN.
    #expect(
      try refusal("pair_gru") {
        $0.map { $0.name == "decoder.gru.weight_ih_l0" ? zeros($0.name, 18, 11) : $0 }
      }
        == "tensor decoder.gru.weight_ih_l0: expected 5 columns, as the encoder's: the decoder is "
        + "given a word alone, not a context beside it (input feeding), found 11")
    #expect(
      try refusal("pair_gru") { $0 + [zeros("decoder.attention.Wa.weight", 6, 6)] }
        .hasPrefix("tensor decoder.attention.Wa.weight: expected embeddings, recurrent layers, "))
    #expect(
      try without("decoder.embedding")
        == "expected the embedding of the target (such as tgt_embed.weight or "
        + "decoder.embedding.weight), found none")
    #expect(
      try without("decoder.out.")
        == "expected the output layer (such as decoder.out.weight or generator.weight), found none")
    #expect(
      try refusal("pair_gru") { $0 + [zeros("decoder.fc.weight", 9, 6)] }
        == "expected one output layer, found decoder.out.weight and decoder.fc.weight")
    #expect(
      try refusal("pair_gru") {
        $0.map { $0.name == "decoder.out.weight" ? zeros($0.name, 8, 6) : $0 }
      } == "tensor decoder.out.bias: expected [8], found [9]")
    #expect(
      try refusal("pair_gru") { $0 + [zeros("encoder.second.weight_ih_l0", 9, 5)] }
        == "expected one recurrent module in the encoder, found encoder.gru. and encoder.second.")
    #expect(
      try refusal("pair_lstm_luong") { $0.filter { $0.name != "decoder.concat.bias" } }
        == "tensor decoder.concat.bias: expected [6], found no tensor of this name")
    #expect(
      try refusal("pair_gru") { $0.filter { $0.name != "encoder.gru.bias_hh_l1_reverse" } }
        == "tensor encoder.gru.bias_hh_l1_reverse: expected [9], found no tensor of this name")
  }

  @Test func transformersThatDoNotFit() throws {
    let file = path("pair_transformer")
    #expect(
      message(file).hasPrefix("\(file) holds an nn.TransformerEncoder of size 8, and does not say"))
    #expect(
      message(file) {
        Self.transformer(&$0)
        $0.headCount = 3
      } == "--heads 3: expected a divisor of 8, the size of the model")
    #expect(
      try refusal("pair_transformer") { $0.filter { $0.name != "tgt_embed.weight" } }
        == "expected the embedding of the target (such as tgt_embed.weight or "
        + "decoder.embedding.weight), found none")
    #expect(
      try refusal("pair_transformer") {
        $0.map { $0.name == "generator.weight" ? zeros($0.name, 9, 7) : $0 }
      } == "tensor generator.weight: expected [N, 8]: the output layer, found [9, 7]")
    let cross = "transformer.decoder.layers.1.multihead_attn.in_proj_weight"
    #expect(
      try refusal("pair_transformer") { $0.filter { $0.name != cross } }
        == "tensor \(cross): expected [24, 8], found no tensor of this name")
    let gru = path("pair_gru")
    #expect(
      message(gru) { $0.headCount = 2 }
        == "--heads is for an nn.Transformer; \(gru) is a recurrent encoder-decoder")
  }
}
