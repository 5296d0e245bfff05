/// Finds the kind and the shape of every name of a cell, or the first contradiction.
struct ShapeInference {
  private let source: SourceText
  private let states: Set<Identifier>
  private let constants: Set<Identifier>
  private let assigned: Set<Identifier>
  private let matrices: Set<Identifier>
  private var solver = DimensionSolver()
  private var values: [Identifier: Dimension] = [:]
  private(set) var parameters: [(name: Identifier, shape: ValueShape)] = []
  private var parameterIndex: [Identifier: Int] = [:]

  init(
    source: SourceText, states: [Identifier], constants: Set<Identifier>, equations: [Equation]
  ) {
    self.source = source
    self.states = Set(states)
    self.constants = constants
    self.assigned = Set(equations.map(\.name))
    var matrices: Set<Identifier> = []
    for equation in equations {
      Self.collectMatrices(equation.expression, constants, into: &matrices)
    }
    self.matrices = matrices.subtracting(assigned).subtracting(constants).subtracting(["x"])
  }

  /// The size of each equation's value and the parameters in order of their first use.
  mutating func run(
    _ equations: [Equation]
  ) throws(EquationError) -> (sizes: [Dimension], parameters: [(Identifier, ValueShape)]) {
    for equation in equations {
      let shape = try shape(of: equation.expression)
      let size: Dimension
      switch shape {
      case .number: size = .hidden
      case .vector(let dimension): size = dimension
      case .matrix(let rows, let columns):
        throw error(
          "\(equation.name) would be a matrix \(shown(rows, columns)); an equation of a cell gives a "
            + "vector: expected a product with a vector, such as W·x", equation.location)
      }
      if states.contains(equation.name) {
        try unify(size, .hidden, equation.location) { size, _ in
          "the state \(equation.name) has size [H], its equation gives \(size); "
            + "multiply by a matrix, as in W·x"
        }
      }
      values[equation.name] = size
    }
    guard solver.defaultToHidden() else { throw contradiction(equations[0].location) }
    let sizes = equations.map { solver.resolve(values[$0.name] ?? .hidden) }
    let resolved = parameters.map { name, shape in (name, resolve(shape)) }
    return (sizes, resolved)
  }

  private func resolve(_ shape: ValueShape) -> ValueShape {
    switch shape {
    case .number: .number
    case .vector(let size): .vector(solver.resolve(size))
    case .matrix(let rows, let columns):
      .matrix(rows: solver.resolve(rows), columns: solver.resolve(columns))
    }
  }

  /// A parameter is a matrix if it stands next to `·`, on either side, or is turned around.
  private static func collectMatrices(
    _ e: Expression, _ constants: Set<Identifier>, into set: inout Set<Identifier>
  ) {
    func isNumber(_ e: Expression) -> Bool {
      switch e {
      case .number: true
      case .name(let name, _): constants.contains(name)
      case .previous, .concatenation, .transpose, .binary(.matrixProduct, _, _, _): false
      default: e.operands.allSatisfy(isNumber)
      }
    }
    // (0.5 ⊙ U)·h' scales a matrix: the product reaches through.
    func mark(_ e: Expression) {
      switch e {
      case .name(let name, _): set.insert(name)
      case .transpose(let operand, _), .negate(let operand, _): mark(operand)
      case .binary(.hadamard, let a, let b, _) where isNumber(a): mark(b)
      case .binary(.hadamard, let a, let b, _), .binary(.divide, let a, let b, _):
        if isNumber(b) { mark(a) }
      default: break
      }
    }
    for operand in e.matrixOperands { mark(operand) }
  }

  // MARK: Expressions

  mutating func shape(of e: Expression) throws(EquationError) -> ValueShape {
    switch e {
    case .number: return .number
    case .name(let name, let location): return try shape(ofName: name, location)
    case .previous(let name, let location):
      guard states.contains(name) else {
        throw error(
          "\(name)' is the value of the previous step, and \(name) is no state; expected "
            + "\(Suggestion.among(states.map(\.text).sorted().map { "\($0)'" }, for: name.text + "'"))"
            + (assigned.contains(name) ? ", or \(name) declared with \"state \(name)\"" : ""),
          location)
      }
      return .vector(.hidden)
    case .negate(let operand, _): return try shape(of: operand)
    case .squareRoot(let operand, let location):
      return try elementwise(operand, "√", location)
    case .transpose(let operand, let location):
      guard case .matrix(let rows, let columns) = try shape(of: operand) else {
        throw error("ᵀ turns a matrix around; \(operand) is not a matrix", location)
      }
      return .matrix(rows: columns, columns: rows)
    case .binary(.matrixProduct, let left, let right, let location):
      return try product(left, right, location)
    case .binary(let op, let left, let right, let location):
      return try broadcast(op, left, right, location)
    case .call(let function, let arguments, let location):
      return try call(function, arguments, location)
    case .concatenation(let parts, let location):
      var total: Dimension?
      for part in parts {
        guard case .vector(let size) = try shape(of: part) else {
          throw error("[…] joins vectors; \(part) is not a vector", part.location)
        }
        total = total.map { $0 + size } ?? size
      }
      guard let total else { throw error("expected a vector inside […]", location) }
      return .vector(total)
    }
  }

  private mutating func shape(
    ofName name: Identifier, _ location: SourceLocation
  ) throws(EquationError) -> ValueShape {
    if name == "x" { return .vector(.input) }
    if constants.contains(name) { return .number }
    if let size = values[name] { return .vector(size) }
    if assigned.contains(name) {
      let prime = states.contains(name) ? ", or \(name)' for the value of the previous step" : ""
      throw error(
        "\(name) is used above its equation; expected it below \"\(name) = …\"\(prime)", location)
    }
    if let meaning = Identifier.reserved[name] {
      throw error("\(name) is reserved: \(meaning); expected another name", location)
    }
    if let index = parameterIndex[name] { return parameters[index].shape }
    let shape: ValueShape =
      matrices.contains(name)
      ? .matrix(rows: solver.fresh(), columns: solver.fresh()) : .vector(solver.fresh())
    parameterIndex[name] = parameters.count
    parameters.append((name, shape))
    return shape
  }

  private mutating func product(
    _ left: Expression, _ right: Expression, _ location: SourceLocation
  ) throws(EquationError) -> ValueShape {
    let a = try shape(of: left), b = try shape(of: right)
    switch (a, b) {
    case (.matrix(let rows, let columns), .vector(let size)):
      try unify(columns, size, location) { columns, size in
        "\(left) takes \(columns), \(right) has \(size); give \(right) a matrix of its own"
      }
      return .vector(rows)
    case (.vector(let size), .matrix(let rows, let columns)):
      try unify(size, rows, location) { size, rows in
        "\(left) has \(size), \(right) takes \(rows); give \(left) a matrix of its own"
      }
      return .vector(columns)
    case (.matrix(let rows, let inner), .matrix(let inner2, let columns)):
      try unify(inner, inner2, location) { a, b in
        "\(left) has \(a) columns and \(right) has \(b) rows; one of them needs another name"
      }
      return .matrix(rows: rows, columns: columns)
    case (.vector, .vector):
      throw error(
        "· is the matrix product and needs a matrix on one side; expected ⊙ between the vectors "
          + "\(left) and \(right)", location)
    case (.number, _), (_, .number):
      throw error("· is the matrix product; expected ⊙ to scale by a number", location)
    }
  }

  mutating func broadcast(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, _ location: SourceLocation
  ) throws(EquationError) -> ValueShape {
    let a = try shape(of: left), b = try shape(of: right)
    switch (a, b) {
    case (.number, .number): return .number
    case (.number, .vector), (.vector, .number):
      return if case .vector = a { a } else { b }
    case (.vector(let m), .vector(let n)):
      try unify(m, n, location) { m, n in
        "\(left) has \(m) and \(right) has \(n); multiply one of them by a matrix, as in W·x"
      }
      return a
    case (.number, .matrix) where op == .hadamard: return b
    case (.matrix, .number) where op == .hadamard || op == .divide: return a
    default:
      throw error(
        "a matrix can be multiplied (·), turned around (ᵀ) and scaled by a number (⊙); expected "
          + "vectors on both sides of \(op.rawValue)", location)
    }
  }

  // MARK: Errors

  mutating func unify(
    _ a: Dimension, _ b: Dimension, _ location: SourceLocation,
    _ message: (String, String) -> String
  ) throws(EquationError) {
    let (first, second) = (shown(a), shown(b))
    guard solver.unify(a, b, location) else {
      guard solver.contradiction == nil else { throw contradiction(location) }
      throw error("the sizes differ: " + message(first, second), location)
    }
  }

  /// Two sizes that could not be compared where they met, and differ now that more is known.
  private func contradiction(_ location: SourceLocation) -> EquationError {
    let (a, b, place) = solver.contradiction ?? (.hidden, .hidden, location)
    return error(
      "the sizes differ: \(shown(a)) and \(shown(b)), where every size left open is [H]; give one of "
        + "them a matrix of its own, as in W·x", place)
  }

  private func shown(_ dimensions: Dimension...) -> String {
    "[\(dimensions.map { solver.resolve($0).description }.joined(separator: ", "))]"
  }

  func error(_ message: String, _ location: SourceLocation) -> EquationError {
    EquationError(message, at: location, in: source)
  }
}
