public import Equations
public import Networks
public import Tensors

/// Everything that is needed to run a network once, forward and back.
public struct RecordingRequest: Sendable {
  public let network: Network<Float>
  public let input: RunInput
  public let loss: LossKind
  /// What the outputs are, where they are no tokens.
  public let answers: Answers?
  /// Values set by hand.
  public var overrides: [LayerID: [Override]]

  public init(
    network: Network<Float>, input: RunInput, loss: LossKind, answers: Answers? = nil,
    overrides: [LayerID: [Override]] = [:]
  ) {
    self.answers = answers
    self.network = network
    self.input = input
    self.loss = loss
    self.overrides = overrides
  }

  /// Runs the network over the whole input and back. Takes as long as the network is large: call it
  /// off the main thread.
  public func run() -> Recording { Recording(self) }
}

/// One run of a network, forward and back: what the cursor travels through.
public final class Recording: @unchecked Sendable {
  public let request: RecordingRequest
  public let run: NetworkRun
  /// The network for comparison on the same input.
  let companion: NetworkRun?
  public let timeline: Timeline
  /// The first position whose value is NaN or infinite.
  public private(set) var firstNonFinite: Position?
  /// Of each layer and direction, each equation: looked up once, read for every cell of a picture.
  private let tracks: [[Track]]
  private let directionCount: Int

  /// One equation's values and gradients, `[T, size]`.
  private struct Track {
    let size: Int
    let values: BufferView<Float>
    let gradients: BufferView<Float>?
  }

  public var network: Network<Float> { request.network }
  public var configuration: NetworkConfiguration { request.network.configuration }
  public var cell: Cell { configuration.cell }
  public var seqLen: Int { request.input.seqLen }
  public var pass: NetworkPass<Float> { run.pass }
  /// Nats per step, ½‖y‖² or a squared error; 0 where a step has no target.
  public var losses: [Double] { run.losses }
  /// The token or class that each step should predict, −1 for none; empty without such a loss.
  public var targets: [Int32] { run.targets }

  init(_ request: RecordingRequest) {
    self.request = request
    run = NetworkRun(
      network: request.network, input: request.input, loss: request.loss,
      overrides: request.overrides)
    companion = request.answers?.companion.map { companion in
      NetworkRun(
        network: companion.network, input: request.input, loss: request.loss, isBackward: false)
    }
    timeline = Timeline(
      configuration: request.network.configuration, seqLen: request.input.seqLen,
      outputCount: run.targets.isEmpty ? 0 : OutputEquation.allCases.count)
    directionCount = request.network.configuration.directions.count
    tracks = run.pass.layers.joined().map { unrolling in
      unrolling.plan.cell.equations.indices.map { equation in
        Track(
          size: unrolling.plan.valueSizes[equation], values: unrolling.values(of: equation),
          gradients: unrolling.gradients(of: equation))
      }
    }
    firstNonFinite = findFirstNonFinite()
  }

  // MARK: Values

  private func track(_ id: LayerID, _ equation: Int) -> Track {
    tracks[id.layer * directionCount + id.direction.rawValue][equation]
  }

  /// The units of an equation's value; a value as long as x has another size in each layer.
  public func valueSize(_ id: LayerID, _ equation: Int) -> Int { track(id, equation).size }

  /// One unit of an equation's value at a step.
  public func value(_ id: LayerID, _ equation: Int, time: Int, unit: Int) -> Float {
    let track = track(id, equation)
    return track.values[time * track.size + unit]
  }

  /// Whether a value was set by hand.
  public func isSet(_ id: LayerID, _ equation: Int, time: Int, unit: Int) -> Bool {
    request.overrides[id, default: []].contains {
      $0.equation == equation && $0.times.contains(time) && $0.units.contains(unit)
    }
  }

  /// One unit of ∂L/∂value.
  public func gradient(_ id: LayerID, _ equation: Int, time: Int, unit: Int) -> Float {
    let track = track(id, equation)
    return track.gradients?[time * track.size + unit] ?? .nan
  }

  /// An equation's value at a step, all units.
  public func values(_ id: LayerID, _ equation: Int, time: Int) -> [Float] {
    let track = track(id, equation)
    return row(track.values, time, track.size)
  }

  public func gradients(_ id: LayerID, _ equation: Int, time: Int) -> [Float] {
    let track = track(id, equation)
    return track.gradients.map { row($0, time, track.size) } ?? []
  }

  func row(_ view: BufferView<Float>, _ time: Int, _ size: Int) -> [Float] {
    view.buffer.array(view.offset + time * size..<view.offset + (time + 1) * size)
  }

  /// ‖∂L/∂value_t‖₂ of every step, accumulated in Double.
  public func gradientNorms(_ id: LayerID, _ equation: Int) -> [Double] {
    let track = track(id, equation)
    guard let view = track.gradients else { return [] }
    let size = track.size
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

  /// The mean loss over the steps that have one; nil where none has.
  public var meanLoss: Double? {
    run.lossCount == 0 ? nil : losses.reduce(0, +) / Double(run.lossCount)
  }

  private func findFirstNonFinite() -> Position? {
    var found: [Position] = []
    for (layer, directions) in pass.layers.enumerated() {
      for (index, unrolling) in directions.enumerated() {
        let id = LayerID(layer: layer, direction: index == 0 ? .forward : .reverse)
        for equation in cell.equations.indices {
          let size = valueSize(id, equation)
          let view = unrolling.values(of: equation)
          guard view.buffer.firstNonFinite != nil else { continue }
          let times = (0..<seqLen).filter { time in
            !isFinite(view.buffer, view.offset + time * size..<view.offset + (time + 1) * size)
          }
          // The first in the order of stepping, which is the last token's in the reverse direction.
          if let time = id.direction == .forward ? times.first : times.last {
            found.append(
              Position(pass: .forward, part: .layer(id), time: time, equation: equation))
          }
        }
      }
    }
    if timeline.hasOutput, let head = pass.head, head.logits.firstNonFinite != nil,
      let time = (0..<seqLen).first(where: { time in
        !isFinite(head.logits, time * head.outputSize..<(time + 1) * head.outputSize)
      })
    {
      let equation = OutputEquation.logits.rawValue
      found.append(Position(pass: .forward, part: .output, time: time, equation: equation))
    }
    return found.min { timeline.index(of: $0) < timeline.index(of: $1) }
  }

  private func isFinite(_ buffer: Buffer<Float>, _ range: Range<Int>) -> Bool {
    buffer.sumOfSquares(range).isFinite
  }
}
