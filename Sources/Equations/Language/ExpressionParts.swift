/// Views of an expression that cells and blocks share.
extension Expression {
  /// The terms of a sum, from left to right; an expression that is no sum is its own only term.
  var terms: [(expression: Expression, isNegative: Bool)] {
    var found: [(Expression, Bool)] = []
    func flatten(_ e: Expression, _ isNegative: Bool) {
      switch e {
      case .binary(.add, let left, let right, _):
        flatten(left, isNegative)
        flatten(right, isNegative)
      case .binary(.subtract, let left, let right, _):
        flatten(left, isNegative)
        flatten(right, !isNegative)
      default: found.append((e, isNegative))
      }
    }
    flatten(self, false)
    return found
  }

  /// What is multiplied as a matrix or turned around in this expression, however deep: it stands next
  /// to `·`, on either side, or before `ᵀ`.
  var matrixOperands: [Expression] {
    let own: [Expression] =
      switch self {
      case .binary(.matrixProduct, let left, let right, _): [left, right]
      case .transpose(let operand, _): [operand]
      default: []
      }
    return own + operands.flatMap(\.matrixOperands)
  }

  /// Says on which side of its kinks an expression is.
  ///
  /// - Parameter activation: what φ stands for.
  /// - Returns: per kink, inner ones first, a value whose sign tells it.
  func kinkProbes(activation: Function) -> [Expression] {
    var probes = operands.flatMap { $0.kinkProbes(activation: activation) }
    if case .call(let function, let arguments, let at) = self,
      (function == .activation ? activation : function).hasKink
    {
      probes.append(
        arguments.count == 2 ? .binary(.subtract, arguments[0], arguments[1], at) : arguments[0])
    }
    return probes
  }
}
