internal import CKernels
internal import Tensors

/// The matrices of each product run, stacked row by row, in the layouts that the products want.
///
/// Parameters stay where they are. A loop over one sequence reads them there; for a loop over more
/// the stack is packed into panels, and where there are few rows panel by panel; for large products
/// OpenBLAS gets it as it is. What is not needed is not made.
final class StackedWeights<Scalar: TensorScalar> {
  private let plan: Plan
  private let rows: Int
  private let batchSize: Int
  private var parameters: ParameterSlice<Scalar>?
  /// Whether a run's stack holds what `load` was given last.
  private var isStacked: [Bool]
  private var stacks: [Int: Buffer<Scalar>] = [:]
  private var packedForward: [Int: Buffer<Scalar>] = [:]
  private var packedBackward: [Int: Buffer<Scalar>] = [:]
  /// One packed panel.
  private lazy var panel = Buffer<Scalar>(
    count: Scalar.panelWidth * (plan.runs.map(\.vectorSize).max() ?? 0))
  /// The vectors of all steps, packed.
  private lazy var packedVector = Buffer<Scalar>(
    count: plan.runs.map { Scalar.packedSize(k: rows, n: $0.vectorSize) }.max() ?? 0)
  private lazy var gradient = Buffer<Scalar>(
    count: plan.runs.map { $0.rows * $0.vectorSize }.max() ?? 0)
  /// One row of biases for all sums.
  private let biases: Buffer<Scalar>

  /// Up to so many rows OpenBLAS spends more on packing than our own kernel on multiplying.
  private static var fewRows: Int { 256 }

  /// - Parameters:
  ///   - plan: whose products these are.
  ///   - seqLen: T.
  ///   - batchSize: B.
  init(plan: Plan, seqLen: Int, batchSize: Int) {
    self.plan = plan
    self.batchSize = batchSize
    rows = seqLen * batchSize
    isStacked = Array(repeating: false, count: plan.runs.count)
    biases = Buffer(count: plan.sumWidth)
    for (index, run) in plan.runs.enumerated() where isPackedForLoop(run) {
      packedForward[index] = Buffer(count: Scalar.packedSize(k: run.vectorSize, n: run.rows))
    }
  }

  // MARK: Layouts

  /// Takes the parameters' present values.
  func load(_ parameters: ParameterSlice<Scalar>) {
    self.parameters = parameters
    for index in isStacked.indices { isStacked[index] = false }
    for (index, packed) in packedForward { pack(index, isForward: true, into: packed) }
    biases.fill(0)
    for (index, sum) in plan.sums.enumerated() {
      for bias in sum.biases {
        unsafe Scalar.addScaled(
          sum.size, alpha: 1, x: parameters.pointer(bias),
          to: biases.base + plan.sumColumns[index])
      }
    }
  }

  /// Packs for the way back what `load` was given.
  func prepareBackward() {
    for (index, run) in plan.runs.enumerated() where isPackedForLoop(run) {
      let packed =
        packedBackward[index]
        ?? Buffer(count: Scalar.packedSize(k: run.rows, n: run.vectorSize))
      packedBackward[index] = packed
      pack(index, isForward: false, into: packed)
    }
  }

  private func isPackedForLoop(_ run: Plan.ProductRun) -> Bool {
    run.stage == .loop && batchSize > 1
  }

  /// The run's product with what `load` was given, where it has a single vector at each step.
  func vectorProduct(_ index: Int) -> MatrixVectorProduct<Scalar>? {
    let run = plan.runs[index]
    guard run.stage == .loop, batchSize == 1 else { return nil }
    return unsafe MatrixVectorProduct(run: run, parts: standingRows(index))
  }

  /// A product's rows that stand in the parameter as they stand in the stack.
  private func isPlain(_ product: MatrixProduct) -> Bool {
    !product.transposed && product.scale == 1
  }

  /// The run's matrices in the order of the stack: the parameters themselves, or else the stack.
  private func standingRows(_ index: Int) -> [unroll_rows] {
    let run = plan.runs[index]
    guard run.products.allSatisfy(isPlain), let parameters else {
      return unsafe [stackedRows(index)]
    }
    return unsafe run.products.map { product in
      unsafe unroll_rows(
        base: parameters.pointer(product.parameter) + product.columnOffset,
        stride: plan.parameterShapes[product.parameter][1], count: product.rows)
    }
  }

  private func stackedRows(_ index: Int) -> unroll_rows {
    let run = plan.runs[index]
    return unsafe unroll_rows(base: stack(index).base, stride: run.vectorSize, count: run.rows)
  }

  /// Packs the run's matrices for v · stackᵀ, or, on the way back, for ∂sums · stack.
  private func pack(_ index: Int, isForward: Bool, into packed: Buffer<Scalar>) {
    let run = plan.runs[index]
    // Pieces of whole panels can be packed without being stacked first.
    let fillsPanels =
      isForward
      ? run.products.allSatisfy { $0.rows.isMultiple(of: Scalar.panelWidth) }
      : run.vectorSize.isMultiple(of: Scalar.panelWidth)
    let parts = unsafe fillsPanels ? standingRows(index) : [stackedRows(index)]
    var row = 0
    for number in unsafe parts.indices {
      let part = unsafe parts[number]
      unsafe Scalar.pack(
        k: isForward ? run.vectorSize : part.count, n: isForward ? part.count : run.vectorSize,
        from: part.base.assumingMemoryBound(to: Scalar.self), ld: part.stride,
        transposed: isForward, depth: isForward ? run.vectorSize : run.rows,
        into: packed.base + row * (isForward ? run.vectorSize : Scalar.panelWidth))
      unsafe row += part.count
    }
  }

  /// The run's matrices below each other, `[run.rows, run.vectorSize]`.
  private func stack(_ index: Int) -> Buffer<Scalar> {
    let run = plan.runs[index]
    let stack = stacks[index] ?? Buffer(count: run.rows * run.vectorSize)
    stacks[index] = stack
    guard !isStacked[index] else { return stack }
    guard let parameters else { preconditionFailure("load comes first") }
    isStacked[index] = true
    var row = 0
    for product in run.products {
      unsafe copy(
        product, from: parameters.pointer(product.parameter),
        to: stack.base + row * run.vectorSize)
      row += product.rows
    }
    return stack
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

  // MARK: Forward

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
        transposeA: false, m: rows, n: run.rows, k: run.vectorSize, a: vector, lda: run.vectorSize,
        packed: packed.base, c: sums + run.column, ldc: plan.sumWidth)
    } else if self.rows <= Self.fewRows {
      unsafe multiplyByPanels(index, rows: rows, vector: vector, sums: sums)
    } else {
      unsafe Scalar.gemm(
        transposeA: false, transposeB: true, m: rows, n: run.rows, k: run.vectorSize, alpha: 1,
        a: vector, lda: run.vectorSize, b: stack(index).base, ldb: run.vectorSize,
        beta: 1, c: sums + run.column, ldc: plan.sumWidth)
    }
  }

  /// The same for few rows: each panel is packed just before it is used, and stays in the cache.
  private func multiplyByPanels(
    _ index: Int, rows: Int, vector: UnsafePointer<Scalar>, sums: UnsafeMutablePointer<Scalar>
  ) {
    let size = plan.runs[index].vectorSize
    var column = plan.runs[index].column
    let parts = unsafe standingRows(index)
    for number in unsafe parts.indices {
      let part = unsafe parts[number]
      let matrix = unsafe part.base.assumingMemoryBound(to: Scalar.self)
      for first in unsafe stride(from: 0, to: part.count, by: Scalar.panelWidth) {
        let width = unsafe min(Scalar.panelWidth, part.count - first)
        unsafe Scalar.pack(
          k: size, n: width, from: matrix + first * part.stride, ld: part.stride,
          transposed: true, depth: size, into: panel.base)
        unsafe Scalar.multiplyPacked(
          transposeA: false, m: rows, n: width, k: size, a: vector, lda: size, packed: panel.base,
          c: sums + column + first, ldc: plan.sumWidth)
      }
      unsafe column += part.count
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
        transposeA: false, m: rows, n: run.vectorSize, k: run.rows, a: sums + run.column,
        lda: plan.sumWidth,
        packed: packed.base, c: vector, ldc: run.vectorSize)
    } else {
      unsafe Scalar.gemm(
        transposeA: false, transposeB: false, m: rows, n: run.vectorSize, k: run.rows, alpha: 1,
        a: sums + run.column, lda: plan.sumWidth, b: stack(index).base, ldb: run.vectorSize,
        beta: 1, c: vector, ldc: run.vectorSize)
    }
  }

  /// Adds ∂sumsᵀ · v over all steps to the gradients of the run's parameters: one GEMM, or with few
  /// rows one a matrix, which then need not be added afterwards.
  func addGradients(
    _ index: Int, sums: UnsafePointer<Scalar>, vector: UnsafePointer<Scalar>,
    to parameters: ParameterSlice<Scalar>
  ) {
    let run = plan.runs[index]
    guard rows > Self.fewRows || !run.products.allSatisfy(isPlain) else {
      unsafe addGradientsOfFewRows(index, sums: sums, vector: vector, to: parameters)
      return
    }
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

  private func addGradientsOfFewRows(
    _ index: Int, sums: UnsafePointer<Scalar>, vector: UnsafePointer<Scalar>,
    to parameters: ParameterSlice<Scalar>
  ) {
    let run = plan.runs[index]
    let isPacked = run.products.contains(where: isWorthPacking)
    if isPacked {
      unsafe Scalar.pack(
        k: rows, n: run.vectorSize, from: vector, ld: run.vectorSize, transposed: false,
        depth: rows, into: packedVector.base)
    }
    var column = run.column
    for product in run.products {
      let gradient = unsafe parameters.pointer(product.parameter) + product.columnOffset
      let ld = plan.parameterShapes[product.parameter][1]
      if isPacked {
        unsafe Scalar.multiplyPacked(
          transposeA: true, m: product.rows, n: run.vectorSize, k: rows, a: sums + column,
          lda: plan.sumWidth, packed: packedVector.base, c: gradient, ldc: ld)
      } else {
        unsafe Scalar.gemm(
          transposeA: true, transposeB: false, m: product.rows, n: run.vectorSize, k: rows,
          alpha: 1, a: sums + column, lda: plan.sumWidth, b: vector, ldb: run.vectorSize,
          beta: 1, c: gradient, ldc: ld)
      }
      column += product.rows
    }
  }

  /// Whether the vectors are better packed once for all products: OpenBLAS packs them for each one
  /// again, unless it is of less than a million multiplications; long rows it cuts up better.
  private func isWorthPacking(_ product: MatrixProduct) -> Bool {
    product.columns <= 256 && rows * product.rows * product.columns > 1_000_000
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
  func addBiasGradients(sums: UnsafePointer<Scalar>, to parameters: ParameterSlice<Scalar>) {
    for (index, sum) in plan.sums.enumerated() {
      for bias in sum.biases {
        unsafe Scalar.addColumnSums(
          rows: rows, n: sum.size, x: sums + plan.sumColumns[index], ldx: plan.sumWidth,
          into: parameters.pointer(bias))
      }
    }
  }
}
