import Learning
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The largest eigenvalue and singular value of matrices whose values are known by construction.
@Suite struct SpectrumTests {
  private func spectrum(_ rows: [[Double]]) -> MatrixSpectrum {
    MatrixSpectrum(matrix: rows.flatMap(\.self), size: rows.count)
  }

  @Test func smallMatrices() {
    let rotation = spectrum([[0, -2], [2, 0]])
    #expect(abs(rotation.spectralRadius - 2) < 1e-14)
    #expect(abs(rotation.largestSingularValue - 2) < 1e-14)
    // Nilpotent: no eigenvalue but 0, and yet it stretches.
    let shear = spectrum([[0, 3, 0], [0, 0, 4], [0, 0, 0]])
    #expect(shear.spectralRadius == 0)
    #expect(abs(shear.largestSingularValue - 4) < 1e-13)
    #expect(spectrum([[-7]]).spectralRadius == 7)
    #expect(spectrum([[0, 0], [0, 0]]) == spectrum([[0, 0], [0, 0]]))
    #expect(spectrum([[0, 0], [0, 0]]).spectralRadius == 0)
    #expect(spectrum([[.nan, 0], [0, 1]]).spectralRadius.isNaN)
  }

  /// A cyclic permutation's eigenvalues are the roots of unity, all of the same size: the case in
  /// which the plain iteration stands still.
  @Test(arguments: [3, 4, 7, 16]) func cyclicPermutation(size: Int) {
    var matrix = [Double](repeating: 0, count: size * size)
    for row in 0..<size { matrix[row * size + (row + 1) % size] = 1.5 }
    let spectrum = MatrixSpectrum(matrix: matrix, size: size)
    #expect(abs(spectrum.spectralRadius - 1.5) < 1e-12)
    #expect(abs(spectrum.largestSingularValue - 1.5) < 1e-12)
  }

  /// The companion matrix of (x − 1)(x − 2)(x² + 9): a complex pair is the largest.
  @Test func companionMatrix() {
    // x⁴ − 3x³ + 11x² − 27x + 18.
    let spectrum = spectrum([[3, -11, 27, -18], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]])
    #expect(abs(spectrum.spectralRadius - 3) < 1e-12)
  }

  /// S·D·S⁻¹ has D's eigenvalues, whatever S: here products of shears, with their inverses.
  @Test(arguments: LabSamples.seeds) func similarMatrices(seed: UInt64) {
    let size = 24
    var random = SeededRandom(seed: seed)
    var matrix = [Double](repeating: 0, count: size * size)
    // Pairs a ± bi on the diagonal.
    var largest = 0.0
    for block in 0..<size / 2 {
      let (a, b) = (random.normal(), random.normal())
      let i = 2 * block
      matrix[i * size + i] = a
      matrix[(i + 1) * size + i + 1] = a
      matrix[i * size + i + 1] = b
      matrix[(i + 1) * size + i] = -b
      largest = max(largest, (a * a + b * b).squareRoot())
    }
    for _ in 0..<200 {
      let (i, j) = (random.below(size), random.below(size))
      guard i != j else { continue }
      let s = 0.3 * random.normal()
      for column in 0..<size { matrix[i * size + column] += s * matrix[j * size + column] }
      for row in 0..<size { matrix[row * size + j] -= s * matrix[row * size + i] }
    }
    let spectrum = MatrixSpectrum(matrix: matrix, size: size)
    #expect(abs(spectrum.spectralRadius - largest) < 1e-7 * largest)
    // ‖A‖₂ is between the length of the longest column and the Frobenius norm.
    let frobenius = matrix.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(spectrum.largestSingularValue <= frobenius)
    #expect(spectrum.largestSingularValue >= largest * (1 - 1e-9))
  }
}
