internal import CKernels
internal import Tensors

/// Scores S_ij = Σ_d v_d · tanh(Q_id + K_jd) for each query i and key j, and their derivatives.
///
/// One query meets all keys at a time: tanh of the sums `[keys, n]` is made in scratch memory and
/// multiplied by v. The backward pass makes it again: kept, it would be n times as large as S.
/// - Source: Bahdanau, Cho & Bengio 2015, appendix A.1.2.
@safe final class AdditiveScores<Scalar: TensorScalar> {
  /// `[keys, n]`: tanh of the sums, and what reaches each of them.
  private let activation: Buffer<Scalar>
  private let outer: Buffer<Scalar>
  private let ones: Buffer<Scalar>
  private let registers: Buffer<Scalar>
  private let forwardProgram: ElementwiseProgram
  private let backwardProgram: ElementwiseProgram
  @unsafe private let operands: UnsafeMutablePointer<unroll_operand>

  // What the programs call their operands.
  private static var query: Storage { .value(0) }
  private static var keys: Storage { .value(1) }
  private static var result: Storage { .value(2) }
  /// What reaches each element of tanh: δ_j · v_d.
  private static var reaching: Storage { .kept(0) }

  /// Nil where the plan has no such scores.
  init?(plan: BlockPlan, mostKeys: Int) {
    var widest = 0
    for case .kernel(.additive(let queries, _, _), _) in plan.forward {
      if case .fixed(let columns) = plan.values[queries].layout.columns {
        widest = max(widest, columns)
      }
    }
    guard widest > 0 else { return nil }
    activation = Buffer(count: mostKeys * widest)
    outer = Buffer(count: mostKeys * widest)
    ones = Buffer(count: widest)
    ones.fill(1)
    var graph = Graph()
    let query = graph.memory(Self.query, size: 1), keys = graph.memory(Self.keys, size: 1)
    let sum = graph.binary(.add, query, keys)
    let tanh = graph.unary(.tanh, sum)
    let result = graph.memory(Self.result, size: 1)
    forwardProgram = ElementwiseProgram(
      graph: graph, targets: [(Self.result, tanh)], columns: 1, savedSums: [:])
    // The gradient of the sum goes on to both of its terms.
    let reaching = graph.memory(Self.reaching, size: 1)
    var gradient = reaching
    for (operand, factor) in graph.localDerivatives(of: tanh, result: result) where operand == sum {
      gradient = graph.binary(.multiply, reaching, factor)
    }
    let queryLoad = graph.memory(.valueGradient(0), size: 1)
    let keyLoad = graph.memory(.valueGradient(1), size: 1)
    let querySum = graph.binary(.add, queryLoad, gradient)
    let keySum = graph.binary(.add, keyLoad, gradient)
    backwardProgram = ElementwiseProgram(
      graph: graph, targets: [(.valueGradient(0), querySum), (.valueGradient(1), keySum)],
      columns: 1, savedSums: [:])
    let count = max(forwardProgram.registerCount, backwardProgram.registerCount)
    registers = Buffer(count: max(1, count) * ElementwiseProgram.blockSize)
    unsafe operands = .allocate(
      capacity: max(forwardProgram.operands.count, backwardProgram.operands.count))
  }

  deinit { unsafe operands.deallocate() }

  func forward(
    in pass: BlockPass<Scalar>, queries: Int, keys: Int, vector: Int?, scores: Int
  ) {
    let q = unsafe pass.place(.value(queries)), k = unsafe pass.place(.value(keys), known: true)
    let s = unsafe pass.place(.value(scores))
    for (sequence, head) in pairs(pass, scores) {
      let keyRows = unsafe k.pointer(sequence: sequence, head: head)
      let v = unsafe weights(pass, vector, head)
      for row in unsafe 0..<q.rows {
        let queryRow = unsafe q.pointer(sequence: sequence, head: head) + row * q.rowStride
        unsafe activate(queryRow, keyRows, k)
        unsafe Scalar.gemm(
          transposeA: false, transposeB: false, m: k.rows, n: 1, k: k.columns, alpha: 1,
          a: activation.base, lda: k.columns, b: v, ldb: 1, beta: 0,
          c: s.pointer(sequence: sequence, head: head) + row * s.rowStride, ldc: 1)
      }
    }
  }

  func backward(
    in pass: BlockPass<Scalar>, queries: Int, keys: Int, vector: Int?, scores: Int
  ) {
    let q = unsafe pass.place(.value(queries)), k = unsafe pass.place(.value(keys))
    let dq = unsafe pass.place(.valueGradient(queries))
    let dk = unsafe pass.place(.valueGradient(keys))
    let ds = unsafe pass.place(.valueGradient(scores))
    for (sequence, head) in pairs(pass, scores) {
      let keyRows = unsafe k.pointer(sequence: sequence, head: head)
      let keyGradients = unsafe dk.pointer(sequence: sequence, head: head)
      let v = unsafe weights(pass, vector, head)
      for row in unsafe 0..<q.rows {
        let queryRow = unsafe q.pointer(sequence: sequence, head: head) + row * q.rowStride
        let queryGradient = unsafe dq.pointer(sequence: sequence, head: head) + row * dq.rowStride
        let above = unsafe ds.pointer(sequence: sequence, head: head) + row * ds.rowStride
        unsafe activate(queryRow, keyRows, k)
        if let vector {
          let target = unsafe pass.place(.parameterGradient(vector))
          unsafe Scalar.gemm(
            transposeA: true, transposeB: false, m: k.columns, n: 1, k: k.rows, alpha: 1,
            a: activation.base, lda: k.columns, b: above, ldb: 1, beta: 1,
            c: target.pointer(sequence: 0, head: head), ldc: 1)
        }
        unsafe Scalar.gemm(
          transposeA: false, transposeB: false, m: k.rows, n: k.columns, k: 1, alpha: 1,
          a: above, lda: 1, b: v, ldb: k.columns, beta: 0, c: outer.base, ldc: k.columns)
        unsafe run(backwardProgram, rows: k.rows, columns: k.columns) { storage in
          switch storage {
          case .value(2): unsafe (activation.base, k.columns)
          case .kept: unsafe (outer.base, k.columns)
          case .valueGradient(0): unsafe (queryGradient, 0)
          default: unsafe (keyGradients, dk.rowStride)
          }
        }
      }
    }
  }

  private func pairs(_ pass: BlockPass<Scalar>, _ scores: Int) -> [(sequence: Int, head: Int)] {
    let heads = pass.plan.values[scores].layout.isPerHead ? pass.plan.sizes.headCount : 1
    return (0..<pass.batchSize * heads).map { ($0 / heads, $0 % heads) }
  }

  @unsafe private func weights(
    _ pass: BlockPass<Scalar>, _ vector: Int?, _ head: Int
  ) -> UnsafePointer<Scalar> {
    guard let vector else { return unsafe UnsafePointer(ones.base) }
    return unsafe UnsafePointer(pass.place(.parameter(vector)).pointer(sequence: 0, head: head))
  }

  @unsafe private func activate(
    _ query: UnsafeMutablePointer<Scalar>, _ keys: UnsafeMutablePointer<Scalar>,
    _ place: BlockPlace<Scalar>
  ) {
    unsafe run(forwardProgram, rows: place.rows, columns: place.columns) { storage in
      switch storage {
      case .value(0): unsafe (query, 0)
      case .value(1): unsafe (keys, place.rowStride)
      default: unsafe (activation.base, place.columns)
      }
    }
  }

  @unsafe private func run(
    _ program: ElementwiseProgram, rows: Int, columns: Int,
    _ address: (Storage) -> (UnsafeMutablePointer<Scalar>, Int)
  ) {
    for (index, operand) in program.operands.enumerated() {
      let (base, stride) = unsafe address(operand.storage)
      unsafe operands[index] = unsafe unroll_operand(
        base: UnsafeMutableRawPointer(base), row_stride: stride)
    }
    unsafe program.instructions.withUnsafeBufferPointer { instructions in
      guard let first = instructions.baseAddress else { return }
      unsafe Scalar.run(
        first, count: instructions.count, operands: operands, scratch: registers.base,
        block: ElementwiseProgram.blockSize, rows: rows, columns: columns)
    }
  }
}
