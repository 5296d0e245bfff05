import Checkpoints
import Equations
import Foundation
import Networks
import Tensors
import TestSupport
import Testing

/// Our own transformer files: what is written is what is read.
@Suite struct TransformerFileTests {
  private func configuration(
    _ change: (inout TransformerConfiguration) -> Void = { _ in }
  ) throws -> TransformerConfiguration {
    let block = try #require(try Block.shipped("encoder-pre", activation: .geluTanh))
    let other = try #require(
      try Block.shipped("encoder-pre", activation: .relu, constants: ["ε": 1e-3]))
    var configuration = TransformerConfiguration(
      input: .tokens(vocabularySize: 5), modelSize: 6, headCount: 2, feedForwardSize: 7,
      blocks: [block, other, block], positions: .learned(count: 9), normalizesOutput: true,
      isCausal: true, head: .tied(hasBias: true), normEpsilon: 1e-4, dropout: 0.125)
    change(&configuration)
    return configuration
  }

  private let vocabulary = Vocabulary(tokens: ["a", "b", "é", "e\u{301}", "\n"], unit: .words)

  private func save(
    _ configuration: TransformerConfiguration, _ folder: TemporaryFolder
  ) throws -> Transformer<Float> {
    let transformer = Transformer<Float>(configuration)
    transformer.initialize(seed: 4)
    try TransformerFile.save(
      transformer, vocabulary: configuration.vocabularySize == nil ? nil : vocabulary,
      metadata: ["steps": "12"],
      state: [NamedArray(name: "training.step", shape: [1], data: [Float(3)])],
      to: folder.file("own.safetensors"))
    return transformer
  }

  @Test func everythingComesBack() throws {
    let folder = try TemporaryFolder()
    let written = try save(try configuration(), folder)
    let model = try open(folder.file("own.safetensors"))
    #expect(model.transformer.parameters.array == written.parameters.array)
    let a = written.configuration, b = model.configuration
    #expect(a.input == b.input && a.sizes == b.sizes && a.positions == b.positions)
    #expect(a.head == b.head && a.isCausal == b.isCausal && a.dropout == b.dropout)
    #expect(a.normEpsilon == b.normEpsilon && a.normalizesOutput == b.normalizesOutput)
    #expect(a.blocks.map(\.text) == b.blocks.map(\.text))
    #expect(a.blocks.map(\.activation) == b.blocks.map(\.activation))
    #expect(b.blocks.map { $0.constants[0].value } == [1e-5, 1e-3, 1e-5])
    #expect(model.metadata == ["steps": "12"])
    #expect(model.bindings.map(\.name) == written.layout.entries.map(\.name))
    #expect(model.tokenizer?.encode("b a").map(\.id) == [1, 0])
    #expect(model.tokenizer?.vocabularySize == 5)
    // The same model gives the same bytes.
    try TransformerFile.save(
      model.transformer, vocabulary: vocabulary, metadata: model.metadata,
      state: [NamedArray(name: "training.step", shape: [1], data: [Float(3)])],
      to: folder.file("again.safetensors"))
    #expect(
      try Data(contentsOf: URL(filePath: folder.file("again.safetensors")))
        == Data(contentsOf: URL(filePath: folder.file("own.safetensors"))))
  }

  @Test func otherConfigurations() throws {
    let folder = try TemporaryFolder()
    let changes: [(inout TransformerConfiguration) -> Void] = [
      {
        $0.input = .vectors
        $0.head = .none
        $0.positions = .sinusoidal
      },
      {
        $0.head = .maskedLM(activation: .relu)
        $0.positions = .none
        $0.tokenTypeCount = 3
        $0.normalizesEmbedding = true
        $0.scalesEmbedding = true
        $0.isCausal = false
      },
      { $0.head = .linear(hasBias: false) },
    ]
    for change in changes {
      let a = try save(try configuration(change), folder).configuration
      let b = try open(folder.file("own.safetensors")).configuration
      #expect(a.input == b.input && a.head == b.head && a.positions == b.positions)
      #expect(a.tokenTypeCount == b.tokenTypeCount && a.scalesEmbedding == b.scalesEmbedding)
      #expect(a.normalizesEmbedding == b.normalizesEmbedding && a.isCausal == b.isCausal)
    }
  }

  @Test func descriptionsThatMakeNoSense() throws {
    let folder = try TemporaryFolder()
    _ = try save(try configuration(), folder)
    let file = try SafetensorsFile(path: folder.file("own.safetensors"))
    let weights = try tensors(of: file.path)
    func message(_ key: String, _ old: String, _ new: String) throws -> String {
      var metadata = file.metadata
      metadata[key] = metadata[key]?.replacing(old, with: new)
      let path = folder.file("changed.safetensors")
      try SafetensorsWriter.write(weights, metadata: metadata, to: path)
      return TransformerModelTests.message(path).replacing("\(path): metadata ", with: "")
    }
    #expect(
      try message("configuration", "\"heads\":2", "\"heads\":4")
        == "configuration.heads: expected a divisor of model_size, 6, found 4")
    #expect(
      try message("configuration", "learned", "random")
        == "configuration.positions: expected none, learned or sinusoidal, found \"random\"")
    #expect(try message("configuration", "}", "").hasPrefix("configuration: expected"))
    #expect(
      try message("format_version", "1", "2")
        == "format_version: expected a whole number from 1 to 1, found \"2\"")
    #expect(
      try message("blocks", "softmax(S)", "softmax(S").hasPrefix(
        "blocks[0].equations: expected a block, found"))
    #expect(try message("layers", "1", "7") == "layers: expected indices from 0 to 1, found 7")
    #expect(
      try message("vocabulary", "\"a\",", "")
        == "vocabulary: expected 5 tokens, as the embedding has rows, found 4")
    #expect(try message("unit", "words", "lines").hasPrefix("unit: expected characters or words"))
    #expect(
      try message("configuration", "\"feed_forward_size\":7", "\"feed_forward_size\":8")
        .hasSuffix("tensor layer0.W_1: expected [6, 8], found [6, 7]"))
    let path = folder.file("extra.safetensors")
    try SafetensorsWriter.write(
      weights + [zeros("other", 1)], metadata: file.metadata, to: path)
    #expect(
      TransformerModelTests.message(path)
        == "\(path): tensor other: expected a parameter of the model, found one that its equations "
        + "do not have")
  }

  @Test func tokensOfOurOwnModels() throws {
    let folder = try TemporaryFolder()
    _ = try save(try configuration(), folder)
    let tokenizer = try TokenizerLoader.load(folder.file("own.safetensors"))
    #expect(tokenizer.encode("a b").map(\.id) == [0, 1])
  }
}
