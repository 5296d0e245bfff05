internal import Equations
public import Networks

/// A pass over the unrolled network: the program counter runs through both.
public enum Pass: Hashable, Sendable {
  case forward, backward
}

/// The program counter: (pass, layer, time step, equation). The equation at a position has just
/// been computed: its value, or on the way back its gradient, is what the screen shows.
public struct Position: Hashable, Sendable {
  /// Where in the network an equation belongs.
  public enum Part: Hashable, Sendable {
    case layer(LayerID)
    /// The output layer: its equations are those of `OutputEquation`.
    case output
  }

  public var pass: Pass
  public var part: Part
  public var time: Int
  /// Index in the cell's equations, or of the output layer's.
  public var equation: Int

  public init(pass: Pass, part: Part, time: Int, equation: Int) {
    self.pass = pass
    self.part = part
    self.time = time
    self.equation = equation
  }

  public var layer: LayerID? {
    if case .layer(let id) = part { id } else { nil }
  }
}

/// The lines of the output layer, in the notation of the cells.
public enum OutputEquation: Int, CaseIterable, Sendable {
  case logits, probabilities, loss

  public var name: String {
    switch self {
    case .logits: "y"
    case .probabilities: "p"
    case .loss: "L"
    }
  }

  /// Whether a query's name means this line: by its letter or by its name in a trace.
  func answers(to name: String) -> Bool {
    switch self {
    case .logits: name == "y" || name == "logits"
    case .probabilities: name == "p"
    case .loss: name == "L" || name == "loss"
    }
  }

  /// The line itself.
  ///
  /// - Parameter loss: next tokens, or the answers that a task asks for.
  /// - Returns: e.g. "p = softmax(y)".
  public func text(of loss: LossKind) -> String {
    switch self {
    case .logits: "y = W·h + b"
    case .probabilities: "p = softmax(y)"
    case .loss: loss == .targets ? "L = -log p[answer]" : "L = -log p[next]"
    }
  }

  public var note: String {
    switch self {
    case .logits: "scores: how well each token would fit next"
    case .probabilities: "prediction: the scores as probabilities"
    case .loss: "loss: the surprise at the token that really comes next"
    }
  }
}

/// All positions of a run, in the order in which they are stepped.
///
/// One-way stacks are stepped by t, then layer, then equation, as the equations read; stacks of two
/// directions by layer, direction and t, since a layer needs all of the one below. The backward pass
/// is the same order reversed. How the plan computes is another matter and never shows.
public struct Timeline: Sendable {
  public let seqLen: Int
  let numLayers: Int
  let isBidirectional: Bool
  let equationCount: Int
  let outputCount: Int

  /// - Parameters:
  ///   - configuration: of the network that is stepped.
  ///   - seqLen: T.
  ///   - outputCount: equations of the output layer; 0 without one.
  public init(
    configuration: NetworkConfiguration, seqLen: Int, outputCount: Int
  ) {
    self.seqLen = seqLen
    numLayers = configuration.numLayers
    isBidirectional = configuration.isBidirectional
    equationCount = configuration.cell.equations.count
    self.outputCount = outputCount
  }

  public var hasOutput: Bool { outputCount > 0 }

  private var directions: Int { isBidirectional ? 2 : 1 }
  private var perStep: Int { numLayers * equationCount + outputCount }

  /// Positions of one pass.
  public var passCount: Int {
    seqLen * (numLayers * directions * equationCount + outputCount)
  }

  public var count: Int { 2 * passCount }

  public subscript(index: Int) -> Position {
    precondition(index >= 0 && index < count, "position \(index) of \(count)")
    if index < passCount { return forward(index) }
    var position = forward(count - 1 - index)
    position.pass = .backward
    return position
  }

  private func forward(_ index: Int) -> Position {
    if !isBidirectional {
      let (time, rest) = index.quotientAndRemainder(dividingBy: perStep)
      let (layer, equation) = rest.quotientAndRemainder(dividingBy: equationCount)
      return layer < numLayers
        ? Position(
          pass: .forward, part: .layer(LayerID(layer: layer)), time: time, equation: equation)
        : Position(
          pass: .forward, part: .output, time: time, equation: rest - numLayers * equationCount)
    }
    let perRun = seqLen * equationCount
    let (run, rest) = index.quotientAndRemainder(dividingBy: perRun)
    guard run < numLayers * 2 else {
      let (time, equation) = (index - numLayers * 2 * perRun)
        .quotientAndRemainder(dividingBy: outputCount)
      return Position(pass: .forward, part: .output, time: time, equation: equation)
    }
    let direction: Direction = run % 2 == 0 ? .forward : .reverse
    let (step, equation) = rest.quotientAndRemainder(dividingBy: equationCount)
    return Position(
      pass: .forward, part: .layer(LayerID(layer: run / 2, direction: direction)),
      time: direction == .forward ? step : seqLen - 1 - step, equation: equation)
  }

  /// The place of a position in the order.
  public func index(of position: Position) -> Int {
    let place: Int
    switch position.part {
    case .output:
      place =
        isBidirectional
        ? numLayers * 2 * seqLen * equationCount + position.time * outputCount + position.equation
        : position.time * perStep + numLayers * equationCount + position.equation
    case .layer(let id):
      if isBidirectional {
        let run = id.layer * 2 + id.direction.rawValue
        let step = id.direction == .forward ? position.time : seqLen - 1 - position.time
        place = (run * seqLen + step) * equationCount + position.equation
      } else {
        place = position.time * perStep + id.layer * equationCount + position.equation
      }
    }
    return position.pass == .forward ? place : count - 1 - place
  }

  // MARK: Moving

  /// The same equation one time step later in the order of stepping: t + 1 on the way forward,
  /// t − 1 on the way back, and over the turn between the passes. Nil at the end.
  public func next(_ position: Position, backwards: Bool = false) -> Position? {
    let isReverse = position.layer?.direction == .reverse
    let onward = (position.pass == .forward) != isReverse
    var moved = position
    moved.time += onward != backwards ? 1 : -1
    if moved.time >= 0, moved.time < seqLen { return moved }
    moved.time = position.time
    switch (position.pass, backwards) {
    case (.forward, false): moved.pass = .backward
    case (.backward, true): moved.pass = .forward
    default: return nil
    }
    return moved
  }
}
