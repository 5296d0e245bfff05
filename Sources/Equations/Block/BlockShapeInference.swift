/// Finds the shape of every name of a block, or the first contradiction.
///
/// Rows are the tokens of an input (T of X, T_E of E); columns are D, d_k within a head, F, or the
/// tokens that a query looks at. Sizes that nothing tells are d_k of a head's parameters and F of
/// others; the block's result has the shape of X, so that blocks can be stacked.
struct BlockShapeInference {
  private let source: SourceText
  private let inputs: [Identifier]
  private let constants: Set<Identifier>
  private let assigned: Set<Identifier>
  private let matrices: Set<Identifier>
  var solver = BlockDimensionSolver()
  var values: [Identifier: BlockShape] = [:]
  private var parameters: [(name: Identifier, shape: BlockShape)] = []
  /// What must turn out to have one row per token.
  var tokenRows: [(BlockDimension, String, SourceLocation)] = []
  var isInHead = false

  init(_ program: BlockProgram) {
    source = program.source
    inputs = program.inputs
    constants = Set(program.constants.map(\.name))
    assigned = Set(program.equations.map(\.name))
    // A parameter is a matrix if it stands next to `·`, on either side, or is turned around.
    var matrices: Set<Identifier> = []
    for operand in program.equations.flatMap(\.expression.matrixOperands) {
      if case .name(let name, _) = operand { matrices.insert(name) }
    }
    self.matrices = matrices
  }

  /// - Returns: of each equation whether every head has its own value; the parameters in order of
  ///   their first use.
  mutating func run(
    _ program: BlockProgram
  ) throws(EquationError) -> (isPerHead: [Bool], parameters: [(Identifier, BlockShape)]) {
    var isPerHead: [Bool] = []
    for (equation, inHead) in zip(program.equations, program.isInHead) {
      isInHead = inHead
      let shape = try shape(of: equation.expression)
      guard case .matrix(let rows, _, let perHead) = shape else {
        throw error(
          "\(equation.name) would be \(described(shape)); an equation of a block gives a matrix of "
            + "one row per token: expected a product such as X·W", equation.location)
      }
      tokenRows.append((rows, "\(equation.name)", equation.location))
      values[equation.name] = shape
      isPerHead.append(perHead)
    }
    try checkResult(program)
    for (rows, what, location) in tokenRows {
      guard case .rows = solver.resolve(rows) else {
        throw error(
          "\(what) would have \(shown(rows)) rows; a value of a block has one row per token",
          location)
      }
    }
    return (isPerHead, parameters.map { ($0.name, settled($0.shape)) })
  }

  private mutating func checkResult(_ program: BlockProgram) throws(EquationError) {
    guard let last = program.equations.last,
      case .matrix(let rows, let columns, let perHead)? = values[last.name]
    else { return }
    guard !perHead else {
      throw error(
        "the block's result \(last.name) is each head's own; expected an equation that joins the "
          + "heads, such as Y = [\(last.name)]·W_O + b_O", last.location)
    }
    let found = shown(rows, columns)
    guard solver.unify(rows, .rows(0)), solver.unify(columns, .model) else {
      throw error(
        "the block's result \(last.name) has \(found), expected [T, D] as X has; multiply by a matrix",
        last.location)
    }
  }

  /// The parameter's shape with the sizes that nothing told.
  private func settled(_ shape: BlockShape) -> BlockShape {
    func size(_ dimension: BlockDimension, _ perHead: Bool) -> BlockDimension {
      let known = solver.resolve(dimension)
      guard case .free = known else { return known }
      return perHead ? .head : .feedForward
    }
    return switch shape {
    case .number: shape
    case .vector(let count, let perHead): .vector(size(count, perHead), isPerHead: perHead)
    case .matrix(let rows, let columns, let perHead):
      .matrix(rows: size(rows, perHead), columns: size(columns, perHead), isPerHead: perHead)
    }
  }

  // MARK: Expressions

  mutating func shape(of e: Expression) throws(EquationError) -> BlockShape {
    switch e {
    case .number: return .number
    case .name(let name, let location):
      if isParameterMatrix(e) { throw matrixError(e, location) }
      return try shape(ofName: name, location)
    case .previous(let name, let location):
      throw error(
        "\(name)' is the value of a previous step; a block is run once on the whole sequence and has "
          + "no steps", location)
    case .negate(let operand, _), .squareRoot(let operand, _): return try shape(of: operand)
    case .transpose(_, let location):
      throw error("ᵀ stands within a product, as in Q·Kᵀ", location)
    case .binary(.matrixProduct, let left, let right, let location):
      return try product(left, right, location)
    case .binary(let op, let left, let right, let location):
      if op == .add, let place = Self.mask(right) { return try masked(left, place) }
      if op == .add, let place = Self.mask(left) { return try masked(right, place) }
      return try broadcast(left, right, location)
    case .call(let function, let arguments, let location):
      return try call(function, arguments, location)
    case .concatenation(let parts, let location): return try joinedHeads(parts, location)
    }
  }

  mutating func shape(
    ofName name: Identifier, _ location: SourceLocation
  ) throws(EquationError) -> BlockShape {
    if let index = inputs.firstIndex(of: name) {
      return .matrix(rows: .rows(index), columns: .model, isPerHead: false)
    }
    if constants.contains(name) || name == "d_k" { return .number }
    if name == "M" {
      throw error("M is added to scores, as in S = Q·Kᵀ / √d_k + M", location)
    }
    if let shape = values[name] {
      if case .matrix(_, _, true) = shape, !isInHead {
        throw error(
          "\(name) is each head's own; expected [\(name)], the heads side by side", location)
      }
      return shape
    }
    if assigned.contains(name) {
      throw error("\(name) is used above its equation; expected it below \"\(name) = …\"", location)
    }
    if let meaning = Identifier.reserved[name] {
      throw error("\(name) is reserved: \(meaning); expected another name", location)
    }
    return try parameter(name, location)
  }

  private mutating func parameter(
    _ name: Identifier, _ location: SourceLocation
  ) throws(EquationError) -> BlockShape {
    if let known = parameters.first(where: { $0.name == name }) {
      let isPerHead =
        switch known.shape {
        case .vector(_, let perHead), .matrix(_, _, let perHead): perHead
        case .number: false
        }
      guard isPerHead == isInHead else {
        throw error(
          "\(name) is used within each head and outside of it; expected two names", location)
      }
      return known.shape
    }
    let shape: BlockShape =
      matrices.contains(name)
      ? .matrix(rows: solver.fresh(), columns: solver.fresh(), isPerHead: isInHead)
      : .vector(solver.fresh(), isPerHead: isInHead)
    parameters.append((name, shape))
    return shape
  }

  func isParameterMatrix(_ e: Expression) -> Bool {
    guard case .name(let name, _) = e else { return false }
    return matrices.contains(name) && !assigned.contains(name) && !inputs.contains(name)
      && name != "M" && name != "d_k" && !constants.contains(name)
  }

  // MARK: Errors

  mutating func unify(
    _ a: BlockDimension, _ b: BlockDimension, _ location: SourceLocation,
    _ message: (String, String) -> String
  ) throws(EquationError) {
    let (first, second) = (shown(a), shown(b))
    guard solver.unify(a, b) else {
      throw error("the sizes differ: " + message(first, second), location)
    }
  }

  func shown(_ dimensions: BlockDimension...) -> String {
    "[\(dimensions.map { solver.resolve($0).text(inputs: inputs) }.joined(separator: ", "))]"
  }

  func described(_ shape: BlockShape) -> String {
    switch shape {
    case .number: "a number"
    case .vector(let size, _): "a vector \(shown(size))"
    case .matrix(let rows, let columns, _): "a matrix \(shown(rows, columns))"
    }
  }

  func numberError(_ location: SourceLocation) -> EquationError {
    error("· is the matrix product; expected ⊙ to scale by a number", location)
  }

  private func matrixError(_ e: Expression, _ location: SourceLocation) -> EquationError {
    error(
      "\(e) stands next to · elsewhere and is a matrix; a matrix parameter can be multiplied (·) and "
        + "turned around (ᵀ) only", location)
  }

  func error(_ message: String, _ location: SourceLocation) -> EquationError {
    EquationError(message, at: location, in: source)
  }
}
