import Checkpoints
import Equations
import Foundation
import Networks
import Tensors
import TestSupport
import Testing

/// Our own files, and new networks to put into them.
@Suite struct ModelFileTests {
  static func new(_ cell: String, _ change: (inout ModelRequest) -> Void = { _ in }) throws -> Model
  {
    try load("") {
      $0.model = nil
      $0.cell = cell
      change(&$0)
    }
  }

  static func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

  @Test(
    arguments: [
      ("lstm", false, nil, nil), ("peephole-diagonal", true, 4, nil), ("rnn", true, nil, 3),
    ] as [(String, Bool, Int?, Int?)])
  func roundTrip(cell: String, isBidirectional: Bool, embedding: Int?, vectors: Int?) throws {
    let folder = try TemporaryFolder()
    let model = try Self.new(cell) {
      $0.new.hiddenSize = 5
      $0.new.numLayers = 2
      $0.new.isBidirectional = isBidirectional
      $0.new.embeddingSize = embedding
      $0.new.inputSize = vectors
      if cell == "rnn" { $0.activation = .leakyReLU }
    }
    // Bits that a careless reader changes.
    model.network.parameters[0] = -0.0
    model.network.parameters[1] = Float.leastNonzeroMagnitude
    let first = folder.file("a.safetensors"), second = folder.file("b.safetensors")
    let facts = ["task": "text", "validation loss": "1.25 nats", "note": "with \"quotes\"\n"]
    try ModelFile.save(
      model.network, vocabulary: model.vocabulary, metadata: facts, to: first)
    let opened = try load(first)
    #expect(opened.metadata == facts)
    #expect(opened.cell.text == model.cell.text && opened.cell.activation == model.cell.activation)
    #expect(opened.vocabulary == model.vocabulary)
    #expect(opened.configuration.input == model.configuration.input)
    for entry in model.network.layout.entries {
      let other = try #require(opened.network.layout[entry.name])
      #expect(
        model.network.values(of: entry).map(\.bitPattern)
          == opened.network.values(of: other).map(\.bitPattern))
    }
    try ModelFile.save(opened, to: second)
    #expect(try Self.bytes(first) == Self.bytes(second))
  }

  /// A training's own arrays are kept apart from the weights.
  @Test func trainingState() throws {
    let folder = try TemporaryFolder()
    let model = try Self.new("gru")
    let path = folder.file("m.safetensors")
    let state = NamedArray(name: ModelFile.statePrefix + "step", shape: [1], data: [41])
    try ModelFile.save(model.network, vocabulary: model.vocabulary, state: [state], to: path)
    #expect(try load(path).network.layout.count == model.network.layout.count)
    #expect(try SafetensorsFile(path: path).integers("training.step") == [41])
  }

  /// Each damage is named with its place.
  @Test func damagedDescriptions() throws {
    let folder = try TemporaryFolder()
    let model = try Self.new("lstm") { $0.new.hiddenSize = 3 }
    let path = folder.file("m.safetensors")
    try ModelFile.save(model, to: path)
    let file = try SafetensorsFile(path: path)
    let weights = model.network.layout.entries.map {
      NamedArray(name: $0.name, shape: $0.shape, data: model.network.values(of: $0))
    }
    func error(
      _ key: String? = nil, _ value: String? = nil,
      _ change: ([NamedArray]) -> [NamedArray] = { $0 }
    ) throws -> String {
      var metadata = file.metadata
      if let key { metadata[key] = value }
      let damaged = folder.file("d.safetensors")
      try SafetensorsWriter.write(change(weights), metadata: metadata, to: damaged)
      let text = message(damaged)
      #expect(text.hasPrefix(damaged + ": ") && !text.contains("\n"), "\(text)")
      return text
    }
    #expect(
      try error("format_version", "2").contains("metadata format_version: expected at most 1"))
    #expect(try error("hidden_size", "4").contains("expected [4, 96], found [3, 96]"))
    #expect(try error("hidden_size", "-3").contains("metadata hidden_size"))
    #expect(try error("hidden_size", "99999999999999").contains("metadata hidden_size"))
    #expect(try error("hidden_size", nil).contains("metadata hidden_size: expected a value"))
    #expect(try error("num_layers", "2").contains("layer1.W_f: expected [3, 3], found no tensor"))
    #expect(try error("bidirectional", "yes").contains("true or false"))
    #expect(try error("input", "text").contains("vectors, one-hot or embedding"))
    #expect(try error("input", "embedding").contains("tensor embedding.weight"))
    #expect(try error("activation", "cosh").contains("metadata activation"))
    #expect(try error("equations", "state h\nh = q +").contains("metadata equations"))
    #expect(try error("equations", "state h\nh = tanh(W·x)").contains("layer0.W: expected [3, 96]"))
    #expect(
      try error("vocabulary", "[\"a\"]").contains("expected 96 tokens, as the input has, found 1"))
    #expect(try error("vocabulary", "[1]").contains("expected strings, found 1"))
    #expect(try error("vocabulary", "{").contains("metadata vocabulary"))
    #expect(try error("unit", "bytes").contains("characters or words"))
    #expect(
      try error { Array($0.dropFirst()) }.contains("layer0.W_f: expected [3, 96], found no tensor"))
    #expect(
      try error { $0 + [zeros("layer0.W_q", 3)] }.contains("layer0.W_q: expected a parameter"))
  }

  @Test func ownFilesDescribeThemselves() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("m.safetensors")
    try ModelFile.save(try Self.new("lstm"), to: path)
    #expect(message(path) { $0.vocabulary = "v.json" }.contains("--vocab"))
    #expect(message(path) { $0.prefix = "a" }.contains("--prefix"))
    #expect(message(path) { $0.activation = .relu }.contains("no φ"))
    // Other equations with the same parameters run on the same weights.
    let text = try #require(try Cell.shipped("lstm")).text
    let cell = try folder.write(
      text.replacingOccurrences(of: "f ⊙ c' + i ⊙ g", with: "f ⊙ c' + (1 - f) ⊙ g ⊙ i"),
      to: "coupled.cell")
    #expect(try load(path) { $0.cell = cell }.cell.name == "coupled")
    #expect(message(path) { $0.cell = "rnn" }.contains("layer0.W"))
  }

  // MARK: New networks

  @Test func newNetworks() throws {
    let plain = try Self.new("lstm")
    #expect(plain.configuration.hiddenSize == 32 && plain.predictsTokens)
    #expect(plain.configuration.input == .oneHot(vocabularySize: 96))
    #expect(try plain.input(text: "a\n~é").unknownCount == 1)
    let again = try Self.new("lstm"), other = try Self.new("lstm") { $0.new.seed = 2 }
    #expect(plain.network.parameters.array == again.network.parameters.array)
    #expect(plain.network.parameters.array != other.network.parameters.array)

    let set = try Self.new("lstm") {
      $0.new.inputSize = 3
      $0.new.hiddenSize = 4
      $0.new.initializer = .identity(gain: 1)
      $0.new.gain = 0.5
      $0.new.forgetBias = -2
    }
    let layout = set.network.layout
    let u = try #require(layout["layer0.U_g"]), b = try #require(layout["layer0.b_f"])
    #expect(
      set.network.values(of: u) == [0.5, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0.5])
    #expect(set.network.values(of: b) == [-2, -2, -2, -2])
    #expect(set.configuration.outputSize == nil && set.vocabulary == nil)
    #expect(
      message(nil) {
        $0.cell = "lstm"; $0.new.inputSize = 2; $0.vocabulary = "v"
      } != "")
    #expect(
      message(nil) {
        $0.cell = "lstm"; $0.prefix = "p"
      }.contains("--prefix"))
  }
}
