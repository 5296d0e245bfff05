public import Equations
public import Networks
public import Tensors

/// What a network is run on.
public struct RunInput: Sendable {
  public enum Source: Sendable {
    case tokens([Int32])
    /// `[T, inputSize]`.
    case vectors([Float])
  }

  public let source: Source
  /// How each step is labelled.
  public let labels: [String]
  /// Tokens that the vocabulary does not know.
  public let unknownCount: Int

  public init(source: Source, labels: [String], unknownCount: Int = 0) {
    self.source = source
    self.labels = labels
    self.unknownCount = unknownCount
  }

  public var seqLen: Int { labels.count }
}

/// What a run's loss is.
public enum LossKind: String, Sendable, CaseIterable {
  /// Σ_t cross-entropy in nats; step t predicts token t + 1.
  case nextToken = "next-token"
  /// ½ Σ_t ‖y_t‖² of the last layer's output.
  case sumOfSquares = "sum-squares"
}

/// Everything that is needed to run a network once, forward and back.
public struct RecordingRequest: Sendable {
  public let network: Network<Float>
  public let input: RunInput
  public let loss: LossKind
  /// Values set by hand.
  public var overrides: [LayerID: [Override]]

  public init(
    network: Network<Float>, input: RunInput, loss: LossKind,
    overrides: [LayerID: [Override]] = [:]
  ) {
    self.network = network
    self.input = input
    self.loss = loss
    self.overrides = overrides
  }

  /// Runs the network over the whole input and back. Takes as long as the network is large: call it
  /// off the main thread.
  public func run() -> Recording { Recording(self) }
}

/// One run of a network, complete and never changed again: what the cursor travels through.
public final class Recording: @unchecked Sendable {
  public let request: RecordingRequest
  public let pass: NetworkPass<Float>
  /// Nats per step; 0 where a step has no target.
  public let losses: [Double]
  /// The token that each step should predict, −1 for none; empty without next-token loss.
  public let targets: [Int32]
  /// ∂L/∂parameters, laid out as the parameters.
  public let parameterGradients: Buffer<Float>
  public let timeline: Timeline

  public var network: Network<Float> { request.network }
  public var configuration: NetworkConfiguration { request.network.configuration }
  public var cell: Cell { configuration.cell }
  public var seqLen: Int { request.input.seqLen }

  init(_ request: RecordingRequest) {
    self.request = request
    let seqLen = request.input.seqLen
    let pass = NetworkPass(network: request.network, seqLen: seqLen)
    var targets: [Int32] = []
    switch request.input.source {
    case .tokens(let ids):
      pass.setTokens(ids)
      targets = Array(ids.dropFirst()) + [-1]
    case .vectors(let vectors): pass.setInput(vectors)
    }
    pass.forward(overrides: request.overrides)
    let gradients = Buffer<Float>(count: request.network.layout.count)
    if request.loss == .nextToken, let head = pass.head {
      losses = head.losses(targets: targets)
      pass.backward(
        .crossEntropy(targets: targets), gradients: gradients, wantsInputGradient: true,
        overrides: request.overrides)
    } else {
      targets = []
      let output = pass.output
      let size = output.count / seqLen
      losses = (0..<seqLen).map { time in
        0.5 * output.buffer.sumOfSquares(
          output.offset + time * size..<output.offset + (time + 1) * size)
      }
      pass.backward(
        .sumOfSquares, gradients: gradients, wantsInputGradient: true,
        overrides: request.overrides)
    }
    self.pass = pass
    self.targets = targets
    parameterGradients = gradients
    timeline = Timeline(
      configuration: request.network.configuration, seqLen: seqLen,
      outputCount: request.loss == .nextToken && pass.head != nil ? 3 : 0)
  }

  // MARK: Values

  public func valueSize(_ equation: Int) -> Int { pass.layers[0][0].plan.valueSizes[equation] }

  /// One unit of an equation's value at a step.
  public func value(_ id: LayerID, _ equation: Int, time: Int, unit: Int) -> Float {
    pass[id].values(of: equation)[time * valueSize(equation) + unit]
  }

  /// One unit of ∂L/∂value.
  public func gradient(_ id: LayerID, _ equation: Int, time: Int, unit: Int) -> Float {
    pass[id].gradients(of: equation)?[time * valueSize(equation) + unit] ?? .nan
  }

  /// An equation's value at a step, all units.
  public func values(_ id: LayerID, _ equation: Int, time: Int) -> [Float] {
    row(pass[id].values(of: equation), time, valueSize(equation))
  }

  public func gradients(_ id: LayerID, _ equation: Int, time: Int) -> [Float] {
    pass[id].gradients(of: equation).map { row($0, time, valueSize(equation)) } ?? []
  }

  func row(_ view: BufferView<Float>, _ time: Int, _ size: Int) -> [Float] {
    view.buffer.array(view.offset + time * size..<view.offset + (time + 1) * size)
  }

  /// ‖∂L/∂value_t‖₂ of every step, accumulated in Double.
  public func gradientNorms(_ id: LayerID, _ equation: Int) -> [Double] {
    guard let view = pass[id].gradients(of: equation) else { return [] }
    let size = valueSize(equation)
    return (0..<seqLen).map { time in
      view.buffer.sumOfSquares(view.offset + time * size..<view.offset + (time + 1) * size)
        .squareRoot()
    }
  }

  /// softmax(logits) of a step; empty without an output layer.
  public func probabilities(time: Int) -> [Float] {
    guard let head = pass.head, !targets.isEmpty else { return [] }
    return head.probabilities.array(time * head.outputSize..<(time + 1) * head.outputSize)
  }

  public func logits(time: Int) -> [Float] {
    guard let head = pass.head else { return [] }
    return head.logits.array(time * head.outputSize..<(time + 1) * head.outputSize)
  }

  /// The mean loss over the steps that have one.
  public var meanLoss: Double {
    let count = targets.isEmpty ? losses.count : targets.count { $0 >= 0 }
    return count == 0 ? .nan : losses.reduce(0, +) / Double(count)
  }

  /// The first position whose value is NaN or infinite.
  public lazy var firstNonFinite: Position? = {
    var first: Int?
    for (layer, directions) in pass.layers.enumerated() {
      for (index, unrolling) in directions.enumerated() {
        let id = LayerID(layer: layer, direction: index == 0 ? .forward : .reverse)
        for equation in cell.equations.indices {
          let view = unrolling.values(of: equation)
          let size = valueSize(equation)
          guard let time = (0..<seqLen).first(where: { time in
            !view.buffer.sumOfSquares(
              view.offset + time * size..<view.offset + (time + 1) * size
            ).isFinite
          }) else { continue }
          let place = timeline.index(
            of: Position(pass: .forward, part: .layer(id), time: time, equation: equation))
          first = min(first ?? place, place)
        }
      }
    }
    return first.map { timeline[$0] }
  }()
}
