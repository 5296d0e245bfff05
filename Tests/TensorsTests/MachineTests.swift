import CKernels
import Testing

@Suite struct MachineTests {
  @Test func everyOpFloat() { checkEveryOp(Float.self, relativeError: 6e-7) }
  @Test func everyOpDouble() { checkEveryOp(Double.self, relativeError: 1e-14) }
  @Test func lengthsFloat() { checkLengths(Float.self) }
  @Test func lengthsDouble() { checkLengths(Double.self) }
  @Test func accumulation() { checkAccumulation(Float.self) }
  @Test func specialValues() { checkSpecialValues(Float.self) }
  @Test func specialValuesDouble() { checkSpecialValues(Double.self) }
}

/// Each op over strided rows, out of place and onto each of its operands, against libm.
func checkEveryOp<T: KernelScalar>(_: T.Type, relativeError: Double) {
  var random = SplitMix(state: 1)
  let (rows, columns) = (3, 45)
  for op in allOps {
    let lowest = op == unroll_op_log || op == unroll_op_sqrt ? 0.01 : -3.0
    let inputs: [[T]] = (0..<3).map { _ in
      random.values(rows * columns, from: lowest, to: 3)
    }
    for alias in -1..<3 {
      var arena = Arena<T>()
      let operands = [45, 64, 47].enumerated().map { index, stride in
        arena.add(inputs[index], rows: rows, columns: columns, stride: stride)
      }
      let output = arena.add(
        Array(repeating: 0, count: rows * columns), rows: rows, columns: columns, stride: 51)
      let target = alias < 0 ? output : operands[alias]
      let instruction = unroll_instruction(
        op, to: target, operands[0], operands[1], operands[2], imm: 0.3)
      arena.run([instruction], rows: rows, columns: columns)
      #expect(arena.guardsAreIntact, "\(op) wrote outside its rows")
      let got = arena.values(target)
      func wanted(_ i: Int) -> Double {
        truth(op, Double(inputs[0][i]), Double(inputs[1][i]), Double(inputs[2][i]), Double(T(0.3)))
      }
      expectEach(0..<rows * columns) { i in
        // A sum of products may cancel: its error is that of its terms.
        let size =
          op == unroll_op_fma
          ? abs(Double(inputs[0][i] * inputs[1][i])) + abs(Double(inputs[2][i])) : abs(wanted(i))
        return abs(Double(got[i]) - wanted(i)) <= relativeError * size
      } _: { i in
        "\(op) onto \(alias) of \(inputs.map { $0[i] }): got \(got[i]), expected \(wanted(i))"
      }
    }
  }
}

/// A program through scratch for every row length around the vector widths, in several blocks.
func checkLengths<T: KernelScalar>(_: T.Type) {
  var random = SplitMix(state: 2)
  let rows = 2
  for columns in 1...130 {
    for block in [1024, 64, 16, 5] {
      var arena = Arena<T>()
      let x: [T] = random.values(rows * columns)
      let y: [T] = random.values(rows * columns)
      let weight: [T] = random.values(columns)
      let a = arena.add(x, rows: rows, columns: columns, stride: columns + 3)
      let b = arena.add(y, rows: rows, columns: columns, stride: columns)
      let shared = arena.add(weight, rows: rows, columns: columns, stride: 0)
      let out = arena.add(x, rows: rows, columns: columns, stride: 2 * columns)
      arena.run(
        [
          unroll_instruction(unroll_op_mul, to: scratch(0), a, shared),
          unroll_instruction(unroll_op_add_imm, to: scratch(7), b, imm: 0.25),
          unroll_instruction(unroll_op_sub, to: scratch(0), scratch(0), scratch(7)),
          unroll_instruction(unroll_op_copy, to: out, scratch(0)),
          unroll_instruction(unroll_op_tanh, to: b, scratch(7)),
        ], rows: rows, columns: columns, block: block)
      #expect(arena.guardsAreIntact, "\(columns) columns, block \(block)")
      let difference = (0..<rows * columns).map { i in
        x[i] * weight[i % columns] - (y[i] + 0.25)
      }
      let (got, tanhs) = (arena.values(out), arena.values(b))
      expectEach(0..<rows * columns) { i in
        let want = truth(unroll_op_tanh, Double(y[i] + 0.25), 0, 0, 0)
        return got[i] == difference[i] && abs(Double(tanhs[i]) - want) <= 3e-7 * abs(want)
      } _: { i in
        "\(columns) columns, block \(block), element \(i): got \(got[i]), \(tanhs[i])"
      }
    }
  }
}

/// Rows summed into one (row stride 0), in the order of the rows.
func checkAccumulation<T: KernelScalar>(_: T.Type) {
  var random = SplitMix(state: 3)
  for columns in [1, 6, 16, 50, 131] {
    let rows = 9
    var arena = Arena<T>()
    let x: [T] = random.values(rows * columns)
    let initial: [T] = random.values(columns)
    let a = arena.add(x, rows: rows, columns: columns, stride: columns + 1)
    let sum = arena.add(initial, rows: rows, columns: columns, stride: 0)
    arena.run(
      [unroll_instruction(unroll_op_add, to: sum, sum, a)], rows: rows, columns: columns, block: 32)
    #expect(arena.guardsAreIntact)
    for column in 0..<columns {
      var want = initial[column]
      for row in 0..<rows { want += x[row * columns + column] }
      #expect(arena[sum, 0, column] == want)
    }
  }
}

/// NaN, infinities and signed zeros through the ops that choose or compare.
func checkSpecialValues<T: KernelScalar>(_: T.Type) {
  let specials: [T] = [.nan, .infinity, -.infinity, 0, -0.0, 1, -1, .leastNonzeroMagnitude]
  let pairs = specials.flatMap { a in specials.map { b in (a, b) } }
  let exact = [
    unroll_op_copy, unroll_op_neg, unroll_op_add, unroll_op_sub, unroll_op_mul, unroll_op_div,
    unroll_op_max, unroll_op_min, unroll_op_relu, unroll_op_leaky_relu, unroll_op_abs,
    unroll_op_sqrt, unroll_op_step, unroll_op_sign, unroll_op_ge, unroll_op_le, unroll_op_imm_div,
  ]
  for op in exact {
    var arena = Arena<T>()
    let a = arena.add(pairs.map(\.0), rows: 1, columns: pairs.count, stride: 0)
    let b = arena.add(pairs.map(\.1), rows: 1, columns: pairs.count, stride: 0)
    let out = arena.add(pairs.map(\.0), rows: 1, columns: pairs.count, stride: 0)
    arena.run([unroll_instruction(op, to: out, a, b, imm: 0.5)], rows: 1, columns: pairs.count)
    for (pair, got) in zip(pairs, arena.values(out)) {
      let want = T(truth(op, Double(pair.0), Double(pair.1), 0, 0.5))
      #expect(
        got == want || (got.isNaN && want.isNaN), "\(op) of \(pair): got \(got), expected \(want)")
    }
  }
}
