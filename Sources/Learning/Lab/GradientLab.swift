internal import Equations
public import Networks
public import Tensors

/// One network that learns one task, update by update, with everything that is watched meanwhile.
///
/// The figures come from the buffers that the update itself needs. The sequences of update n are
/// determined by the seed and n: labs with the same seed see the same data, and an update that was
/// undone can be made again. A lab is used by one thread at a time.
public final class GradientLab {
  public private(set) var settings: LabSettings
  public private(set) var task: any SequenceTask
  public private(set) var network: Network<Float>
  /// What the last update or measurement has computed.
  public private(set) var pass: NetworkPass<Float>
  /// The gradients of the last update or measurement, before clipping; laid out as the parameters.
  public private(set) var gradients: Buffer<Float>
  public private(set) var roles: CellRoles
  /// Updates done.
  public private(set) var updateCount = 0
  /// The update whose batch is in `pass`, counted from 0; nil before the first.
  public private(set) var shownBatch: (update: Int, batch: TaskBatch)?

  /// What the updates have found so far.
  public private(set) var history = LabHistory()
  /// The last updates, oldest first.
  public var recent: [LabUpdate] { history.recent }

  /// For the updates that can be undone.
  /// - Units: bytes.
  public let undoBudget: Int

  private var optimizer: any Optimizer
  private var undoRing: UndoRing

  /// A freshly initialised network.
  ///
  /// - Precondition: `settings.mistake` is nil.
  /// - Throws: `TaskError` where the task cannot be made.
  public init(_ settings: LabSettings, undoBudget: Int = 64 << 20) throws(TaskError) {
    precondition(settings.mistake == nil, settings.mistake ?? "")
    self.settings = settings
    self.undoBudget = undoBudget
    task = try settings.task.make(seqLen: settings.seqLen)
    network = settings.network(for: task)
    pass = NetworkPass(network: network, seqLen: settings.seqLen, batchSize: settings.batchSize)
    gradients = Buffer(count: network.layout.count)
    roles = CellRoles(settings.cell)
    optimizer = settings.optimizer.make(count: network.layout.count)
    undoRing = Self.ring(optimizer, network, undoBudget)
    settings.initialize(network, for: task)
  }

  private static func ring(
    _ optimizer: any Optimizer, _ network: Network<Float>, _ budget: Int
  ) -> UndoRing {
    let count = network.layout.count * (1 + optimizer.moments.count)
    return UndoRing(
      byteBudget: budget, entryByteCount: count * MemoryLayout<Float>.stride,
      most: LabHistory.recentCount)
  }

  // MARK: Training

  /// Makes one update.
  ///
  /// - Parameter wantsActivations: whether saturation and the like are counted.
  /// - Returns: the update's figures.
  /// - Throws: the first number that is not finite; weights and optimiser are as before then, and
  ///   `pass` shows where it is.
  public func step(wantsActivations: Bool = true) throws(NonFiniteValue) -> LabUpdate {
    try flushingDenormals { () throws(NonFiniteValue) in
      let update = try compute(wantsActivations: wantsActivations, isMeasured: false)
      undoRing.push(update: updateCount, stepCount: optimizer.stepCount, arrays: trainedArrays)
      optimizer.update(
        network.parameters, gradients: gradients,
        scale: update.gradientNorm > 0 ? update.clippedNorm / update.gradientNorm : 1,
        learningRate: settings.learningRate)
      updateCount += 1
      history.append(update)
      return update
    }
  }

  /// The figures of the present weights on the batch of the next update, which is not made.
  ///
  /// - Parameter lossAtLastStep: whether L is the last step's loss alone: the gradient of a sum of
  ///   losses says nothing about how far one of them reaches back.
  /// - Returns: the figures.
  /// - Throws: the first number that is not finite.
  public func measure(lossAtLastStep: Bool = false) throws(NonFiniteValue) -> LabUpdate {
    try flushingDenormals { () throws(NonFiniteValue) in
      try compute(wantsActivations: true, isMeasured: true, lossAtLastStep: lossAtLastStep)
    }
  }

  /// Gradients that vanish would take ten times as long below the normal numbers.
  private func flushingDenormals<Result>(
    _ body: () throws(NonFiniteValue) -> Result
  ) throws(NonFiniteValue) -> Result {
    let before = Denormals.flush(true)
    defer { Denormals.flush(before) }
    return try body()
  }

  /// Forward and backward on the batch of the next update.
  private func compute(
    wantsActivations: Bool, isMeasured: Bool, lossAtLastStep: Bool = false
  ) throws(NonFiniteValue) -> LabUpdate {
    let batch = task.batch(seed: settings.seed, update: updateCount, size: settings.batchSize)
    shownBatch = (updateCount, batch)
    batch.setInput(of: pass)
    pass.forward()
    let judge = LabLoss(task: task, batch: batch, lossAtLastStep: lossAtLastStep)
    let (loss, accuracy) = judge.judge(pass)
    guard loss.isFinite else { throw firstNonFinite() }
    gradients.fill(0)
    pass.backward(judge.target, gradients: gradients, scale: 1 / Float(judge.targetCount))
    let clipping = GradientClipping(gradients: gradients, maximum: settings.maximumNorm)
    guard clipping.norm.isFinite else { throw firstNonFinite() }
    let unrolling = pass.layers[0][0]
    return LabUpdate(
      update: updateCount + (isMeasured ? 0 : 1), loss: loss, accuracy: accuracy,
      gradientNorm: clipping.norm, clippedNorm: clipping.clippedNorm,
      gradientNorms: stepNorms(unrolling.plan.cell.outputEquation),
      memoryGradientNorms: roles.memory.map(stepNorms) ?? [],
      activations: wantsActivations
        ? ActivationFigures(unrolling: unrolling, roles: roles) : nil)
  }

  /// ‖∂L/∂value_t‖ per step, accumulated in Double.
  private func stepNorms(_ equation: Int) -> [Double] {
    guard let view = pass.layers[0][0].gradients(of: equation) else { return [] }
    let size = view.count / pass.seqLen
    return (0..<pass.seqLen).map { time in
      let start = view.offset + time * size
      return view.buffer.sumOfSquares(start..<start + size).squareRoot()
    }
  }

  private func firstNonFinite() -> NonFiniteValue {
    NonFiniteSearch(pass: pass, gradients: gradients, update: updateCount + 1).run()
  }

  // MARK: Going back

  /// Weights and moments: what an update changes.
  private var trainedArrays: [Buffer<Float>] {
    [network.parameters] + optimizer.moments.map(\.buffer)
  }

  /// How many updates can be undone now.
  public var undoCount: Int { undoRing.count }
  /// How many updates can be undone at most, within the budget.
  public var undoCapacity: Int { undoRing.capacity }
  /// - Units: bytes.
  public var undoByteCount: Int { undoRing.byteCount }

  /// Takes the last update back: weights and optimiser are as before it, bit for bit.
  ///
  /// - Returns: false where it is not remembered.
  @discardableResult
  public func undo() -> Bool {
    guard let (update, stepCount) = undoRing.pop(into: trainedArrays) else { return false }
    optimizer.stepCount = stepCount
    updateCount = update
    history.truncate(to: update)
    return true
  }

  // MARK: Turning knobs

  /// Goes on with other settings; `LabSettings.effect(of:)` tells what stays.
  ///
  /// - Precondition: `new.mistake` is nil.
  /// - Throws: `TaskError` where the task cannot be made; nothing is changed then.
  @discardableResult
  public func apply(_ new: LabSettings) throws(TaskError) -> LabSettings.ChangeEffect {
    precondition(new.mistake == nil, new.mistake ?? "")
    let effect = settings.effect(of: new)
    guard effect > .none else {
      settings = new
      return effect
    }
    let task = try new.task.make(seqLen: new.seqLen)
    let old = network
    settings = new
    self.task = task
    roles = CellRoles(new.cell)
    shownBatch = nil
    network = new.network(for: task)
    pass = NetworkPass(network: network, seqLen: new.seqLen, batchSize: new.batchSize)
    if effect < .restarts { network.parameters.copy(from: old.parameters) }
    if effect > .keepsTraining {
      gradients = Buffer(count: network.layout.count)
      optimizer = new.optimizer.make(count: network.layout.count)
      undoRing = Self.ring(optimizer, network, undoBudget)
    }
    // Norms per step of another length do not fit into one heatmap.
    history.forgetRecent()
    if effect == .restarts { begin() }
    return effect
  }

  /// Begins anew with the present settings.
  public func restart() {
    for moment in optimizer.moments { moment.buffer.fill(0) }
    optimizer.stepCount = 0
    undoRing.removeAll()
    shownBatch = nil
    begin()
  }

  private func begin() {
    settings.initialize(network, for: task)
    updateCount = 0
    history = LabHistory()
  }
}
