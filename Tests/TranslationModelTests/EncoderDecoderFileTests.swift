import Checkpoints
import Equations
import Foundation
import Networks
import Tensors
import TestSupport
import Testing

/// unroll's own encoder-decoder files.
@Suite struct EncoderDecoderFileTests {
  private static let input = EncoderDecoderInput(
    source: [9, 5, 7], inputs: [1, 8, 6], targets: [8, 6, 2], labels: ["the", "big", "dog"])

  /// Whatever was saved comes back, and computes the same.
  @Test(arguments: Sample.allCases)
  func roundTrip(sample: Sample) throws {
    let folder = try TemporaryFolder()
    let facts = [
      TranslationModel.Fact.heldOutExactMatch.rawValue: "0.973",
      TranslationModel.Fact.trainedOn.rawValue: "generated",
    ]
    let path = try sample.file(in: folder, metadata: facts)
    let model = try open(path)
    #expect(model.source == Sample.english && model.target == Sample.french)
    #expect(model.metadata == facts && model.warnings.isEmpty)
    #expect(model.number(.heldOutExactMatch) == 0.973 && model.number(.heldOutCount) == nil)
    let network = try sample.network()
    #expect(model.model.parameters.array == network.parameters.array)
    #expect(model.model.layout.entries.map(\.name) == network.layout.entries.map(\.name))
    let own = TranslationModel(name: "own", model: network, source: nil, target: nil)
    let traces = try [own, model].map {
      try EncoderDecoderTrace(model: $0, input: Self.input, isBackward: true).arrays
    }
    #expect(traces[0].map(\.name) == traces[1].map(\.name))
    for (first, second) in zip(traces[0], traces[1]) {
      #expect(first.floats == second.floats, "\(first.name)")
    }
    // The same model gives the same bytes.
    let again = folder.file("again.safetensors")
    try EncoderDecoderFile.save(model, to: again)
    #expect(FileManager.default.contentsEqual(atPath: path, andPath: again))
  }

  /// Of a cell and a block of a user's own the equations, φ and the constants are in the file.
  @Test func equationsOfOnesOwn() throws {
    let folder = try TemporaryFolder()
    guard case .recurrent(let recurrent) = try open(try Sample.own.file(in: folder)).configuration
    else {
      Issue.record("no recurrent model")
      return
    }
    #expect(recurrent.cell.name == "mine" && recurrent.cell.activation == .relu)
    let attention = try #require(recurrent.attention)
    #expect(attention.name == "scaled" && attention.activation == .elu)
    #expect(attention.constants.map(\.value) == [0.25])
  }

  @Test func summaries() throws {
    let folder = try TemporaryFolder()
    let lines = try Sample.allCases.map { try open(try $0.file(in: folder)).summary }
    #expect(lines[0].hasPrefix("lstm with additive attention, 2 layers of 4, reading both ways, "))
    #expect(lines[2].hasPrefix("gru without attention, 1 layer of 4, "))
    #expect(lines[3].hasPrefix("2-head transformer, 4 layers of 4, "))
  }

  /// Arrays of a training stand beside the weights and do not matter.
  @Test func trainingState() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.safetensors")
    try EncoderDecoderFile.save(
      try Sample.none.network(), source: nil, target: nil,
      state: [zeros("training.adam.m", 3)], to: path)
    let model = try open(path)
    #expect(model.source == nil && model.bindings.allSatisfy { !$0.name.hasPrefix("training.") })
    #expect(try SafetensorsFile(path: path).floats("training.adam.m") == [0, 0, 0])
  }

  // MARK: Bad files

  /// Opens a file with other tensors or other metadata.
  private func damaged(
    _ sample: Sample, metadata key: String? = nil, _ text: String? = nil,
    _ change: ([NamedArray]) -> [NamedArray] = { $0 }
  ) throws -> String {
    let folder = try TemporaryFolder()
    let path = try sample.file(in: folder)
    var metadata = try SafetensorsFile(path: path).metadata
    if let key { metadata[key] = text }
    let changed = folder.file("changed.safetensors")
    try SafetensorsWriter.write(change(try tensors(of: path)), metadata: metadata, to: changed)
    let message = message(changed)
    #expect(message.hasPrefix("\(changed): "), "\(message)")
    return String(message.dropFirst("\(changed): ".count))
  }

  @Test func wrongTensors() throws {
    #expect(
      try damaged(.additive) { $0.filter { $0.name != "attention.v" } }
        == "tensor attention.v: expected [5], found no tensor of this name")
    #expect(
      try damaged(.transformer) {
        $0.map { $0.name == "decoder.layer1.W_QE" ? zeros($0.name, 4, 5) : $0 }
      } == "tensor decoder.layer1.W_QE: expected [4, 4], found [4, 5]")
    #expect(
      try damaged(.none) { $0 + [zeros("attention.v", 5)] }
        == "tensor attention.v: expected a parameter of the model, found one that its equations do "
        + "not have")
    #expect(
      try damaged(.none) {
        $0.map {
          $0.name == "output.bias"
            ? NamedArray(name: $0.name, shape: [11], data: [Int](repeating: 1, count: 11)) : $0
        }
      } == "tensor output.bias: expected F32, F16, BF16 or F64 weights, found I64")
  }

  @Test func descriptions() throws {
    #expect(
      try damaged(.none, metadata: "format_version", "2")
        == "metadata format_version: expected a whole number from 1 to 1, found \"2\"")
    #expect(
      try damaged(.none, metadata: "kind", "magic")
        == "metadata kind: expected recurrent or transformer, found \"magic\"")
    #expect(
      try damaged(.none, metadata: "cell", nil) == "metadata cell: expected a value, found none")
    #expect(
      try damaged(
        .none, metadata: "cell",
        #"{"name": "x", "equations": "h = W·", "activation": "tanh"}"#
      ).hasPrefix("metadata cell.equations: expected a cell, found "))
    #expect(
      try damaged(
        .none, metadata: "attention",
        #"{"name": "x", "equations": "Y = X·W", "activation": "tanh"}"#)
        == "metadata attention.equations: expected a block of X and E, found 1 input")
    #expect(
      try damaged(.none, metadata: "source_vocabulary", #"["<pad>"]"#)
        == "metadata source_vocabulary: expected 10 words, as the model has, found 1")
    #expect(
      try damaged(.additive, metadata: "configuration", "{}")
        == "metadata configuration.bidirectional: expected true or false, found nothing")
    #expect(
      try damaged(
        .additive, metadata: "configuration", #"{"bidirectional": true, "hidden_size": 5}"#)
        == "metadata configuration.hidden_size: expected an even number, for two directions, "
        + "found 5")
    #expect(
      try damaged(.transformer, metadata: "encoder.configuration", nil)
        == "metadata encoder.configuration: expected a value, found none")
  }

  /// Halves that don't fit each other.
  @Test func halvesOfATransformer() throws {
    let folder = try TemporaryFolder()
    let metadata = try SafetensorsFile(path: try Sample.transformer.file(in: folder)).metadata
    func changed(_ half: String, _ from: String, _ to: String) throws -> String {
      let key = "\(half).configuration"
      let text = try #require(metadata[key])
      #expect(text.contains(from))
      return try damaged(.transformer, metadata: key, text.replacing(from, with: to))
    }
    #expect(
      try changed("decoder", #""causal":true"#, #""causal":false"#)
        == "metadata decoder.configuration: expected a causal decoder, found one that sees both "
        + "sides")
    #expect(
      try changed("decoder", #""head":"linear""#, #""head":"none""#)
        == "metadata decoder.configuration: expected a head tied or linear, found none")
    #expect(
      try changed("encoder", #""causal":false"#, #""causal":true"#)
        == "metadata encoder.configuration: expected an encoder that sees both sides, without a "
        + "head, found a causal one")
    #expect(
      try changed("decoder", #""model_size":4"#, #""model_size":6"#)
        == "metadata decoder.configuration: expected model_size 4, as the encoder has, found 6")
    // The encoder's block in the decoder: it has nothing to attend to.
    #expect(
      try damaged(.transformer, metadata: "decoder.blocks", metadata["encoder.blocks"])
        == "metadata decoder.blocks[0].equations: expected a block of X and E, found 1 input")
  }

  @Test func truncated() throws {
    let folder = try TemporaryFolder()
    let path = try Sample.additive.file(in: folder)
    let bytes = try Data(contentsOf: URL(filePath: path))
    for count in [0, 4, 100, bytes.count / 2, bytes.count - 1] {
      let cut = try folder.write(Array(bytes.prefix(count)), to: "cut.safetensors")
      let message = message(cut)
      #expect(message.hasPrefix("\(cut): ") && message.contains("expected"), "\(message)")
    }
  }

  @Test func numbersThatAreNone() throws {
    let folder = try TemporaryFolder()
    let network = try Sample.transformer.network()
    let entry = try #require(network.layout["decoder.layer0.W_KE"])
    network.parameters[entry.offset + 2] = .nan
    let path = folder.file("a.safetensors")
    try EncoderDecoderFile.save(network, source: nil, target: nil, to: path)
    #expect(try open(path).warnings == ["tensor decoder.layer0.W_KE holds nan"])
  }

  // MARK: Other kinds

  @Test func modelsOfOtherKinds() throws {
    let recurrent = Fixtures.path("charlm_lstm.safetensors")
    #expect(
      message(recurrent)
        == "\(recurrent) is a recurrent network, which unroll step and unroll trace open; "
        + "unroll translate opens encoder-decoders")
    #expect(
      message("prose").hasPrefix("prose is a ")
        && message("prose").contains("unroll translate opens encoder-decoders"))
    let decoder = Fixtures.path("decoder_12_3.safetensors")
    #expect(message(decoder).hasPrefix("\(decoder) is a transformer, which unroll attend"))
    let folder = Fixtures.path("gpt2-tiny")
    #expect(message(folder).hasPrefix("\(folder) is a Hugging Face folder; unroll attend"))
    #expect(
      message("translate-nothing").hasPrefix("unknown model \"translate-nothing\"; expected "))
  }

  @Test(arguments: [Sample.none, .transformer])
  func otherCommandsSayWhatItIs(sample: Sample) throws {
    let folder = try TemporaryFolder()
    let path = try sample.file(in: folder)
    let expected = "\(path) is an encoder-decoder; unroll translate and unroll trace open it"
    var request = ModelRequest()
    request.model = path
    #expect(throws: ModelError.self) { try ModelLoader.load(request) }
    do { _ = try ModelLoader.load(request) } catch { #expect(error.description == expected) }
    do {
      _ = try TransformerLoader.load(TransformerRequest(model: path))
      Issue.record("it was opened")
    } catch { #expect(error.description == expected) }
    #expect(TranslationLoader.isTranslation(path) && !TransformerLoader.isTransformer(path))
    #expect(
      message(path) { $0.headCount = 2 }
        == "--heads is for state dicts, which don't say it; \(path) describes itself")
  }
}
