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
  private let offsets: [Int]
  private let constantOffsets: [Int]
  private let deviationOffsets: [Int]
  var gradientArena: Buffer<Scalar>?
  private let gradientCount: Int
  private let gradientOffsets: [Int]
  private let besideOffsets: [Int: Int]
  let elementwise: BlockElementwiseRunner<Scalar>
  let additive: AdditiveScores<Scalar>?
  var arguments: Arguments?

  /// What a run works on besides the pass's own buffers.
  struct Arguments {
    let inputs: [BufferView<Scalar>]
    let parameters: ParameterSlice<Scalar>
    var inputGradients: [BufferView<Scalar>] = []
    var parameterGradients: ParameterSlice<Scalar>?
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

  private func count(of equation: Int) -> Int { shape(of: equation).reduce(batchSize, *) }

  /// The block's result, `[B, T, D]`.
  public var output: BufferView<Scalar> { values(of: plan.block.equations.count - 1) }

  /// Where ∂L/∂output is put before `backward`, `[B, T, D]`.
  public var outputGradient: BufferView<Scalar> {
    beginGradients()
    return gradients(of: plan.block.equations.count - 1) ?? output
  }

  // MARK: Places

  /// Where a storage is. `Storage.value` and the like count the plan's values.
  @unsafe func place(_ storage: Storage) -> BlockPlace<Scalar> {
    switch storage {
    case .value(let index): unsafe place(pointer(toValue: index), plan.values[index].layout)
    case .valueGradient(let index):
      unsafe place(pointer(toGradient: index), plan.values[index].layout)
    case .rowGradient(let index):
      unsafe place(gradients(besideOffsets[index] ?? 0), plan.values[index].layout)
    case .parameter(let index):
      unsafe place(arguments?.parameters.pointer(index) ?? arena.base, parameter: index)
    case .parameterGradient(let index):
      unsafe place(arguments?.parameterGradients?.pointer(index) ?? arena.base, parameter: index)
    case .kept(let index):
      switch plan.constantMatrices[index] {
      case .mask(let rows, let columns):
        unsafe BlockPlace(
          base: arena.base + constantOffsets[index], rows: rowCounts[rows],
          columns: rowCounts[columns], rowStride: rowCounts[columns], headStride: 0,
          batchStride: rowCounts[rows] * rowCounts[columns])
      case .dropout(_, let layout): unsafe place(arena.base + constantOffsets[index], layout)
      }
    default: preconditionFailure("a block has no \(storage)")
    }
  }

  @unsafe private func gradients(_ offset: Int) -> UnsafeMutablePointer<Scalar> {
    guard let gradientArena else { preconditionFailure("no gradients yet") }
    return unsafe gradientArena.base + offset
  }

  @unsafe private func pointer(toValue index: Int) -> UnsafeMutablePointer<Scalar> {
    let root = plan.root(index)
    if let input = plan.values[root].input {
      guard let arguments else { preconditionFailure("no inputs yet") }
      return unsafe arguments.inputs[input].pointer
    }
    return unsafe arena.base + offsets[root]
  }

  @unsafe private func pointer(toGradient index: Int) -> UnsafeMutablePointer<Scalar> {
    let root = plan.root(index)
    if let input = plan.values[root].input {
      guard let arguments else { preconditionFailure("no inputs yet") }
      return unsafe arguments.inputGradients[input].pointer
    }
    return unsafe gradients(gradientOffsets[plan.gradientHome[root]])
  }

  @unsafe private func place(
    _ base: UnsafeMutablePointer<Scalar>, _ layout: BlockLayout
  ) -> BlockPlace<Scalar> {
    let heads = layout.isPerHead ? plan.sizes.headCount : 1
    let rows = rowCounts[layout.rows]
    switch layout.columns {
    case .fixed(let columns):
      return unsafe BlockPlace(
        base: base, rows: rows, columns: columns, rowStride: heads * columns,
        headStride: layout.isPerHead ? columns : 0, batchStride: rows * heads * columns)
    case .tokens(let input):
      let columns = rowCounts[input]
      return unsafe BlockPlace(
        base: base, rows: rows, columns: columns, rowStride: columns,
        headStride: layout.isPerHead ? rows * columns : 0, batchStride: heads * rows * columns)
    }
  }

  @unsafe private func place(
    _ base: UnsafeMutablePointer<Scalar>, parameter index: Int
  ) -> BlockPlace<Scalar> {
    let shape = plan.parameterShapes[index]
    let parameter = plan.block.parameters[index]
    let width = shape[shape.count - 1]
    let columns = parameter.isPerHead ? width / plan.sizes.headCount : width
    return unsafe BlockPlace(
      base: base, rows: parameter.isMatrix ? shape[0] : 1, columns: columns,
      rowStride: parameter.isMatrix ? width : 0, headStride: parameter.isPerHead ? columns : 0,
      batchStride: 0)
  }

  /// 1/σ (1/length) of each row of a value that normalize (unit) gave, `[heads, B, T]`.
  @unsafe func deviations(_ value: Int) -> UnsafeMutablePointer<Scalar> {
    unsafe arena.base + deviationOffsets[value]
  }

  // MARK: Masks

  /// Says which keys each query may look at.
  ///
  /// M is what it is beside: with scores of X by X it hides padding and, where causal, later tokens;
  /// with scores of X by E the padding of E alone.
  ///
  /// - Parameters:
  ///   - isCausal: whether a token of X sees no later token of X.
  ///   - lengths: per input, how many rows of each sequence are real; nil for all.
  public func setMask(isCausal: Bool, lengths: [[Int]?] = []) {
    for (index, matrix) in plan.constantMatrices.enumerated() {
      guard case .mask(let rows, let columns) = matrix else { continue }
      let (queries, keys) = (rowCounts[rows], rowCounts[columns])
      let known = columns < lengths.count ? lengths[columns] : nil
      for sequence in 0..<batchSize {
        let length = known?[sequence] ?? keys
        for query in 0..<queries {
          let end = isCausal && rows == 0 && columns == 0 ? min(length, query + 1) : length
          let row =
            unsafe arena.base + constantOffsets[index]
            + (sequence * queries + query) * keys
          unsafe row.update(repeating: 0, count: end)
          unsafe (row + end).update(repeating: -.infinity, count: keys - end)
        }
      }
    }
  }

  /// Draws which elements are dropped: each with probability `rate`; the others grow by 1/(1 − rate)
  /// to make up for them.
  ///
  /// - Source: Srivastava et al. 2014, in the "inverted" form of torch.nn.Dropout.
  public func drawDropout(rate: Double, _ random: inout SeededRandom) {
    precondition(rate >= 0 && rate < 1, "a dropout rate of \(rate)")
    for (index, matrix) in plan.constantMatrices.enumerated() {
      guard case .dropout(let equation, _) = matrix else { continue }
      unsafe random.dropout(
        rate: rate, arena.base + constantOffsets[index], count: count(of: equation))
    }
  }

  private func fill(constant index: Int, _ value: Scalar) {
    guard case .dropout(let equation, _) = plan.constantMatrices[index] else { return }
    unsafe (arena.base + constantOffsets[index])
      .update(repeating: value, count: count(of: equation))
  }
}

extension SeededRandom {
  /// Fills a mask: 0 with probability `rate`, else 1/(1 − rate).
  @unsafe public mutating func dropout<Scalar: TensorScalar>(
    rate: Double, _ mask: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    let kept = Scalar(1 / (1 - rate))
    // 32 bits an element: two elements from each number.
    let threshold = UInt64(rate * 0x1p32)
    var index = 0
    while index < count {
      let bits = next()
      unsafe mask[index] = bits & 0xFFFF_FFFF < threshold ? 0 : kept
      if index + 1 < count { unsafe mask[index + 1] = bits >> 32 < threshold ? 0 : kept }
      index += 2
    }
  }
}

/// Where the matrices of a value, a parameter or a gradient are, per sequence and head.
@unsafe struct BlockPlace<Scalar: TensorScalar> {
  let base: UnsafeMutablePointer<Scalar>
  /// Of one head's matrix; strides in elements.
  let rows: Int
  let columns: Int
  let rowStride: Int
  let headStride: Int
  let batchStride: Int

  func pointer(sequence: Int, head: Int) -> UnsafeMutablePointer<Scalar> {
    unsafe base + sequence * batchStride + head * headStride
  }
}
