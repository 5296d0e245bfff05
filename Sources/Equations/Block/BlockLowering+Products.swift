/// Sums of products.
extension BlockLowering {
  struct ScaledProduct {
    let left: Expression
    let right: Expression
    var scale = 1.0
  }

  /// The product that a term is, with the numbers that scale it.
  mutating func product(in e: Expression) -> ScaledProduct? {
    switch e {
    case .binary(.matrixProduct, let left, let right, _):
      return ScaledProduct(left: left, right: right)
    case .negate(let inner, _): return scaled(inner, by: -1)
    case .binary(.divide, let inner, let divisor, _):
      guard Self.isNumber(divisor, result.block) else { return nil }
      let value = number(divisor)
      return scaled(inner, by: 1 / value)
    case .binary(.hadamard, let a, let b, _):
      let (factor, inner) = Self.isNumber(a, result.block) ? (a, b) : (b, a)
      guard Self.isNumber(factor, result.block) else { return nil }
      let value = number(factor)
      return scaled(inner, by: value)
    default: return nil
    }
  }

  private mutating func scaled(_ e: Expression, by factor: Double) -> ScaledProduct? {
    guard var inner = product(in: e) else { return nil }
    inner.scale *= factor
    return inner
  }

  private static func isNumber(_ e: Expression, _ block: Block) -> Bool {
    switch e {
    case .number: true
    case .name(let name, _): name == "d_k" || block.constants.contains { $0.name == name }
    case .previous, .concatenation, .transpose, .call, .binary(.matrixProduct, _, _, _): false
    default: e.operands.allSatisfy { isNumber($0, block) }
    }
  }

  /// Products of one layout are added up in one value, which starts with a bias; the rest of the
  /// sum is elementwise.
  mutating func lowerSum(_ e: Expression) -> Term {
    var rest: [(term: Term, negative: Bool)] = []
    var sums: [(value: Int, first: Int)] = []
    for (term, negative) in e.terms {
      guard var product = product(in: term) else {
        rest.append((lower(term), negative))
        continue
      }
      if negative { product.scale = -product.scale }
      lower(product, into: &sums)
    }
    var whole: Term?
    for (value, first) in sums {
      attachBias(from: &rest, to: value, step: first)
      let term: Term = (result.memory(value), .matrix(result.values[value].layout))
      whole = whole.map { binary(.add, $0, term) } ?? term
    }
    for (term, negative) in rest {
      if let left = whole {
        whole = binary(negative ? .subtract : .add, left, term)
      } else {
        whole = negative ? (result.graph.unary(.negate, term.node), term.shape) : term
      }
    }
    guard let whole else { preconditionFailure("an empty sum") }
    return whole
  }

  private mutating func lower(_ product: ScaledProduct, into sums: inout [(value: Int, first: Int)])
  {
    let left = factor(product.left), right = factor(product.right)
    let layout = layout(of: left, right)
    let known = sums.first { result.values[$0.value].layout == layout }
    let value = known?.value ?? result.addValue(BlockValue(layout: layout))
    if known == nil { sums.append((value, result.steps.count)) }
    let step = BlockProduct(
      target: .value(value), left: left, right: right, scale: product.scale,
      accumulates: known != nil, bias: nil)
    result.steps.append(
      BlockGraph.Step(target: value, operation: .product(step), equation: equation))
    _ = result.memory(value)
  }

  /// The first vector of the sum that fits the product's layout fills its rows beforehand.
  private mutating func attachBias(
    from rest: inout [(term: Term, negative: Bool)], to value: Int, step: Int
  ) {
    let wanted = Shape.vector(isPerHead: result.values[value].layout.isPerHead)
    guard case .product(var product) = result.steps[step].operation,
      let index = rest.firstIndex(where: { !$0.negative && $0.term.shape == wanted }),
      case .memory(.parameter(let bias)) = result.graph[rest[index].term.node].operation
    else { return }
    product.bias = bias
    result.steps[step] = BlockGraph.Step(
      target: value, operation: .product(product), equation: result.steps[step].equation)
    rest.remove(at: index)
  }

  private mutating func factor(_ e: Expression) -> BlockFactor {
    switch e {
    case .transpose(let inner, _): return factor(inner).turned
    case .name(let name, _):
      if let parameter = result.parameter(name) {
        return BlockFactor(storage: .parameter(parameter), isTransposed: false)
      }
      return BlockFactor(storage: .value(value(named: name)), isTransposed: false)
    default:
      return BlockFactor(storage: .value(inMemory(lower(e))), isTransposed: false)
    }
  }

  /// Rows of the left factor, columns of the right one.
  private func layout(of left: BlockFactor, _ right: BlockFactor) -> BlockLayout {
    var rows = 0
    var isPerHead = false
    if case .value(let value) = left.storage {
      let layout = result.values[value].layout
      isPerHead = layout.isPerHead
      if !left.isTransposed {
        rows = layout.rows
      } else if case .tokens(let input) = layout.columns {
        rows = input
      }
    }
    switch right.storage {
    case .value(let value):
      let layout = result.values[value].layout
      return BlockLayout(
        rows: rows, columns: right.isTransposed ? .tokens(layout.rows) : layout.columns,
        isPerHead: isPerHead || layout.isPerHead)
    case .parameter(let index):
      let parameter = result.block.parameters[index]
      let dimension = parameter.dimensions[right.isTransposed ? 0 : 1]
      return BlockLayout(
        rows: rows, columns: .fixed(dimension.size(result.sizes)),
        isPerHead: isPerHead || parameter.isPerHead)
    default: preconditionFailure("a product with \(right.storage)")
    }
  }
}
