internal import CKernels
internal import Tensors

/// A product of a loop over one sequence: at every step the same matrices times one vector.
///
/// The matrices are read where they stand, in the parameters or in the stack: it is made for one pass,
/// which keeps both, and is not used after that.
@safe final class MatrixVectorProduct<Scalar: TensorScalar> {
  private let vectorSize: Int
  /// The first column of the pre-activations that the rows make.
  private let column: Int
  @unsafe private let parts: UnsafeMutableBufferPointer<unroll_rows>

  /// - Parameters:
  ///   - run: what is multiplied at each step.
  ///   - parts: its rows, in the order of their columns.
  @unsafe init(run: Plan.ProductRun, parts: [unroll_rows]) {
    vectorSize = run.vectorSize
    column = run.column
    unsafe self.parts = .allocate(capacity: parts.count)
    _ = unsafe self.parts.initialize(from: parts)
  }

  deinit { unsafe parts.deallocate() }

  /// sums[run] += stack · v, for the pre-activations of one step.
  func multiply(time: Int, vector: UnsafePointer<Scalar>, sums: UnsafeMutablePointer<Scalar>) {
    guard let first = unsafe parts.baseAddress else { return }
    unsafe Scalar.multiplyVector(
      first, count: parts.count, k: vectorSize, upwards: walksUpwards(at: time), x: vector,
      to: sums + column)
  }

  /// ∂v += stackᵀ · ∂sums[run], for the gradients of one step's pre-activations.
  func multiplyBack(time: Int, sums: UnsafePointer<Scalar>, vector: UnsafeMutablePointer<Scalar>) {
    guard let first = unsafe parts.baseAddress else { return }
    unsafe Scalar.multiplyVectorTransposed(
      first, count: parts.count, k: vectorSize, upwards: walksUpwards(at: time),
      y: sums + column, to: vector)
  }

  /// Every second step the rows are walked from the last to the first: what the step before read
  /// last is still in the first-level cache.
  private func walksUpwards(at time: Int) -> Bool { !time.isMultiple(of: 2) }
}
