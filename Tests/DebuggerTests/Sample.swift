import Debugger
import Equations
import Networks
import Tensors
import Testing

/// Small networks with lively weights, and runs of them.
enum Sample {
  static let vocabulary = Vocabulary(tokens: ["a", "b", "c", " ", "\n"])
  static let text = "abba cab\nac cba ba\nbc"

  /// A network of a shipped cell; over characters with an output layer, or over vectors.
  static func network(
    _ name: String = "lstm", hidden: Int = 5, layers: Int = 1, isBidirectional: Bool = false,
    vectorSize: Int? = nil, seed: UInt64 = 3, gain: Float = 3
  ) throws -> Network<Float> {
    try network(
      try #require(try Cell.shipped(name)), hidden: hidden, layers: layers,
      isBidirectional: isBidirectional, vectorSize: vectorSize, seed: seed, gain: gain)
  }

  static func network(
    _ cell: Cell, hidden: Int = 5, layers: Int = 1, isBidirectional: Bool = false,
    vectorSize: Int? = nil, seed: UInt64 = 3, gain: Float = 3
  ) throws -> Network<Float> {
    let network = Network<Float>(
      NetworkConfiguration(
        input: vectorSize.map { .vectors(size: $0) } ?? .oneHot(vocabularySize: vocabulary.count),
        cell: cell, hiddenSize: hidden, numLayers: layers, isBidirectional: isBidirectional,
        outputSize: vectorSize == nil ? vocabulary.count : nil))
    network.initialize(InitializationOptions(seed: seed))
    // So that gates open and shut and the sequence is felt.
    for index in 0..<network.parameters.count { network.parameters[index] *= gain }
    return network
  }

  static func request(_ network: Network<Float>, text: String = text, seqLen: Int = 9)
    -> RecordingRequest
  {
    if case .vectors(let size) = network.configuration.input {
      var random = SeededRandom(seed: 11)
      let vectors = (0..<seqLen * size).map { _ in Float(random.normal()) }
      return RecordingRequest(
        network: network,
        input: RunInput(source: .vectors(vectors), labels: (0..<seqLen).map { String($0) }),
        loss: .sumOfSquares)
    }
    let (ids, tokens, unknown) = vocabulary.encode(text)
    return RecordingRequest(
      network: network,
      input: RunInput(source: .tokens(ids), labels: tokens, unknownCount: unknown),
      loss: .nextToken)
  }

  /// A session at the start of a run over `text`.
  static func session(_ network: Network<Float>, text: String = text, seqLen: Int = 9) -> Session {
    Session(
      recording: request(network, text: text, seqLen: seqLen).run(),
      vocabulary: network.configuration.input.vocabularySize == nil ? nil : vocabulary)
  }

  /// A two-layer LSTM over characters.
  static func stacked() throws -> Session { session(try network(layers: 2)) }

  /// A two-layer GRU in both directions over vectors.
  static func bidirectional() throws -> Session {
    session(try network("gru", hidden: 4, layers: 2, isBidirectional: true, vectorSize: 3))
  }
}

/// What an error says; empty if there is none.
func message(_ body: () throws(CommandError) -> Void) -> String {
  do throws(CommandError) {
    try body()
    return ""
  } catch {
    return error.description
  }
}

extension Recording {
  /// The bits of every value and gradient at every position, of layers and output.
  func bits(at position: Position) -> [UInt32] {
    guard let id = position.layer else {
      return (probabilities(time: position.time) + logits(time: position.time)).map(\.bitPattern)
    }
    return
      (values(id, position.equation, time: position.time)
      + gradients(id, position.equation, time: position.time)).map(\.bitPattern)
  }
}

extension Session {
  func equation(_ name: Identifier) throws -> Int {
    try #require(recording.cell.equationIndex(of: name))
  }

  func position(
    _ name: Identifier, time: Int, layer: Int = 0, _ direction: Direction = .forward,
    pass: Pass = .forward
  ) throws -> Position {
    Position(
      pass: pass, part: .layer(LayerID(layer: layer, direction: direction)), time: time,
      equation: try equation(name))
  }
}
