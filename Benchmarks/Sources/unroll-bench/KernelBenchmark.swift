internal import CKernels
internal import Tensors

/// The elementwise kernels by themselves, as the vector machine runs them.
enum KernelBenchmark {
  static func run(_ options: BenchmarkOptions) {
    let count = 1_000_000
    var random = SeededRandom(seed: 1)
    let x = Buffer<Float>((0..<count).map { _ in Float(3 * random.normal()) })
    let y = Buffer<Float>(count: count)
    let seconds = options.isQuick ? 0.05 : 0.3
    let table = Table([("10⁶ floats", 24), ("min ms", 8), ("median ms", 9), ("ns each", 8)])
    for (name, operation) in [
      ("tanh", unroll_op_tanh), ("sigmoid", unroll_op_sigmoid), ("exp", unroll_op_exp),
    ] {
      let machine = VectorMachine(
        [instruction(operation, 1, 0)], memory: [x, y], columns: count, registers: 0)
      report(name, count, table, Timing.runs(seconds: seconds) { machine.run() })
    }
    let softmax = Timing.runs(seconds: seconds) {
      unsafe Float.softmax(rows: 1000, n: 1000, x: x.base, ldx: 1000, y: y.base, ldy: 1000)
    }
    report("softmax, rows of 1000", count, table, softmax)
    let steps = Table([("fused LSTM step", 24), ("min ns", 8), ("median ns", 9)])
    for hidden in [64, 128] {
      let machine = lstmStep(hidden: hidden)
      let repeats = 1000
      let times = Timing.runs(seconds: seconds) { for _ in 0..<repeats { machine.run() } }
      let samples = Samples(times.map { $0 / Double(repeats) * 1e9 })
      steps.row([
        "H = \(hidden)", Report.number(samples.min, 0), Report.number(samples.median, 0),
      ])
    }
  }

  private static func report(_ name: String, _ count: Int, _ table: Table, _ times: [Double]) {
    let samples = Samples(times)
    table.row([
      name, Report.milliseconds(samples.min), Report.milliseconds(samples.median),
      Report.number(samples.median / Double(count) * 1e9),
    ])
  }

  /// From the four pre-activations and the old c to the gates, the new c and h.
  private static func lstmStep(hidden: Int) -> VectorMachine {
    // Memory 0–3: pre-activations, 4: the old c, 5–8: f, i, g, o, 9: c, 10: h.
    let register = UInt16(unroll_scratch)
    let program = [
      instruction(unroll_op_sigmoid, 5, 0), instruction(unroll_op_sigmoid, 6, 1),
      instruction(unroll_op_tanh, 7, 2), instruction(unroll_op_sigmoid, 8, 3),
      instruction(unroll_op_mul, register, 6, 7), instruction(unroll_op_fma, 9, 5, 4, register),
      instruction(unroll_op_tanh, register, 9), instruction(unroll_op_mul, 10, 8, register),
    ]
    var random = SeededRandom(seed: 1)
    let memory = (0..<11).map { index in
      Buffer<Float>((0..<hidden).map { _ in index < 5 ? Float(random.normal()) : 0 })
    }
    return VectorMachine(program, memory: memory, columns: hidden, registers: 1)
  }

  private static func instruction(
    _ operation: unroll_op, _ destination: UInt16, _ a: UInt16, _ b: UInt16 = 0, _ c: UInt16 = 0
  ) -> unroll_instruction {
    unroll_instruction(
      op: UInt16(operation.rawValue), dst: destination, a: a, b: b, c: c, imm: 0)
  }
}

/// A program of the vector machine with its memory.
@safe private struct VectorMachine {
  /// Elements of a register, as in the plans of cells.
  private static let block = 256

  private let program: [unroll_instruction]
  private let memory: [Buffer<Float>]
  private let columns: Int
  private let scratch: Buffer<Float>
  @unsafe private let operands: [unroll_operand]

  init(_ program: [unroll_instruction], memory: [Buffer<Float>], columns: Int, registers: Int) {
    self.program = program
    self.memory = memory
    self.columns = columns
    scratch = Buffer(count: registers * Self.block)
    unsafe operands = memory.map {
      unsafe unroll_operand(base: UnsafeMutableRawPointer($0.base), row_stride: columns)
    }
  }

  func run() {
    unsafe program.withUnsafeBufferPointer { program in
      unsafe operands.withUnsafeBufferPointer { operands in
        guard let first = program.baseAddress, let memory = operands.baseAddress else { return }
        unsafe Float.run(
          first, count: program.count, operands: memory, scratch: scratch.base, block: Self.block,
          rows: 1, columns: columns)
      }
    }
  }
}
