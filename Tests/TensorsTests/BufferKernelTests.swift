import CKernels
import Foundation
import Testing

@Suite struct BufferKernelTests {
  @Test func columnSumsFloat() { checkColumnSums(Float.self, tolerance: 1e-6) }
  @Test func columnSumsDouble() { checkColumnSums(Double.self, tolerance: 1e-14) }
  @Test func columnSumsOfAMillionRows() { checkLongColumnSums() }
  @Test func normsFloat() { checkNorms(Float.self) }
  @Test func normsDouble() { checkNorms(Double.self) }
  @Test func firstNonfinite() {
    checkFirstNonfinite(Float.self)
    checkFirstNonfinite(Double.self)
  }
  @Test func axpy() {
    checkAxpy(Float.self)
    checkAxpy(Double.self)
  }
  @Test func adam() { checkAdam() }
  @Test func sgd() { checkSGD() }
}

func checkColumnSums<T: KernelScalar>(_: T.Type, tolerance: Double) {
  var random = SplitMix(state: 13)
  for n in [1, 3, 4, 8, 15, 16, 17, 31, 64, 65, 130] {
    for rows in [0, 1, 63, 64, 65, 200] {
      let ldx = n + 3
      let x: [T] = random.values(rows * ldx)
      let initial: [T] = random.values(n + 1)
      var sums = initial
      unsafe T.columnSums(rows, n, x, ldx, &sums)
      #expect(sums[n] == initial[n])
      expectEach(0..<n) { j in
        let want = (0..<rows).reduce(Double(initial[j])) { $0 + Double(x[$1 * ldx + j]) }
        return abs(Double(sums[j]) - want) <= tolerance * Double(rows + 1)
      } _: { j in
        "column \(j) of \(n), \(rows) rows: got \(sums[j])"
      }
    }
  }
}

/// A plain float sum of a million tenths is off by a hundredth of itself.
func checkLongColumnSums() {
  let (rows, n) = (1_000_000, 3)
  let x = Array(repeating: Float(0.1), count: rows * n)
  var sums: [Float] = [0, 1000, -1000]
  unsafe Float.columnSums(rows, n, x, n, &sums)
  let total = Double(rows) * Double(Float(0.1))
  for (got, start) in zip(sums, [0.0, 1000, -1000]) {
    #expect(abs(Double(got) - (total + start)) <= 1e-6 * total)
  }
}

func checkNorms<T: KernelScalar>(_: T.Type) {
  var random = SplitMix(state: 14)
  for n in [0, 1, 7, 16, 33, 64, 100, 1000] {
    let (rows, ldx) = (2, n + 1)
    let x: [T] = random.values(rows * ldx)
    var norms = [0.0, 0.0]
    unsafe T.rowNorms(rows, n, x, ldx, &norms)
    for row in 0..<rows {
      let squares = x[row * ldx..<row * ldx + n].reduce(0.0) { $0 + Double($1) * Double($1) }
      #expect(abs(norms[row] - squares.squareRoot()) <= 1e-14 * (1 + squares))
      if row == 0 {
        unsafe #expect(abs(T.sumSquares(n, x) - squares) <= 1e-14 * (1 + squares))
      }
    }
  }
  // Squares of large floats do not overflow in double.
  let large = Array(repeating: T(1e30), count: 5)
  unsafe #expect(abs(T.sumSquares(5, large) / 5e60 - 1) <= 1e-7)
}

func checkFirstNonfinite<T: KernelScalar>(_: T.Type) {
  for n in [0, 1, 15, 64, 255, 256, 300, 1000] {
    var x = Array(repeating: T.greatestFiniteMagnitude, count: n + 1)
    x[n] = .nan
    unsafe #expect(T.firstNonfinite(n, x) == n)
    for position in stride(from: 0, to: n, by: 13) {
      for bad in [T.nan, .infinity, -.infinity] {
        var spoilt = x
        spoilt[position] = bad
        spoilt[n - 1] = .nan
        unsafe #expect(T.firstNonfinite(n, spoilt) == position)
      }
    }
  }
}

func checkAxpy<T: KernelScalar>(_: T.Type) {
  var random = SplitMix(state: 15)
  for n in [0, 1, 7, 16, 33, 100] {
    let x: [T] = random.values(n)
    let y: [T] = random.values(n + 1)
    var got = y
    // A power of two makes the product exact, so that fusing changes nothing.
    unsafe T.axpy(n, -0.5, x, &got)
    #expect(got[n] == y[n])
    for i in 0..<n { #expect(got[i] == y[i] - x[i] / 2) }
  }
}

/// Two steps by hand. With g = 0.5 then -1, lr = 0.1, betas 0.9 and 0.999, eps = 1e-8:
/// m = 0.05, v = 0.00025, both corrected to 0.5 and 0.25, so the first step is 0.1 * 0.5 / 0.5;
/// then m = -0.055, v = 0.00124975, corrected to -0.289473684 and 0.625187594, and the second step
/// is 0.1 * -0.289473684 / 0.790688052 = -0.036610352.
func checkAdam() {
  for n in [1, 5, 16, 37] {
    var w = Array(repeating: Float(1), count: n)
    var m = Array(repeating: Float(0), count: n)
    var v = Array(repeating: Float(0), count: n)
    // Gradients of twice the size, scaled by a half.
    let steps: [(gradient: Float, want: Float)] = [(1, 0.9), (-2, 0.936610352)]
    for (index, step) in steps.enumerated() {
      let g = Array(repeating: step.gradient, count: n)
      let t = Float(index + 1)
      unsafe unroll_adam_f32(
        n, &w, g, &m, &v, 0.5, 0.1, 0.9, 0.999, 1e-8, 1 - pow(0.9, t), 1 - pow(0.999, t))
      #expect(w.allSatisfy { abs($0 - step.want) <= 3e-6 }, "step \(t): \(w[0])")
    }
    // 1 - 0.999 in float is off by 1.3e-5 of itself, and v with it.
    #expect(m.allSatisfy { abs($0 + 0.055) <= 1e-7 })
    #expect(v.allSatisfy { abs($0 - 0.00124975) <= 2e-8 })
  }
}

/// Two steps by hand: v = 0.5 * 2 = 1, w = 3 - 0.1; then v = 0.9 - 0.5 = 0.4, w = 2.9 - 0.04.
func checkSGD() {
  for n in [1, 5, 16, 37] {
    var w = Array(repeating: Float(3), count: n)
    var v = Array(repeating: Float(0), count: n)
    unsafe unroll_sgd_f32(n, &w, Array(repeating: 2, count: n), &v, 0.5, 0.1, 0.9)
    #expect(w.allSatisfy { abs($0 - 2.9) <= 1e-6 } && v.allSatisfy { $0 == 1 })
    unsafe unroll_sgd_f32(n, &w, Array(repeating: -1, count: n), &v, 0.5, 0.1, 0.9)
    #expect(w.allSatisfy { abs($0 - 2.86) <= 1e-6 } && v.allSatisfy { abs($0 - 0.4) <= 1e-7 })
  }
}
