import CKernels
import Foundation
import Testing

@Suite struct RowKernelTests {
  @Test func softmaxFloat() { checkSoftmax(Float.self, tolerance: 3e-7) }
  @Test func softmaxDouble() { checkSoftmax(Double.self, tolerance: 1e-15) }
  @Test func softmaxOfSpecialRows() { checkSoftmaxOfSpecialRows() }
  @Test func crossEntropyFloat() { checkCrossEntropy(Float.self, tolerance: 5e-7) }
  @Test func crossEntropyDouble() { checkCrossEntropy(Double.self, tolerance: 1e-14) }
  @Test func normalizeFloat() { checkNormalize(Float.self, tolerance: 2e-6) }
  @Test func normalizeDouble() { checkNormalize(Double.self, tolerance: 1e-13) }
  @Test func softmaxGradient() { checkSoftmaxGradient() }
  @Test func crossEntropyGradient() { checkCrossEntropyGradient() }
  @Test func normalizeGradient() { checkNormalizeGradient() }
  @Test func backwardFloatAgreesWithDouble() { checkBackwardPrecisions() }
}

private let lengths = [1, 2, 7, 8, 15, 16, 17, 33, 64, 96, 130]

private func softmax(_ x: some Collection<Double>) -> [Double] {
  let most = x.max() ?? 0
  let powers = x.map { exp($0 - most) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}

func checkSoftmax<T: KernelScalar>(_: T.Type, tolerance: Double) {
  var random = SplitMix(state: 6)
  for n in lengths {
    let (rows, ldx, ldy) = (3, n + 3, n + 1)
    let x: [T] = random.values(rows * ldx, from: -20, to: 20)
    var y = Array(repeating: T(7), count: rows * ldy)
    unsafe T.softmax(rows, n, x, ldx, &y, ldy)
    for row in 0..<rows {
      let want = softmax(x[row * ldx..<row * ldx + n].map(Double.init))
      expectEach(0..<n) { j in
        abs(Double(y[row * ldy + j]) - want[j]) <= tolerance * (want[j] + 1e-3)
      } _: { j in
        "row \(row) of \(n): got \(y[row * ldy + j]), expected \(want[j])"
      }
      #expect(y[row * ldy + n] == 7)
    }
    var inPlace = x
    unsafe T.softmax(rows, n, inPlace, ldx, &inPlace, ldx)
    for row in 0..<rows {
      #expect(inPlace[row * ldx..<row * ldx + n] == y[row * ldy..<row * ldy + n])
    }
  }
}

func checkSoftmaxOfSpecialRows() {
  for n in [5, 16, 37] {
    var y = Array(repeating: Float(7), count: n)
    unsafe Float.softmax(1, n, Array(repeating: -.infinity, count: n), n, &y, n)
    #expect(y.allSatisfy { $0 == 0 })
    var x = Array(repeating: -Float.infinity, count: n)
    x[n - 1] = 3
    x[0] = 3
    unsafe Float.softmax(1, n, x, n, &y, n)
    #expect(y[0] == 0.5 && y[n - 1] == 0.5 && y[1..<n - 1].allSatisfy { $0 == 0 })
    x[2] = .nan
    unsafe Float.softmax(1, n, x, n, &y, n)
    #expect(y.allSatisfy { $0.isNaN })
    // Far from 0, and far apart: nothing overflows.
    x = Array(repeating: -3e38, count: n)
    x[1] = 3e38
    unsafe Float.softmax(1, n, x, n, &y, n)
    #expect(y[1] == 1 && y[0] == 0)
    var loss = [0.0]
    unsafe Float.crossEntropy(
      1, n, Array(repeating: -.infinity, count: n), n, [0], &y, n, &loss)
    #expect(loss == [.infinity])
  }
}

func checkCrossEntropy<T: KernelScalar>(_: T.Type, tolerance: Double) {
  var random = SplitMix(state: 7)
  for n in lengths {
    let (rows, ldx, ldy) = (4, n + 2, n)
    let logits: [T] = random.values(rows * ldx, from: -8, to: 8)
    let targets: [Int32] = [0, Int32(n - 1), -1, Int32(n / 2)]
    var y = Array(repeating: T(0), count: rows * ldy)
    var losses = Array(repeating: Double.nan, count: rows)
    unsafe T.crossEntropy(rows, n, logits, ldx, targets, &y, ldy, &losses)
    for row in 0..<rows {
      let p = softmax(logits[row * ldx..<row * ldx + n].map(Double.init))
      let want = targets[row] < 0 ? 0 : -log(p[Int(targets[row])])
      #expect(abs(losses[row] - want) <= tolerance * (1 + want))
      for (got, want) in zip(y[row * ldy..<(row + 1) * ldy], p) {
        #expect(abs(Double(got) - want) <= tolerance)
      }
    }
    var inPlace = logits
    var lossesInPlace = losses
    unsafe T.crossEntropy(rows, n, inPlace, ldx, targets, &inPlace, ldx, &lossesInPlace)
    #expect(lossesInPlace == losses)
  }
}

func checkNormalize<T: KernelScalar>(_: T.Type, tolerance: Double) {
  var random = SplitMix(state: 8)
  for n in lengths {
    let (rows, ldx, ldy, eps) = (3, n + 1, n + 4, 1e-5)
    let x: [T] = random.values(rows * ldx, from: 3, to: 5)
    var y = Array(repeating: T(7), count: rows * ldy)
    var rstd = Array(repeating: T(0), count: rows)
    unsafe T.normalize(rows, n, x, ldx, eps, &y, ldy, &rstd)
    for row in 0..<rows {
      let values = x[row * ldx..<row * ldx + n].map(Double.init)
      let mean = values.reduce(0, +) / Double(n)
      let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(n)
      let scale = 1 / (variance + eps).squareRoot()
      #expect(abs(Double(rstd[row]) - scale) <= tolerance * scale)
      for (got, x) in zip(y[row * ldy..<row * ldy + n], values) {
        // A mean that is off by half an ulp of x moves y by as much times the scale.
        #expect(abs(Double(got) - (x - mean) * scale) <= tolerance * (1 + scale))
      }
      #expect(y[row * ldy + n] == 7)
    }
  }
}

// MARK: Gradients against central differences, in Double

/// Checks `gradient` of sum(weights * f(x)) with respect to x.
private func expectGradient(
  of f: ([Double]) -> [Double], at x: [Double], weights: [Double], is gradient: [Double]
) {
  let h = 1e-5
  for i in x.indices {
    var (above, below) = (x, x)
    above[i] += h
    below[i] -= h
    let difference = zip(zip(f(above), f(below)), weights).reduce(0) { sum, next in
      sum + (next.0.0 - next.0.1) / (2 * h) * next.1
    }
    #expect(abs(difference - gradient[i]) <= 1e-8 * (1 + abs(difference)))
  }
}

func checkSoftmaxGradient() {
  var random = SplitMix(state: 9)
  for n in [1, 3, 8, 11, 19] {
    let x: [Double] = random.values(n)
    let dy: [Double] = random.values(n)
    let forward = { (x: [Double]) -> [Double] in
      var y = x
      unsafe Double.softmax(1, n, x, n, &y, n)
      return y
    }
    var dx = dy
    unsafe Double.softmaxBackward(1, n, forward(x), n, dx, n, &dx, n)
    expectGradient(of: forward, at: x, weights: dy, is: dx)
  }
}

func checkCrossEntropyGradient() {
  var random = SplitMix(state: 10)
  let n = 11
  let x: [Double] = random.values(n)
  let forward = { (x: [Double]) -> [Double] in
    var (p, loss) = (x, [0.0])
    unsafe Double.crossEntropy(1, n, x, n, [4], &p, n, &loss)
    return loss
  }
  // The gradient that is taken from the probabilities: p, less 1 at the target.
  var (p, loss) = (x, [0.0])
  unsafe Double.crossEntropy(1, n, x, n, [4], &p, n, &loss)
  p[4] -= 1
  expectGradient(of: forward, at: x, weights: [1], is: p)
}

func checkNormalizeGradient() {
  var random = SplitMix(state: 11)
  for n in [2, 3, 8, 11, 19] {
    let x: [Double] = random.values(n)
    let dy: [Double] = random.values(n)
    let forward = { (x: [Double]) -> [Double] in
      var (y, rstd) = (x, [0.0])
      unsafe Double.normalize(1, n, x, n, 1e-3, &y, n, &rstd)
      return y
    }
    var (y, rstd) = (x, [0.0])
    unsafe Double.normalize(1, n, x, n, 1e-3, &y, n, &rstd)
    var dx = dy
    unsafe Double.normalizeBackward(1, n, y, n, rstd, dx, n, &dx, n)
    expectGradient(of: forward, at: x, weights: dy, is: dx)
  }
}

/// The float derivatives over strided rows against the double ones.
func checkBackwardPrecisions() {
  var random = SplitMix(state: 12)
  for n in lengths {
    let (rows, ld) = (3, n + 2)
    let x: [Double] = random.values(rows * ld)
    let dy: [Double] = random.values(rows * ld)
    let rstd: [Double] = [0.5, 1, 3]
    var wide = x
    var narrow = x.map(Float.init)
    unsafe Double.softmaxBackward(rows, n, x, ld, dy, ld, &wide, ld)
    unsafe Float.softmaxBackward(
      rows, n, x.map(Float.init), ld, dy.map(Float.init), ld, &narrow, ld)
    #expect(zip(wide, narrow).allSatisfy { abs($0 - Double($1)) <= 2e-6 * (10 + abs($0)) })
    unsafe Double.normalizeBackward(rows, n, x, ld, rstd, dy, ld, &wide, ld)
    unsafe Float.normalizeBackward(
      rows, n, x.map(Float.init), ld, rstd.map(Float.init), dy.map(Float.init), ld, &narrow, ld)
    #expect(zip(wide, narrow).allSatisfy { abs($0 - Double($1)) <= 2e-6 * (10 + abs($0)) })
    for row in 0..<rows { #expect(narrow[row * ld + n] == Float(x[row * ld + n])) }
  }
}
