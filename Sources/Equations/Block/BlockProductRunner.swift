internal import Tensors

/// A product over all sequences and heads, as few BLAS calls as its strides allow.
///
/// Where sequences (or heads) lie behind each other in memory they become rows, columns or summands of
/// one large product: the queries of all heads and sequences are one call. The others are a call each.
@unsafe struct BatchedProduct<Scalar: TensorScalar> {
  private struct Loop {
    var count: Int
    let left: Int
    let right: Int
    let result: Int
  }

  private let left: BlockPlace<Scalar>
  private let right: BlockPlace<Scalar>
  private let result: BlockPlace<Scalar>
  private let leftIsTransposed: Bool
  private let rightIsTransposed: Bool
  private var m: Int
  private var n: Int
  private var k: Int
  private var leftStride: Int
  private var resultStride: Int
  private var heads: Loop
  private var sequences: Loop

  init(
    left: BlockPlace<Scalar>, isTransposed leftIsTransposed: Bool, right: BlockPlace<Scalar>,
    isTransposed rightIsTransposed: Bool, result: BlockPlace<Scalar>, headCount: Int,
    batchSize: Int
  ) {
    unsafe self.left = unsafe left
    unsafe self.right = unsafe right
    unsafe self.result = unsafe result
    unsafe self.leftIsTransposed = leftIsTransposed
    unsafe self.rightIsTransposed = rightIsTransposed
    unsafe m = unsafe result.rows
    unsafe n = unsafe result.columns
    unsafe k = unsafe leftIsTransposed ? left.rows : left.columns
    unsafe leftStride = unsafe left.rowStride
    unsafe resultStride = unsafe result.rowStride
    unsafe heads = unsafe Loop(
      count: headCount, left: left.headStride, right: right.headStride, result: result.headStride)
    unsafe sequences = unsafe Loop(
      count: batchSize, left: left.batchStride, right: right.batchStride,
      result: result.batchStride)
    // A loop that nothing depends on runs once.
    if unsafe heads.left == 0 && heads.right == 0 && heads.result == 0 {
      unsafe heads.count = 1
    }
    unsafe heads = folded(heads)
    unsafe sequences = folded(sequences)
  }

  /// Makes a loop a part of m, n or k where the matrices lie behind each other.
  private mutating func folded(_ loop: Loop) -> Loop {
    guard loop.count > 1 else { return loop }
    let (leftRow, leftInner) = unsafe leftIsTransposed ? (1, leftStride) : (leftStride, 1)
    let (rightInner, rightColumn) =
      unsafe rightIsTransposed ? (1, right.rowStride) : (right.rowStride, 1)
    if unsafe loop.right == 0 && loop.left == m * leftRow && loop.result == m * resultStride {
      unsafe m *= loop.count
    } else if unsafe m == 1 && !leftIsTransposed && loop.right == 0 && loop.left >= k
      && loop.result >= n
    {
      // One row each: they need not lie behind each other, only be equally far apart.
      unsafe m = loop.count
      unsafe leftStride = loop.left
      unsafe resultStride = loop.result
    } else if unsafe loop.left == 0 && loop.right == n * rightColumn && loop.result == n {
      unsafe n *= loop.count
    } else if unsafe loop.result == 0 && loop.left == k * leftInner
      && loop.right == k * rightInner
    {
      unsafe k *= loop.count
    } else {
      return loop
    }
    return Loop(count: 1, left: 0, right: 0, result: 0)
  }

  func run(scale: Scalar, accumulates: Bool) {
    let (sequenceCount, headCount) = unsafe (sequences.count, heads.count)
    for sequence in 0..<sequenceCount {
      for head in 0..<headCount {
        // What several heads or sequences add to is overwritten by the first one only.
        let isFirst =
          unsafe (head == 0 || heads.result != 0)
          && (sequence == 0 || sequences.result != 0)
        unsafe Scalar.gemm(
          transposeA: leftIsTransposed, transposeB: rightIsTransposed, m: m, n: n, k: k,
          alpha: scale, a: left.pointer(sequence: sequence, head: head), lda: leftStride,
          b: right.pointer(sequence: sequence, head: head), ldb: right.rowStride,
          beta: accumulates || !isFirst ? 1 : 0,
          c: result.pointer(sequence: sequence, head: head), ldc: resultStride)
      }
    }
  }
}

extension BlockPass {
  /// Where the rows of X are run one at a time, the left factor and the result are restricted to the
  /// row; the right factor is whole, as far as it is known.
  func run(_ product: BlockProduct) {
    let result = unsafe place(product.target)
    var accumulates = product.accumulates
    if let bias = product.bias {
      fillRows(product.target, bias: bias)
      accumulates = true
    }
    let batched = unsafe BatchedProduct(
      left: place(product.left.storage), isTransposed: product.left.isTransposed,
      right: place(product.right.storage, known: true), isTransposed: product.right.isTransposed,
      result: result, headCount: plan.sizes.headCount, batchSize: batchSize)
    unsafe batched.run(scale: Scalar(product.scale), accumulates: accumulates)
  }

  /// Every row of the product begins with the bias, of all heads at once.
  private func fillRows(_ target: Storage, bias: Int) {
    let result = unsafe place(target)
    let source = unsafe place(.parameter(bias)).base
    let width = unsafe result.rowStride
    for sequence in 0..<batchSize {
      let first = unsafe result.pointer(sequence: sequence, head: 0)
      for row in unsafe 0..<result.rows {
        unsafe (first + row * width).update(from: source, count: width)
      }
    }
  }
}
