/// The sizes of a square matrix that say what its powers do: its largest eigenvalue and its largest
/// singular value.
///
/// Hessenberg form by elimination with pivoting, then the shifted QR iteration of Francis, in
/// Double. Any real matrix will do; complex pairs are found as such.
///
/// - Source: Francis 1961; Golub & Van Loan, "Matrix Computations", sections 7.4 and 7.5; the steps
///   are those of EISPACK's `elmhes` and `hqr`.
public struct MatrixSpectrum: Sendable, Equatable {
  /// max|λ|: by what the best vector is multiplied in the long run. NaN for a matrix that is not
  /// finite.
  public let spectralRadius: Double
  /// ‖A‖₂: by what the best vector is multiplied at once. NaN for a matrix that is not finite.
  public let largestSingularValue: Double

  /// - Parameters:
  ///   - matrix: `[n, n]`, row-major.
  ///   - size: n.
  /// - Complexity: O(n³).
  public init(matrix: [Double], size: Int) {
    precondition(matrix.count == size * size, "\(matrix.count) elements for [\(size), \(size)]")
    let scale = matrix.reduce(0.0) { $1.isNaN ? .nan : max($0, abs($1)) }
    guard scale > 0, scale.isFinite else {
      spectralRadius = scale == 0 ? 0 : .nan
      largestSingularValue = scale == 0 ? 0 : .nan
      return
    }
    let scaled = matrix.map { $0 / scale }
    spectralRadius = scale * Self.spectralRadius(scaled, size)
    // The eigenvalues of AᵀA are the squares of A's singular values.
    var gram = [Double](repeating: 0, count: size * size)
    for k in 0..<size {
      for i in 0..<size {
        let factor = scaled[k * size + i]
        for j in 0..<size { gram[i * size + j] += factor * scaled[k * size + j] }
      }
    }
    largestSingularValue = scale * Self.spectralRadius(gram, size).squareRoot()
  }

  private static func spectralRadius(_ matrix: [Double], _ size: Int) -> Double {
    var iteration = HessenbergQR(matrix, size: size)
    return iteration.largestMagnitude()
  }
}

/// A matrix on its way to its eigenvalues.
private struct HessenbergQR {
  private var a: [Double]
  private let n: Int

  /// Iterations for one eigenvalue before it is given up; some ten are needed.
  private static let limit = 300

  init(_ matrix: [Double], size: Int) {
    a = matrix
    n = size
    reduce()
  }

  private subscript(row: Int, column: Int) -> Double {
    get { a[row * n + column] }
    set { a[row * n + column] = newValue }
  }

  /// Elimination to upper Hessenberg form, by similar matrices.
  private mutating func reduce() {
    guard n > 2 else { return }
    for m in 1..<n - 1 {
      var pivot = m
      for row in m..<n where abs(self[row, m - 1]) > abs(self[pivot, m - 1]) { pivot = row }
      let x = self[pivot, m - 1]
      guard x != 0 else { continue }
      if pivot != m {
        for column in m - 1..<n { a.swapAt(pivot * n + column, m * n + column) }
        for row in 0..<n { a.swapAt(row * n + pivot, row * n + m) }
      }
      for row in m + 1..<n where self[row, m - 1] != 0 {
        let factor = self[row, m - 1] / x
        self[row, m - 1] = 0
        for column in m..<n { self[row, column] -= factor * self[m, column] }
        for other in 0..<n { self[other, m] += factor * self[other, row] }
      }
    }
  }

  /// max|λ|, eigenvalue by eigenvalue from the lower right corner; NaN if one does not converge.
  mutating func largestMagnitude() -> Double {
    let norm = a.reduce(0) { $0 + abs($1) }
    var largest = 0.0
    var last = n - 1
    var shiftSum = 0.0
    var iterations = 0
    while last >= 0 {
      let first = blockStart(last, norm)
      if first == last {
        largest = max(largest, abs(self[last, last] + shiftSum))
        last -= 1
        iterations = 0
      } else if first == last - 1 {
        largest = max(largest, pairMagnitude(last, shiftSum))
        last -= 2
        iterations = 0
      } else {
        guard iterations < Self.limit else { return .nan }
        if iterations > 0, iterations % 10 == 0 { shift(last, &shiftSum) }
        // An exceptional shift's size is in the corner that was just moved.
        step(first, last, isExceptional: iterations > 0 && iterations % 10 == 0)
        iterations += 1
      }
    }
    return largest
  }

  /// The first row of the block that has not split off yet.
  private mutating func blockStart(_ last: Int, _ norm: Double) -> Int {
    var row = last
    while row > 0 {
      var size = abs(self[row - 1, row - 1]) + abs(self[row, row])
      if size == 0 { size = norm }
      if abs(self[row, row - 1]) <= Double.ulpOfOne * size {
        self[row, row - 1] = 0
        return row
      }
      row -= 1
    }
    return 0
  }

  /// The larger of the two eigenvalues of the last 2×2 block, by magnitude.
  private func pairMagnitude(_ last: Int, _ shiftSum: Double) -> Double {
    let x = self[last, last] + shiftSum
    let y = self[last - 1, last - 1] + shiftSum
    let p = 0.5 * (y - x)
    let q = p * p + self[last, last - 1] * self[last - 1, last]
    let root = abs(q).squareRoot()
    guard q >= 0 else { return ((x + p) * (x + p) + root * root).squareRoot() }
    let z = p + (p < 0 ? -root : root)
    let second = z == 0 ? x : x - self[last, last - 1] * self[last - 1, last] / z
    return max(abs(x + z), abs(second))
  }

  private mutating func shift(_ last: Int, _ shiftSum: inout Double) {
    let x = self[last, last]
    shiftSum += x
    for index in 0...last { self[index, index] -= x }
  }

  /// One double QR step on rows `first...last`.
  private mutating func step(_ first: Int, _ last: Int, isExceptional: Bool) {
    var x = self[last, last], y = self[last - 1, last - 1]
    var w = self[last, last - 1] * self[last - 1, last]
    if isExceptional {
      let size = abs(self[last, last - 1]) + abs(self[last - 1, last - 2])
      x = 0.75 * size
      y = x
      w = -0.4375 * size * size
    }
    // Two consecutive small subdiagonal elements let the step start below `first`.
    var start = last - 2
    var p = 0.0, q = 0.0, r = 0.0
    while true {
      let z = self[start, start]
      let below = x - z, above = y - z
      p = (below * above - w) / self[start + 1, start] + self[start, start + 1]
      q = self[start + 1, start + 1] - z - below - above
      r = self[start + 2, start + 1]
      let size = abs(p) + abs(q) + abs(r)
      (p, q, r) = (p / size, q / size, r / size)
      if start == first { break }
      let u = abs(self[start, start - 1]) * (abs(q) + abs(r))
      let v =
        abs(p)
        * (abs(self[start - 1, start - 1]) + abs(z) + abs(self[start + 1, start + 1]))
      if u <= Double.ulpOfOne * v { break }
      start -= 1
    }
    for row in start + 2...last {
      self[row, row - 2] = 0
      if row > start + 2 { self[row, row - 3] = 0 }
    }
    chase(first, start, last, p, q, r)
  }

  /// Householder reflections that carry the bulge from `start` down to `last`. Rows and columns
  /// outside of the block have no part in its eigenvalues.
  private mutating func chase(
    _ first: Int, _ start: Int, _ last: Int, _ p0: Double, _ q0: Double, _ r0: Double
  ) {
    var p = p0, q = q0, r = r0
    var size = 0.0
    for k in start..<last {
      let hasThird = k + 1 < last
      if k > start {
        p = self[k, k - 1]
        q = self[k + 1, k - 1]
        r = hasThird ? self[k + 2, k - 1] : 0
        size = abs(p) + abs(q) + abs(r)
        if size == 0 { continue }
        (p, q, r) = (p / size, q / size, r / size)
      }
      let norm = (p * p + q * q + r * r).squareRoot()
      let s = p < 0 ? -norm : norm
      guard s != 0 else { continue }
      if k > start {
        self[k, k - 1] = -s * size
      } else if start > first {
        self[k, k - 1] = -self[k, k - 1]
      }
      p += s
      let x = p / s, y = q / s, z = r / s
      q /= p
      r /= p
      for column in k...last {
        var sum = self[k, column] + q * self[k + 1, column]
        if hasThird {
          sum += r * self[k + 2, column]
          self[k + 2, column] -= sum * z
        }
        self[k + 1, column] -= sum * y
        self[k, column] -= sum * x
      }
      for row in first...min(last, k + 3) {
        var sum = x * self[row, k] + y * self[row, k + 1]
        if hasThird {
          sum += z * self[row, k + 2]
          self[row, k + 2] -= sum * r
        }
        self[row, k + 1] -= sum * q
        self[row, k] -= sum
      }
    }
  }
}
