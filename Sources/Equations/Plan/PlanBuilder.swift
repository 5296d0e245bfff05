/// Orders a cell's computations: stages, levels within a stage, products stacked into runs.
///
/// Within a stage, levels alternate: on even ones everything elementwise that is ready runs fused,
/// on odd ones every product and row-wise kernel that is ready.
struct PlanBuilder {
  private(set) var cell: CellGraph
  private(set) var runs: [Plan.ProductRun] = []
  private(set) var sumColumns: [Int] = []
  private(set) var forward: [Plan.Stage: [Plan.Step]] = [:]
  private(set) var backward: [Plan.Stage: [Plan.Step]] = [:]
  private(set) var transientGradients: Set<Int> = []
  private(set) var keptSources: [Int: [Storage]] = [:]
  /// Sums that the loss does not depend on: their gradient is zero.
  private(set) var idleSums: [Int] = []

  /// Sums with a copy among the kept values, for the backward pass.
  private var savedSums: [Int: Int] = [:]
  private let original: CellGraph
  private var stages: [Storage: Plan.Stage] = [:]

  init(graph: CellGraph) {
    original = graph
    cell = graph
  }

  /// The same plan with a kept copy of the given sum.
  func saving(_ sum: Int) -> PlanBuilder {
    var graph = original
    var saved = savedSums
    saved[sum] = graph.keepCopy(ofSum: sum)
    var builder = PlanBuilder(graph: graph)
    builder.savedSums = saved
    return builder
  }

  /// - Returns: a sum that is read after it was overwritten, if there is one.
  mutating func build() -> Int? {
    assignStages()
    arrangeSums()
    stackProducts()
    scheduleForward()
    let graph = BackwardGraph(differentiating: &cell)
    return scheduleBackward(graph)
  }

  // MARK: Stages

  /// What a memory is computed from.
  private func dependencies(of storage: Storage) -> Set<Storage> {
    switch storage {
    case .value(let index): return cell.graph.memory(readBy: [cell.roots[index]])
    case .sum(let index):
      return Set(cell.sums[index].products.map { memory($0.vector) })
    case .kept(let index):
      switch cell.kept[index].value {
      case .elementwise(let root): return cell.graph.memory(readBy: [root])
      case .softmax(let source), .normalized(let source, _): return [memory(source)]
      case .concatenation(let parts): return Set(parts.map(memory))
      }
    default: return []
    }
  }

  private func memory(_ node: NodeID) -> Storage {
    guard case .memory(let storage) = cell.graph[node].operation else {
      preconditionFailure("node \(node.index) is not in memory")
    }
    return storage
  }

  private var definitions: [Storage] {
    cell.sums.indices.map { .sum($0) } + cell.kept.indices.map { .kept($0) }
      + cell.roots.indices.map { .value($0) }
  }

  private mutating func assignStages() {
    var recurrent: [Storage: Bool] = [:]
    func isRecurrent(_ storage: Storage) -> Bool {
      if case .previous = storage { return true }
      if let known = recurrent[storage] { return known }
      let result = dependencies(of: storage).contains(where: isRecurrent)
      recurrent[storage] = result
      return result
    }
    var needed: Set<Storage> = []
    var stack: [Storage] = cell.roots.indices.filter(cell.isState).map { .value($0) }
    while let storage = stack.popLast() {
      if needed.insert(storage).inserted { stack.append(contentsOf: dependencies(of: storage)) }
    }
    for storage in definitions {
      stages[storage] =
        !isRecurrent(storage) ? .beforeLoop : needed.contains(storage) ? .loop : .afterLoop
    }
  }

  private func stage(_ storage: Storage) -> Plan.Stage {
    switch storage {
    case .previous: .loop
    default: stages[storage] ?? .beforeLoop
    }
  }

  private func stage(of product: MatrixProduct, in sum: Int) -> Plan.Stage {
    if case .previous = memory(product.vector) { return stage(.sum(sum)) }
    return stage(memory(product.vector)) == .beforeLoop ? .beforeLoop : stage(.sum(sum))
  }

  // MARK: Products

  /// Right factors in the order of their first product, with the sums that they go into.
  private var groups: [(vector: NodeID, stage: Plan.Stage, members: [(sum: Int, MatrixProduct)])] {
    var result: [(vector: NodeID, stage: Plan.Stage, members: [(sum: Int, MatrixProduct)])] = []
    for (index, sum) in cell.sums.enumerated() {
      for product in sum.products {
        let stage = stage(of: product, in: index)
        let known = result.firstIndex { $0.vector == product.vector && $0.stage == stage }
        if let group = known {
          result[group].members.append((index, product))
        } else {
          result.append((product.vector, stage, [(index, product)]))
        }
      }
    }
    return result
  }

  /// Gives each sum its columns: the sums of the largest product in the loop lie side by side.
  private mutating func arrangeSums() {
    let inLoop = groups.filter { $0.stage == .loop }
    let largest = inLoop.max { $0.members.count < $1.members.count }
    let first = largest?.members.map(\.sum) ?? []
    var order: [Int] = []
    for sum in first + Array(cell.sums.indices) where !order.contains(sum) { order.append(sum) }
    sumColumns = Array(repeating: 0, count: cell.sums.count)
    var column = 0
    for sum in order {
      sumColumns[sum] = column
      column += cell.sums[sum].size
    }
  }

  private mutating func stackProducts() {
    for group in groups {
      var rest = group.members.sorted { sumColumns[$0.sum] < sumColumns[$1.sum] }
      while let first = rest.first {
        var members = [first]
        rest.removeFirst()
        var end = sumColumns[first.sum] + cell.sums[first.sum].size
        while let next = rest.firstIndex(where: { sumColumns[$0.sum] == end }) {
          members.append(rest.remove(at: next))
          end += cell.sums[members[members.count - 1].sum].size
        }
        let column = sumColumns[first.sum]
        runs.append(
          Plan.ProductRun(
            vector: memory(group.vector), vectorSize: cell.graph.size(group.vector),
            stage: group.stage, column: column, rows: end - column, products: members.map(\.1),
            sums: members.map(\.sum)))
      }
    }
  }

  // MARK: Forward

  private static func nextEven(_ level: Int) -> Int { level + (level & 1) }
  private static func nextOdd(_ level: Int) -> Int { level + 1 + (level & 1) }

  private mutating func scheduleForward() {
    var levels: [Storage: Int] = [:]
    func level(_ storage: Storage, in stage: Plan.Stage) -> Int {
      if let known = levels[storage] { return self.stage(storage) == stage ? known : -1 }
      let own = self.stage(storage)
      let result: Int
      switch storage {
      case .sum(let index):
        result =
          cell.sums[index].products.filter { self.stage(of: $0, in: index) == own }
          .map { Self.nextOdd(level(memory($0.vector), in: own)) }.max() ?? -1
      case .value, .kept:
        let latest = dependencies(of: storage).map { level($0, in: own) }.max() ?? -1
        result = isKernel(storage) ? Self.nextOdd(latest) : Self.nextEven(latest)
      default: return -1
      }
      levels[storage] = result
      return own == stage ? result : -1
    }
    for stage in Plan.Stage.allCases {
      var schedule = Schedule()
      for storage in definitions where self.stage(storage) == stage {
        let own = level(storage, in: stage)
        switch storage {
        case .value(let index): schedule.add(storage, cell.roots[index], size(storage), own)
        case .kept(let index):
          if case .elementwise(let root) = cell.kept[index].value {
            schedule.add(storage, root, size(storage), own)
          } else {
            keptSources[index] = sources(ofKept: index)
            schedule.add(.kernel(index), own)
          }
        default: break
        }
      }
      for (index, run) in runs.enumerated() where run.stage == stage {
        schedule.add(.product(index), Self.nextOdd(level(run.vector, in: stage)))
      }
      forward[stage] = schedule.steps(cell.graph)
    }
  }

  private func isKernel(_ storage: Storage) -> Bool {
    guard case .kept(let index) = storage else { return false }
    if case .elementwise = cell.kept[index].value { return false }
    return true
  }

  private func sources(ofKept index: Int) -> [Storage] {
    switch cell.kept[index].value {
    case .elementwise: []
    case .softmax(let source), .normalized(let source, _): [memory(source)]
    case .concatenation(let parts): parts.map(memory)
    }
  }

  private func size(_ storage: Storage) -> Int {
    switch storage {
    case .value(let index), .valueGradient(let index), .incomingGradient(let index):
      cell.size(ofEquation: index)
    case .sum(let index), .sumGradient(let index): cell.sums[index].size
    case .kept(let index), .keptGradient(let index), .rowGradient(let index): cell.kept[index].size
    case .previous, .previousGradient: cell.hiddenSize
    case .input, .inputGradient: cell.inputSize
    case .parameter(let index), .parameterGradient(let index):
      cell.cell.parameters[index]
        .shape(inputSize: cell.inputSize, hiddenSize: cell.hiddenSize)[0]
    }
  }

  // MARK: Backward

  /// The memory that a product adds its share of the gradient to.
  static func gradient(of vector: Storage) -> Storage {
    switch vector {
    case .input: .inputGradient
    case .value(let index): .incomingGradient(index)
    case .previous(let state): .previousGradient(state)
    case .kept(let index): .keptGradient(index)
    default: preconditionFailure("\(vector) is no right factor")
    }
  }

  /// The stage in which a gradient is complete. The backward pass runs the stages in reverse, and
  /// everything is computed in the first one that has all it needs: what only the loop used in
  /// forward is differentiated in the loop, whichever stage computed it.
  private func completion(
    _ storage: Storage, _ written: [Storage: Plan.Stage]
  ) -> Plan.Stage {
    switch storage {
    case .incomingGradient(let index):
      let gathered = productStage(into: storage)
      return cell.isState(index) ? min(gathered, .loop) : gathered
    case .keptGradient: return min(productStage(into: storage), written[storage] ?? .afterLoop)
    case .rowGradient(let index): return completion(.keptGradient(index), written)
    case .valueGradient, .sumGradient: return written[storage] ?? .afterLoop
    case .previousGradient: return .loop
    case .inputGradient, .parameterGradient: return .beforeLoop
    default: return .afterLoop
    }
  }

  private func productStage(into gradient: Storage) -> Plan.Stage {
    runs.filter { Self.gradient(of: $0.vector) == gradient }.map(\.stage).min() ?? .afterLoop
  }

  private func stage(
    of target: BackwardGraph.Target, _ written: [Storage: Plan.Stage]
  ) -> Plan.Stage {
    switch target.destination {
    case .previousGradient: .loop
    // Sums over all steps come last, when everything that they read is complete.
    case .inputGradient, .parameterGradient: .beforeLoop
    default:
      cell.graph.memory(readBy: [target.node]).map { completion($0, written) }.min() ?? .afterLoop
    }
  }

  private mutating func scheduleBackward(_ graph: BackwardGraph) -> Int? {
    var levels: [Storage: Int] = [:]
    var written: [Storage: Plan.Stage] = [:]
    let runs = runs
    func productLevel(_ run: Plan.ProductRun, in stage: Plan.Stage) -> Int {
      Self.nextOdd(run.sums.map { level(.sumGradient($0), in: stage) }.max() ?? -1)
    }
    func level(_ storage: Storage, in stage: Plan.Stage) -> Int {
      switch storage {
      case .incomingGradient, .keptGradient, .previousGradient, .inputGradient:
        let products = runs.filter {
          $0.stage == stage && Self.gradient(of: $0.vector) == storage
        }
        let gathered = products.map { productLevel($0, in: stage) }.max() ?? -1
        if case .keptGradient = storage, written[storage] == stage {
          return max(gathered, levels[storage] ?? -1)
        }
        return gathered
      case .rowGradient(let index):
        return completion(storage, written) == stage
          ? Self.nextOdd(level(.keptGradient(index), in: stage)) : -1
      case .valueGradient, .sumGradient:
        return written[storage] == stage ? levels[storage] ?? -1 : -1
      default: return -1
      }
    }
    var schedules: [Plan.Stage: Schedule] = [:]
    for target in graph.targets {
      let stage = stage(of: target, written)
      let latest =
        cell.graph.memory(readBy: [target.node]).map { storage in
          let own = level(storage, in: stage)
          // A concatenation's gradient is cut up only after it is complete.
          if case .keptGradient(let index) = storage, graph.rowWise.contains(index),
            target.destination != storage
          {
            return Self.nextOdd(own)
          }
          return own
        }.max() ?? -1
      let own = Self.nextEven(latest)
      levels[target.destination] = own
      written[target.destination] = stage
      schedules[stage, default: Schedule()].add(
        target.destination, target.node, size(target.destination), own)
    }
    for index in graph.rowWise {
      if case .concatenation = cell.kept[index].value { continue }
      let stage = completion(.rowGradient(index), written)
      schedules[stage, default: Schedule()].add(
        .kernel(index), level(.rowGradient(index), in: stage))
    }
    for (index, run) in runs.enumerated() {
      guard run.sums.contains(where: { written[.sumGradient($0)] != nil }) else { continue }
      schedules[run.stage, default: Schedule()].add(
        .product(index), productLevel(run, in: run.stage))
    }
    if let clash = findClash(schedules) { return clash }
    idleSums = cell.sums.indices.filter { written[.sumGradient($0)] == nil }
    for stage in Plan.Stage.allCases {
      backward[stage] = schedules[stage]?.steps(cell.graph, saved: savedSums) ?? []
    }
    findTransientGradients()
    return nil
  }

  /// A sum that is read at a later place than its gradient is written.
  private func findClash(_ schedules: [Plan.Stage: Schedule]) -> Int? {
    var position = 0
    var writtenAt: [Int: Int] = [:]
    var reads: [(sum: Int, at: Int)] = []
    for stage in Plan.Stage.allCases.reversed() {
      for group in schedules[stage]?.groups ?? [] {
        position += 1
        for (destination, node) in group.targets {
          if case .sumGradient(let index) = destination { writtenAt[index] = position }
          for case .sum(let index) in cell.graph.memory(readBy: [node])
          where savedSums[index] == nil {
            reads.append((index, position))
          }
        }
      }
    }
    return reads.first { read in (writtenAt[read.sum] ?? .max) < read.at }?.sum
  }

  /// Gradients of kept values that no other stage looks at.
  private mutating func findTransientGradients() {
    var users: [Int: Set<Plan.Stage>] = [:]
    func use(_ storage: Storage, _ stage: Plan.Stage) {
      switch storage {
      case .keptGradient(let index), .rowGradient(let index):
        users[index, default: []].insert(stage)
      default: break
      }
    }
    for (stage, steps) in backward {
      for step in steps {
        switch step {
        case .elementwise(let program):
          for storage in program.reads.union(program.writes) { use(storage, stage) }
        case .product(let index): use(Self.gradient(of: runs[index].vector), stage)
        case .kernel(let index): use(.keptGradient(index), stage)
        }
      }
    }
    transientGradients = Set(users.filter { $0.value == [.loop] }.keys)
  }
}
