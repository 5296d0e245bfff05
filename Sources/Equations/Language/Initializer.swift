/// How a parameter starts: `init U = orthogonal(1.2)`.
public enum Initializer: Hashable, Sendable {
  /// PyTorch's default for recurrent layers: uniform within ±1/√H.
  case uniform(low: Double?, high: Double?)
  case normal(mean: Double, deviation: Double)
  /// Glorot & Bengio 2010, uniform form.
  case xavier(gain: Double)
  /// He et al. 2015, normal form.
  case he(gain: Double)
  /// Saxe et al. 2014.
  case orthogonal(gain: Double)
  /// Le, Jaitly & Hinton 2015 (irnn).
  case identity(gain: Double)
  case constant(Double)
}

extension Initializer {
  /// The initialiser of the given name, or nil where the name is unknown or the arguments are none
  /// of its.
  public init?(name: String, arguments: [Double] = []) {
    guard Self.mistake(name: name, arguments: arguments) == nil else { return nil }
    let gain = arguments.first ?? 1
    switch (name, arguments.count) {
    case ("uniform", 0): self = .uniform(low: nil, high: nil)
    case ("uniform", 2): self = .uniform(low: arguments[0], high: arguments[1])
    case ("normal", 0): self = .normal(mean: 0, deviation: 1)
    case ("normal", 2): self = .normal(mean: arguments[0], deviation: arguments[1])
    case ("xavier", 0...1): self = .xavier(gain: gain)
    case ("he", 0...1): self = .he(gain: gain)
    case ("orthogonal", 0...1): self = .orthogonal(gain: gain)
    case ("identity", 0...1): self = .identity(gain: gain)
    case ("zeros", 0): self = .constant(0)
    case ("ones", 0): self = .constant(1)
    case ("constant", 1): self = .constant(gain)
    default: return nil
    }
  }

  /// Which of as many arguments as there should be makes no sense, and what it should be.
  static func mistake(
    name: String, arguments: [Double]
  ) -> (argument: Int, expected: String)? {
    switch (name, arguments.count) {
    case ("uniform", 2) where arguments[0] > arguments[1]:
      (1, "a bound not below the first, as in uniform(-0.1, 0.1)")
    case ("normal", 2) where arguments[1] < 0:
      (1, "a standard deviation from 0 on, as in normal(0, 0.01)")
    default: nil
    }
  }

  /// The names that the command line takes.
  public static let names = [
    "uniform", "xavier", "he", "orthogonal", "identity", "zeros", "normal",
  ]
}
