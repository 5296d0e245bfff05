/// Products of a matrix, however it is written, and a vector.
extension CellGraph {
  /// The products that a product of a matrix and a vector consists of.
  mutating func lowerProduct(
    _ left: Expression, _ right: Expression, scale: Double
  ) -> [MatrixProduct] {
    if isMatrix(left) { return lowerProduct(matrix: left, right, transposed: false, scale) }
    return lowerProduct(matrix: right, left, transposed: true, scale)
  }

  private func isMatrix(_ e: Expression) -> Bool {
    switch e {
    case .name(let name, _): parameterIndex[name].map { cell.parameters[$0].isMatrix } ?? false
    case .negate(let operand, _), .transpose(let operand, _): isMatrix(operand)
    case .binary(.hadamard, let a, let b, _): isMatrix(a) || isMatrix(b)
    case .binary(.divide, let a, _, _): isMatrix(a)
    case .binary(.matrixProduct, let a, let b, _): isMatrix(a) && isMatrix(b)
    default: false
    }
  }

  /// op(matrix) · vector. A product of matrices is applied one after the other.
  private mutating func lowerProduct(
    matrix: Expression, _ vector: Expression, transposed: Bool, _ scale: Double
  ) -> [MatrixProduct] {
    switch matrix {
    case .negate(let inner, _):
      return lowerProduct(matrix: inner, vector, transposed: transposed, -scale)
    case .transpose(let inner, _):
      return lowerProduct(matrix: inner, vector, transposed: !transposed, scale)
    case .binary(.hadamard, let a, let b, _):
      let (number, inner) = isMatrix(a) ? (b, a) : (a, b)
      let factor = self.number(number)
      return lowerProduct(matrix: inner, vector, transposed: transposed, scale * factor)
    case .binary(.divide, let inner, let number, _):
      let divisor = self.number(number)
      return lowerProduct(matrix: inner, vector, transposed: transposed, scale / divisor)
    case .binary(.matrixProduct, let a, let b, let at):
      let (outer, inner) = transposed ? (b, a) : (a, b)
      let product: Expression =
        transposed
        ? .binary(.matrixProduct, .transpose(inner, at), vector, at)
        : .binary(.matrixProduct, inner, vector, at)
      return lowerProduct(matrix: outer, product, transposed: transposed, scale)
    case .name(let name, _):
      guard let index = parameterIndex[name] else { preconditionFailure("unknown \(name)") }
      return products(parameter: index, vector, transposed: transposed, scale)
    default: preconditionFailure("\(matrix) is no matrix")
    }
  }

  private mutating func products(
    parameter: Int, _ vector: Expression, transposed: Bool, _ scale: Double
  ) -> [MatrixProduct] {
    let shape = parameterShapes[parameter]
    let rows = transposed ? shape[1] : shape[0]
    let parts: [Expression]
    if case .concatenation(let list, _) = vector { parts = list } else { parts = [vector] }
    var offset = 0
    return parts.map { part in
      let lowered = lower(part)
      let node = inMemory(lowered, for: .rightFactor)
      let size = graph.size(node)
      defer { offset += size }
      return MatrixProduct(
        parameter: parameter, transposed: transposed, scale: scale, vector: node,
        columnOffset: offset, rows: rows, columns: size)
    }
  }
}
