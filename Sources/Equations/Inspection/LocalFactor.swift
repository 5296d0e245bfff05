/// How an equation passes its gradient on to one of the things that it is computed from.
public struct LocalFactor: Sendable {
  /// What the gradient goes to.
  public enum Operand: Hashable, Sendable {
    case input
    case value(Identifier)
    case previous(Identifier)
    case parameter(Identifier)
    /// A sum of products with matrices; its text in the equation's own words.
    case sum(String)
    /// A value without a name.
    case other
  }

  public let operand: Operand
  /// ∂value/∂operand as a formula, e.g. "f ⊙ (1 - f)".
  public let formula: String
  private let graph: Graph
  private let node: NodeID
  private let root: NodeID
  private let equation: Identifier
  private let cell: CellGraph

  fileprivate init(
    operand: Operand, node: NodeID, root: NodeID, equation: Int, cell: CellGraph
  ) {
    self.operand = operand
    self.graph = cell.graph
    self.node = node
    self.root = root
    self.equation = cell.cell.equations[equation].name
    self.cell = cell
    formula = NodePrinter(cell: cell, root: root, name: self.equation).text(node, tightness: 0)
  }

  /// The factor's value for one unit. Nil where it needs something that is not known.
  public func value(unit: Int, _ values: some StepValues) -> Double? {
    evaluate(node, unit, values)
  }

  private func evaluate(_ id: NodeID, _ unit: Int, _ values: some StepValues) -> Double? {
    func pick(_ vector: [Double]?) -> Double? {
      guard let vector, vector.indices.contains(unit) else { return nil }
      return vector[unit]
    }
    if id == root { return pick(values.value(equation)) }
    switch graph[id].operation {
    case .constant(let value): return value
    case .memory(.input): return pick(values.value("x"))
    case .memory(.value(let index)): return pick(values.value(cell.cell.equations[index].name))
    case .memory(.previous(let state)): return pick(values.previous(cell.cell.states[state]))
    case .memory(.parameter(let index)):
      return pick(values.parameter(cell.cell.parameters[index].name)?.elements)
    case .memory(.sum(let index)): return sum(index, unit, values)
    case .memory(.kept(let index)):
      guard case .elementwise(let kept) = cell.kept[index].value else { return nil }
      return evaluate(kept, unit, values)
    case .memory, .slice: return nil
    case .unary(let op, let a): return evaluate(a, unit, values).map { ScalarMath.apply(op, $0) }
    case .binary(let op, let a, let b):
      guard let x = evaluate(a, unit, values), let y = evaluate(b, unit, values) else { return nil }
      return ScalarMath.apply(op, x, y)
    }
  }

  private func sum(_ index: Int, _ unit: Int, _ values: some StepValues) -> Double? {
    var total = 0.0
    // The graph has sizes of its own; these are the values'.
    var columns = 0
    for product in cell.sums[index].products {
      let name = cell.cell.parameters[product.parameter].name
      guard let (m, shape) = values.parameter(name) else { return nil }
      let first = product.columnOffset == 0 ? 0 : columns
      columns = first
      while let factor = evaluate(product.vector, columns - first, values) {
        let place =
          product.transposed ? columns * shape[1] + unit : unit * shape[1] + columns
        guard m.indices.contains(place) else { return nil }
        total += product.scale * m[place] * factor
        columns += 1
      }
      guard columns > first else { return nil }
    }
    for bias in cell.sums[index].biases {
      guard let (b, _) = values.parameter(cell.cell.parameters[bias].name) else { return nil }
      total += b[unit]
    }
    return total
  }
}

extension Cell {
  /// The local derivatives of one equation, one for each thing that it is computed from; found by
  /// the same rules that the backward pass is made of.
  public func localFactors(ofEquation index: Int) -> [LocalFactor] {
    // The formulas do not depend on the sizes; these only have to differ.
    var cell = CellGraph(cell: self, inputSize: 3, hiddenSize: 2)
    let root = cell.roots[index]
    var gradients: [NodeID: NodeID] = [root: cell.graph.constant(1)]
    var leaves: [NodeID] = []
    for id in cell.graph.closure(of: [root]).reversed() {
      guard let gradient = gradients[id] else { continue }
      let local = cell.graph.localDerivatives(of: id)
      if local.isEmpty, cell.graph.size(id) > 0 { leaves.append(id) }
      for (operand, factor) in local where cell.graph.size(operand) > 0 {
        let share = cell.graph.binary(.multiply, gradient, factor)
        gradients[operand] =
          gradients[operand].map { cell.graph.binary(.add, $0, share) } ?? share
      }
    }
    let printer = NodePrinter(cell: cell, root: root, name: equations[index].name)
    return leaves.reversed().compactMap { leaf in
      guard let node = gradients[leaf], case .memory(let storage) = cell.graph[leaf].operation
      else { return nil }
      let operand: LocalFactor.Operand =
        switch storage {
        case .input: .input
        case .value(let index): .value(equations[index].name)
        case .previous(let state): .previous(states[state])
        case .parameter(let index): .parameter(parameters[index].name)
        case .sum: .sum(printer.text(leaf, tightness: 0))
        default: .other
        }
      return LocalFactor(operand: operand, node: node, root: root, equation: index, cell: cell)
    }
  }
}
