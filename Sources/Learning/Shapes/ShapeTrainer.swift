public import Networks
public import Tensors

/// How a small task is trained.
public struct ShapeTrainingOptions: Sendable, Equatable {
  public var updates: Int
  public var batchSize: Int
  public var learningRate: Double
  public var maximumNorm: Double
  public var weightDecay: Double
  public var seed: UInt64

  public init(
    updates: Int, batchSize: Int = 32, learningRate: Double = 5e-3, maximumNorm: Double = 1,
    weightDecay: Double = 0, seed: UInt64 = 1
  ) {
    self.updates = updates
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.maximumNorm = maximumNorm
    self.weightDecay = weightDecay
    self.seed = seed
  }
}

/// Trains a network on a small task.
///
/// The sequences of a batch have the same length, so that no padding comes between a sequence and
/// the direction that reads it from its end. The same network, options and machine give the same
/// weights.
public final class ShapeTrainer {
  public let network: Network<Float>
  public let task: any ShapeTask
  public let options: ShapeTrainingOptions
  public private(set) var updateCount = 0

  private var random: SeededRandom
  private var optimizer: Adam
  private let schedule: LearningRateSchedule
  private let gradients: Buffer<Float>
  /// Of each length, the examples that are not trained on yet.
  private var waiting: [Int: [ShapeExample]] = [:]
  private var passes: [Int: NetworkPass<Float>] = [:]

  public init(network: Network<Float>, task: any ShapeTask, options: ShapeTrainingOptions) {
    self.network = network
    self.task = task
    self.options = options
    random = SeededRandom(seed: options.seed)
    optimizer = Adam(count: network.parameters.count, weightDecay: options.weightDecay)
    schedule = LearningRateSchedule(
      initialRate: options.learningRate, decay: .cosine, totalUpdates: options.updates)
    gradients = Buffer(count: network.layout.count)
  }

  /// Learns from one batch.
  ///
  /// - Throws: `TrainingError` at a loss or gradient that is not finite.
  public func step() throws(TrainingError) -> UpdateStatistics {
    let batch = nextBatch()
    let seqLen = batch[0].seqLen
    let pass =
      passes[seqLen]
      ?? NetworkPass(network: network, seqLen: seqLen, batchSize: options.batchSize)
    passes[seqLen] = pass
    Self.setInput(of: batch, in: pass)
    pass.forward()
    let targets = Self.interleaved(batch.map(\.targets))
    let count = targets.count { $0 >= 0 }
    let sum = pass.head?.losses(targets: targets).reduce(0, +) ?? 0
    guard sum.isFinite else {
      throw TrainingError(update: updateCount + 1, quantity: .loss, parameter: nil, index: nil)
    }
    gradients.fill(0)
    pass.backward(
      .crossEntropy(targets: targets), gradients: gradients, scale: 1 / Float(count))
    let clipping = GradientClipping(gradients: gradients, maximum: options.maximumNorm)
    guard clipping.norm.isFinite else {
      throw TrainingError(update: updateCount + 1, quantity: .gradient, parameter: nil, index: nil)
    }
    let rate = schedule.rate(ofUpdate: updateCount)
    optimizer.update(
      network.parameters, gradients: gradients, scale: clipping.scale, learningRate: rate)
    updateCount += 1
    return UpdateStatistics(
      update: updateCount, epoch: 0, loss: LossMean(sum: sum, tokenCount: count),
      gradientNorm: clipping.norm, clippedNorm: clipping.clippedNorm, learningRate: rate)
  }

  /// Examples are made until there are enough of one length.
  private func nextBatch() -> [ShapeExample] {
    while true {
      let example = task.example(&random)
      if example.isHeldOut { continue }
      waiting[example.seqLen, default: []].append(example)
      if let found = waiting[example.seqLen], found.count == options.batchSize {
        waiting[example.seqLen] = []
        return found
      }
    }
  }

  static func setInput(of batch: [ShapeExample], in pass: NetworkPass<Float>) {
    var tokens: [[Int32]] = [], vectors: [[Float]] = []
    for example in batch {
      switch example.input.source {
      case .tokens(let ids): tokens.append(ids)
      case .vectors(let numbers): vectors.append(numbers)
      }
    }
    if vectors.isEmpty {
      pass.setTokens(interleaved(tokens))
    } else {
      pass.setInput(interleaved(vectors, width: vectors[0].count / batch[0].seqLen))
    }
  }

  /// Rows of one step side by side: `[B][T, n]` becomes `[T, B, n]`.
  static func interleaved<Element>(_ rows: [[Element]], width: Int = 1) -> [Element] {
    var result: [Element] = []
    result.reserveCapacity(rows.count * (rows.first?.count ?? 0))
    for time in 0..<(rows.first?.count ?? 0) / width {
      for row in rows { result += row[time * width..<(time + 1) * width] }
    }
    return result
  }
}
