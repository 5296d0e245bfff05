internal import Tensors

/// Rows of stacked matrices, where they stand in memory.
@unsafe struct StandingRows<Scalar: TensorScalar> {
  let base: UnsafePointer<Scalar>
  /// Elements from one row to the next.
  let ld: Int
  let count: Int
  /// The first row's column in the pre-activation buffer.
  let column: Int
}

/// A product of a loop over one sequence: at every step the same matrices times one vector.
///
/// The matrices are read where they stand. A class, so that the time loop does not count references
/// to every part at every step.
@safe final class VectorProduct<Scalar: TensorScalar> {
  private let vectorSize: Int
  @unsafe private let matrices: [StandingRows<Scalar>]

  @unsafe init(vectorSize: Int, matrices: [StandingRows<Scalar>]) {
    self.vectorSize = vectorSize
    unsafe self.matrices = unsafe matrices
  }

  /// sums[run] += stack · v, for the pre-activations of one step.
  func multiply(time: Int, vector: UnsafePointer<Scalar>, sums: UnsafeMutablePointer<Scalar>) {
    let upwards = walksUpwards(at: time)
    for number in unsafe matrices.indices {
      let rows = unsafe matrices[upwards ? matrices.count - 1 - number : number]
      unsafe Scalar.multiplyVector(
        n: rows.count, k: vectorSize, matrix: rows.base, ld: rows.ld, upwards: upwards, x: vector,
        to: sums + rows.column)
    }
  }

  /// ∂v += stackᵀ · ∂sums[run], for the gradients of one step's pre-activations.
  func multiplyBack(time: Int, sums: UnsafePointer<Scalar>, vector: UnsafeMutablePointer<Scalar>) {
    let upwards = walksUpwards(at: time)
    for number in unsafe matrices.indices {
      let rows = unsafe matrices[upwards ? matrices.count - 1 - number : number]
      unsafe Scalar.multiplyVectorTransposed(
        n: rows.count, k: vectorSize, matrix: rows.base, ld: rows.ld, upwards: upwards,
        y: sums + rows.column, to: vector)
    }
  }

  /// Every second step the rows are walked from the last to the first: what the step before read
  /// last is still in the first-level cache.
  private func walksUpwards(at time: Int) -> Bool { !time.isMultiple(of: 2) }
}
