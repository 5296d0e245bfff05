#if canImport(Glibc)
  internal import Glibc
#endif

/// Random numbers that are the same for the same seed, on every machine.
///
/// xoshiro256++ seeded by splitmix64.
/// - Source: Blackman & Vigna 2021, "Scrambled linear pseudorandom number generators".
public struct SeededRandom: RandomNumberGenerator, Sendable, Equatable {
  /// The generator's whole state: save it to go on later with the same numbers.
  public var state: [UInt64]

  public init(seed: UInt64) {
    var z = seed
    state = (0..<4).map { _ in
      z &+= 0x9E37_79B9_7F4A_7C15
      var x = z
      x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
      x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
      return x ^ (x >> 31)
    }
  }

  public mutating func next() -> UInt64 {
    func rotated(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
    let result = rotated(state[0] &+ state[3], 23) &+ state[0]
    let t = state[1] << 17
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= t
    state[3] = rotated(state[3], 45)
    return result
  }

  /// Uniform in [0, 1).
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in [low, high).
  public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// Normal with mean 0 and variance 1, by Box & Muller 1958.
  public mutating func normal() -> Double {
    let radius = sqrt(-2 * log(1 - uniform()))
    return radius * cos(2 * .pi * uniform())
  }

  /// Uniform in 0 ..< bound.
  public mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}
