internal import Equations
public import Networks
public import Tensors

/// Trains a network to predict the next token, by truncated backpropagation through time.
///
/// The text is read in windows of T steps on B parallel streams. The states after a window are
/// carried into the next one, the gradients are not. At the start of an epoch the states are zero.
/// Everything is determined by the network's weights, the text and the options.
///
/// A trainer is used by one thread at a time.
///
/// - Source: Williams & Peng 1990 (truncation, with k₁ = k₂ = T).
public final class LanguageModelTrainer: Trainer {
  public let network: Network<Float>
  public let windows: TextWindows
  public let validation: TextWindows?
  /// May be changed between updates.
  public var schedule: LearningRateSchedule
  /// The largest norm of all gradients together; nil for no clipping. May be changed between updates.
  public var maximumNorm: Double?

  /// Updates done.
  public private(set) var updateCount = 0
  /// Epochs done.
  public private(set) var epoch = 0
  /// The next window of the epoch.
  public private(set) var position = 0
  /// The losses of this epoch so far.
  public private(set) var currentLoss = LossMean()
  /// The losses of the last whole epoch.
  public private(set) var lastLoss = LossMean()
  /// The gradients of the last update, before clipping, laid out as the parameters.
  public let gradients: Buffer<Float>

  /// What the last update has computed: values, losses and gradients of its window.
  public let pass: NetworkPass<Float>
  private let head: OutputLayer<Float>
  private var optimizer: any Optimizer
  private lazy var validationPass = validation.map { windows in
    NetworkPass(network: network, seqLen: windows.seqLen, batchSize: windows.batchSize)
  }

  /// Trains the network's weights in place.
  ///
  /// - Precondition: the network takes tokens, runs in one direction and ends with an output layer.
  public init(
    network: Network<Float>, windows: TextWindows, validation: TextWindows? = nil,
    optimizer: any Optimizer, schedule: LearningRateSchedule, maximumNorm: Double? = nil
  ) {
    precondition(!network.configuration.isBidirectional, "a language model runs in one direction")
    pass = NetworkPass(network: network, seqLen: windows.seqLen, batchSize: windows.batchSize)
    guard let head = pass.head else { preconditionFailure("a language model has an output layer") }
    self.head = head
    self.network = network
    self.windows = windows
    self.validation = validation
    self.optimizer = optimizer
    self.schedule = schedule
    self.maximumNorm = maximumNorm
    gradients = Buffer(count: network.layout.count)
  }

  // MARK: Training

  /// Learns from the next window.
  ///
  /// The loss that is followed downwards is the sum over the window's tokens divided by T·B, so
  /// that each token of the text weighs the same, also in the last window, which may not be full.
  ///
  /// - Throws: `TrainingError` at the first loss or gradient that is not finite. Weights and
  ///   carried states are as before then.
  public func step() throws(TrainingError) -> UpdateStatistics {
    let window = windows[position]
    if position == 0 { pass.resetStates() }
    let loss = try computeGradients(window)
    let clipping = GradientClipping(gradients: gradients, maximum: maximumNorm)
    guard clipping.norm.isFinite else { throw nonFiniteGradient() }
    let rate = schedule.rate(ofUpdate: updateCount)
    optimizer.update(
      network.parameters, gradients: gradients, scale: clipping.scale, learningRate: rate)
    pass.carryStates()
    updateCount += 1
    currentLoss.add(loss)
    let statistics = UpdateStatistics(
      update: updateCount, epoch: epoch, loss: loss, gradientNorm: clipping.norm,
      clippedNorm: clipping.clippedNorm, learningRate: rate)
    position += 1
    if position == windows.count { endEpoch() }
    return statistics
  }

  /// Forward and backward: the loss of a window and all gradients.
  private func computeGradients(_ window: TextWindows.Window) throws(TrainingError) -> LossMean {
    pass.setTokens(window.tokens)
    pass.forward()
    let sum = head.losses(targets: window.targets).reduce(0, +)
    guard sum.isFinite else {
      let culprit = network.firstNonFinite
      throw TrainingError(
        update: updateCount + 1, quantity: .loss, parameter: culprit?.entry.name,
        index: culprit?.index)
    }
    gradients.fill(0)
    pass.backward(
      .crossEntropy(targets: window.targets), gradients: gradients,
      scale: 1 / Float(window.targets.count))
    return LossMean(sum: sum, tokenCount: window.targetCount)
  }

  private func nonFiniteGradient() -> TrainingError {
    let index = gradients.firstNonFinite
    let entry = index.flatMap { index in
      network.layout.entries.first { $0.range.contains(index) }
    }
    return TrainingError(
      update: updateCount + 1, quantity: .gradient, parameter: entry?.name,
      index: entry.flatMap { entry in index.map { $0 - entry.offset } })
  }

  private func endEpoch() {
    epoch += 1
    position = 0
    lastLoss = currentLoss
    currentLoss = LossMean()
  }

  /// The loss of the validation text with the present weights, from zero states.
  ///
  /// - Parameter shouldStop: asked after each window; true gives up.
  /// - Returns: nil where there is no such text, or it was given up.
  public func validate(unless shouldStop: () -> Bool = { false }) -> LossMean? {
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

  // MARK: Going on later

  public func snapshot() -> TrainerSnapshot {
    TrainerSnapshot(
      updateCount: updateCount, epoch: epoch, position: position,
      optimizerStepCount: optimizer.stepCount, currentLoss: currentLoss, lastLoss: lastLoss,
      arrays: storage.map { .init(name: $0.name, values: $0.view.array) })
  }

  /// Goes on from a snapshot that a trainer with the same network, text and options has taken.
  ///
  /// - Throws: `SnapshotError` where it does not fit; the trainer is as before then.
  public func restore(_ snapshot: TrainerSnapshot) throws(SnapshotError) {
    let storage = storage
    guard snapshot.position >= 0, snapshot.position < windows.count else {
      throw SnapshotError(
        name: "position", expected: "a window below \(windows.count)", found: "\(snapshot.position)"
      )
    }
    let found = try snapshot.values(for: storage.map { ($0.name, $0.view.count) })
    for ((_, view), values) in zip(storage, found) {
      view.buffer.copy(from: values, at: view.offset)
    }
    updateCount = snapshot.updateCount
    epoch = snapshot.epoch
    position = snapshot.position
    optimizer.stepCount = snapshot.optimizerStepCount
    currentLoss = snapshot.currentLoss
    lastLoss = snapshot.lastLoss
  }

  /// All memory that an update depends on, by name.
  private var storage: [(name: String, view: BufferView<Float>)] {
    var storage = [(name: "parameters", view: BufferView(network.parameters))]
    storage += optimizer.moments.map { ($0.name, BufferView($0.buffer)) }
    for (layer, directions) in pass.layers.enumerated() {
      for unrolling in directions {
        for (index, name) in unrolling.plan.cell.states.enumerated() {
          storage.append(("state.layer\(layer).\(name)", unrolling.initialState(index)))
        }
      }
    }
    return storage
  }
}

/// What one update did.
public struct UpdateStatistics: Sendable, Equatable {
  /// Counted from 1.
  public let update: Int
  /// The epoch that the update belongs to, from 0.
  public let epoch: Int
  /// Of the weights before the update; in nats.
  public let loss: LossMean
  /// The norm of all gradients together, before and after clipping.
  public let gradientNorm: Double
  public let clippedNorm: Double
  public let learningRate: Double
}
