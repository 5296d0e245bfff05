public import Networks
public import Tensors

/// A network that learns a small task.
///
/// The sequences of a batch have the same length, so that no padding comes between a sequence and
/// the direction that reads it from its end.
public final class ShapeLearner: Learner {
  public let network: Network<Float>
  /// The whole training: there is nothing to measure before its end.
  public let updatesPerEpoch: Int

  private var batches: ShapeBatches
  private var passes: [Int: NetworkPass<Float>] = [:]

  /// - Parameters:
  ///   - network: for the task's input and answers.
  ///   - task: what is learnt.
  ///   - updates: how long.
  ///   - batchSize: sequences of an update.
  ///   - seed: of the examples.
  public init(
    network: Network<Float>, task: any ShapeTask, updates: Int, batchSize: Int, seed: UInt64 = 1
  ) {
    self.network = network
    updatesPerEpoch = updates
    batches = ShapeBatches(task: task, seed: seed, size: batchSize)
  }

  public var parameters: Buffer<Float> { network.parameters }

  public func parameter(at element: Int) -> (name: String, index: Int)? {
    network.layout.parameter(at: element)
  }

  /// The loss that is followed downwards is the mean over the batch's answers.
  public func loss(at place: TrainingPlace, gradients: Buffer<Float>) -> LossMean {
    let batch = batches[place.update]
    let seqLen = batch[0].seqLen
    let pass =
      passes[seqLen]
      ?? NetworkPass(network: network, seqLen: seqLen, batchSize: batches.size)
    passes[seqLen] = pass
    Self.setInput(of: batch, in: pass)
    pass.forward()
    let targets = Self.interleaved(batch.map(\.targets))
    let loss = LossMean(
      sum: pass.head?.losses(targets: targets).reduce(0, +) ?? 0,
      tokenCount: targets.count { $0 >= 0 })
    guard loss.sum.isFinite else { return loss }
    pass.backward(
      .crossEntropy(targets: targets), gradients: gradients, scale: 1 / Float(loss.tokenCount))
    return loss
  }

  public func validate(unless shouldStop: () -> Bool) -> LossMean? { nil }

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

public typealias ShapeTrainer = Trainer<ShapeLearner>

/// The batches of a small task: those of one seed are the same, in whatever order they are asked for.
struct ShapeBatches {
  let task: any ShapeTask
  let seed: UInt64
  let size: Int

  private var random: SeededRandom
  /// Of each length, the examples that no batch has yet.
  private var waiting: [Int: [ShapeExample]] = [:]
  private var last: [ShapeExample] = []
  private var drawnCount = 0

  init(task: any ShapeTask, seed: UInt64, size: Int) {
    self.task = task
    self.seed = seed
    self.size = size
    random = SeededRandom(seed: seed)
  }

  /// - Complexity: O(1) batches for the one after the last, else O(index).
  subscript(index: Int) -> [ShapeExample] {
    mutating get {
      if index < drawnCount - 1 { self = ShapeBatches(task: task, seed: seed, size: size) }
      while drawnCount <= index { draw() }
      return last
    }
  }

  /// Examples are made until there are enough of one length.
  private mutating func draw() {
    while true {
      let example = task.example(&random)
      if example.isHeldOut { continue }
      waiting[example.seqLen, default: []].append(example)
      if let found = waiting[example.seqLen], found.count == size {
        waiting[example.seqLen] = []
        last = found
        drawnCount += 1
        return
      }
    }
  }
}
