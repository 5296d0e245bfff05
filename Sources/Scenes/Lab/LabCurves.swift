internal import Canvas
internal import Learning

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Curves of a training, and axes that stand still while it goes on.
nonisolated enum LabCurves {
  /// Losses of single batches jump: each point is the mean of itself and up to so many before it.
  static let smoothedCount = 10

  /// A history over updates; the first update is 1.
  static func series(_ name: String, _ history: DecimatedHistory, paint: Paint) -> PlotSeries {
    let stride = Double(history.stride)
    return PlotSeries(
      name, smoothed(history.points.map(\.mean)), paint: paint, firstX: (1 + stride) / 2,
      stepX: stride)
  }

  static func smoothed(_ values: [Double]) -> [Float] {
    values.indices.map { index in
      // From scratch: a running sum would keep what a large value has left in it.
      let last = values[max(0, index - smoothedCount + 1)...index]
      return Float(last.reduce(0, +) / Double(last.count))
    }
  }

  /// A logarithmic axis from and to 1, 2 or 5 times a power of ten; what is no positive number, or
  /// beyond the limits, is left out.
  static func logScale(
    _ values: some Sequence<Double>, within limits: ClosedRange<Double> = 1e-30...1e30
  ) -> Normalization {
    var least = Double.infinity, most = 0.0
    for value in values where value > 0 && value.isFinite {
      least = min(least, value)
      most = max(most, value)
    }
    guard least <= most else { return Normalization(.logarithmic, lo: 0.1, hi: 1) }
    least = min(max(least, limits.lowerBound), limits.upperBound)
    most = min(max(most, least), limits.upperBound)
    var lo = rounded(least, up: false), hi = rounded(most, up: true)
    // A flat curve is not blown up to a mountain range.
    if hi / lo < 2 {
      lo = rounded(lo * 0.99, up: false)
      hi = rounded(hi * 1.01, up: true)
    }
    return Normalization(.logarithmic, lo: lo, hi: hi)
  }

  /// An axis around zero, to 1, 2 or 5 times a power of ten.
  static func symmetricScale(_ values: some Sequence<Double>) -> Normalization {
    let most = values.reduce(0.0) { $1.isFinite ? max($0, abs($1)) : $0 }
    return .symmetric(most > 0 ? rounded(most, up: true) : 1)
  }

  /// The same for a heatmap: one value in fifty may lie outside, so that few large ones do not
  /// darken all others.
  static func robustScale(_ values: [Float]) -> Normalization {
    let sizes = values.filter(\.isFinite).map { Double(abs($0)) }.sorted()
    return symmetricScale(sizes.isEmpty ? [] : [sizes[(sizes.count - 1) * 49 / 50]])
  }

  /// The next 1, 2 or 5 times a power of ten.
  static func rounded(_ value: Double, up: Bool) -> Double {
    guard value > 0, value.isFinite else { return value }
    let exponent = Int(floor(log10(value)))
    let candidates = (exponent - 1...exponent + 1).flatMap { exponent in
      [1.0, 2, 5].map { $0 * pow(10, Double(exponent)) }
    }
    let slack = 1e-9 * value
    return up
      ? candidates.first { $0 >= value - slack } ?? value
      : candidates.last { $0 <= value + slack } ?? value
  }
}
