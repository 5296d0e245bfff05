public import Equations
public import Networks
public import Tensors

/// A network that learns to predict the next token, by truncated backpropagation through time.
///
/// The text is read in windows of T steps on B parallel streams. The states after a window are
/// carried into the next one, the gradients are not. At the start of an epoch the states are zero.
///
/// - Source: Williams & Peng 1990 (truncation, with k₁ = k₂ = T).
public final class LanguageModelLearner: Learner {
  public let network: Network<Float>
  public let windows: TextWindows
  public let validation: TextWindows?
  /// What the last update has computed: values, losses and gradients of its window.
  public let pass: NetworkPass<Float>

  private let head: OutputLayer<Float>
  private lazy var validationPass = validation.map { windows in
    NetworkPass(network: network, seqLen: windows.seqLen, batchSize: windows.batchSize)
  }

  /// - Precondition: the network takes tokens, runs in one direction and ends with an output layer.
  public init(network: Network<Float>, windows: TextWindows, validation: TextWindows? = nil) {
    precondition(!network.configuration.isBidirectional, "a language model runs in one direction")
    pass = NetworkPass(network: network, seqLen: windows.seqLen, batchSize: windows.batchSize)
    guard let head = pass.head else { preconditionFailure("a language model has an output layer") }
    self.head = head
    self.network = network
    self.windows = windows
    self.validation = validation
  }

  public var parameters: Buffer<Float> { network.parameters }
  public var updatesPerEpoch: Int { windows.count }

  public func parameter(at element: Int) -> (name: String, index: Int)? {
    network.layout.parameter(at: element)
  }

  /// The loss that is followed downwards is the sum over the window's tokens divided by T·B, so
  /// that each token of the text weighs the same, also in the last window, which may not be full.
  public func loss(at place: TrainingPlace, gradients: Buffer<Float>) -> LossMean {
    let window = windows[place.position]
    if place.position == 0 { pass.resetStates() }
    pass.setTokens(window.tokens)
    pass.forward()
    let sum = head.losses(targets: window.targets).reduce(0, +)
    let loss = LossMean(sum: sum, tokenCount: window.targetCount)
    guard sum.isFinite else { return loss }
    pass.backward(
      .crossEntropy(targets: window.targets), gradients: gradients,
      scale: 1 / Float(window.targets.count))
    return loss
  }

  public func didUpdate() { pass.carryStates() }

  /// From zero states; one window after another.
  public func validate(unless shouldStop: () -> Bool) -> LossMean? {
    guard let validation, let pass = validationPass, let head = pass.head else { return nil }
    var loss = LossMean()
    pass.resetStates()
    for index in 0..<validation.count {
      if shouldStop() { return nil }
      let window = validation[index]
      pass.setTokens(window.tokens)
      pass.forward()
      loss.add(
        LossMean(
          sum: head.losses(targets: window.targets).reduce(0, +), tokenCount: window.targetCount))
      pass.carryStates()
    }
    return loss
  }

  public var carriedStates: [(name: String, view: BufferView<Float>)] {
    var states: [(name: String, view: BufferView<Float>)] = []
    for (layer, directions) in pass.layers.enumerated() {
      for unrolling in directions {
        for (index, name) in unrolling.plan.cell.states.enumerated() {
          states.append(("state.layer\(layer).\(name)", unrolling.initialState(index)))
        }
      }
    }
    return states
  }
}

public typealias LanguageModelTrainer = Trainer<LanguageModelLearner>

extension Trainer where Source == LanguageModelLearner {
  /// Trains the network's weights in place.
  ///
  /// - Precondition: the network takes tokens, runs in one direction and ends with an output layer.
  public convenience init(
    network: Network<Float>, windows: TextWindows, validation: TextWindows? = nil,
    optimizer: any Optimizer, schedule: LearningRateSchedule, maximumNorm: Double? = nil
  ) {
    self.init(
      LanguageModelLearner(network: network, windows: windows, validation: validation),
      optimizer: optimizer, schedule: schedule, maximumNorm: maximumNorm)
  }
}
