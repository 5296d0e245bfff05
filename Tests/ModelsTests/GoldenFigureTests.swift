import Checkpoints
import Equations
import Foundation
import Networks
import TestSupport
import Testing

/// Checkpoints as PyTorch saves them, against its float64 values, gradients and losses.
@Suite struct GoldenFigureTests {
  struct Manifest: Decodable {
    struct Case: Decodable, CustomTestStringConvertible {
      let name: String
      let cell: String?
      let text: String?
      let vocab: String?
      let loss: String

      var testDescription: String { name }
    }
    let cases: [Case]
  }

  static let recurrentCases: [Manifest.Case] = {
    guard let data = try? Data(contentsOf: URL(filePath: Fixtures.path("manifest.json"))),
      let manifest = try? JSONDecoder().decode(Manifest.self, from: data)
    else { return [] }
    return manifest.cases.filter { $0.cell != nil }
  }()

  static func trace(_ example: Manifest.Case) throws -> Trace {
    let expected = try SafetensorsFile(path: Fixtures.path("\(example.name).expected.safetensors"))
    let model = try load(Fixtures.path("\(example.name).safetensors")) {
      if example.cell == "rnn_relu" { $0.activation = .relu }
      $0.vocabulary = example.vocab.map(Fixtures.path)
    }
    let input =
      if let text = example.text { try model.input(text: text) } else {
        try model.input(vectors: try expected.floats("input"))
      }
    return try Trace(model: model, input: input, isBackward: true)
  }

  @Test func manifestIsThere() { #expect(Self.recurrentCases.count == 7) }

  @Test(arguments: recurrentCases)
  func everyValueAndGradient(example: Manifest.Case) throws {
    let expected = try SafetensorsFile(path: Fixtures.path("\(example.name).expected.safetensors"))
    let trace = try Self.trace(example)
    #expect(example.loss.hasPrefix(trace.lossKind.rawValue))
    let found = trace.arrays.byName
    for name in expected.names {
      if name == "ids" {
        #expect(try expected.integers(name) == trace.input.ids?.map(Int.init))
        continue
      }
      let array = try #require(found[name], "\(name) is not in the trace")
      #expect(array.shape == expected[name]?.shape, "\(name)")
      let limit: Float = name.hasPrefix("grad.") ? 1e-5 : 1e-6
      let error = relativeError(array.floats, try expected.floats(name))
      #expect(error <= limit, "\(example.name) \(name): \(error)")
    }
  }

  /// Every tensor of the checkpoint has a gradient, and nothing else has.
  @Test(arguments: recurrentCases)
  func gradientsAreOfTheCheckpointsTensors(example: Manifest.Case) throws {
    let file = try SafetensorsFile(path: Fixtures.path("\(example.name).safetensors"))
    let names = try Self.trace(example).arrays.map(\.name).filter { $0.hasPrefix("grad.param.") }
    #expect(names == file.names.map { "grad.param." + $0 })
  }

  /// What no fixture holds follows from what they hold.
  @Test func gradientsOfOutputLogitsAndEmbeddings() throws {
    let example = try #require(Self.recurrentCases.first { $0.text != nil })
    let trace = try Self.trace(example)
    let arrays = trace.arrays.byName
    let last = trace.input.seqLen - 1

    // The output is the last layer's state.
    let output = try #require(arrays["grad.output"]), state = try #require(arrays["grad.layer0.h"])
    #expect(output.shape == [15, 10])
    #expect(output.floats == state.floats)

    // A bias is added to the logits of every step.
    let logits = try #require(arrays["grad.logits"]),
      bias = try #require(arrays["grad.param.fc.bias"])
    let sums = (0..<31).map { unit in
      (0...last).reduce(Float(0)) { $0 + logits.floats[$1 * 31 + unit] }
    }
    #expect(relativeError(sums, bias.floats) <= 1e-6)

    // A row of the table has the gradients of all steps with its token.
    let ids = try #require(trace.input.ids), embeddings = try #require(arrays["grad.embeddings"])
    var table = [Float](repeating: 0, count: 31 * 6)
    for (t, id) in ids.enumerated() {
      for unit in 0..<6 { table[Int(id) * 6 + unit] += embeddings.floats[t * 6 + unit] }
    }
    let expected = try #require(arrays["grad.param.embedding.weight"])
    #expect(relativeError(table, expected.floats) <= 1e-6)
  }

  @Test func sumOfSquaresLeavesTheOutputLayerAlone() throws {
    let model = try load(Fixtures.path("charlm_lstm.safetensors"))
    let input = try model.input(ids: [3, 0, 30])
    #expect(input.labels == ["3", "0", "30"])
    let trace = try Trace(model: model, input: input, loss: .sumOfSquares, isBackward: true)
    let arrays = trace.arrays.byName
    #expect(trace.losses.count == 3)
    let output = try #require(arrays["output"]).floats
    #expect(arrays["grad.output"]?.floats == arrays["grad.layer0.h"]?.floats)
    for (t, loss) in trace.losses.enumerated() {
      let expected = output[t * 10..<(t + 1) * 10].reduce(0.0) { $0 + Double($1) * Double($1) } / 2
      #expect(abs(loss - expected) <= 1e-9)
    }
    #expect(arrays["grad.param.fc.weight"]?.floats.allSatisfy { $0 == 0 } == true)
    #expect(arrays["grad.logits"]?.floats.allSatisfy { $0 == 0 } == true)
  }
}
