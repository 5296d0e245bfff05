/// The backward pass of one time step, derived from a cell's graph by reverse-mode differentiation.
///
/// Everything elementwise becomes nodes of the same graph; products with matrices are left to the
/// plan, which knows that the gradient of a vector v in `W·v` gains `Wᵀ·δ`.
struct BackwardGraph: Sendable {
  /// A gradient that is computed elementwise and written to memory.
  struct Target: Sendable {
    let destination: Storage
    let node: NodeID
  }

  /// In an order in which each one needs only those before it.
  private(set) var targets: [Target] = []
  /// Kept values whose gradient passes through a row-wise kernel or is cut into slices.
  private(set) var rowWise: Set<Int> = []
  /// Gradients that are products' sums alone: there is nothing elementwise to add.
  private(set) var gatheredOnly: Set<Storage> = []

  /// - Parameter cell: its graph gains the nodes of the backward pass.
  init(differentiating cell: inout CellGraph) {
    var sweep = Sweep(cell: cell)
    sweep.run()
    cell = sweep.cell
    targets = sweep.targets
    rowWise = sweep.rowWise
    gatheredOnly = sweep.gatheredOnly
  }

  /// One descending pass over the nodes: every use of a node comes before the node itself.
  private struct Sweep {
    var cell: CellGraph
    var targets: [Target] = []
    var rowWise: Set<Int> = []
    var gatheredOnly: Set<Storage> = []
    private var contributions: [NodeID: NodeID] = [:]
    /// Memory that some matrix multiplies.
    private let multiplied: Set<NodeID>
    /// Computed nodes whose result is a named value and nothing else, with the node that reads it.
    private let results: [NodeID: NodeID]

    init(cell: CellGraph) {
      self.cell = cell
      multiplied = Set(cell.sums.flatMap { $0.products.map(\.vector) })
      // A result that is also used without its name must not be read where it can be set by hand.
      let used = Set(cell.graph.nodes.indices.flatMap { cell.graph.operands(NodeID(index: $0)) })
      let readers = cell.roots.enumerated().compactMap { index, root in
        cell.graph.node(of: .value(index)).map { (root, [$0]) }
      }
      results = Dictionary(readers, uniquingKeysWith: +).compactMapValues { nodes in
        nodes.count == 1 ? nodes.first : nil
      }.filter { !used.contains($0.key) }
    }

    mutating func run() {
      for index in cell.graph.nodes.indices.reversed() {
        let id = NodeID(index: index)
        switch cell.graph[id].operation {
        case .constant, .slice: break
        case .memory(let storage): visit(storage, id)
        case .unary, .binary:
          if let gradient = contributions[id] { propagate(gradient, through: id) }
        }
      }
    }

    private mutating func add(_ gradient: NodeID, to id: NodeID) {
      contributions[id] =
        contributions[id].map { cell.graph.binary(.add, $0, gradient) } ?? gradient
    }

    /// The chain rule: what reaches a node goes on to its operands, times the local derivatives.
    private mutating func propagate(_ gradient: NodeID, through id: NodeID) {
      for (operand, factor) in cell.graph.localDerivatives(of: id, result: results[id])
      where cell.graph.size(operand) > 0 {
        guard cell.graph.constantValue(factor) != 0 else { continue }
        add(cell.graph.binary(.multiply, gradient, factor), to: operand)
      }
    }

    private mutating func visit(_ storage: Storage, _ id: NodeID) {
      let size = cell.graph.size(id)
      switch storage {
      case .value(let index):
        let carried = cell.isState(index) || multiplied.contains(id)
        guard
          let gradient = total(
            of: id, incoming: carried ? .incomingGradient(index) : nil,
            into: .valueGradient(index))
        else { return }
        add(gradient, to: cell.roots[index])
      case .sum(let index):
        guard let gradient = contributions[id] else { return }
        targets.append(Target(destination: .sumGradient(index), node: gradient))
      case .kept(let index): visitKept(index, id)
      case .previous(let state): accumulate(id, into: .previousGradient(state), size)
      case .input: accumulate(id, into: .inputGradient, size)
      case .parameter(let index): accumulate(id, into: .parameterGradient(index), size)
      default: break
      }
    }

    /// The complete gradient of a value: what came in, plus what its uses add elementwise.
    private mutating func total(
      of id: NodeID, incoming: Storage?, into destination: Storage
    ) -> NodeID? {
      let size = cell.graph.size(id)
      let load = incoming.map { cell.graph.memory($0, size: size) }
      guard let uses = contributions[id] else {
        if let incoming { gatheredOnly.insert(incoming) }
        return load
      }
      let sum = load.map { cell.graph.binary(.add, $0, uses) } ?? uses
      targets.append(Target(destination: destination, node: sum))
      return cell.graph.memory(destination, size: size)
    }

    private mutating func visitKept(_ index: Int, _ id: NodeID) {
      let (value, size) = cell.kept[index]
      let load =
        multiplied.contains(id) ? cell.graph.memory(.keptGradient(index), size: size) : nil
      if case .elementwise(let root) = value {
        let uses = contributions[id]
        if let load, let uses {
          add(cell.graph.binary(.add, load, uses), to: root)
        } else if let gradient = load ?? uses {
          add(gradient, to: root)
        }
        return
      }
      if let uses = contributions[id] {
        let sum = load.map { cell.graph.binary(.add, $0, uses) } ?? uses
        targets.append(Target(destination: .keptGradient(index), node: sum))
      } else if load == nil {
        return
      }
      rowWise.insert(index)
      switch value {
      case .softmax(let source), .normalized(let source, _):
        add(cell.graph.memory(.rowGradient(index), size: size), to: source)
      case .concatenation(let parts):
        var offset = 0
        for part in parts {
          let partSize = cell.graph.size(part)
          add(
            cell.graph.slice(.keptGradient(index), offset: offset, size: partSize), to: part)
          offset += partSize
        }
      case .elementwise: break
      }
    }

    private mutating func accumulate(_ id: NodeID, into destination: Storage, _ size: Int) {
      guard let gradient = contributions[id] else { return }
      let load = cell.graph.memory(destination, size: size)
      targets.append(
        Target(destination: destination, node: cell.graph.binary(.add, load, gradient)))
    }
  }
}
