internal import CKernels
internal import Tensors

/// Runs the elementwise programs of a plan: binds their operands to memory once per pass and moves
/// them from step to step.
@safe final class ElementwiseRunner<Scalar: TensorScalar> {
  /// A program with the addresses of its operands.
  @safe final class Bound {
    let program: ElementwiseProgram
    @unsafe let places: [Place]
    let offsets: [Int]

    @unsafe init(program: ElementwiseProgram, places: [Place], offsets: [Int]) {
      self.program = program
      unsafe self.places = unsafe places
      self.offsets = offsets
    }
  }

  private var scratch: Buffer<Scalar>
  private let registerCount: Int
  @unsafe private let operands: UnsafeMutablePointer<unroll_operand>
  /// Elements per register in `scratch`.
  private var block = ElementwiseProgram.blockSize

  init(plan: Plan) {
    registerCount = plan.registerCount
    scratch = Buffer(count: registerCount * ElementwiseProgram.blockSize)
    let steps = Array(plan.forward.values) + Array(plan.backward.values)
    let most = steps.joined().reduce(1) { most, step in
      if case .elementwise(let program) = step { max(most, program.operands.count) } else { most }
    }
    unsafe operands = .allocate(capacity: most)
  }

  deinit { unsafe operands.deallocate() }

  /// Nil where an operand has no memory in this pass.
  func bind(_ program: ElementwiseProgram, _ place: (Storage) -> Place?) -> Bound? {
    var places: [Place] = unsafe []
    for operand in program.operands {
      guard let place = unsafe place(operand.storage) else { return nil }
      unsafe places.append(place)
    }
    return unsafe Bound(
      program: program, places: places,
      offsets: program.operands.map { $0.offset * MemoryLayout<Scalar>.stride })
  }

  /// Runs a program for the rows of some steps, from `time` on.
  func run(_ bound: Bound, time: Int, rows: Int) {
    run(bound, 0..<bound.program.instructions.count, time: time, rows: rows)
  }

  private func run(_ bound: Bound, _ range: Range<Int>, time: Int, rows: Int) {
    for index in unsafe bound.places.indices {
      let place = unsafe bound.places[index]
      unsafe operands[index] = unsafe unroll_operand(
        base: place.address(time) + bound.offsets[index], row_stride: place.rowStride)
    }
    unsafe bound.program.instructions.withUnsafeBufferPointer { instructions in
      guard let first = instructions.baseAddress else { return }
      unsafe Scalar.run(
        first + range.lowerBound, count: range.count, operands: operands, scratch: scratch.base,
        block: block, rows: rows, columns: bound.program.columns)
    }
  }

  /// Runs a program for one row in pieces, and calls `between` after each of the given instructions.
  ///
  /// Registers must live on from piece to piece, so a block spans the whole row.
  func run(
    _ bound: Bound, time: Int, pausingAfter stops: [Int], _ between: (Int) -> Void
  ) {
    let wide = max(ElementwiseProgram.blockSize, bound.program.columns)
    if block < wide {
      block = wide
      scratch = Buffer(count: registerCount * wide)
    }
    var start = 0
    for stop in stops.sorted() {
      run(bound, start..<stop + 1, time: time, rows: 1)
      start = stop + 1
      between(stop)
    }
    run(bound, start..<bound.program.instructions.count, time: time, rows: 1)
  }
}
