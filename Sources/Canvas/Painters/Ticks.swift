/// Places for axis labels.
enum Ticks {
  /// The least of 1, 2, 5, 10, 20, 50 … that is not below `least`.
  static func integerStep(atLeast least: Double) -> Int {
    var decade = 1
    while true {
      for factor in [1, 2, 5] where Double(factor * decade) >= least { return factor * decade }
      if decade > Int.max / 100 { return decade }
      decade *= 10
    }
  }

  /// Round numbers (1, 2 or 5 times a power of ten apart) between two limits, about `count`.
  static func linear(from lo: Double, to hi: Double, count: Int) -> [Double] {
    let span = hi - lo
    guard span > 0, span.isFinite, count > 0 else { return [] }
    let rough = span / Double(count)
    guard rough.isNormal else { return [] }
    let decade = powerOfTen(Int(log10(rough).rounded(.down)))
    guard decade > 0 else { return [] }
    let step = [1.0, 2, 5, 10].first { $0 * decade >= rough * 0.999 } ?? 10
    let first = (lo / (step * decade) - 1e-9).rounded(.up)
    let last = (hi / (step * decade) + 1e-9).rounded(.down)
    guard last >= first, last - first <= 1000 else { return [] }
    // Divided rather than multiplied where the step is below 1, so that 0.3 is 0.3.
    return stride(from: first, through: last, by: 1).map {
      decade < 1 ? $0 * step / (1 / decade).rounded() : $0 * step * decade
    }
  }

  /// Powers of ten between two positive limits, every nth so that at most about `count` remain;
  /// within one decade, round numbers instead.
  static func decades(from lo: Double, to hi: Double, count: Int) -> [Double] {
    guard lo > 0, hi > lo, hi.isFinite else { return [] }
    let first = Int((log10(lo) - 1e-9).rounded(.up))
    let last = Int((log10(hi) + 1e-9).rounded(.down))
    guard last > first else { return linear(from: lo, to: hi, count: count) }
    let step = max(1, (last - first + count - 1) / max(1, count))
    return (first...last).filter { $0 % step == 0 }.map(powerOfTen)
  }

  static func places(_ scale: Normalization, count: Int) -> [Double] {
    scale.kind == .logarithmic
      ? decades(from: scale.lo, to: scale.hi, count: count)
      : linear(from: scale.lo, to: scale.hi, count: count)
  }
}
