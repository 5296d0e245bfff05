/// Products, sums, masks and joined heads.
extension BlockShapeInference {
  mutating func product(
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

  static func mask(_ e: Expression) -> SourceLocation? {
    if case .name("M", let location) = e { location } else { nil }
  }

  /// What M is added to: a number for each query and key.
  mutating func masked(
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

  mutating func joinedHeads(
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
}
