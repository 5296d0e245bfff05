public import Networks
public import Tensors

/// What a transformer is trained on: sequences that are made from a seed as they are needed.
public protocol TransformerTask: Sendable {
  /// The tokens of the sequences, by their ids.
  var vocabulary: Vocabulary { get }
  /// In training, the first token of a batch stands at a position drawn from 0 to this.
  var largestFirstPosition: Int { get }
  /// Draws a sequence to learn from.
  func example(_ random: inout SeededRandom) -> TransformerExample
  /// Draws a sequence to measure by, of a kind that is never learnt from.
  func heldOutExample(_ random: inout SeededRandom) -> TransformerExample
}

/// A sequence with what its rows should predict.
public struct TransformerExample: Sendable, Equatable {
  public var tokens: [Int32]
  /// As long as the tokens; −1 where nothing is to be predicted.
  public var targets: [Int32]

  public init(tokens: [Int32], targets: [Int32]) {
    self.tokens = tokens
    self.targets = targets
  }
}

extension TransformerTask {
  public var largestFirstPosition: Int { 0 }

  /// Batches of `size` sequences to measure by; the same seed gives the same ones.
  public func heldOutBatches(seed: UInt64, count: Int, size: Int) -> [TransformerBatch] {
    var random = SeededRandom(seed: seed)
    return (0..<(count + size - 1) / size).map { index in
      TransformerBatch(
        examples: (index * size..<min(count, (index + 1) * size)).map { _ in
          heldOutExample(&random)
        })
    }
  }
}

extension TransformerBatch {
  public init(examples: [TransformerExample], firstPosition: Int = 0) {
    self.init(
      sequences: examples.map(\.tokens), targets: examples.map(\.targets),
      firstPosition: firstPosition)
  }
}

/// The batches of a group of updates. The same seed, group and size give the same ones, whatever came
/// before.
///
/// Sequences of about the same length come together, so that little is padded: those of a group are
/// drawn at once, sorted by length and dealt out in a drawn order.
public struct TransformerBatches: Sendable {
  /// Updates whose sequences are drawn together.
  public static let groupSize = 16

  public let group: Int
  public let batches: [TransformerBatch]

  public init(task: any TransformerTask, seed: UInt64, group: Int, batchSize: Int) {
    self.group = group
    var random = SeededRandom(seed: Self.mixed(seed, group))
    let drawn = (0..<Self.groupSize * batchSize).map { _ in task.example(&random) }
    // Of equal lengths, the order stays.
    let order = drawn.indices.sorted {
      (drawn[$0].tokens.count, $0) < (drawn[$1].tokens.count, $1)
    }
    var batches = (0..<Self.groupSize).map { index in
      TransformerBatch(
        examples: order[index * batchSize..<(index + 1) * batchSize].map { drawn[$0] },
        firstPosition: random.below(task.largestFirstPosition + 1))
    }
    batches.shuffle(using: &random)
    self.batches = batches
  }

  /// A seed far from those that weights are drawn from, and from those of other numbers.
  static func mixed(_ seed: UInt64, _ number: Int) -> UInt64 {
    let mixed = (seed &+ 0x6A09_E667_F3BC_C909) &* 0xD134_2543_DE82_EF95
    return mixed ^ (UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15)
  }
}
