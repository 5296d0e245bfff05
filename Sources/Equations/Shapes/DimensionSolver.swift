/// Unifies sizes: collects equations between sums of sizes and solves them.
struct DimensionSolver {
  private var solved: [Int: Dimension] = [:]
  /// Equations with several unknowns, with the places that they come from.
  private var deferred: [(Dimension, Dimension, SourceLocation)] = []
  /// A deferred equation that turned out wrong.
  private(set) var contradiction: (Dimension, Dimension, SourceLocation)?
  private var count = 0

  mutating func fresh() -> Dimension {
    count += 1
    return .free(count)
  }

  /// The size with everything put in that is known by now.
  func resolve(_ dimension: Dimension) -> Dimension {
    var result = dimension
    while let index = result.freeAtoms.first(where: { solved[$0] != nil }),
      let value = solved[index]
    {
      let times = result.terms.removeValue(forKey: .free(index)) ?? 0
      for _ in 0..<times { result = result + value }
    }
    return result
  }

  /// States that two sizes are equal; false where they can't be.
  mutating func unify(_ a: Dimension, _ b: Dimension, _ location: SourceLocation) -> Bool {
    var left = resolve(a), right = resolve(b)
    // What both sides have cancels.
    for (atom, count) in left.terms {
      guard let other = right.terms[atom] else { continue }
      let common = min(count, other)
      left.terms[atom] = count == common ? nil : count - common
      right.terms[atom] = other == common ? nil : other - common
    }
    if left.terms.isEmpty || right.terms.isEmpty {
      return left.terms.isEmpty && right.terms.isEmpty
    }
    if case .free(let index)? = left.single { return bind(index, to: right) }
    if case .free(let index)? = right.single { return bind(index, to: left) }
    if left.freeAtoms.isEmpty, right.freeAtoms.isEmpty { return false }
    deferred.append((a, b, location))
    return true
  }

  private mutating func bind(_ index: Int, to value: Dimension) -> Bool {
    guard !value.freeAtoms.contains(index) else { return false }
    solved[index] = value
    return retryDeferred()
  }

  private mutating func retryDeferred() -> Bool {
    let waiting = deferred
    deferred = []
    for (a, b, location) in waiting where !unify(a, b, location) {
      contradiction = contradiction ?? (resolve(a), resolve(b), location)
      return false
    }
    return true
  }

  /// Gives H to every size that is still free; false where that contradicts an equation.
  mutating func defaultToHidden() -> Bool {
    for index in 1...max(1, count) where solved[index] == nil && index <= count {
      guard bind(index, to: .hidden) else { return false }
    }
    return retryDeferred()
  }
}
