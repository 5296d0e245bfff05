extension CellGraph {
  /// Adds a kept copy of a sum and returns its index.
  mutating func keepCopy(ofSum index: Int) -> Int {
    let node = graph.memory(.sum(index), size: sums[index].size)
    return addKept(.elementwise(node), size: sums[index].size)
  }
}

/// The computations of one stage by level.
struct Schedule {
  struct Group {
    let level: Int
    let columns: Int
    var targets: [(destination: Storage, node: NodeID)]
  }

  private(set) var groups: [Group] = []
  private var others: [(level: Int, step: Plan.Step)] = []

  /// An elementwise computation: all of one level and length become one program.
  mutating func add(
    _ destination: Storage, _ node: NodeID, _ columns: Int, _ level: Int
  ) {
    if let index = groups.firstIndex(where: { $0.level == level && $0.columns == columns }) {
      groups[index].targets.append((destination, node))
    } else {
      let place = groups.firstIndex { $0.level > level } ?? groups.count
      groups.insert(
        Group(level: level, columns: columns, targets: [(destination, node)]), at: place)
    }
  }

  mutating func add(_ step: Plan.Step, _ level: Int) { others.append((level, step)) }

  func steps(_ graph: Graph, saved: [Int: Int] = [:]) -> [Plan.Step] {
    let programs = groups.map { group in
      let program = ElementwiseProgram(
        graph: graph, targets: group.targets, columns: group.columns, savedSums: saved)
      return (level: group.level, step: Plan.Step.elementwise(program))
    }
    return (programs + others).enumerated().sorted {
      ($0.element.level, $0.offset) < ($1.element.level, $1.offset)
    }.map(\.element.step)
  }
}
