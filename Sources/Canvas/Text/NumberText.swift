/// Numbers for tight columns.
public enum NumberText {
  /// A number in at most `digits` significant digits: `0`, `0.0123`, `-1.25`, `1234`, `1.2e-8`.
  ///
  /// Trailing zeros are kept, so that a column of one magnitude does not jitter; magnitudes below
  /// 0.01 or from 10,000 on are written with an exponent and one digit less.
  public static func text(
    _ value: Double, digits: Int = 3, glyphs: Glyphs = .unicode
  ) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite {
      return (value < 0 ? "-" : "") + (glyphs == .unicode ? "∞" : "inf")
    }
    if value == 0 { return "0" }
    let sign = value < 0 ? "-" : ""
    let plain = Decimal(abs(value), digits: max(1, digits))
    if plain.exponent >= digits && plain.exponent <= 3 {
      // Digits before the point are not rounded away.
      return sign + String(Int(abs(value).rounded()))
    }
    if plain.exponent >= -2 && plain.exponent <= 3 { return sign + plain.fixed }
    return sign + Decimal(abs(value), digits: max(1, digits - 1)).scientific
  }

  public static func text(_ value: Float, digits: Int = 3, glyphs: Glyphs = .unicode) -> String {
    text(Double(value), digits: digits, glyphs: glyphs)
  }

  /// A number in exactly `width` characters, right-aligned; digits are given up until it fits, and
  /// if even one does not, the field is filled with `#` rather than with a wrong number.
  public static func text(
    _ value: Double, width: Int, digits: Int = 3, glyphs: Glyphs = .unicode
  ) -> String {
    for digits in stride(from: digits, through: 1, by: -1) {
      let text = text(value, digits: digits, glyphs: glyphs)
      let count = text.unicodeScalars.count
      if count <= width { return String(repeating: " ", count: width - count) + text }
    }
    return String(repeating: "#", count: max(0, width))
  }

  /// An axis label: no more digits than it needs, `0.5`, `10`, `1e-6`.
  public static func tick(_ value: Double, glyphs: Glyphs = .unicode) -> String {
    let text = text(value, digits: 4, glyphs: glyphs)
    guard let point = text.firstIndex(of: ".") else { return text }
    let end = text.firstIndex(of: "e") ?? text.endIndex
    var fraction = text[text.index(after: point)..<end]
    while fraction.last == "0" { fraction.removeLast() }
    return text[..<point] + (fraction.isEmpty ? "" : "." + fraction) + text[end...]
  }
}

/// A positive number rounded to a few decimal digits.
private struct Decimal {
  /// The significant digits, as many as were asked for.
  let digits: [Character]
  /// The power of ten of the first digit.
  let exponent: Int

  init(_ value: Double, digits count: Int) {
    var exponent = Int(log10(value).rounded(.down))
    var scaled = Decimal.scale(value, by: count - 1 - exponent)
    // The logarithm may be off by one next to a power of ten, and rounding may carry over.
    if scaled.rounded() >= powerOfTen(count) {
      exponent += 1
      scaled = Decimal.scale(value, by: count - 1 - exponent)
    } else if scaled.rounded() < powerOfTen(count - 1) {
      exponent -= 1
      scaled = Decimal.scale(value, by: count - 1 - exponent)
    }
    digits = Array(String(Int(scaled.rounded())))
    self.exponent = exponent
  }

  /// In two steps where the power alone would leave Double's range.
  private static func scale(_ value: Double, by exponent: Int) -> Double {
    if exponent > 300 { return value * powerOfTen(300) * powerOfTen(exponent - 300) }
    return exponent >= 0 ? value * powerOfTen(exponent) : value / powerOfTen(-exponent)
  }

  var fixed: String {
    if exponent < 0 {
      return "0." + String(repeating: "0", count: -exponent - 1) + String(digits)
    }
    if exponent + 1 >= digits.count {
      return String(digits) + String(repeating: "0", count: exponent + 1 - digits.count)
    }
    return String(digits[...exponent]) + "." + String(digits[(exponent + 1)...])
  }

  var scientific: String {
    let rest = digits.dropFirst()
    return String(digits[0]) + (rest.isEmpty ? "" : "." + String(rest)) + "e\(exponent)"
  }
}
