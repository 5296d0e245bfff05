/// Writes nodes as formulas, with an equation's own name for its value.
struct NodePrinter {
  let cell: CellGraph
  let root: NodeID
  let name: Identifier

  func text(_ id: NodeID, tightness: Int) -> String {
    if id == root, tightness >= 0, !isLeaf(id) { return name.text }
    switch cell.graph[id].operation {
    case .constant(let value): return Formatter.number((value * 1e4).rounded() / 1e4)
    case .memory(let storage): return text(storage, tightness)
    case .slice: return "…"
    case .unary(let op, let a): return text(op, a, tightness)
    case .binary(let op, let a, let b):
      let (sign, precedence): (String, Int) =
        switch op {
        case .add: (" + ", 1)
        case .subtract: (" - ", 1)
        case .multiply: (" ⊙ ", 2)
        case .divide: (" / ", 2)
        case .max: ("max", 0)
        case .min: ("min", 0)
        case .greaterOrEqual: (" ≥ ", -1)
        case .lessOrEqual: (" ≤ ", -1)
        }
      if precedence == 0 { return "\(sign)(\(text(a, tightness: 0)), \(text(b, tightness: 0)))" }
      if precedence < 0 { return "[\(text(a, tightness: 0))\(sign)\(text(b, tightness: 0))]" }
      let inner = text(a, tightness: precedence) + sign + text(b, tightness: precedence + 1)
      return precedence < tightness ? "(\(inner))" : inner
    }
  }

  private func isLeaf(_ id: NodeID) -> Bool { cell.graph.operands(id).isEmpty }

  private func text(_ op: UnaryOperation, _ a: NodeID, _ tightness: Int) -> String {
    switch op {
    case .negate: "-" + text(a, tightness: 3)
    case .squareRoot: "√" + text(a, tightness: 3)
    case .step: "[\(text(a, tightness: 0)) > 0]"
    case .sigmoid: "σ(\(text(a, tightness: 0)))"
    case .leakyReLU: "leaky_relu(\(text(a, tightness: 0)))"
    case .geluTanh: "gelu_tanh(\(text(a, tightness: 0)))"
    case .normalCDF: "Φ(\(text(a, tightness: 0)))"
    case .normalPDF: "Φ'(\(text(a, tightness: 0)))"
    default: "\(op)(\(text(a, tightness: 0)))"
    }
  }

  private func text(_ storage: Storage, _ tightness: Int) -> String {
    switch storage {
    case .input: return "x"
    case .value(let index): return cell.cell.equations[index].name.text
    case .previous(let state): return cell.cell.states[state].text + "'"
    case .parameter(let index): return cell.cell.parameters[index].name.text
    case .sum(let index): return text(cell.sums[index], tightness)
    case .kept(let index): return text(cell.kept[index].value, tightness)
    default: return "…"
    }
  }

  private func text(_ kept: KeptValue, _ tightness: Int) -> String {
    switch kept {
    case .elementwise(let node): return text(node, tightness: tightness)
    case .softmax(let source): return "softmax(\(text(source, tightness: 0)))"
    case .normalized(let source, let epsilon):
      let last = epsilon == 1e-5 ? "" : ", \(Formatter.number(epsilon))"
      return "layernorm(\(text(source, tightness: 0)), 1, 0\(last))"
    case .concatenation(let parts): return list(parts)
    }
  }

  private func list(_ parts: [NodeID]) -> String {
    "[\(parts.map { text($0, tightness: 0) }.joined(separator: ", "))]"
  }

  private func text(_ sum: AffineSum, _ tightness: Int) -> String {
    var result = ""
    func append(_ term: String, isNegative: Bool) {
      result += result.isEmpty ? (isNegative ? "-" : "") : isNegative ? " - " : " + "
      result += term
    }
    var rest = sum.products[...]
    var terms = 0
    while let product = rest.popFirst() {
      // W·[a, b] is a product for each part.
      var parts = [product]
      while let next = rest.first, let last = parts.last, next.parameter == last.parameter,
        next.columnOffset == last.columnOffset + last.columns
      {
        parts.append(rest.removeFirst())
      }
      let matrix = cell.cell.parameters[product.parameter].name.text
      let scale = Swift.abs(product.scale)
      let vector =
        parts.count == 1 ? text(product.vector, tightness: 3) : list(parts.map(\.vector))
      append(
        (scale == 1 ? "" : Formatter.number(scale) + " ⊙ ") + matrix
          + (product.transposed ? "ᵀ" : "") + "·" + vector, isNegative: product.scale < 0)
      terms += 1
    }
    for bias in sum.biases { append(cell.cell.parameters[bias].name.text, isNegative: false) }
    let precedence = terms + sum.biases.count > 1 ? 1 : 2
    return precedence < tightness ? "(\(result))" : result
  }
}
