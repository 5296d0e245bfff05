/// The sizes that a block is put to work with.
public struct BlockSizes: Hashable, Sendable {
  /// D, the columns of X.
  public let modelSize: Int
  /// How many heads there are; each has D / heads columns.
  public let headCount: Int
  /// F, the width of the feed-forward net: every size that nothing else tells.
  public let feedForwardSize: Int

  /// - Precondition: `headCount` divides `modelSize`.
  public init(modelSize: Int, headCount: Int, feedForwardSize: Int) {
    precondition(
      modelSize > 0 && headCount > 0 && feedForwardSize > 0 && modelSize % headCount == 0,
      "D = \(modelSize), \(headCount) heads, F = \(feedForwardSize)")
    self.modelSize = modelSize
    self.headCount = headCount
    self.feedForwardSize = feedForwardSize
  }

  /// d_k.
  public var headSize: Int { modelSize / headCount }
}

/// A size in a block that is known only when the block is put to work.
enum BlockDimension: Hashable, Sendable {
  /// The rows of an input: 0 is X.
  case rows(Int)
  /// D.
  case model
  /// d_k.
  case head
  /// F.
  case feedForward
  /// A size of a parameter that is still to be found: it is no number of rows.
  case free(Int)

  /// A size that does not depend on the sequence.
  func size(_ sizes: BlockSizes) -> Int {
    switch self {
    case .model: sizes.modelSize
    case .head: sizes.headSize
    case .feedForward: sizes.feedForwardSize
    case .rows, .free: preconditionFailure("the size \(self) is not fixed")
    }
  }

  func text(inputs: [Identifier]) -> String {
    switch self {
    case .rows(let index): index == 0 ? "T" : "T_\(inputs[index])"
    case .model: "D"
    case .head: "d_k"
    case .feedForward: "F"
    case .free: "n"
    }
  }
}

/// Unifies the sizes of a block.
struct BlockDimensionSolver {
  private var solved: [Int: BlockDimension] = [:]
  private var count = 0

  mutating func fresh() -> BlockDimension {
    count += 1
    return .free(count)
  }

  func resolve(_ dimension: BlockDimension) -> BlockDimension {
    var result = dimension
    while case .free(let index) = result, let known = solved[index] { result = known }
    return result
  }

  /// States that two sizes are equal; false where they can't be.
  mutating func unify(_ a: BlockDimension, _ b: BlockDimension) -> Bool {
    let left = resolve(a), right = resolve(b)
    switch (left, right) {
    case _ where left == right: return true
    case (.rows, _), (_, .rows): return false
    case (.free(let index), _): solved[index] = right
    case (_, .free(let index)): solved[index] = left
    default: return false
    }
    return true
  }
}

/// The shape of an expression of a block.
enum BlockShape: Sendable {
  case number
  /// A parameter that is added to, or multiplies, every row.
  case vector(BlockDimension, isPerHead: Bool)
  case matrix(rows: BlockDimension, columns: BlockDimension, isPerHead: Bool)
}
