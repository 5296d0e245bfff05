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
  private var tokenRows: [(BlockDimension, String, SourceLocation)] = []
  private var isInHead = false

  init(_ program: BlockProgram) {
    source = program.source
    inputs = program.inputs
    constants = Set(program.constants.map(\.name))
    assigned = Set(program.equations.map(\.name))
    var matrices: Set<Identifier> = []
    for equation in program.equations { Self.collect(equation.expression, into: &matrices) }
    self.matrices = matrices
  }

  /// A parameter is a matrix if it stands next to `·`, on either side, or is turned around.
  private static func collect(_ e: Expression, into set: inout Set<Identifier>) {
    func mark(_ e: Expression) { if case .name(let name, _) = e { set.insert(name) } }
    switch e {
    case .binary(.matrixProduct, let left, let right, _):
      mark(left)
      mark(right)
    case .transpose(let operand, _): mark(operand)
    default: break
    }
    for operand in e.operands { collect(operand, into: &set) }
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

  private mutating func shape(
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

  private func isParameterMatrix(_ e: Expression) -> Bool {
    guard case .name(let name, _) = e else { return false }
    return matrices.contains(name) && !assigned.contains(name) && !inputs.contains(name)
      && name != "M" && name != "d_k" && !constants.contains(name)
  }

  private mutating func product(
    _ left: Expression, _ right: Expression, _ location: SourceLocation
  ) throws(EquationError) -> BlockShape {
    let a = try factor(left), b = try factor(right)
    guard case .matrix(let rows, let inner, let first) = a,
      case .matrix(let inner2, let columns, let second) = b
    else {
      if case .number = a { throw numberError(location) }
      if case .number = b { throw numberError(location) }
      throw error(
        "· is the matrix product; \(left) and \(right) must both be matrices: expected ⊙ to multiply "
          + "rows by a vector", location)
    }
    var base = left
    while case .transpose(let operand, _) = base { base = operand }
    guard !isParameterMatrix(base) else {
      throw error(
        "a product begins with a value of one row per token, as in X·W; found \(left) on its left",
        location)
    }
    try unify(inner, inner2, location) { a, b in
      "\(left) has \(a) columns and \(right) has \(b) rows; one of them needs another matrix"
    }
    tokenRows.append((rows, "\(left)·\(right)", location))
    return .matrix(rows: rows, columns: columns, isPerHead: first || second)
  }

  /// A factor of a product: a parameter, a value, or either turned around.
  private mutating func factor(_ e: Expression) throws(EquationError) -> BlockShape {
    switch e {
    case .transpose(let operand, let location):
      guard case .matrix(let rows, let columns, let perHead) = try factor(operand) else {
        throw error("ᵀ turns a matrix around; \(operand) is not a matrix", location)
      }
      return .matrix(rows: columns, columns: rows, isPerHead: perHead)
    case .name(let name, let location): return try shape(ofName: name, location)
    default: return try shape(of: e)
    }
  }

  mutating func broadcast(
    _ left: Expression, _ right: Expression, _ location: SourceLocation
  ) throws(EquationError) -> BlockShape {
    let a = try shape(of: left), b = try shape(of: right)
    switch (a, b) {
    case (.number, _): return b
    case (_, .number): return a
    case (.vector(let m, let first), .vector(let n, _)):
      try unify(m, n, location) { "\(left) has \($0) and \(right) has \($1)" }
      return .vector(m, isPerHead: first)
    case (.vector(let size, let first), .matrix(let rows, let columns, let second)),
      (.matrix(let rows, let columns, let second), .vector(let size, let first)):
      try unify(size, columns, location) { size, columns in
        "a vector of \(size) meets rows of \(columns); they must be of one size"
      }
      return .matrix(rows: rows, columns: columns, isPerHead: first || second)
    case (
      .matrix(let rows, let columns, let first), .matrix(let rows2, let columns2, let second)
    ):
      let (one, other) = (shown(rows, columns), shown(rows2, columns2))
      guard solver.unify(rows, rows2), solver.unify(columns, columns2) else {
        throw error(
          "the sizes differ: \(left) has \(one) and \(right) has \(other); multiply one of them by a "
            + "matrix, as in X·W", location)
      }
      return .matrix(rows: rows, columns: columns, isPerHead: first || second)
    }
  }

  private static func mask(_ e: Expression) -> SourceLocation? {
    if case .name("M", let location) = e { location } else { nil }
  }

  /// What M is added to: a number for each query and key.
  private mutating func masked(
    _ scores: Expression, _ location: SourceLocation
  ) throws(EquationError) -> BlockShape {
    let shape = try shape(of: scores)
    guard case .matrix(let rows, let columns, _) = shape, case .rows = solver.resolve(columns),
      case .rows = solver.resolve(rows)
    else {
      throw error(
        "M is added to scores, one number for each query and key, as Q·Kᵀ gives; \(scores) is "
          + described(shape), location)
    }
    return shape
  }

  private mutating func joinedHeads(
    _ parts: [Expression], _ location: SourceLocation
  ) throws(EquationError) -> BlockShape {
    let rule = "[…] joins a value of each head, side by side, as in [Z]"
    guard !isInHead else { throw error("\(rule); expected it outside of each head:", location) }
    guard parts.count == 1, case .name(let name, let place) = parts[0] else {
      throw error("\(rule); expected one name", location)
    }
    guard case .matrix(let rows, let columns, true)? = values[name] else {
      throw error("\(rule); \(name) is no value of each head", place)
    }
    try unify(columns, .head, place) { columns, _ in
      "\(name) has \(columns) columns; heads that are joined have [d_k]"
    }
    return .matrix(rows: rows, columns: .model, isPerHead: false)
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

  private func shown(_ dimensions: BlockDimension...) -> String {
    "[\(dimensions.map { solver.resolve($0).text(inputs: inputs) }.joined(separator: ", "))]"
  }

  func described(_ shape: BlockShape) -> String {
    switch shape {
    case .number: "a number"
    case .vector(let size, _): "a vector \(shown(size))"
    case .matrix(let rows, let columns, _): "a matrix \(shown(rows, columns))"
    }
  }

  private func numberError(_ location: SourceLocation) -> EquationError {
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
