internal import Tensors

/// The matrices of each product run, stacked row by row and packed for the loop.
///
/// Parameters stay where they are; a run's stack is filled from them before a pass and its gradient
/// is handed back to them afterwards.
final class StackedWeights<Scalar: TensorScalar> {
  private let plan: Plan
  private var stacks: [Buffer<Scalar>]
  private var packedForward: [Int: Buffer<Scalar>] = [:]
  private var packedBackward: [Int: Buffer<Scalar>] = [:]
  private lazy var gradient = Buffer<Scalar>(
    count: plan.runs.map { $0.rows * $0.vectorSize }.max() ?? 0)
  /// One row of biases for all sums.
  private let biases: Buffer<Scalar>

  init(plan: Plan) {
    self.plan = plan
    stacks = plan.runs.map { Buffer(count: $0.rows * $0.vectorSize) }
    biases = Buffer(count: plan.sumWidth)
    for (index, run) in plan.runs.enumerated() where run.stage == .loop {
      packedForward[index] = Buffer(count: Scalar.packedSize(k: run.vectorSize, n: run.rows))
    }
  }

  // MARK: Forward

  func load(_ parameters: ParameterSlice<Scalar>) {
    for (index, run) in plan.runs.enumerated() {
      let stack = stacks[index]
      var row = 0
      for product in run.products {
        unsafe copy(
          product, from: parameters.pointer(product.parameter),
          to: stack.base + row * run.vectorSize)
        row += product.rows
      }
      if let packed = packedForward[index] {
        unsafe Scalar.pack(
          k: run.vectorSize, n: run.rows, from: stack.base, ld: run.vectorSize, transposed: true,
          into: packed.base)
      }
    }
    biases.fill(0)
    for (index, sum) in plan.sums.enumerated() {
      for bias in sum.biases {
        unsafe Scalar.addScaled(
          sum.size, alpha: 1, x: parameters.pointer(bias),
          to: biases.base + plan.sumColumns[index])
      }
    }
  }

  /// Packs for the way back what `load` has stacked.
  func prepareBackward() {
    for (index, run) in plan.runs.enumerated() where run.stage == .loop {
      let packed =
        packedBackward[index]
        ?? Buffer(count: Scalar.packedSize(k: run.rows, n: run.vectorSize))
      packedBackward[index] = packed
      unsafe Scalar.pack(
        k: run.rows, n: run.vectorSize, from: stacks[index].base, ld: run.vectorSize,
        transposed: false, into: packed.base)
    }
  }

  /// The parameter's elements, as the product sees them: turned around, cut and scaled.
  private func copy(
    _ product: MatrixProduct, from matrix: UnsafePointer<Scalar>,
    to stack: UnsafeMutablePointer<Scalar>
  ) {
    let ld = plan.parameterShapes[product.parameter][1]
    let scale = Scalar(product.scale)
    for row in 0..<product.rows {
      let target = unsafe stack + row * product.columns
      if product.transposed {
        for column in 0..<product.columns {
          unsafe target[column] = scale * matrix[(product.columnOffset + column) * ld + row]
        }
      } else if scale == 1 {
        unsafe target.update(
          from: matrix + row * ld + product.columnOffset, count: product.columns)
      } else {
        for column in 0..<product.columns {
          unsafe target[column] = scale * matrix[row * ld + product.columnOffset + column]
        }
      }
    }
  }

  func fillBiases(_ sums: Buffer<Scalar>, rows: Int) {
    let width = plan.sumWidth
    for row in 0..<rows {
      unsafe (sums.base + row * width).update(from: biases.base, count: width)
    }
  }

  /// sums[:, run] += v · stackᵀ for `rows` rows.
  func multiply(
    _ index: Int, rows: Int, vector: UnsafePointer<Scalar>, sums: UnsafeMutablePointer<Scalar>
  ) {
    let run = plan.runs[index]
    if let packed = packedForward[index] {
      unsafe Scalar.multiplyPacked(
        m: rows, n: run.rows, k: run.vectorSize, a: vector, lda: run.vectorSize,
        packed: packed.base, c: sums + run.column, ldc: plan.sumWidth)
    } else {
      unsafe Scalar.gemm(
        transposeA: false, transposeB: true, m: rows, n: run.rows, k: run.vectorSize, alpha: 1,
        a: vector, lda: run.vectorSize, b: stacks[index].base, ldb: run.vectorSize,
        beta: 1, c: sums + run.column, ldc: plan.sumWidth)
    }
  }

  // MARK: Backward

  /// ∂v += ∂sums[:, run] · stack for `rows` rows.
  func multiplyBack(
    _ index: Int, rows: Int, sums: UnsafePointer<Scalar>, vector: UnsafeMutablePointer<Scalar>
  ) {
    let run = plan.runs[index]
    if let packed = packedBackward[index] {
      unsafe Scalar.multiplyPacked(
        m: rows, n: run.vectorSize, k: run.rows, a: sums + run.column, lda: plan.sumWidth,
        packed: packed.base, c: vector, ldc: run.vectorSize)
    } else {
      unsafe Scalar.gemm(
        transposeA: false, transposeB: false, m: rows, n: run.vectorSize, k: run.rows, alpha: 1,
        a: sums + run.column, lda: plan.sumWidth, b: stacks[index].base, ldb: run.vectorSize,
        beta: 1, c: vector, ldc: run.vectorSize)
    }
  }

  /// Adds ∂sumsᵀ · v over all steps to the gradients of the run's parameters: one GEMM.
  func addGradients(
    _ index: Int, rows: Int, sums: UnsafePointer<Scalar>, vector: UnsafePointer<Scalar>,
    to parameters: ParameterSlice<Scalar>
  ) {
    let run = plan.runs[index]
    unsafe Scalar.gemm(
      transposeA: true, transposeB: false, m: run.rows, n: run.vectorSize, k: rows, alpha: 1,
      a: sums + run.column, lda: plan.sumWidth, b: vector, ldb: run.vectorSize,
      beta: 0, c: gradient.base, ldc: run.vectorSize)
    var row = 0
    for product in run.products {
      unsafe add(
        product, from: gradient.base + row * run.vectorSize,
        to: parameters.pointer(product.parameter))
      row += product.rows
    }
  }

  private func add(
    _ product: MatrixProduct, from stack: UnsafePointer<Scalar>,
    to matrix: UnsafeMutablePointer<Scalar>
  ) {
    let ld = plan.parameterShapes[product.parameter][1]
    let scale = Scalar(product.scale)
    for row in 0..<product.rows {
      let source = unsafe stack + row * product.columns
      if product.transposed {
        for column in 0..<product.columns {
          unsafe matrix[(product.columnOffset + column) * ld + row] += scale * source[column]
        }
      } else {
        unsafe Scalar.addScaled(
          product.columns, alpha: scale, x: source, to: matrix + row * ld + product.columnOffset)
      }
    }
  }

  /// Adds the column sums of ∂sums over all steps to the gradients of the biases.
  func addBiasGradients(
    rows: Int, sums: UnsafePointer<Scalar>, to parameters: ParameterSlice<Scalar>
  ) {
    for (index, sum) in plan.sums.enumerated() {
      for bias in sum.biases {
        unsafe Scalar.addColumnSums(
          rows: rows, n: sum.size, x: sums + plan.sumColumns[index], ldx: plan.sumWidth,
          into: parameters.pointer(bias))
      }
    }
  }
}
