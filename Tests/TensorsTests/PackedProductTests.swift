import CKernels
import Testing

@Suite struct PackedProductTests {
  @Test func oddSizesFloat() { checkPackedProducts(Float.self, relativeError: 3e-6) }
  @Test func oddSizesDouble() { checkPackedProducts(Double.self, relativeError: 1e-14) }
  @Test func rowsDoNotDependOnTheBatch() { checkRowsAreIndependent() }
}

/// C + A P against a plain loop in Double, for sizes around every tile and panel.
func checkPackedProducts<T: KernelScalar>(_: T.Type, relativeError: Double) {
  var random = SplitMix(state: 4)
  for m in [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17, 33] {
    for n in [1, 2, 7, 15, 16, 17, 24, 31, 32, 33, 47, 65, 127, 130, 200] {
      for k in [0, 1, 18] {
        checkPackedProduct(T.self, m, n, k, relativeError: relativeError, &random)
      }
    }
  }
  checkPackedProduct(T.self, 10, 100, 700, relativeError: relativeError, &random)
}

private func checkPackedProduct<T: KernelScalar>(
  _: T.Type, _ m: Int, _ n: Int, _ k: Int, relativeError: Double, _ random: inout SplitMix
) {
  let (lda, ldc) = (k + 2, n + 5)
  let a: [T] = random.values(m * lda)
  let p: [T] = random.values(k * n)
  let initial: [T] = random.values(m * ldc)
  var want = initial.map(Double.init)
  var size = want.map(abs)
  for i in 0..<m {
    for l in 0..<k {
      let left = Double(a[i * lda + l])
      for j in 0..<n {
        want[i * ldc + j] += left * Double(p[l * n + j])
        size[i * ldc + j] += abs(left * Double(p[l * n + j]))
      }
    }
  }
  for transposed in [false, true] {
    // w holds P by rows of n, or its transpose by rows of k, with rows one element longer.
    let ldw = (transposed ? k : n) + 1
    var w = Array(repeating: T.nan, count: (transposed ? n : k) * ldw)
    for l in 0..<k {
      for j in 0..<n { w[transposed ? j * ldw + l : l * ldw + j] = p[l * n + j] }
    }
    var packed = Array(repeating: T.nan, count: T.packedSize(k, n))
    unsafe T.pack(k, n, w, ldw, transposed ? 1 : 0, k, &packed)
    #expect(!packed.contains { $0.isNaN })
    // A by rows of k, or its transpose by rows of m: the same sums in the same order.
    var c = initial
    unsafe T.multiplyPacked(m, n, k, a, lda, 0, packed, &c, ldc)
    var fromColumns = initial
    let aTransposed = (0..<k).flatMap { l in (0..<m).map { a[$0 * lda + l] } + [.nan] }
    unsafe T.multiplyPacked(m, n, k, aTransposed, m + 1, 1, packed, &fromColumns, ldc)
    #expect(fromColumns == c, "\(m) x \(n) x \(k), A transposed")
    let isRight = zip(zip(c, want), size).allSatisfy { pair, size in
      abs(Double(pair.0) - pair.1) <= relativeError * size
    }
    #expect(isRight, "\(m) x \(n) x \(k), P transposed: \(transposed)")
    // Between the rows nothing may have changed.
    expectEach(0..<m) { i in
      c[i * ldc + n..<(i + 1) * ldc] == initial[i * ldc + n..<(i + 1) * ldc]
    } _: { i in
      "\(m) x \(n) x \(k): written behind row \(i)"
    }
  }
}

/// A batch equals its rows one by one, bit for bit.
func checkRowsAreIndependent() {
  var random = SplitMix(state: 5)
  for (n, k) in [(512, 128), (200, 50), (24, 6), (100, 257)] {
    let p: [Float] = random.values(k * n)
    var packed = Array(repeating: Float.nan, count: Float.packedSize(k, n))
    unsafe Float.pack(k, n, p, n, 0, k, &packed)
    for m in 2...19 {
      let a: [Float] = random.values(m * k)
      let initial: [Float] = random.values(m * n)
      var batch = initial
      unsafe Float.multiplyPacked(m, n, k, a, k, 0, packed, &batch, n)
      for row in 0..<m {
        var single = Array(initial[row * n..<(row + 1) * n])
        unsafe Float.multiplyPacked(
          1, n, k, Array(a[row * k..<(row + 1) * k]), k, 0, packed, &single, n)
        #expect(single[...] == batch[row * n..<(row + 1) * n], "row \(row) of \(m), \(n) x \(k)")
      }
    }
  }
}
