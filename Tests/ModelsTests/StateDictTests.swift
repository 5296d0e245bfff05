import Checkpoints
import Equations
import Networks
import Tensors
import TestSupport
import Testing

/// State dicts that differ from the plainest in a way that real ones do.
@Suite struct StateDictTests {
  @Test(arguments: ["lstm.", "encoder.rnn.", "my_"])
  func anyPrefix(prefix: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      try tensors(of: Fixtures.path("lstm_5_8_1.safetensors")).map {
        $0.renamed(prefix + $0.name)
      },
      to: "m.safetensors")
    let expected = try tensors(of: Fixtures.path("lstm_5_8_1.expected.safetensors")).byName
    let model = try load(path)
    let input = try model.input(vectors: try #require(expected["input"]).floats)
    let trace = try Trace(model: model, input: input, isBackward: true).arrays.byName
    let h = try #require(expected["layer0.h"]).floats
    #expect(relativeError(try #require(trace["layer0.h"]).floats, h) <= 1e-6)
    let gradient = try #require(expected["grad.param.bias_hh_l0"]).floats
    let found = try #require(trace["grad.param.\(prefix)bias_hh_l0"]).floats
    #expect(relativeError(found, gradient) <= 1e-5)
  }

  @Test func severalModules() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      smallLSTM("encoder.lstm.") + smallLSTM("decoder.lstm."), to: "m.safetensors")
    let error = message(path)
    #expect(error.hasPrefix(path))
    #expect(error.contains("encoder.lstm. and decoder.lstm.") && error.contains("--prefix"))
    let model = try load(path) { $0.prefix = "decoder.lstm" }
    #expect(model.bindings.allSatisfy { $0.name.hasPrefix("decoder.lstm.") })
    #expect(message(path) { $0.prefix = "encodr.lstm." }.contains("expected encoder.lstm."))
  }

  @Test func withoutBiases() throws {
    let folder = try TemporaryFolder()
    var parts = try tensors(of: Fixtures.path("lstm_5_8_1.safetensors")).byName
    for name in ["bias_ih_l0", "bias_hh_l0"] { parts[name] = zeros(name, 32) }
    let withZeros = try load(try folder.write(Array(parts.values), to: "zeros.safetensors"))
    let without = try load(
      try folder.write(parts.values.filter { $0.shape.count == 2 }, to: "without.safetensors"))
    let values = (0..<15).map { Float($0) / 7 - 1 }
    func trace(_ model: Model) throws -> [String: NamedArray] {
      try Trace(model: model, input: try model.input(vectors: values), isBackward: true).arrays
        .byName
    }
    let a = try trace(withZeros), b = try trace(without)
    #expect(a["layer0.h"]?.floats == b["layer0.h"]?.floats)
    #expect(a["grad.param.bias_ih_l0"] != nil && b["grad.param.bias_ih_l0"] == nil)
  }

  /// A tied matrix has the gradients of both its uses.
  @Test func tiedWeights() throws {
    let folder = try TemporaryFolder()
    var random = SeededRandom(seed: 5)
    func drawn(_ name: String, _ shape: Int...) -> NamedArray {
      let count = shape.reduce(1, *)
      return NamedArray(
        name: name, shape: shape,
        data: (0..<count).map { _ in Float.random(in: -0.8...0.8, using: &random) })
    }
    let rnn = [drawn("rnn.weight_ih_l0", 4, 4), drawn("rnn.weight_hh_l0", 4, 4)]
    let table = drawn("embedding.weight", 7, 4)
    let tiedPath = try folder.write(rnn + [table], to: "tied.safetensors")
    let tied = try load(tiedPath) { $0.output = .tensor("embedding.weight") }
    let untied = try load(
      try folder.write(rnn + [table, table.renamed("head.weight")], to: "untied.safetensors"))
    func trace(_ model: Model) throws -> [String: NamedArray] {
      try Trace(
        model: model, input: try model.input(ids: [1, 6, 0, 1]), loss: .nextToken,
        isBackward: true
      ).arrays.byName
    }
    let a = try trace(tied), b = try trace(untied)
    #expect(a["loss"]?.floats == b["loss"]?.floats)
    let sum = zip(
      try #require(b["grad.param.embedding.weight"]).floats,
      try #require(b["grad.param.head.weight"]).floats
    ).map { $0 + $1 }
    #expect(relativeError(try #require(a["grad.param.embedding.weight"]).floats, sum) <= 1e-6)
    #expect(try load(tiedPath).configuration.outputSize == nil, "tied only if told so")
  }

  @Test func oneHotByVocabulary() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(smallLSTM() + [zeros("fc.weight", 2, 3)], to: "m.safetensors")
    #expect(try load(path).configuration.input == .vectors(size: 2))
    let vocabulary = try folder.write("{\"b\": 1, \"a\": 0}", to: "v.json")
    let model = try load(path) { $0.vocabulary = vocabulary }
    #expect(model.configuration.input == .oneHot(vocabularySize: 2))
    #expect(model.predictsTokens)
    #expect(try model.input(text: "abxa").ids == [0, 1, -1, 0])
    #expect(try model.input(text: "abxa").unknownCount == 1)
    let long = try folder.write("[\"a\", \"b\", \"c\"]", to: "w.json")
    let error = message(path) { $0.vocabulary = long }
    #expect(
      error.hasPrefix(long) && error.contains("expected 2 tokens") && error.contains("found 3"))
  }

  // MARK: Embedding and output layer

  @Test func namesSettleWhatShapesLeaveOpen() throws {
    let folder = try TemporaryFolder()
    // I = H = 4: every matrix fits both.
    let rnn = [zeros("rnn.weight_ih_l0", 4, 4), zeros("rnn.weight_hh_l0", 4, 4)]
    let named = try load(
      try folder.write(
        rnn + [
          zeros("encoder.weight", 9, 4), zeros("decoder.weight", 9, 4), zeros("decoder.bias", 9),
        ],
        to: "a.safetensors"))
    #expect(named.configuration.input == .embedding(vocabularySize: 9, size: 4))
    #expect(named.configuration.outputSize == 9 && named.configuration.hasOutputBias)

    let path = try folder.write(rnn + [zeros("w", 9, 4)], to: "b.safetensors")
    #expect(message(path).contains("--embedding or --output"))
    #expect(message(path).contains("w [9, 4]"))
    let asOutput = try load(path) { $0.output = .tensor("w") }
    #expect(asOutput.configuration.input == .vectors(size: 4))
    #expect(asOutput.configuration.outputSize == 9)
    let asEmbedding = try load(path) { $0.embedding = .tensor("w") }
    #expect(asEmbedding.configuration.outputSize == nil)
    #expect(asEmbedding.configuration.input == .embedding(vocabularySize: 9, size: 4))
  }

  @Test func ambiguousAndUnfitting() throws {
    let folder = try TemporaryFolder()
    let two = try folder.write(
      smallLSTM() + [zeros("emb_a.weight", 9, 2), zeros("emb_b.weight", 9, 2)], to: "a.safetensors")
    #expect(message(two).contains("emb_a.weight [9, 2] and emb_b.weight [9, 2]"))
    #expect(message(two).contains("--embedding NAME"))
    #expect(try load(two) { $0.embedding = .tensor("emb_b.weight") }.warnings.count == 1)

    let rest = try folder.write(smallLSTM() + [zeros("norm.weight", 3)], to: "b.safetensors")
    #expect(message(rest).contains("norm.weight [3]") && message(rest).contains("--output"))
    #expect(try load(rest) { $0.output = .absent }.warnings == ["not used: norm.weight [3]"])

    let wrong = message(rest) { $0.output = .tensor("norm.weight") }
    #expect(wrong.contains("tensor norm.weight: expected [V, 3]") && wrong.contains("found [3]"))
    #expect(message(rest) { $0.output = .tensor("norm.wieght") }.contains("expected norm.weight"))
  }

  /// Counters, masks and single numbers can be no layer: they are left out with a warning.
  @Test func tensorsThatAreNoLayers() throws {
    let folder = try TemporaryFolder()
    let others = [
      NamedArray(name: "bn.num_batches_tracked", shape: [], data: [7]),
      NamedArray(name: "mask", shape: [9, 3], elements: .uint8(Array(repeating: 1, count: 27))),
      NamedArray(name: "steps", shape: [1], data: [Float(4)]),
      NamedArray(name: "temperature", shape: [], data: [Float(0.5)]),
    ]
    let layers = smallLSTM() + [zeros("fc.weight", 1, 3), zeros("fc.bias", 1)]
    let path = try folder.write(layers + others, to: "a.safetensors")
    let model = try load(path)
    #expect(
      model.warnings == [
        "not used: bn.num_batches_tracked [], mask [9, 3], steps [1] and 1 more"
      ])
    #expect(model.configuration.input == .vectors(size: 2))
    #expect(model.configuration.outputSize == 1 && model.configuration.hasOutputBias)

    // What could be a layer is still refused, alone.
    let norm = try folder.write(layers + others + [zeros("norm.weight", 3)], to: "b.safetensors")
    #expect(
      message(norm).hasSuffix(
        "(--embedding or --output NAME or none leaves the rest away), found norm.weight [3]"),
      "\(message(norm))")
    #expect(
      try load(norm) { $0.embedding = .absent }.warnings == [
        "not used: norm.weight [3], bn.num_batches_tracked [], mask [9, 3] and 2 more"
      ])
  }

  // MARK: Recurrent layers that don't fit

  @Test func brokenLayers() throws {
    let folder = try TemporaryFolder()
    func error(_ tensors: [NamedArray]) throws -> String {
      message(try folder.write(tensors, to: "m.safetensors"))
    }
    let projection = try error(smallLSTM() + [zeros("weight_hr_l0", 2, 3)])
    #expect(projection.contains("weight_hr_l0") && projection.contains("proj_size"))
    let rows = try error([zeros("weight_ih_l0", 10, 2), zeros("weight_hh_l0", 10, 5)])
    #expect(rows.contains("20 rows for an LSTM, 15 for a GRU or 5 for an RNN"))
    #expect(rows.contains("found [10, 5]"))
    let gap = try error(smallLSTM() + [zeros("weight_hh_l2", 12, 3)])
    #expect(gap.contains("weight_ih_l1: expected [12, 3], found no tensor"))
    let direction = try error(smallLSTM() + [zeros("weight_ih_l0_reverse", 12, 2)])
    #expect(direction.contains("weight_hh_l0_reverse"))
    let bias = try error(Array(smallLSTM().dropLast()))
    #expect(bias.contains("bias_hh_l0: expected [12]"))
    let shape = try error([zeros("weight_ih_l0", 11, 2), zeros("weight_hh_l0", 12, 3)])
    #expect(shape.contains("weight_ih_l0: expected [12, 2], found [11, 2]"))
    let vector = try error([zeros("weight_ih_l0", 12, 2), zeros("weight_hh_l0", 12)])
    #expect(vector.contains("weight_hh_l0: expected a matrix, found [12]"))
    let empty = try error([zeros("weight_ih_l0", 0, 2), zeros("weight_hh_l0", 0, 0)])
    #expect(empty.contains("expected a matrix, found [0, 0]"))
    let far = try error(smallLSTM() + [zeros("weight_hh_l9999", 12, 3)])
    #expect(far.contains("weight_ih_l1"))
    let attention = message(Fixtures.path("mha_12_3.safetensors"))
    #expect(attention.contains("is a transformer; unroll attend and unroll trace open"))
  }

  @Test func numbersThatAreNotFinite() throws {
    let folder = try TemporaryFolder()
    var parts = smallLSTM()
    var data = [Float](repeating: 0, count: 36)
    data[7] = .nan
    parts[1] = NamedArray(name: "weight_hh_l0", shape: [12, 3], data: data)
    data[3] = -.infinity
    parts[2] = NamedArray(name: "bias_ih_l0", shape: [12], data: Array(data[0..<12]))
    let model = try load(try folder.write(parts, to: "m.safetensors"))
    #expect(
      model.warnings == [
        "tensor weight_hh_l0 holds nan at [2, 1], and 1 other tensor NaN or infinity"
      ])
    #expect(model.network.firstNonFinite != nil)
  }

  // MARK: Cells

  @Test func activationAndCell() throws {
    let rnn = Fixtures.path("rnn_relu_5_8_2.safetensors")
    #expect(try load(rnn).cell.activation == .tanh)
    #expect(try load(rnn) { $0.activation = .relu }.cell.activation == .relu)
    let lstm = Fixtures.path("lstm_5_8_1.safetensors")
    #expect(message(lstm) { $0.activation = .relu }.contains("no φ"))
    let gru = message(lstm) { $0.cell = "gru" }
    #expect(gru.contains("PyTorch LSTM") && gru.contains("the cell gru has"))
    // Equations of one's own with the same parameters.
    let folder = try TemporaryFolder()
    let text = try #require(try Cell.shipped("lstm")).text
      .split(separator: "\n").map { $0.hasPrefix("h = ") ? "h = o ⊙ c" : String($0) }
    let cell = try folder.write(text.joined(separator: "\n"), to: "linear.cell")
    #expect(try load(lstm) { $0.cell = cell }.cell.name == "linear")
  }
}
