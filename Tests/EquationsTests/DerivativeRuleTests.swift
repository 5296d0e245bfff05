internal import Foundation
import Tensors
import Testing

@testable import Equations

/// Each row of the table of derivatives against central differences of libm's functions.
@Suite struct DerivativeRuleTests {
  /// The functions once more, from libm alone.
  private func reference(_ op: UnaryOperation) -> (Double) -> Double {
    func cdf(_ x: Double) -> Double { 0.5 * (1 + erf(x / 2.0.squareRoot())) }
    return switch op {
    case .negate: { -$0 }
    case .sigmoid: { 1 / (1 + exp(-$0)) }
    case .tanh: { tanh($0) }
    case .relu: { fmax($0, 0) }
    case .leakyReLU: { $0 > 0 ? $0 : 0.01 * $0 }
    case .elu: { $0 > 0 ? $0 : exp($0) - 1 }
    case .gelu: { $0 * cdf($0) }
    case .geluTanh:
      { 0.5 * $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * pow($0, 3)))) }
    case .exp: { exp($0) }
    case .log: { log($0) }
    case .abs: { fabs($0) }
    case .squareRoot: { $0.squareRoot() }
    case .step: { $0 > 0 ? 1 : 0 }
    case .sign: { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
    case .normalCDF: cdf
    case .normalPDF: { exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot() }
    }
  }

  private func reference(_ op: BinaryOperation) -> (Double, Double) -> Double {
    switch op {
    case .add: { $0 + $1 }
    case .subtract: { $0 - $1 }
    case .multiply: { $0 * $1 }
    case .divide: { $0 / $1 }
    case .max: { fmax($0, $1) }
    case .min: { fmin($0, $1) }
    case .greaterOrEqual: { $0 >= $1 ? 1 : 0 }
    case .lessOrEqual: { $0 <= $1 ? 1 : 0 }
    }
  }

  private func value(_ formula: Formula, a: Double, b: Double, y: Double) -> Double {
    switch formula {
    case .a: a
    case .b: b
    case .y: y
    case .number(let number): number
    case .unary(let op, let inner): reference(op)(value(inner, a: a, b: b, y: y))
    case .binary(let op, let left, let right):
      reference(op)(value(left, a: a, b: b, y: y), value(right, a: a, b: b, y: y))
    }
  }

  private func slope(_ f: (Double) -> Double, at x: Double) -> Double {
    let step = 1e-3 * max(0.1, min(1, abs(x)))
    let near = f(x + step) - f(x - step), far = f(x + 2 * step) - f(x - 2 * step)
    return (8 * near - far) / (12 * step)
  }

  @Test(arguments: UnaryOperation.allCases)
  func unary(op: UnaryOperation) {
    let f = reference(op)
    var random = SeededRandom(seed: 11)
    for _ in 0..<500 {
      var x = random.uniform(-6, 6)
      // Away from kinks, and where the function is defined.
      if abs(x) < 0.01 { x = 0.01 }
      if op == .log || op == .squareRoot { x = 0.05 + abs(x) }
      #expect(abs(ScalarMath.apply(op, x) - f(x)) <= 1e-14 * max(1, abs(f(x))))
      let rule = value(DerivativeRules.derivative(of: op), a: x, b: .nan, y: f(x))
      let numeric = slope(f, at: x)
      #expect(abs(rule - numeric) <= 1e-8 * max(1, abs(numeric)), "\(op) at \(x)")
    }
  }

  @Test(arguments: BinaryOperation.allCases)
  func binary(op: BinaryOperation) {
    let f = reference(op)
    var random = SeededRandom(seed: 12)
    for _ in 0..<500 {
      let a = random.uniform(-4, 4)
      var b = random.uniform(-4, 4)
      if abs(a - b) < 0.02 { b = a + 0.02 }
      if op == .divide { b = b < 0 ? b - 0.5 : b + 0.5 }
      #expect(ScalarMath.apply(op, a, b) == f(a, b))
      let (first, second) = DerivativeRules.derivatives(of: op)
      let byA = value(first, a: a, b: b, y: f(a, b)), byB = value(second, a: a, b: b, y: f(a, b))
      let numericA = slope({ f($0, b) }, at: a), numericB = slope({ f(a, $0) }, at: b)
      #expect(abs(byA - numericA) <= 1e-8 * max(1, abs(numericA)), "\(op) at \(a), \(b)")
      #expect(abs(byB - numericB) <= 1e-8 * max(1, abs(numericB)), "\(op) at \(a), \(b)")
    }
  }

  /// 0 for relu, the first operand's for a tie of max and min.
  @Test func kinks() {
    func at(_ op: UnaryOperation, _ x: Double) -> Double {
      value(DerivativeRules.derivative(of: op), a: x, b: .nan, y: reference(op)(x))
    }
    #expect(at(.relu, 0) == 0 && at(.relu, -0.0) == 0)
    #expect(at(.leakyReLU, 0) == 0.01)
    #expect(at(.elu, 0) == 1)
    #expect(at(.abs, 0) == 0)
    for op in [BinaryOperation.max, .min] {
      let (first, second) = DerivativeRules.derivatives(of: op)
      #expect(value(first, a: 2, b: 2, y: 2) == 1 && value(second, a: 2, b: 2, y: 2) == 0)
    }
  }

  /// The same through the whole backward pass.
  @Test(arguments: [
    ("relu(p)", [0]), ("leaky_relu(p)", [0.01]), ("abs(p)", [0]), ("elu(p)", [1]),
    ("max(p, q)", [1, 0]), ("min(p, q)", [1, 0]), ("max(p, 0)", [1]), ("min(0, p)", [0]),
    ("max(0, p)", [0]),
  ])
  func kinksInCells(text: String, factors: [Double]) throws {
    var sample = try Sample("state h\nh = \(text) + 0 ⊙ h'", seqLen: 1)
    sample.parameters = sample.parameters.map { $0.map { _ in 0 } }
    let (_, gradients) = sample.gradients(Double.self)
    for (gradient, factor) in zip(gradients.parameters, factors) {
      #expect(gradient == sample.lossWeights.map { $0 * factor })
    }
  }

  /// Saturated functions have finite derivatives.
  @Test func extremes() {
    for x in [-1e3, -100, 100, 1e3] as [Double] {
      for op in [UnaryOperation.sigmoid, .tanh, .elu, .gelu, .geluTanh, .relu, .leakyReLU] {
        let y = ScalarMath.apply(op, x)
        let rule = value(DerivativeRules.derivative(of: op), a: x, b: .nan, y: y)
        #expect(rule.isFinite && rule >= -0.2 && rule <= 1.2, "\(op) at \(x): \(rule)")
      }
    }
  }
}
