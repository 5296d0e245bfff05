public import CKernels

/// A floating-point type that tensors can hold: `Float` for work, `Double` for gradient checks.
///
/// The requirements are the compute core: BLAS products and the kernels of `CKernels`. All matrices
/// are row-major; `ld…` are row strides in elements. Shapes are checked by the callers, once per
/// pass and not per product.
public protocol TensorScalar: BinaryFloatingPoint, LosslessStringConvertible, Sendable
where Self.RawSignificand: FixedWidthInteger {
  /// C[m,n] = alpha · op(A)[m,k] · op(B)[k,n] + beta · C.
  static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, alpha: Self,
    a: UnsafePointer<Self>, lda: Int, b: UnsafePointer<Self>, ldb: Int,
    beta: Self, c: UnsafeMutablePointer<Self>, ldc: Int)

  /// Columns that are packed together: a panel.
  static var panelWidth: Int { get }
  /// The number of elements that a packed `[k, n]` matrix takes.
  static func packedSize(k: Int, n: Int) -> Int
  /// Packs a `[k, n]` right factor, or a part of it; `transposed` reads it from a row-major `[n, k]`
  /// matrix. `depth` is the whole factor's k.
  static func pack(
    k: Int, n: Int, from matrix: UnsafePointer<Self>, ld: Int, transposed: Bool, depth: Int,
    into packed: UnsafeMutablePointer<Self>)
  /// C[m,n] += op(A)[m,k] · packed[k,n].
  static func multiplyPacked(
    transposeA: Bool, m: Int, n: Int, k: Int, a: UnsafePointer<Self>, lda: Int,
    packed: UnsafePointer<Self>, c: UnsafeMutablePointer<Self>, ldc: Int)

  /// y += W · x for the rows of W in some parts, of k columns. `upwards` walks the rows from the
  /// last to the first, which finds the rows in the cache that a walk downwards read last.
  static func multiplyVector(
    _ parts: UnsafePointer<unroll_rows>, count: Int, k: Int, upwards: Bool, x: UnsafePointer<Self>,
    to y: UnsafeMutablePointer<Self>)
  /// x += Wᵀ · y. The order of the sums is that of the walk.
  static func multiplyVectorTransposed(
    _ parts: UnsafePointer<unroll_rows>, count: Int, k: Int, upwards: Bool, y: UnsafePointer<Self>,
    to x: UnsafeMutablePointer<Self>)

  /// Runs a straight list of elementwise instructions over rows × columns (see `CKernels.h`).
  static func run(
    _ program: UnsafePointer<unroll_instruction>, count: Int,
    operands: UnsafePointer<unroll_operand>, scratch: UnsafeMutablePointer<Self>, block: Int,
    rows: Int, columns: Int)

  /// y = softmax of each row of x.
  static func softmax(
    rows: Int, n: Int, x: UnsafePointer<Self>, ldx: Int, y: UnsafeMutablePointer<Self>, ldy: Int)
  /// dx = y ⊙ (dy − Σ dy ⊙ y), row by row.
  static func softmaxBackward(
    rows: Int, n: Int, y: UnsafePointer<Self>, ldy: Int, dy: UnsafePointer<Self>, lddy: Int,
    dx: UnsafeMutablePointer<Self>, lddx: Int)
  /// y = (x − mean) / √(variance + epsilon), row by row; `rstd` gets 1/√(variance + epsilon).
  static func normalize(
    rows: Int, n: Int, x: UnsafePointer<Self>, ldx: Int, epsilon: Double,
    y: UnsafeMutablePointer<Self>, ldy: Int, rstd: UnsafeMutablePointer<Self>)
  /// dx = rstd · (dy − mean(dy) − y · mean(dy ⊙ y)), row by row.
  static func normalizeBackward(
    rows: Int, n: Int, y: UnsafePointer<Self>, ldy: Int, rstd: UnsafePointer<Self>,
    dy: UnsafePointer<Self>, lddy: Int, dx: UnsafeMutablePointer<Self>, lddx: Int)
  /// sums[j] += Σ over rows of x[row, j].
  static func addColumnSums(
    rows: Int, n: Int, x: UnsafePointer<Self>, ldx: Int, into sums: UnsafeMutablePointer<Self>)
  /// norms[row] = ‖x[row]‖₂, accumulated in Double.
  static func rowNorms(
    rows: Int, n: Int, x: UnsafePointer<Self>, ldx: Int, into norms: UnsafeMutablePointer<Double>)
  /// Softmax and cross-entropy in nats of each row; target −1 means none (loss 0).
  static func crossEntropy(
    rows: Int, n: Int, logits: UnsafePointer<Self>, ldx: Int, targets: UnsafePointer<Int32>,
    probabilities: UnsafeMutablePointer<Self>, ldy: Int, losses: UnsafeMutablePointer<Double>)

  /// Σ x², in Double.
  static func sumOfSquares(_ count: Int, _ x: UnsafePointer<Self>) -> Double
  /// The index of the first NaN or infinity, or `count`.
  static func firstNonFinite(_ count: Int, _ x: UnsafePointer<Self>) -> Int
  /// y += alpha · x.
  static func addScaled(
    _ count: Int, alpha: Self, x: UnsafePointer<Self>, to y: UnsafeMutablePointer<Self>)
}

extension TensorScalar {
  public static var panelWidth: Int { 128 / MemoryLayout<Self>.stride }
}
