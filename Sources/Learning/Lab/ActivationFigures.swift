internal import Equations
internal import Tensors

/// How much of a network still passes gradient on: shares over a whole batch of sequences.
public struct ActivationFigures: Sendable, Equatable {
  /// Values of tanh and σ that are flat: |tanh| > 0.97, σ < 0.03 or σ > 0.97; nil without any.
  /// Only equations that are a tanh or σ as a whole count, not one inside of another equation.
  public var saturated: Double?
  /// Units of relu equations that are zero in every sequence at every step; nil without any.
  public var deadReLU: Double?
  /// The mean of the forget gate; nil without one.
  public var meanForgetGate: Double?

  static let saturation: Float = 0.97

  init(unrolling: Unrolling<Float>, roles: CellRoles) {
    var flat = 0, total = 0
    for equation in roles.tanhs {
      let values = unrolling.values(of: equation)
      flat += Self.count(values) { abs($0) > Self.saturation }
      total += values.count
    }
    for equation in roles.sigmoids {
      let values = unrolling.values(of: equation)
      flat += Self.count(values) { $0 > Self.saturation || $0 < 1 - Self.saturation }
      total += values.count
    }
    saturated = total == 0 ? nil : Double(flat) / Double(total)
    let units = roles.rectifiers.map {
      Self.deadUnits(
        unrolling.values(of: $0), size: unrolling.plan.valueSizes[$0])
    }
    deadReLU =
      units.isEmpty
      ? nil
      : Double(units.reduce(0) { $0 + $1.dead }) / Double(units.reduce(0) { $0 + $1.size })
    meanForgetGate = roles.forgetGate.map { equation in
      let values = unrolling.values(of: equation)
      var sum = 0.0
      let base = unsafe values.pointer
      for index in 0..<values.count { sum += unsafe Double(base[index]) }
      return sum / Double(values.count)
    }
  }

  @inline(__always)
  private static func count(_ values: BufferView<Float>, _ isCounted: (Float) -> Bool) -> Int {
    let base = unsafe values.pointer
    var count = 0
    for index in 0..<values.count where unsafe isCounted(base[index]) { count += 1 }
    return count
  }

  private static func deadUnits(
    _ values: BufferView<Float>, size: Int
  ) -> (dead: Int, size: Int) {
    let base = unsafe values.pointer
    var isAlive = [Bool](repeating: false, count: size)
    var alive = 0
    for row in 0..<values.count / size where alive < size {
      for unit in 0..<size where !isAlive[unit] {
        if unsafe base[row * size + unit] != 0 {
          isAlive[unit] = true
          alive += 1
        }
      }
    }
    return (size - alive, size)
  }
}
