public import Tensors

/// A block run on a batch of sequences: every value, and after `backward` the gradient of each.
///
/// The buffers that backpropagation needs are the buffers that are looked at. All of them are parts
/// of two arenas, one for values and one for gradients, which are used again by every run. A pass is
/// used by one thread at a time.
public final class BlockPass<Scalar: TensorScalar> {
  public let plan: BlockPlan
  /// The rows of each input: T of X first.
  public let rowCounts: [Int]
  public let batchSize: Int

  let arena: Buffer<Scalar>
  let offsets: [Int]
  let constantOffsets: [Int]
  let deviationOffsets: [Int]
  var gradientArena: Buffer<Scalar>?
  private let gradientCount: Int
  let gradientOffsets: [Int]
  let besideOffsets: [Int: Int]
  let elementwise: BlockElementwiseRunner<Scalar>
  let additive: AdditiveScores<Scalar>?
  var arguments: Arguments?
  /// How many rows of X the values are known of, from row 0 on.
  var knownRows = 0

  /// What a run works on besides the pass's own buffers.
  struct Arguments {
    let inputs: [BufferView<Scalar>]
    let parameters: ParameterSlice<Scalar>
    var inputGradients: [BufferView<Scalar>] = []
    var parameterGradients: ParameterSlice<Scalar>?
    /// The row of X that is run alone; nil for all of them.
    var row: Int?
  }

  /// - Parameters:
  ///   - plan: the block, compiled for its sizes.
  ///   - rowCounts: T of X, then the rows of each further input.
  ///   - batchSize: B, at least 1.
  public init(plan: BlockPlan, rowCounts: [Int], batchSize: Int = 1) {
    precondition(
      rowCounts.count == plan.block.inputs.count && batchSize > 0
        && rowCounts.allSatisfy { $0 > 0 },
      "rows \(rowCounts), B = \(batchSize) for the inputs \(plan.block.inputs)")
    self.plan = plan
    self.rowCounts = rowCounts
    self.batchSize = batchSize
    let heads = plan.sizes.headCount
    func count(_ layout: BlockLayout) -> Int {
      let columns =
        switch layout.columns {
        case .fixed(let columns): columns
        case .tokens(let input): rowCounts[input]
        }
      return batchSize * rowCounts[layout.rows] * columns * (layout.isPerHead ? heads : 1)
    }
    var size = 0
    // Each part starts on a cache line.
    func room(_ count: Int) -> Int {
      defer { size += (count + 15) & ~15 }
      return size
    }
    func isOwn(_ value: BlockValue) -> Bool { value.input == nil && value.joined == nil }
    offsets = plan.values.map { isOwn($0) ? room(count($0.layout)) : 0 }
    constantOffsets = plan.constantMatrices.map { matrix in
      switch matrix {
      case .mask(let rows, let columns): room(batchSize * rowCounts[rows] * rowCounts[columns])
      case .dropout(_, let layout): room(count(layout))
      }
    }
    deviationOffsets = plan.values.map { room(batchSize * rowCounts[$0.layout.rows] * heads) }
    arena = Buffer(count: size)
    size = 0
    gradientOffsets = plan.values.enumerated().map { index, value in
      isOwn(value) && plan.gradientHome[index] == index ? room(count(value.layout)) : 0
    }
    besideOffsets = Dictionary(
      uniqueKeysWithValues: plan.besides.map { ($0, room(count(plan.values[$0].layout))) })
    gradientCount = size
    elementwise = BlockElementwiseRunner(plan: plan)
    additive = AdditiveScores(plan: plan, mostKeys: rowCounts.max() ?? 1)
    for index in plan.constantMatrices.indices {
      if case .dropout = plan.constantMatrices[index] { fill(constant: index, 1) }
    }
  }

  /// Bytes of the buffers, gradients included once there are any.
  public var byteCount: Int {
    (arena.count + (gradientArena?.count ?? 0)) * MemoryLayout<Scalar>.stride
  }

  func beginGradients() {
    if gradientArena == nil { gradientArena = Buffer(count: gradientCount) }
  }

  // MARK: Reading

  /// `[T, columns]` or `[heads, T, keys]` of an equation's value; heads side by side in the columns
  /// of the first kind.
  public func shape(of equation: Int) -> [Int] {
    let layout = plan.value(ofEquation: equation).layout
    let rows = rowCounts[layout.rows]
    let heads = layout.isPerHead ? plan.sizes.headCount : 1
    switch layout.columns {
    case .fixed(let columns): return [rows, columns * heads]
    case .tokens(let input): return [heads, rows, rowCounts[input]]
    }
  }

  /// An equation's value, `[B]` of `shape(of:)`.
  public func values(of equation: Int) -> BufferView<Scalar> {
    BufferView(
      arena, offset: offsets[plan.valueOfEquation[equation]], count: count(of: equation))
  }

  /// ∂L/∂value; nil before `backward`.
  public func gradients(of equation: Int) -> BufferView<Scalar>? {
    gradientArena.map {
      let home = plan.gradientHome[plan.valueOfEquation[equation]]
      return BufferView($0, offset: gradientOffsets[home], count: count(of: equation))
    }
  }

  func count(of equation: Int) -> Int { shape(of: equation).reduce(batchSize, *) }

  /// The block's result, `[B, T, D]`.
  public var output: BufferView<Scalar> { values(of: plan.block.equations.count - 1) }

  /// Where ∂L/∂output is put before `backward`, `[B, T, D]`.
  public var outputGradient: BufferView<Scalar> {
    beginGradients()
    return gradients(of: plan.block.equations.count - 1) ?? output
  }
}
