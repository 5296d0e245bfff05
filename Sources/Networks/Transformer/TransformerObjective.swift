internal import Equations
public import Tensors

/// Sequences with what each of their rows should predict.
public struct TransformerBatch: Sendable {
  public var sequences: [[Int32]]
  /// As long as the sequences; −1 where nothing is to be predicted.
  public var targets: [[Int32]]
  /// One per token; empty for type 0 throughout.
  public var tokenTypes: [[Int32]]
  /// The position of each sequence's first token.
  public var firstPosition: Int

  public init(
    sequences: [[Int32]], targets: [[Int32]], tokenTypes: [[Int32]] = [], firstPosition: Int = 0
  ) {
    self.sequences = sequences
    self.targets = targets
    self.tokenTypes = tokenTypes
    self.firstPosition = firstPosition
  }

  /// Every token predicts the next one.
  public init(nextTokensOf sequences: [[Int32]]) {
    self.init(
      sequences: sequences.map { Array($0.dropLast()) },
      targets: sequences.map { Array($0.dropFirst()) })
  }
}

/// The loss of a batch, summed over its targets.
public struct TransformerLoss: Sendable {
  /// In nats.
  public let sum: Double
  /// Targets.
  public let count: Int
  /// Targets that got the largest logit.
  public let correct: Int

  public var mean: Double { sum / Double(max(1, count)) }
  public var accuracy: Double { Double(correct) / Double(max(1, count)) }
}

/// What training makes smaller: the mean cross-entropy of a batch, as a function of the weights.
///
/// Passes are kept for the shapes that were met last, so that batches of one shape allocate nothing.
public final class TransformerObjective {
  public let transformer: Transformer<Float>
  public let labelSmoothing: Double
  private var passes: [TransformerPass<Float>] = []
  private var seed: UInt64

  /// Passes that are kept.
  private static let mostPasses = 4

  /// - Parameters:
  ///   - transformer: what is trained.
  ///   - labelSmoothing: ε of Szegedy et al. 2016, in training.
  ///   - seed: of what is dropped out.
  public init(transformer: Transformer<Float>, labelSmoothing: Double = 0, seed: UInt64 = 1) {
    self.transformer = transformer
    self.labelSmoothing = labelSmoothing
    self.seed = seed
  }

  /// The loss of a batch.
  ///
  /// - Parameters:
  ///   - batch: sequences and targets.
  ///   - gradients: gains the gradient of the mean loss; nil to evaluate: then nothing is dropped out
  ///     and labels are not smoothed.
  ///   - dropoutSeed: of what this batch drops; nil to go on with the pass's own random numbers.
  /// - Returns: the loss, summed over the targets.
  /// - Precondition: the transformer has a head; targets are as long as their sequences.
  public func loss(
    _ batch: TransformerBatch, gradients: Buffer<Float>? = nil, dropoutSeed: UInt64? = nil
  ) -> TransformerLoss {
    let seqLen = batch.sequences.reduce(1) { max($0, $1.count) }
    let pass = pass(
      seqLen: seqLen, batchSize: batch.sequences.count, isTraining: gradients != nil)
    let smoothing = gradients == nil ? 0 : labelSmoothing
    let targets = zip(batch.sequences, batch.targets).flatMap { sequence, targets in
      precondition(
        sequence.count == targets.count, "\(targets.count) targets for \(sequence.count) tokens")
      return targets + Array(repeating: -1, count: seqLen - targets.count)
    }
    if let dropoutSeed { pass.seedDropout(dropoutSeed) }
    pass.setTokens(
      batch.sequences, tokenTypes: batch.tokenTypes, firstPosition: batch.firstPosition)
    pass.forward()
    let losses = pass.losses(targets: targets, labelSmoothing: smoothing)
    let count = targets.reduce(0) { $0 + ($1 >= 0 ? 1 : 0) }
    if let gradients {
      pass.backward(
        .crossEntropy(targets: targets), gradients: gradients, scale: 1 / Float(max(1, count)),
        labelSmoothing: smoothing)
    }
    return TransformerLoss(
      sum: losses.reduce(0, +), count: count, correct: Self.correct(pass, targets))
  }

  private func pass(seqLen: Int, batchSize: Int, isTraining: Bool) -> TransformerPass<Float> {
    let wanted = isTraining && transformer.configuration.dropout > 0
    if let index = passes.firstIndex(where: {
      $0.seqLen == seqLen && $0.batchSize == batchSize && $0.isTraining == wanted
    }) {
      let found = passes.remove(at: index)
      passes.append(found)
      return found
    }
    if passes.count == Self.mostPasses { passes.removeFirst() }
    let pass = TransformerPass(
      transformer: transformer, seqLen: seqLen, batchSize: batchSize, isTraining: wanted,
      seed: seed)
    // Another shape drops out others.
    seed &+= 1
    passes.append(pass)
    return pass
  }

  private static func correct(_ pass: TransformerPass<Float>, _ targets: [Int32]) -> Int {
    guard let logits = pass.logits, let head = pass.head else { return 0 }
    let size = head.outputSize
    var correct = 0
    for (row, target) in targets.enumerated() where target >= 0 {
      let first = unsafe UnsafePointer(logits.pointer) + row * size
      let wanted = unsafe first[Int(target)]
      var isLargest = true
      for token in 0..<size where token != Int(target) {
        if unsafe first[token] >= wanted {
          isLargest = false
          break
        }
      }
      if isLargest { correct += 1 }
    }
    return correct
  }
}
