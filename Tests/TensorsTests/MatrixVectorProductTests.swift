import CKernels
import Testing

@Suite struct MatrixVectorProductTests {
  @Test func oddSizesFloat() { checkMatrixVectorProducts(Float.self, relativeError: 3e-6) }
  @Test func oddSizesDouble() { checkMatrixVectorProducts(Double.self, relativeError: 1e-14) }
}

/// y + W x and x + Wᵀ y against a plain loop in Double, for sizes around every block and strip.
func checkMatrixVectorProducts<T: KernelScalar>(_: T.Type, relativeError: Double) {
  var random = SplitMix(state: 6)
  for n in [0, 1, 2, 7, 8, 15, 16, 17, 31, 33, 70] {
    for k in [0, 1, 3, 8, 15, 16, 17, 33, 64, 65, 127, 128, 130, 300] {
      let w: [T] = random.values(n * k), x: [T] = random.values(k), y: [T] = random.values(n)
      checkMatrixVectorProduct(n, k, w, times: x, onto: y, isTransposed: false, relativeError)
      checkMatrixVectorProduct(n, k, w, times: y, onto: x, isTransposed: true, relativeError)
    }
  }
}

private func checkMatrixVectorProduct<T: KernelScalar>(
  _ n: Int, _ k: Int, _ w: [T], times vector: [T], onto initial: [T], isTransposed: Bool,
  _ relativeError: Double
) {
  var want = initial.map(Double.init)
  var size = want.map(abs)
  for i in 0..<n {
    for j in 0..<k {
      let (from, to) = isTransposed ? (i, j) : (j, i)
      let product = Double(w[i * k + j]) * Double(vector[from])
      want[to] += product
      size[to] += abs(product)
    }
  }
  // What lies behind a row and behind the vector is not a number, and must not be taken in.
  let behind = Array(repeating: T.nan, count: 3)
  let rows = (0..<n).flatMap { w[$0 * k..<($0 + 1) * k] + behind }
  let stride = k + behind.count
  let multiply = unsafe isTransposed ? T.multiplyVectorTransposed : T.multiplyVector
  for upwards in [0, 1] as [Int32] {
    for cuts in [[0, n], [0, 0, n], [0, n / 3, n / 2, n]] {
      var result = initial + [12345]
      unsafe rows.withUnsafeBufferPointer { rows in
        let parts = unsafe zip(cuts, cuts.dropFirst()).map { first, end in
          unsafe unroll_rows(
            base: rows.baseAddress.map { unsafe $0 + first * stride }, stride: stride,
            count: end - first)
        }
        unsafe multiply(parts, parts.count, k, upwards, vector + behind, &result)
      }
      let name = "\(n) x \(k), cut at \(cuts), transposed: \(isTransposed), upwards: \(upwards)"
      #expect(result.removeLast() == 12345, "\(name): written behind the end")
      let isRight = zip(zip(result, want), size).allSatisfy { pair, size in
        abs(Double(pair.0) - pair.1) <= relativeError * size
      }
      #expect(isRight, "\(name)")
    }
  }
}
