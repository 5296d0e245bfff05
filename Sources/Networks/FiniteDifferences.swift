public import Tensors

/// Numeric gradients of a loss, in Double: what analytic ones are compared with.
public struct FiniteDifferences {
  private let loss: () -> Double
  /// Which side of every kink (relu, max, …) the last run was on.
  private let sides: () -> [Bool]
  private let relativeStep: Double

  /// - Parameters:
  ///   - relativeStep: how far a number of size 1 is moved, and smaller ones. A longer step has less
  ///     noise where gradients are small, and meets more kinks.
  ///   - loss: runs the model on its present numbers.
  ///   - sides: of the kinks it was on in that run; none without kinks.
  public init(
    relativeStep: Double = 1e-5, loss: @escaping () -> Double,
    sides: @escaping () -> [Bool] = { [] }
  ) {
    self.relativeStep = relativeStep
    self.loss = loss
    self.sides = sides
  }

  /// ∂L/∂(one number), by extrapolated central differences; nil where they crossed a kink: then they
  /// say nothing.
  public func slope(_ buffer: Buffer<Double>, _ index: Int) -> Double? {
    let step = relativeStep * max(1, abs(buffer[index]))
    let (wide, isSmooth) = difference(buffer, index, step)
    guard isSmooth else { return nil }
    // Richardson's extrapolation: the error of a central difference falls with the step's square.
    return (4 * difference(buffer, index, step / 2).slope - wide) / 3
  }

  /// The central difference, and whether both ends are on the same sides of all kinks.
  private func difference(
    _ buffer: Buffer<Double>, _ index: Int, _ step: Double
  ) -> (slope: Double, isSmooth: Bool) {
    let value = buffer[index]
    buffer[index] = value + step
    let above = loss()
    let aboveSides = sides()
    buffer[index] = value - step
    let below = loss()
    let belowSides = sides()
    buffer[index] = value
    return ((above - below) / (2 * step), aboveSides == belowSides)
  }

  /// Compares the gradient of a tensor.
  ///
  /// - Parameters:
  ///   - name: what it is called.
  ///   - shape: its shape.
  ///   - buffer: what holds it.
  ///   - range: where.
  ///   - analytic: the gradient that is compared.
  /// - Returns: the largest difference, relative to the largest gradient.
  public func check(
    name: String, shape: [Int], buffer: Buffer<Double>, range: Range<Int>, analytic: [Double]
  ) -> GradientCheck.Row {
    var worst = 0.0, largest = 0.0
    var skipped = 0
    for (offset, index) in range.enumerated() {
      guard let numeric = slope(buffer, index) else {
        skipped += 1
        continue
      }
      let difference = abs(analytic[offset] - numeric)
      // A NaN must not slip through a comparison.
      worst = difference.isNaN ? .infinity : max(worst, difference)
      largest = max(largest, abs(analytic[offset]))
    }
    return GradientCheck.Row(
      name: name, shape: shape, error: largest < 1e-8 ? worst : worst / largest, largest: largest,
      skipped: skipped)
  }
}
