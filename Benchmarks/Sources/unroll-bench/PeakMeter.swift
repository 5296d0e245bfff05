internal import Tensors

/// The rate of sgemm on a square product that every other rate is compared with.
///
/// Machines get faster and slower while one looks: a share is always that of a rate which was
/// measured right before.
final class PeakMeter {
  static let size = 2048
  private lazy var a = PeakMeter.matrix(PeakMeter.size * PeakMeter.size)
  private lazy var b = PeakMeter.matrix(PeakMeter.size * PeakMeter.size)
  private lazy var c = Buffer<Float>(count: Self.size * Self.size)
  /// All rates measured so far with one thread, in flops a second.
  private var rates: [Double] = []

  /// One product with BLAS's present number of threads, in flops a second.
  func measure() -> Double {
    let rate = PeakMeter.rate(
      m: Self.size, n: Self.size, k: Self.size, transposeA: false, transposeB: true, a: a, b: b,
      c: c)
    if BLAS.threads == 1 { rates.append(rate) }
    return rate
  }

  private static func rate(
    m: Int, n: Int, k: Int, transposeA: Bool, transposeB: Bool, a: Buffer<Float>, b: Buffer<Float>,
    c: Buffer<Float>
  ) -> Double {
    let seconds = Timing.time {
      unsafe Float.gemm(
        transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, alpha: 1, a: a.base,
        lda: transposeA ? m : k, b: b.base, ldb: transposeB ? k : n, beta: 0, c: c.base, ldc: n)
    }
    return 2 * Double(m) * Double(n) * Double(k) / seconds
  }

  private static func matrix(_ count: Int) -> Buffer<Float> {
    var random = SeededRandom(seed: 1)
    return Buffer((0..<count).map { _ in Float(random.uniform(-1, 1)) })
  }

  /// The square product, and the products that an LSTM consists of; those of one step also with our
  /// own kernel, whose right factor is packed once for the whole sequence.
  func report(_ options: BenchmarkOptions) {
    for _ in 0..<(options.isQuick ? 2 : 4) { _ = measure() }
    Report.line("\(Self.size)³: \(summary)")
    let table = Table([
      ("GFLOP/s at the shapes of lstm", 30), ("all x", 8), ("∂L/∂W", 8), ("one step", 9),
      ("packed", 8), ("step back", 9), ("packed", 8),
    ])
    for size in CellSize.all where !(options.isQuick && size.isLarge) {
      let (h, b, rows) = (size.hidden, size.batch, size.batch * size.steps)
      let rates = [
        best(rows, 4 * h, h, transposeB: true), best(4 * h, h, rows, transposeA: true),
        best(b, 4 * h, h, transposeB: true), bestPacked(b, 4 * h, h), best(b, h, 4 * h),
        bestPacked(b, h, 4 * h),
      ]
      table.row([size.name] + rates.map { Report.number($0 / 1e9, 1) })
    }
  }

  /// The best of several products of one shape.
  private func best(
    _ m: Int, _ n: Int, _ k: Int, transposeA: Bool = false, transposeB: Bool = false
  ) -> Double {
    let a = Self.matrix(m * k), b = Self.matrix(k * n), c = Buffer<Float>(count: m * n)
    var best = 0.0
    _ = Timing.runs(seconds: 0.01, atLeast: 3) {
      best = max(
        best,
        Self.rate(
          m: m, n: n, k: k, transposeA: transposeA, transposeB: transposeB, a: a, b: b, c: c))
    }
    return best
  }

  /// The same with the packed kernel.
  private func bestPacked(_ m: Int, _ n: Int, _ k: Int) -> Double {
    let a = Self.matrix(m * k), b = Self.matrix(k * n), c = Buffer<Float>(count: m * n)
    let packed = Buffer<Float>(count: Float.packedSize(k: k, n: n))
    unsafe Float.pack(
      k: k, n: n, from: b.base, ld: n, transposed: false, depth: k, into: packed.base)
    let times = Timing.runs(seconds: 0.01, atLeast: 3) {
      unsafe Float.multiplyPacked(
        transposeA: false, m: m, n: n, k: k, a: a.base, lda: k, packed: packed.base, c: c.base,
        ldc: n)
    }
    return 2 * Double(m) * Double(n) * Double(k) / Samples(times).min
  }

  /// Slowest, median and fastest rate so far.
  var summary: String {
    let samples = Samples(rates)
    return "min \(gflops(samples.min)), median \(gflops(samples.median)), "
      + "max \(gflops(samples.max)) GFLOP/s of \(samples.count)"
  }

  private func gflops(_ rate: Double) -> String { Report.number(rate / 1e9, 1) }
}
