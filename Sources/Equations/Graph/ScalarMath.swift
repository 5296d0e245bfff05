internal import Foundation

/// The elementwise functions on single numbers in Double: for constants, conditions, the numbers
/// shown in an equation, and as the yardstick of the kernels' tests.
public enum ScalarMath {
  static let leakySlope = 0.01
  static let eluAlpha = 1.0

  static func apply(_ op: UnaryOperation, _ x: Double) -> Double {
    switch op {
    case .negate: -x
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: tanh(x)
    case .relu: x.isNaN ? x : Swift.max(x, 0)
    case .leakyReLU: x > 0 ? x : leakySlope * x
    case .elu: x > 0 ? x : eluAlpha * expm1(x)
    case .gelu: x * normalCDF(x)
    case .geluTanh: 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .exp: exp(x)
    case .log: log(x)
    case .abs: Swift.abs(x)
    case .squareRoot: x.squareRoot()
    case .step: x > 0 ? 1 : 0
    case .sign: x > 0 ? 1 : x < 0 ? -1 : 0
    case .normalCDF: normalCDF(x)
    case .normalPDF: exp(-x * x / 2) / (2 * Double.pi).squareRoot()
    }
  }

  static func apply(_ op: BinaryOperation, _ a: Double, _ b: Double) -> Double {
    switch op {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .max: a.isNaN || b.isNaN ? .nan : Swift.max(a, b)
    case .min: a.isNaN || b.isNaN ? .nan : Swift.min(a, b)
    case .greaterOrEqual: a >= b ? 1 : 0
    case .lessOrEqual: a <= b ? 1 : 0
    }
  }

  private static func normalCDF(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
}
