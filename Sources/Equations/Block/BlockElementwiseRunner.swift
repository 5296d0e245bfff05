internal import CKernels
internal import Tensors

/// Runs fused elementwise programs over all sequences and heads.
@safe final class BlockElementwiseRunner<Scalar: TensorScalar> {
  private let scratch: Buffer<Scalar>
  @unsafe private let operands: UnsafeMutablePointer<unroll_operand>
  @unsafe private let places: UnsafeMutablePointer<BlockPlace<Scalar>>

  init(plan: BlockPlan) {
    scratch = Buffer(count: plan.registerCount * ElementwiseProgram.blockSize)
    unsafe operands = .allocate(capacity: plan.operandCount)
    unsafe places = .allocate(capacity: plan.operandCount)
  }

  deinit {
    unsafe operands.deallocate()
    unsafe places.deallocate()
  }

  /// Sequences, heads and rows become rows or columns of one run where they lie behind each other in
  /// every operand.
  func run(
    _ program: ElementwiseProgram, in pass: BlockPass<Scalar>, layout: BlockLayout
  ) {
    let count = program.operands.count
    for index in 0..<count {
      unsafe (places + index).initialize(to: pass.place(program.operands[index].storage))
    }
    var rows = pass.rows(of: layout).count, columns = pass.columns(of: layout)
    var heads = layout.isPerHead ? pass.plan.sizes.headCount : 1
    var sequences = pass.batchSize
    switch layout.columns {
    case .fixed:
      if unsafe heads > 1 && all(count, { unsafe $0.headStride == columns }) {
        columns *= heads
        heads = 1
      }
    case .tokens:
      if unsafe heads > 1 && all(count, { unsafe $0.headStride == rows * $0.rowStride }) {
        rows *= heads
        heads = 1
      }
    }
    var rowIsSequence = false
    if unsafe all(count, { unsafe $0.batchStride == rows * $0.rowStride }) {
      rows *= sequences
      sequences = 1
    } else if rows == 1 {
      // A row of each sequence: however far apart they are, the steps between them are equal.
      (rows, sequences) = (sequences, 1)
      rowIsSequence = true
    }
    // Without vectors there is nothing to tell rows by.
    let isFlat = unsafe !rowIsSequence && all(count) { unsafe $0.rowStride == columns }
    if isFlat { (rows, columns) = (1, rows * columns) }
    for sequence in 0..<sequences {
      for head in 0..<heads {
        for index in 0..<count {
          let place = unsafe places[index]
          unsafe operands[index] = unsafe unroll_operand(
            base: UnsafeMutableRawPointer(place.pointer(sequence: sequence, head: head)),
            row_stride: rowIsSequence ? place.batchStride : place.rowStride)
        }
        run(program, rows: rows, columns: columns)
      }
    }
  }

  private func all(_ count: Int, _ condition: (BlockPlace<Scalar>) -> Bool) -> Bool {
    for index in 0..<count {
      guard unsafe condition(places[index]) else { return false }
    }
    return true
  }

  private func run(_ program: ElementwiseProgram, rows: Int, columns: Int) {
    unsafe program.instructions.withUnsafeBufferPointer { instructions in
      guard let first = instructions.baseAddress else { return }
      unsafe Scalar.run(
        first, count: instructions.count, operands: operands, scratch: scratch.base,
        block: ElementwiseProgram.blockSize, rows: rows, columns: columns)
    }
  }
}
