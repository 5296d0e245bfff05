// The standard library has no logarithm, and this module imports nothing else.

/// The logarithm to base 10 of a positive finite number, to about 1e-15.
///
/// The exponent is read off the number; the significand, brought into [√½, √2), goes through the
/// series of 2·artanh.
func log10(_ value: Double) -> Double {
  precondition(value > 0 && value.isFinite, "log10 of \(value)")
  var significand = value.significand
  var exponent = Double(value.exponent)
  if significand > 2.0.squareRoot() {
    significand /= 2
    exponent += 1
  }
  let s = (significand - 1) / (significand + 1)
  let square = s * s
  var power = s
  var sum = 0.0
  for denominator in stride(from: 1.0, through: 21, by: 2) {
    sum += power / denominator
    power *= square
  }
  let ln2 = 0.693147180559945309
  let ln10 = 2.302585092994045684
  return (2 * sum + exponent * ln2) / ln10
}

/// 10 to an integer power, correctly rounded; 0 or infinity outside of Double's range.
func powerOfTen(_ exponent: Int) -> Double {
  Double("1e\(exponent)") ?? (exponent < 0 ? 0 : .infinity)
}
