#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// What a gradient does on its way back through time.
public enum GradientFlow: String, Sendable, CaseIterable {
  /// The norm falls by more than a factor of 100 from the last step to the first.
  case vanishing
  case stable
  /// It grows by more than that factor.
  case exploding

  /// The factor between the first and the last step from which on a gradient has died, or blown up.
  public static let factor = 100.0
}

/// A straight line through ln‖∂L/∂h_t‖ over the steps back from the last: how fast the gradient
/// shrinks or grows.
public struct GradientFit: Sendable, Equatable {
  /// d ln‖∂L/∂h_t‖ / d(steps back), negative where the gradient shrinks on its way back; nil where
  /// fewer than two norms can be used.
  public let slope: Double?
  /// The line's ln‖∂L/∂h_t‖ at the last step; nil as the slope.
  public let intercept: Double?
  /// The share of the variance that the line explains; 1 for norms that are all the same.
  public let r2: Double?
  /// Norms that are zero, too small, too large or not numbers.
  public let leftOut: Int
  public let flow: GradientFlow

  /// Norms outside say more about the number format than about the gradient.
  public static let usableNorms = 1e-30...1e30

  /// The memory in steps: after so many the gradient has fallen to 1/e; nil where it does not fall.
  public var memoryLength: Double? {
    guard let slope, slope < 0 else { return nil }
    return -1 / slope
  }

  /// Least squares through the usable points.
  ///
  /// - Parameter norms: `[T]`, t = 0 first; the loss is at the last step.
  public init(norms: [Double]) {
    let points = norms.reversed().enumerated()
      .filter { Self.usableNorms.contains($0.element) }
      .map { (x: Double($0.offset), y: log($0.element)) }
    leftOut = norms.count - points.count
    guard points.count > 1 else {
      slope = nil
      intercept = nil
      r2 = nil
      // The gradient left the range of numbers within a step of the loss.
      let first = norms.first ?? 1
      flow =
        norms.count < 2 || points.count == norms.count
        ? .stable : first < Self.usableNorms.lowerBound ? .vanishing : .exploding
      return
    }
    let count = Double(points.count)
    let meanX = points.reduce(0) { $0 + $1.x } / count
    let meanY = points.reduce(0) { $0 + $1.y } / count
    let xx = points.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
    let xy = points.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) }
    let yy = points.reduce(0) { $0 + ($1.y - meanY) * ($1.y - meanY) }
    let slope = xy / xx
    self.slope = slope
    intercept = meanY - slope * meanX
    r2 = yy == 0 ? 1 : xy * xy / (xx * yy)
    let change = slope * Double(norms.count - 1)
    flow =
      change < -log(GradientFlow.factor)
      ? .vanishing : change > log(GradientFlow.factor) ? .exploding : .stable
  }
}
