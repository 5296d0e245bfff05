/// How well a query fits a key: what the scores of an attention block are.
public enum Similarity: String, Sendable, CaseIterable {
  /// q·k / √d_k (Vaswani et al. 2017).
  case scaledDot = "scaled-dot"
  /// q·k (Luong et al. 2015).
  case dot
  /// √d_k times the cosine of the angle between q and k (cosine attention: Henry et al. 2020, there
  /// with a learned factor): as large as the scaled product of vectors of length √d_k.
  case cosine
  /// Σ tanh(q + k) / √d_k (Bahdanau et al. 2015, with ones for the vector v, which the models at
  /// hand have not learned).
  case additive
}

extension Block {
  /// The same block with scores of another kind.
  ///
  /// Each head's softmax of S is looked for. S, and where S is made from raw scores R, both equations
  /// are written anew.
  /// - Throws: `EquationError` where the block has no scores of two values of each head.
  public func withSimilarity(_ similarity: Similarity) throws(EquationError) -> Block {
    var changed: [Identifier: Expression] = [:]
    for equation in equations where equation.isPerHead {
      for scores in Self.softmaxArguments(equation.expression) {
        guard let index = equationIndex(of: scores) else { continue }
        if let found = rewritten(equations[index], similarity) {
          changed.merge(found) { _, new in new }
        }
      }
    }
    guard !changed.isEmpty else {
      throw EquationError(
        "\(name) has no scores to replace; expected S = Q·Kᵀ / √d_k + M and A = softmax(S)",
        at: equations[0].location, in: SourceText(name: source, text: text))
    }
    func replaced(_ statement: Statement) -> Statement {
      guard case .equation(var equation) = statement, let new = changed[equation.name] else {
        return statement
      }
      equation.expression = new
      return .equation(equation)
    }
    let rewritten = statements.map { statement -> BlockStatement in
      switch statement {
      case .plain(let plain): .plain(replaced(plain))
      case .eachHead(let inner, let location, let note):
        .eachHead(inner.map(replaced), location, note: note)
      case .inputs, .dropout: statement
      }
    }
    return try Block(
      name: name, text: Formatter.text(rewritten), source: source, activation: activation)
  }

  private static func softmaxArguments(_ e: Expression) -> [Identifier] {
    if case .call(.softmax, let arguments, _) = e, case .name(let name, _) = arguments[0] {
      return [name]
    }
    return e.operands.flatMap(softmaxArguments)
  }

  /// The equations of S and R with another similarity, by name; nil where S is made otherwise.
  private func rewritten(
    _ scores: BlockEquation, _ similarity: Similarity
  ) -> [Identifier: Expression]? {
    let at = scores.location
    let isMasked = Self.names(scores.expression).contains("M")
    if let (queries, keys) = Self.compared(scores.expression) {
      let raw = Self.raw(queries, keys, similarity, at)
      return [scores.name: Self.scaled(raw, similarity, isMasked: isMasked, at)]
    }
    for name in Self.names(scores.expression) {
      guard let index = equationIndex(of: name),
        let (queries, keys) = Self.compared(equations[index].expression)
      else { continue }
      return [
        name: Self.raw(queries, keys, similarity, at),
        scores.name: Self.scaled(.name(name, at), similarity, isMasked: isMasked, at),
      ]
    }
    return nil
  }

  private static func names(_ e: Expression) -> [Identifier] {
    if case .name(let name, _) = e { return [name] }
    return e.operands.flatMap(names)
  }

  /// The two names that scores compare, whatever the similarity.
  private static func compared(_ e: Expression) -> (queries: Identifier, keys: Identifier)? {
    func name(_ e: Expression) -> Identifier? {
      switch e {
      case .name(let name, _): name
      case .call(.unit, let arguments, _): name(arguments[0])
      default: nil
      }
    }
    switch e {
    case .binary(.matrixProduct, let left, .transpose(let right, _), _):
      guard let queries = name(left), let keys = name(right) else { return nil }
      return (queries, keys)
    case .call(.additive, let arguments, _):
      guard let queries = name(arguments[0]), let keys = name(arguments[1]) else { return nil }
      return (queries, keys)
    default: return e.operands.lazy.compactMap(compared).first
    }
  }

  private static func raw(
    _ queries: Identifier, _ keys: Identifier, _ similarity: Similarity, _ at: SourceLocation
  ) -> Expression {
    let q = Expression.name(queries, at), k = Expression.name(keys, at)
    return switch similarity {
    case .scaledDot, .dot: .binary(.matrixProduct, q, .transpose(k, at), at)
    case .cosine:
      .binary(.matrixProduct, .call(.unit, [q], at), .transpose(.call(.unit, [k], at), at), at)
    case .additive: .call(.additive, [q, k], at)
    }
  }

  private static func scaled(
    _ raw: Expression, _ similarity: Similarity, isMasked: Bool, _ at: SourceLocation
  ) -> Expression {
    let root = Expression.squareRoot(.name("d_k", at), at)
    let scores: Expression =
      switch similarity {
      case .scaledDot, .additive: .binary(.divide, raw, root, at)
      case .dot: raw
      case .cosine: .binary(.hadamard, root, raw, at)
      }
    return isMasked ? .binary(.add, scores, .name("M", at), at) : scores
  }
}
