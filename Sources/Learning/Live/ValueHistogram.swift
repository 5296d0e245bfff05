internal import Equations
internal import Networks
internal import Tensors

/// How the values of an equation are spread: over a sample of steps, sequences and units.
public struct ValueHistogram: Sendable, Equatable {
  public enum Role: Sendable, Equatable {
    case state, gate, candidate
  }

  public let name: String
  public let role: Role
  /// The ends of the range that the bins share evenly.
  public let low: Double
  public let high: Double
  public let counts: [Int]
  public let mean: Double

  public static let binCount = 64
  /// Values that are looked at, at most.
  static let mostValues = 16_384

  /// Counts some of the values; without a range, in one that holds all, with zero in the middle.
  ///
  /// - Precondition: there is a value.
  init(
    name: String, role: Role, values: BufferView<Float>, range: ClosedRange<Double>?
  ) {
    // An odd stride meets all units, whatever their number.
    let stride = max(1, values.count / Self.mostValues) | 1
    let base = unsafe values.pointer
    var largest: Float = 0
    if range == nil {
      for index in Swift.stride(from: 0, to: values.count, by: stride) {
        let size = unsafe abs(base[index])
        if size.isFinite { largest = max(largest, size) }
      }
    }
    let limit = largest > 0 ? Double(largest) : 1
    let range = range ?? -limit...limit
    // In Double: twice the largest float is none, and the least ones have no reciprocal.
    let scale = Double(Self.binCount) / (range.upperBound - range.lowerBound)
    var counts = [Int](repeating: 0, count: Self.binCount)
    var sum = 0.0
    var number = 0
    for index in Swift.stride(from: 0, to: values.count, by: stride) {
      let value = unsafe base[index]
      guard value.isFinite else { continue }
      let bin = min(
        max((Double(value) - range.lowerBound) * scale, 0), Double(Self.binCount - 1))
      counts[Int(bin)] += 1
      sum += Double(value)
      number += 1
    }
    self.name = name
    self.role = role
    self.low = range.lowerBound
    self.high = range.upperBound
    self.counts = counts
    mean = number == 0 ? .nan : sum / Double(number)
  }
}

extension GradientLab {
  /// The histograms of what `pass` holds: states, gates, and what else is squashed or rectified.
  func histograms() -> [ValueHistogram] {
    let cell = settings.cell
    let states = cell.states.compactMap { cell.equationIndex(of: $0) }
    let gates = roles.sigmoids.filter { !states.contains($0) }
    let others = (roles.tanhs + roles.rectifiers).sorted().filter { !states.contains($0) }
    let roles: [(ValueHistogram.Role, [Int])] = [
      (.state, states), (.gate, gates), (.candidate, others),
    ]
    return roles.flatMap { role, equations in
      equations.map { equation in
        ValueHistogram(
          name: cell.equations[equation].name.text, role: role,
          values: pass.layers[0][0].values(of: equation), range: range(of: equation))
      }
    }
  }

  /// Where a function's values lie; nil where anywhere.
  private func range(of equation: Int) -> ClosedRange<Double>? {
    if roles.sigmoids.contains(equation) { return 0...1 }
    return roles.tanhs.contains(equation) ? -1...1 : nil
  }

  /// The states of the first sequence that `pass` holds.
  func stateMaps() -> [StateMap] {
    let size = settings.hiddenSize
    let units = min(size, StateMap.mostUnits)
    let cell = settings.cell
    return cell.states.compactMap { name in
      guard let equation = cell.equationIndex(of: name) else { return nil }
      let view = pass.layers[0][0].values(of: equation)
      var values: [Float] = []
      values.reserveCapacity(settings.seqLen * units)
      for time in 0..<settings.seqLen {
        let start = view.offset + time * settings.batchSize * size
        values += view.buffer.array(start..<start + units)
      }
      return StateMap(
        name: name.text, seqLen: settings.seqLen, unitCount: units, values: values)
    }
  }
}
