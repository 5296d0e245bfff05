public import CKernels
internal import COpenBLAS

/// The compute core in double precision.
extension Double: TensorScalar {
  public static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, alpha: Double,
    a: UnsafePointer<Double>, lda: Int, b: UnsafePointer<Double>, ldb: Int,
    beta: Double, c: UnsafeMutablePointer<Double>, ldc: Int
  ) {
    guard m > 0, n > 0 else { return }
    unsafe cblas_dgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
      transposeB ? CblasTrans : CblasNoTrans, blasint(m), blasint(n), blasint(k), alpha,
      a, blasint(lda), b, blasint(ldb), beta, c, blasint(ldc))
  }

  public static func packedSize(k: Int, n: Int) -> Int { unroll_packed_size_f64(k, n) }

  public static func pack(
    k: Int, n: Int, from matrix: UnsafePointer<Double>, ld: Int, transposed: Bool,
    depth: Int, into packed: UnsafeMutablePointer<Double>
  ) {
    unsafe unroll_pack_f64(k, n, matrix, ld, transposed ? 1 : 0, depth, packed)
  }

  public static func multiplyPacked(
    transposeA: Bool, m: Int, n: Int, k: Int, a: UnsafePointer<Double>, lda: Int,
    packed: UnsafePointer<Double>, c: UnsafeMutablePointer<Double>, ldc: Int
  ) {
    unsafe unroll_multiply_packed_f64(m, n, k, a, lda, transposeA ? 1 : 0, packed, c, ldc)
  }

  public static func multiplyVector(
    _ parts: UnsafePointer<unroll_rows>, count: Int, k: Int, upwards: Bool,
    x: UnsafePointer<Double>, to y: UnsafeMutablePointer<Double>
  ) {
    unsafe unroll_multiply_vector_f64(parts, count, k, upwards ? 1 : 0, x, y)
  }

  public static func multiplyVectorTransposed(
    _ parts: UnsafePointer<unroll_rows>, count: Int, k: Int, upwards: Bool,
    y: UnsafePointer<Double>, to x: UnsafeMutablePointer<Double>
  ) {
    unsafe unroll_multiply_vector_transposed_f64(parts, count, k, upwards ? 1 : 0, y, x)
  }

  public static func run(
    _ program: UnsafePointer<unroll_instruction>, count: Int,
    operands: UnsafePointer<unroll_operand>, scratch: UnsafeMutablePointer<Double>, block: Int,
    rows: Int, columns: Int
  ) {
    unsafe unroll_run_f64(program, count, operands, scratch, block, rows, columns)
  }

  public static func softmax(
    rows: Int, n: Int, x: UnsafePointer<Double>, ldx: Int, y: UnsafeMutablePointer<Double>, ldy: Int
  ) {
    unsafe unroll_softmax_f64(rows, n, x, ldx, y, ldy)
  }

  public static func softmaxBackward(
    rows: Int, n: Int, y: UnsafePointer<Double>, ldy: Int, dy: UnsafePointer<Double>, lddy: Int,
    dx: UnsafeMutablePointer<Double>, lddx: Int
  ) {
    unsafe unroll_softmax_backward_f64(rows, n, y, ldy, dy, lddy, dx, lddx)
  }

  public static func normalize(
    rows: Int, n: Int, x: UnsafePointer<Double>, ldx: Int, epsilon: Double,
    y: UnsafeMutablePointer<Double>, ldy: Int, rstd: UnsafeMutablePointer<Double>
  ) {
    unsafe unroll_normalize_f64(rows, n, x, ldx, epsilon, y, ldy, rstd)
  }

  public static func normalizeBackward(
    rows: Int, n: Int, y: UnsafePointer<Double>, ldy: Int, rstd: UnsafePointer<Double>,
    dy: UnsafePointer<Double>, lddy: Int, dx: UnsafeMutablePointer<Double>, lddx: Int
  ) {
    unsafe unroll_normalize_backward_f64(rows, n, y, ldy, rstd, dy, lddy, dx, lddx)
  }

  public static func addColumnSums(
    rows: Int, n: Int, x: UnsafePointer<Double>, ldx: Int, into sums: UnsafeMutablePointer<Double>
  ) {
    unsafe unroll_column_sums_f64(rows, n, x, ldx, sums)
  }

  public static func rowNorms(
    rows: Int, n: Int, x: UnsafePointer<Double>, ldx: Int, into norms: UnsafeMutablePointer<Double>
  ) {
    unsafe unroll_row_norms_f64(rows, n, x, ldx, norms)
  }

  public static func crossEntropy(
    rows: Int, n: Int, logits: UnsafePointer<Double>, ldx: Int, targets: UnsafePointer<Int32>,
    probabilities: UnsafeMutablePointer<Double>, ldy: Int, losses: UnsafeMutablePointer<Double>
  ) {
    unsafe unroll_cross_entropy_f64(rows, n, logits, ldx, targets, probabilities, ldy, losses)
  }

  public static func sumOfSquares(_ count: Int, _ x: UnsafePointer<Double>) -> Double {
    unsafe unroll_sum_squares_f64(count, x)
  }

  public static func firstNonFinite(_ count: Int, _ x: UnsafePointer<Double>) -> Int {
    unsafe Int(unroll_first_nonfinite_f64(count, x))
  }

  public static func addScaled(
    _ count: Int, alpha: Double, x: UnsafePointer<Double>, to y: UnsafeMutablePointer<Double>
  ) {
    unsafe unroll_axpy_f64(count, alpha, x, y)
  }
}
