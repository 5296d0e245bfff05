import Canvas
import Checkpoints
import Debugger
import Equations
import Networks
import Tensors
import TestSupport
import Testing

@testable import Scenes

/// Step scenes of small networks with fixed weights.
enum SceneSample {
  static let sentence = "the cat sat on the mat.\nit saw a rat"

  /// A trained LSTM over characters, with its vocabulary, as PyTorch saved it.
  static func characters(text: String = sentence, showsTour: Bool = false) throws -> StepScene {
    var request = ModelRequest()
    request.model = Fixtures.path("charlm_lstm.safetensors")
    request.vocabulary = Fixtures.path("charlm.vocab.json")
    let model = try ModelLoader.load(request)
    let run = RecordingRequest(
      network: model.network, input: try model.input(text: text),
      loss: .nextToken)
    return StepScene(
      recording: run.run(), vocabulary: model.vocabulary, modelName: "charlm",
      modelSummary: model.summary, showsTour: showsTour)
  }

  /// A cell of so many equations, over vectors.
  static func manyEquations(_ count: Int) throws -> StepScene {
    let lines = (1..<count).map { "a\($0) = 0.9 * a\($0 - 1) + 0.1 * h'" }
    let text = (["state h", "a0 = W·x"] + lines + ["h = tanh(a\(count - 1) + U·h')"])
    let cell = try Equations.Cell(name: "long", text: text.joined(separator: "\n"))
    let network = Network<Float>(
      NetworkConfiguration(input: .vectors(size: 3), cell: cell, hiddenSize: 3))
    network.initialize(InitializationOptions())
    let run = RecordingRequest(
      network: network,
      input: RunInput(
        source: .vectors([Float](repeating: 0.5, count: 12)), labels: ["0", "1", "2", "3"]),
      loss: .sumOfSquares)
    return StepScene(
      recording: run.run(), vocabulary: nil, modelName: "long", modelSummary: "", showsTour: false)
  }

  /// A GRU in both directions over vectors, two layers.
  static func bidirectional(seqLen: Int = 9) throws -> StepScene {
    var request = ModelRequest()
    request.model = Fixtures.path("gru_4_6_2_bi.safetensors")
    let model = try ModelLoader.load(request)
    var random = SeededRandom(seed: 4)
    let size = model.configuration.input.inputSize
    let vectors = (0..<seqLen * size).map { _ in Float(random.normal()) }
    let run = RecordingRequest(
      network: model.network,
      input: try model.input(vectors: vectors),
      loss: .sumOfSquares)
    return StepScene(
      recording: run.run(), vocabulary: nil, modelName: "gru_4_6_2_bi", modelSummary: model.summary)
  }

  /// A network of one's own cell whose first value is as long as x, over vectors longer than H.
  static func longInput() throws -> StepScene {
    let cell = try Cell(
      name: "scaled", text: "state h\nu = tanh(p ⊙ x)\nh = tanh(W·u + U·h' + b)")
    let network = Network<Float>(
      NetworkConfiguration(input: .vectors(size: 11), cell: cell, hiddenSize: 4, numLayers: 2))
    network.initialize(InitializationOptions(seed: 2))
    var random = SeededRandom(seed: 4)
    let vectors = (0..<6 * 11).map { _ in Float(random.normal()) }
    let run = RecordingRequest(
      network: network,
      input: RunInput(source: .vectors(vectors), labels: (0..<6).map { String($0) }),
      loss: .sumOfSquares)
    return StepScene(
      recording: run.run(), vocabulary: nil, modelName: "scaled", modelSummary: "scaled")
  }
}
