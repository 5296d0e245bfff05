/// Everything that a training needs to go on as if it had never stopped, bit for bit.
///
/// It belongs to a network, a text and options that are kept elsewhere.
public struct TrainerSnapshot: Sendable, Equatable {
  /// An array by the name that it has in a file.
  public struct Array: Sendable, Equatable {
    public let name: String
    public let values: [Float]

    public init(name: String, values: [Float]) {
      self.name = name
      self.values = values
    }
  }

  /// The array that holds the weights.
  public static let parameters = "parameters"

  /// Updates done.
  public var updateCount: Int
  /// Epochs done.
  public var epoch: Int
  /// The next update of the epoch.
  public var position: Int
  /// The optimiser's own count.
  public var optimizerStepCount: Int
  /// The losses of this epoch, and those of the one before.
  public var currentLoss: LossMean
  public var lastLoss: LossMean
  /// All weights, then the optimiser's moments, then the carried states.
  public var arrays: [Array]

  public init(
    updateCount: Int, epoch: Int, position: Int, optimizerStepCount: Int, currentLoss: LossMean,
    lastLoss: LossMean, arrays: [Array]
  ) {
    self.updateCount = updateCount
    self.epoch = epoch
    self.position = position
    self.optimizerStepCount = optimizerStepCount
    self.currentLoss = currentLoss
    self.lastLoss = lastLoss
    self.arrays = arrays
  }

  /// The values of named arrays of the lengths that a trainer expects.
  func values(for wanted: [(name: String, count: Int)]) throws(SnapshotError) -> [[Float]] {
    var found: [[Float]] = []
    for (name, count) in wanted {
      let array = arrays.first { $0.name == name }
      guard let array, array.values.count == count else {
        throw SnapshotError(
          name: name, expected: "\(count) numbers",
          found: array.map { "\($0.values.count)" } ?? "none")
      }
      found.append(array.values)
    }
    return found
  }
}

/// A mean loss over many tokens, as its sum.
public struct LossMean: Sendable, Equatable {
  /// - Units: nats.
  public var sum: Double
  public var tokenCount: Int

  public init(sum: Double = 0, tokenCount: Int = 0) {
    self.sum = sum
    self.tokenCount = tokenCount
  }

  /// Nats per token; nil where there were none.
  public var mean: Double? { tokenCount == 0 ? nil : sum / Double(tokenCount) }

  public mutating func add(_ other: LossMean) {
    sum += other.sum
    tokenCount += other.tokenCount
  }
}

/// A snapshot does not belong to this trainer.
public struct SnapshotError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The array or number that does not fit.
  public let name: String
  public let expected: String
  public let found: String

  public var description: String { "\(name): expected \(expected), found \(found)" }
}
