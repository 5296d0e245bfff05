/// The backward pass of a block, derived by reverse-mode differentiation.
///
/// Elementwise work is differentiated in the graph, with the table that cells use; the gradient of a
/// product A·B is δ·Bᵀ for A and Aᵀ·δ for B; row-wise functions have kernels of their own.
struct BlockDifferentiation {
  private var graph: BlockGraph
  private(set) var steps: [BlockPlan.Step] = []
  private(set) var gradientHome: [Int]
  private(set) var besides: [Int] = []
  /// Values whose gradient has been begun: what follows is added.
  private var begun: Set<Int> = []
  /// How many operations use each value.
  private var uses: [Int: Int] = [:]

  init(_ graph: BlockGraph) {
    self.graph = graph
    gradientHome = Array(graph.values.indices)
    countUses()
    run()
  }

  /// Values that the loss does not depend on; their gradient is zero.
  var idle: [Int] {
    graph.values.indices.filter { graph.values[$0].joined == nil && !begun.contains($0) }
  }

  private mutating func countUses() {
    for step in graph.steps {
      for value in used(by: step.operation) { uses[graph.root(value), default: 0] += 1 }
    }
  }

  private func used(by operation: BlockOperation) -> [Int] {
    switch operation {
    case .elementwise(let root):
      graph.graph.memory(readBy: [root]).compactMap {
        if case .value(let value) = $0 { value } else { nil }
      }
    case .product(let product):
      [product.left, product.right].compactMap {
        if case .value(let value) = $0.storage { value } else { nil }
      }
    case .softmax(let source), .normalize(let source, _), .unit(let source): [source]
    case .additive(let queries, let keys, _): [queries, keys]
    }
  }

  private mutating func run() {
    guard let output = graph.valueOfEquation.last else { return }
    begun.insert(output)
    // Gradients of inputs beside X come from several blocks, which add to them.
    for index in graph.block.inputs.indices.dropFirst() { begun.insert(index) }
    var completed: Set<Int> = []
    for step in graph.steps.reversed() where begun.contains(step.target) {
      if completed.insert(step.equation).inserted { steps.append(.completed(step.equation)) }
      switch step.operation {
      case .elementwise(let root): differentiate(root, step.target)
      case .product(let product): differentiate(product, step.target)
      case .softmax(let source):
        addKernel(source, step.target) { .softmaxBackward(gradient: $0) }
      case .normalize(let source, _):
        addKernel(source, step.target) { .normalizeBackward(gradient: $0) }
      case .unit(let source): addKernel(source, step.target) { .unitBackward(gradient: $0) }
      case .additive(let queries, let keys, let vector):
        beginWithZeros(queries)
        beginWithZeros(keys)
        steps.append(
          .kernel(
            .additiveBackward(queries: queries, keys: keys, vector: vector), value: step.target))
      }
    }
  }

  private mutating func beginWithZeros(_ value: Int) {
    if begun.insert(graph.root(value)).inserted { steps.append(.clearGradient(value)) }
  }

  private mutating func addKernel(
    _ source: Int, _ target: Int, _ kernel: (Storage) -> BlockPlan.Kernel
  ) {
    if begun.insert(graph.root(source)).inserted {
      steps.append(.kernel(kernel(.valueGradient(source)), value: target))
      return
    }
    if !besides.contains(source) { besides.append(source) }
    steps.append(.kernel(kernel(.rowGradient(source)), value: target))
    let load = graph.graph.memory(.valueGradient(source), size: 1)
    let change = graph.graph.memory(.rowGradient(source), size: 1)
    let sum = graph.graph.binary(.add, load, change)
    addProgram([(.valueGradient(source), sum)], graph.values[source].layout)
  }

  private mutating func addProgram(
    _ targets: [(destination: Storage, node: NodeID)], _ layout: BlockLayout
  ) {
    guard !targets.isEmpty else { return }
    let program = ElementwiseProgram(
      graph: graph.graph, targets: targets, columns: 1, savedSums: [:])
    steps.append(.elementwise(program, layout))
  }

  // MARK: Products

  private mutating func differentiate(_ product: BlockProduct, _ target: Int) {
    let gradient = BlockFactor(storage: .valueGradient(target), isTransposed: false)
    if let bias = product.bias { steps.append(.columnSums(of: target, parameter: bias)) }
    let (left, right) = (product.left, product.right)
    add(
      to: left, scale: product.scale,
      left.isTransposed ? (right, gradient.turned) : (gradient, right.turned))
    add(
      to: right, scale: product.scale,
      right.isTransposed ? (gradient.turned, left) : (left.turned, gradient))
  }

  private mutating func add(
    to factor: BlockFactor, scale: Double, _ factors: (BlockFactor, BlockFactor)
  ) {
    let target: Storage
    var accumulates = true
    switch factor.storage {
    case .value(let value):
      target = .valueGradient(value)
      accumulates = !begun.insert(graph.root(value)).inserted
    case .parameter(let index): target = .parameterGradient(index)
    default: preconditionFailure("a product with \(factor.storage)")
    }
    steps.append(
      .product(
        BlockProduct(
          target: target, left: factors.0, right: factors.1, scale: scale,
          accumulates: accumulates, bias: nil)))
  }

  // MARK: Elementwise

  /// One descending pass over the nodes: every use of a node comes before the node itself.
  private mutating func differentiate(_ root: NodeID, _ target: Int) {
    let result = graph.memory(target)
    let start = graph.graph.memory(.valueGradient(target), size: 1)
    var contributions: [NodeID: NodeID] = [root: start]
    var leaves: [(storage: Storage, gradient: NodeID)] = []
    for id in graph.graph.closure(of: [root]).reversed() {
      guard let gradient = contributions[id] else { continue }
      if case .memory(let storage) = graph.graph[id].operation {
        leaves.append((storage, gradient))
        continue
      }
      for (operand, factor) in graph.graph.localDerivatives(
        of: id, result: id == root ? result : nil)
      where graph.graph.size(operand) > 0 && graph.graph.constantValue(factor) != 0 {
        let change = graph.graph.binary(.multiply, gradient, factor)
        contributions[operand] =
          contributions[operand].map { graph.graph.binary(.add, $0, change) } ?? change
      }
    }
    deliver(leaves, start: start, target)
  }

  private mutating func deliver(
    _ leaves: [(storage: Storage, gradient: NodeID)], start: NodeID, _ target: Int
  ) {
    let layout = graph.values[target].layout
    var targets: [(destination: Storage, node: NodeID)] = []
    for (storage, gradient) in leaves {
      switch storage {
      case .value(let value):
        if gradient == start, shares(value, target) {
          begun.insert(value)
          gradientHome[value] = gradientHome[target]
          continue
        }
        let isShared = layout.isPerHead && !graph.values[value].layout.isPerHead
        if isShared { beginWithZeros(value) }
        let destination = Storage.valueGradient(value)
        let isFirst = begun.insert(graph.root(value)).inserted
        let load = graph.graph.memory(destination, size: 1)
        targets.append(
          (destination, isFirst ? gradient : graph.graph.binary(.add, load, gradient)))
      case .parameter(let index):
        if gradient == start,
          !layout.isPerHead || graph.block.parameters[index].isPerHead
        {
          steps.append(.columnSums(of: target, parameter: index))
          continue
        }
        let load = graph.graph.memory(.parameterGradient(index), size: 1)
        targets.append((.parameterGradient(index), graph.graph.binary(.add, load, gradient)))
      default: break
      }
    }
    addProgram(targets, layout)
  }

  /// Whether a value without a name, which nothing else uses, has the gradient of its one user.
  private func shares(_ value: Int, _ target: Int) -> Bool {
    let kind = graph.values[value]
    return kind.equation == nil && kind.input == nil && kind.joined == nil && uses[value] == 1
      && kind.layout == graph.values[target].layout
  }
}
