/// A way from values to the 0…1 of a colour map or an axis.
public struct Normalization: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case linear
    /// Zero is in the middle, and both sides have the same scale.
    case symmetric
    /// Equal steps for equal ratios. Values at or below zero count as the least.
    case logarithmic
  }

  public let kind: Kind
  /// The value at 0.
  public let lo: Double
  /// The value at 1; always above `lo`.
  public let hi: Double

  /// - Note: `lo == hi`, reversed, infinite or NaN limits and logarithms of limits that are not
  ///   positive are mended rather than trusted: a picture of bad numbers must still be drawn.
  public init(_ kind: Kind = .linear, lo: Double, hi: Double) {
    var a = min(lo, hi)
    var b = max(lo, hi)
    if !a.isFinite || !b.isFinite {
      a = a.isFinite ? a : (b.isFinite ? b : 0)
      b = b.isFinite ? b : a
    }
    switch kind {
    case .symmetric:
      let limit = max(abs(a), abs(b))
      b = limit > 0 ? limit : 1
      a = -b
    case .logarithmic:
      b = b > 0 ? b : 1
      a = a > 0 ? min(a, b) : b * 1e-6
      if a == b {
        a = max(a / 10, .leastNormalMagnitude)
        b *= 10
      }
    case .linear:
      if b - a <= max(abs(a), abs(b)) * 1e-12 {
        let margin = a == 0 ? 1 : abs(a) / 2
        a -= margin
        b += margin
      }
    }
    self.kind = kind
    self.lo = a
    self.hi = b
  }

  public static func symmetric(_ limit: Double) -> Normalization {
    Normalization(.symmetric, lo: -limit, hi: limit)
  }

  /// Limits that hold all finite values (for `.logarithmic`: all positive ones); 0…1, -1…1 or
  /// 1e-6…1 if there are none.
  public static func fitting(
    _ values: some Sequence<Float>, kind: Kind = .linear
  ) -> Normalization {
    var lo = Float.infinity
    var hi = -Float.infinity
    for value in values where value.isFinite && (kind != .logarithmic || value > 0) {
      lo = min(lo, value)
      hi = max(hi, value)
    }
    guard lo <= hi else { return Normalization(kind, lo: kind == .logarithmic ? 1e-6 : 0, hi: 1) }
    return Normalization(kind, lo: Double(lo), hi: Double(hi))
  }

  /// Where a value lies between `lo` (0) and `hi` (1), cut to that range; nil for NaN.
  public func fraction(_ value: Float) -> Double? {
    position(Double(value)).map { min(1, max(0, $0)) }
  }

  /// The same without cutting: below 0 and above 1 is outside. Infinities give infinities.
  public func position(_ value: Double) -> Double? {
    if value.isNaN { return nil }
    if kind == .logarithmic {
      if value <= 0 { return -.infinity }
      if value == .infinity { return .infinity }
      return (log10(value) - log10(lo)) / (log10(hi) - log10(lo))
    }
    // Halves, since the difference of two large limits may overflow.
    return (value / 2 - lo / 2) / (hi / 2 - lo / 2)
  }

  /// The level of a map with so many levels, 0 ..< count; nil for NaN.
  public func level(_ value: Float, of count: Int) -> Int? {
    fraction(value).map { Int(($0 * Double(count - 1)).rounded()) }
  }
}
