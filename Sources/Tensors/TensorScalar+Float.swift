public import CKernels
internal import COpenBLAS

/// The compute core in single precision.
extension Float: TensorScalar {
  public static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, alpha: Float,
    a: UnsafePointer<Float>, lda: Int, b: UnsafePointer<Float>, ldb: Int,
    beta: Float, c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    guard m > 0, n > 0 else { return }
    unsafe cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
      transposeB ? CblasTrans : CblasNoTrans, blasint(m), blasint(n), blasint(k), alpha,
      a, blasint(lda), b, blasint(ldb), beta, c, blasint(ldc))
  }

  public static func packedSize(k: Int, n: Int) -> Int { unroll_packed_size_f32(k, n) }

  public static func pack(
    k: Int, n: Int, from matrix: UnsafePointer<Float>, ld: Int, transposed: Bool,
    depth: Int, into packed: UnsafeMutablePointer<Float>
  ) {
    unsafe unroll_pack_f32(k, n, matrix, ld, transposed ? 1 : 0, depth, packed)
  }

  public static func multiplyPacked(
    transposeA: Bool, m: Int, n: Int, k: Int, a: UnsafePointer<Float>, lda: Int,
    packed: UnsafePointer<Float>, c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    unsafe unroll_multiply_packed_f32(m, n, k, a, lda, transposeA ? 1 : 0, packed, c, ldc)
  }

  public static func multiplyVector(
    _ parts: UnsafePointer<unroll_rows>, count: Int, k: Int, upwards: Bool,
    x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>
  ) {
    unsafe unroll_multiply_vector_f32(parts, count, k, upwards ? 1 : 0, x, y)
  }

  public static func multiplyVectorTransposed(
    _ parts: UnsafePointer<unroll_rows>, count: Int, k: Int, upwards: Bool,
    y: UnsafePointer<Float>, to x: UnsafeMutablePointer<Float>
  ) {
    unsafe unroll_multiply_vector_transposed_f32(parts, count, k, upwards ? 1 : 0, y, x)
  }

  public static func run(
    _ program: UnsafePointer<unroll_instruction>, count: Int,
    operands: UnsafePointer<unroll_operand>, scratch: UnsafeMutablePointer<Float>, block: Int,
    rows: Int, columns: Int
  ) {
    unsafe unroll_run_f32(program, count, operands, scratch, block, rows, columns)
  }

  public static func softmax(
    rows: Int, n: Int, x: UnsafePointer<Float>, ldx: Int, y: UnsafeMutablePointer<Float>, ldy: Int
  ) {
    unsafe unroll_softmax_f32(rows, n, x, ldx, y, ldy)
  }

  public static func softmaxBackward(
    rows: Int, n: Int, y: UnsafePointer<Float>, ldy: Int, dy: UnsafePointer<Float>, lddy: Int,
    dx: UnsafeMutablePointer<Float>, lddx: Int
  ) {
    unsafe unroll_softmax_backward_f32(rows, n, y, ldy, dy, lddy, dx, lddx)
  }

  public static func normalize(
    rows: Int, n: Int, x: UnsafePointer<Float>, ldx: Int, epsilon: Double,
    y: UnsafeMutablePointer<Float>, ldy: Int, rstd: UnsafeMutablePointer<Float>
  ) {
    unsafe unroll_normalize_f32(rows, n, x, ldx, epsilon, y, ldy, rstd)
  }

  public static func normalizeBackward(
    rows: Int, n: Int, y: UnsafePointer<Float>, ldy: Int, rstd: UnsafePointer<Float>,
    dy: UnsafePointer<Float>, lddy: Int, dx: UnsafeMutablePointer<Float>, lddx: Int
  ) {
    unsafe unroll_normalize_backward_f32(rows, n, y, ldy, rstd, dy, lddy, dx, lddx)
  }

  public static func addColumnSums(
    rows: Int, n: Int, x: UnsafePointer<Float>, ldx: Int, into sums: UnsafeMutablePointer<Float>
  ) {
    unsafe unroll_column_sums_f32(rows, n, x, ldx, sums)
  }

  public static func rowNorms(
    rows: Int, n: Int, x: UnsafePointer<Float>, ldx: Int, into norms: UnsafeMutablePointer<Double>
  ) {
    unsafe unroll_row_norms_f32(rows, n, x, ldx, norms)
  }

  public static func crossEntropy(
    rows: Int, n: Int, logits: UnsafePointer<Float>, ldx: Int, targets: UnsafePointer<Int32>,
    probabilities: UnsafeMutablePointer<Float>, ldy: Int, losses: UnsafeMutablePointer<Double>
  ) {
    unsafe unroll_cross_entropy_f32(rows, n, logits, ldx, targets, probabilities, ldy, losses)
  }

  public static func sumOfSquares(_ count: Int, _ x: UnsafePointer<Float>) -> Double {
    unsafe unroll_sum_squares_f32(count, x)
  }

  public static func firstNonFinite(_ count: Int, _ x: UnsafePointer<Float>) -> Int {
    unsafe Int(unroll_first_nonfinite_f32(count, x))
  }

  public static func addScaled(
    _ count: Int, alpha: Float, x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>
  ) {
    unsafe unroll_axpy_f32(count, alpha, x, y)
  }
}
