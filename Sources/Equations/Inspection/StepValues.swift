/// The numbers that one equation sees at one step, for showing it with its numbers put in.
public protocol StepValues {
  /// x, or the value of an equation at this step.
  func value(_ name: Identifier) -> [Double]?
  /// A state's value at the step before.
  func previous(_ name: Identifier) -> [Double]?
  /// A parameter's elements, row-major, and its shape.
  func parameter(_ name: Identifier) -> (elements: [Double], shape: [Int])?
}

/// Evaluates expressions the plain way, straight from the syntax tree and in Double.
///
/// This is what the plan is held against in tests, and what the screen shows for one unit.
public struct Evaluator<Values: StepValues> {
  let values: Values
  let constants: [Identifier: Double]
  let activation: Function

  public init(cell: Cell, values: Values) {
    self.values = values
    constants = cell.constants
    activation = cell.activation
  }

  enum Result {
    case number(Double)
    case vector([Double])
    case matrix([Double], rows: Int, columns: Int)
  }

  /// The value of an expression: a vector, or one number for all units. Nil where a value is missing.
  public func vector(_ e: Expression) -> [Double]? {
    switch evaluate(e) {
    case .number(let value)?: [value]
    case .vector(let values)?: values
    case .matrix?, nil: nil
    }
  }

  /// One unit of an expression's value.
  public func element(_ e: Expression, unit: Int) -> Double? {
    switch evaluate(e) {
    case .number(let value)?: value
    case .vector(let values)?: values.indices.contains(unit) ? values[unit] : nil
    case .matrix?, nil: nil
    }
  }

  func evaluate(_ e: Expression) -> Result? {
    switch e {
    case .number(let value, _): return .number(value)
    case .name(let name, _):
      if let value = constants[name] { return .number(value) }
      if let vector = values.value(name) { return .vector(vector) }
      guard let (elements, shape) = values.parameter(name) else { return nil }
      return shape.count == 2
        ? .matrix(elements, rows: shape[0], columns: shape[1]) : .vector(elements)
    case .previous(let name, _): return values.previous(name).map { .vector($0) }
    case .negate(let operand, _): return map(operand) { -$0 }
    case .squareRoot(let operand, _): return map(operand) { $0.squareRoot() }
    case .transpose(let operand, _):
      guard case .matrix(let m, let rows, let columns)? = evaluate(operand) else { return nil }
      let turned = (0..<rows * columns).map { m[($0 % rows) * columns + $0 / rows] }
      return .matrix(turned, rows: columns, columns: rows)
    case .binary(.matrixProduct, let left, let right, _): return product(left, right)
    case .binary(let op, let left, let right, _):
      guard let a = evaluate(left), let b = evaluate(right) else { return nil }
      return zip(a, b) { x, y in
        switch op {
        case .add: x + y
        case .subtract: x - y
        case .divide: x / y
        case .hadamard, .matrixProduct: x * y
        }
      }
    case .call(let function, let arguments, _): return call(function, arguments)
    case .concatenation(let parts, _):
      let vectors = parts.compactMap { vector($0) }
      return vectors.count == parts.count ? .vector(vectors.flatMap { $0 }) : nil
    }
  }

  private func map(_ e: Expression, _ f: (Double) -> Double) -> Result? {
    switch evaluate(e) {
    case .number(let value)?: .number(f(value))
    case .vector(let values)?: .vector(values.map(f))
    case .matrix(let m, let rows, let columns)?: .matrix(m.map(f), rows: rows, columns: columns)
    case nil: nil
    }
  }

  private func zip(_ a: Result, _ b: Result, _ f: (Double, Double) -> Double) -> Result? {
    switch (a, b) {
    case (.number(let x), .number(let y)): return .number(f(x, y))
    case (.number(let x), .vector(let y)): return .vector(y.map { f(x, $0) })
    case (.vector(let x), .number(let y)): return .vector(x.map { f($0, y) })
    case (.vector(let x), .vector(let y)): return .vector(Swift.zip(x, y).map(f))
    case (.number(let x), .matrix(let m, let rows, let columns)):
      return .matrix(m.map { f(x, $0) }, rows: rows, columns: columns)
    case (.matrix(let m, let rows, let columns), .number(let y)):
      return .matrix(m.map { f($0, y) }, rows: rows, columns: columns)
    default: return nil
    }
  }

  private func product(_ left: Expression, _ right: Expression) -> Result? {
    guard let a = evaluate(left), let b = evaluate(right) else { return nil }
    switch (a, b) {
    case (.matrix(let m, let rows, let columns), .vector(let v)):
      return .vector(
        (0..<rows).map { row in
          (0..<columns).reduce(0) { $0 + m[row * columns + $1] * v[$1] }
        })
    case (.vector(let v), .matrix(let m, let rows, let columns)):
      return .vector(
        (0..<columns).map { column in
          (0..<rows).reduce(0) { $0 + v[$1] * m[$1 * columns + column] }
        })
    case (.matrix(let m, let rows, let inner), .matrix(let n, _, let columns)):
      let elements = (0..<rows * columns).map { index in
        (0..<inner).reduce(0.0) { sum, k in
          sum + m[index / columns * inner + k] * n[k * columns + index % columns]
        }
      }
      return .matrix(elements, rows: rows, columns: columns)
    default: return nil
    }
  }

  private func call(_ function: Function, _ arguments: [Expression]) -> Result? {
    switch function {
    case .activation: return call(activation, arguments)
    case .max, .min:
      guard let a = evaluate(arguments[0]), let b = evaluate(arguments[1]) else { return nil }
      let op: BinaryOperation = function == .max ? .max : .min
      return zip(a, b) { ScalarMath.apply(op, $0, $1) }
    case .softmax:
      guard let x = vector(arguments[0]) else { return nil }
      let largest = x.max() ?? 0
      let exponentials = x.map { ScalarMath.apply(UnaryOperation.exp, $0 - largest) }
      let sum = exponentials.reduce(0, +)
      return .vector(exponentials.map { $0 / sum })
    case .layerNorm:
      guard let x = vector(arguments[0]), let gain = evaluate(arguments[1]),
        let shift = evaluate(arguments[2])
      else { return nil }
      let epsilon = arguments.count > 3 ? vector(arguments[3])?.first ?? 1e-5 : 1e-5
      let mean = x.reduce(0, +) / Double(x.count)
      let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
      let normalized = x.map { ($0 - mean) / (variance + epsilon).squareRoot() }
      return zip(.vector(normalized), gain, *).flatMap { zip($0, shift, +) }
    default:
      guard let op = CellGraph.unary[function] else { return nil }
      return map(arguments[0]) { ScalarMath.apply(op, $0) }
    }
  }
}
