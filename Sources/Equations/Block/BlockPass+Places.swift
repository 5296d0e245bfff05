internal import Tensors

extension BlockPass {
  // MARK: Extents

  /// The tokens of an input that a run can look at: of X those up to a row that is run alone.
  private func knownTokens(of input: Int) -> Int {
    guard input == 0, let row = arguments?.row else { return rowCounts[input] }
    return row + 1
  }

  /// The rows of a value that a run computes.
  func rows(of layout: BlockLayout) -> Range<Int> {
    guard layout.rows == 0, let row = arguments?.row else { return 0..<rowCounts[layout.rows] }
    return row..<row + 1
  }

  /// The columns of one head's rows that a run computes.
  func columns(of layout: BlockLayout) -> Int {
    switch layout.columns {
    case .fixed(let columns): columns
    case .tokens(let input): knownTokens(of: input)
    }
  }

  // MARK: Places

  /// Where the rows of a storage are. `Storage.value` and the like count the plan's values.
  ///
  /// Those that the run computes, or, as a product reads keys, all that are `known`.
  @unsafe func place(_ storage: Storage, known: Bool = false) -> BlockPlace<Scalar> {
    switch storage {
    case .value(let index):
      unsafe place(pointer(toValue: index), plan.values[index].layout, known: known)
    case .valueGradient(let index):
      unsafe place(pointer(toGradient: index), plan.values[index].layout)
    case .rowGradient(let index):
      unsafe place(gradients(besideOffsets[index] ?? 0), plan.values[index].layout)
    case .parameter(let index):
      unsafe place(arguments?.parameters.pointer(index) ?? arena.base, parameter: index)
    case .parameterGradient(let index):
      unsafe place(arguments?.parameterGradients?.pointer(index) ?? arena.base, parameter: index)
    case .kept(let index):
      unsafe place(arena.base + constantOffsets[index], plan.constantMatrices[index].layout)
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

  @unsafe func place(
    _ base: UnsafeMutablePointer<Scalar>, _ layout: BlockLayout, known: Bool = false
  ) -> BlockPlace<Scalar> {
    let heads = layout.isPerHead ? plan.sizes.headCount : 1
    let allRows = rowCounts[layout.rows]
    let rowStride: Int, headStride: Int
    switch layout.columns {
    case .fixed(let columns):
      rowStride = heads * columns
      headStride = layout.isPerHead ? columns : 0
    case .tokens(let input):
      rowStride = rowCounts[input]
      headStride = layout.isPerHead ? allRows * rowStride : 0
    }
    let batchStride: Int
    switch layout.columns {
    case .fixed: batchStride = allRows * rowStride
    case .tokens: batchStride = heads * allRows * rowStride
    }
    let rows = known ? 0..<knownTokens(of: layout.rows) : rows(of: layout)
    return unsafe BlockPlace(
      base: base + rows.lowerBound * rowStride, rows: rows.count, columns: columns(of: layout),
      rowStride: rowStride, headStride: headStride, batchStride: batchStride)
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
