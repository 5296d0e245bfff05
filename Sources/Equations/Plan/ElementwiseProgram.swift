internal import CKernels

/// Memory that an instruction reads or writes, from a column on.
struct MemoryOperand: Hashable, Sendable {
  let storage: Storage
  let offset: Int
}

/// A fused run of elementwise work over rows of one length: a straight list of instructions whose
/// intermediate values live in registers of one cache-sized block each.
struct ElementwiseProgram: @unchecked Sendable {
  /// Elements per register: about twenty registers fit the first-level cache.
  static let blockSize = 256

  let columns: Int
  let instructions: [unroll_instruction]
  let operands: [MemoryOperand]
  let registerCount: Int
  /// After which instruction the value of an equation is complete.
  let completions: [(equation: Int, instruction: Int)]
  /// The same for the gradients of equations' values.
  let gradientCompletions: [(equation: Int, instruction: Int)]
  let reads: Set<Storage>
  let writes: Set<Storage>

  /// `savedSums` are the sums that are read from a kept copy, by its index.
  init(
    graph: Graph, targets: [(destination: Storage, node: NodeID)], columns: Int,
    savedSums: [Int: Int]
  ) {
    var emitter = ProgramEmitter(graph: graph, targets: targets)
    emitter.emit()
    self.columns = columns
    instructions = emitter.instructions
    operands = emitter.operands.map { operand in
      guard case .sum(let index) = operand.storage, let kept = savedSums[index] else {
        return operand
      }
      return MemoryOperand(storage: .kept(kept), offset: operand.offset)
    }
    registerCount = emitter.registerCount
    completions = emitter.completions
    gradientCompletions = emitter.gradientCompletions
    reads = graph.memory(readBy: targets.map(\.node))
    writes = Set(targets.map(\.destination))
  }
}

/// Turns a set of nodes into instructions: ascending node order, registers by last use.
private struct ProgramEmitter {
  let graph: Graph
  let targets: [(destination: Storage, node: NodeID)]
  var instructions: [unroll_instruction] = []
  var operands: [MemoryOperand] = []
  var completions: [(equation: Int, instruction: Int)] = []
  var gradientCompletions: [(equation: Int, instruction: Int)] = []
  var registerCount = 0

  private var operandIndex: [MemoryOperand: UInt16] = [:]
  private var freeRegisters: [UInt16] = []
  private var location: [NodeID: UInt16] = [:]
  private var remainingUses: [NodeID: Int] = [:]
  /// Products that are computed within the addition that uses them.
  private var fused: Set<NodeID> = []
  private var delayed: [(destination: Storage, node: NodeID)] = []

  init(graph: Graph, targets: [(destination: Storage, node: NodeID)]) {
    self.graph = graph
    self.targets = targets
  }

  mutating func emit() {
    let order = graph.closure(of: targets.map(\.node))
    let computed = order.filter { !isLeaf($0) }
    for id in computed {
      for operand in graph.operands(id) { remainingUses[operand, default: 0] += 1 }
    }
    let wanted = Dictionary(grouping: targets, by: \.node)
    findFusedProducts(computed, wanted: Set(wanted.keys))
    let lastRead = lastReads(computed)
    // Copies of what is in memory already wait until their source is written, and come before
    // their destination is read: where the destination's own node stands in the order.
    var copies = targets.filter { isLeaf($0.node) }
      .map { (target: $0, place: graph.node(of: $0.destination) ?? NodeID(index: .max)) }
      .sorted { $0.place < $1.place }[...]
    for (position, id) in computed.enumerated() {
      while let next = copies.first, next.place < id {
        copy(next.target)
        copies.removeFirst()
      }
      guard !fused.contains(id) else { continue }
      let homes = wanted[id] ?? []
      // Straight into memory, unless that memory is still read further down, or something else
      // needs the computed number where the memory can be set by hand.
      let late = homes.filter { overwrites($0.destination, after: position, lastRead) }
      let isShared = homes.count > 1 || remainingUses[id, default: 0] > 0
      let direct = homes.firstIndex { home in
        !late.contains { $0.destination == home.destination }
          && !(isShared && Self.canBeSet(home.destination))
      }
      emit(id, into: direct.map { memory(homes[$0].destination) } ?? allocate())
      if let direct { complete(homes[direct].destination) }
      for (index, home) in homes.enumerated() where index != direct {
        if late.contains(where: { $0.destination == home.destination }) {
          delayed.append(home)
          remainingUses[id, default: 0] += 1
        } else {
          copy(home)
        }
      }
      release(id)
      releaseOperands(of: id)
    }
    for (target, _) in copies { copy(target) }
    for target in delayed { copy(target) }
  }

  private mutating func copy(_ target: (destination: Storage, node: NodeID)) {
    emitCopy(target.node, into: memory(target.destination))
    complete(target.destination)
  }

  private func isLeaf(_ id: NodeID) -> Bool {
    switch graph[id].operation {
    case .constant, .memory, .slice: true
    case .unary, .binary: false
    }
  }

  /// a·b + c in one instruction, where a·b has no other use.
  private mutating func findFusedProducts(_ computed: [NodeID], wanted: Set<NodeID>) {
    for id in computed {
      guard case .binary(.add, let a, let b) = graph[id].operation else { continue }
      for product in [a, b] {
        guard case .binary(.multiply, let l, let r) = graph[product].operation,
          graph.size(l) > 0, graph.size(r) > 0, remainingUses[product] == 1,
          !wanted.contains(product), a != b
        else { continue }
        fused.insert(product)
        break
      }
    }
  }

  /// The last position at which each sum is read from memory.
  private func lastReads(_ computed: [NodeID]) -> [Storage: Int] {
    var last: [Storage: Int] = [:]
    var position: [NodeID: Int] = [:]
    for (index, id) in computed.enumerated() { position[id] = index }
    for (index, id) in computed.enumerated() {
      // A fused product reads where its addition stands.
      let reader =
        fused.contains(id)
        ? computed[index...].first { graph.operands($0).contains(id) }.flatMap { position[$0] }
          ?? index
        : index
      for operand in graph.operands(id) {
        if case .memory(let storage) = graph[operand].operation {
          last[storage] = max(last[storage] ?? 0, reader)
        }
      }
    }
    for target in targets {
      if case .memory(let storage) = graph[target.node].operation { last[storage] = .max }
    }
    return last
  }

  /// Whether writing `destination` now would destroy a sum that is read later in this program.
  private func overwrites(
    _ destination: Storage, after position: Int, _ lastRead: [Storage: Int]
  ) -> Bool {
    guard case .sumGradient(let index) = destination else { return false }
    return (lastRead[.sum(index)] ?? -1) > position
  }

  /// Whether somebody may put other numbers into the memory as soon as it is written.
  private static func canBeSet(_ destination: Storage) -> Bool {
    switch destination {
    case .value, .valueGradient: true
    default: false
    }
  }

  private mutating func complete(_ destination: Storage) {
    switch destination {
    case .value(let equation): completions.append((equation, instructions.count - 1))
    case .valueGradient(let equation):
      gradientCompletions.append((equation, instructions.count - 1))
    default: break
    }
  }

  // MARK: Registers and operands

  private mutating func allocate() -> UInt16 {
    if let register = freeRegisters.popLast() { return register }
    defer { registerCount += 1 }
    return UInt16(unroll_scratch) + UInt16(registerCount)
  }

  private mutating func memory(_ storage: Storage, offset: Int = 0) -> UInt16 {
    let operand = MemoryOperand(storage: storage, offset: offset)
    if let index = operandIndex[operand] { return index }
    let index = UInt16(operands.count)
    operands.append(operand)
    operandIndex[operand] = index
    return index
  }

  private mutating func operand(_ id: NodeID) -> UInt16 {
    switch graph[id].operation {
    case .memory(let storage): return memory(storage)
    case .slice(let storage, let offset): return memory(storage, offset: offset)
    default: break
    }
    guard let found = location[id] else {
      preconditionFailure("node \(id.index) is used before it is computed")
    }
    return found
  }

  private mutating func releaseOperands(of id: NodeID) {
    for operand in graph.operands(id) {
      if fused.contains(operand) {
        releaseOperands(of: operand)
      }
      remainingUses[operand, default: 0] -= 1
      release(operand)
    }
  }

  /// Frees the register of a node that is not needed any more.
  private mutating func release(_ id: NodeID) {
    guard remainingUses[id, default: 0] == 0, let register = location[id],
      register >= UInt16(unroll_scratch)
    else { return }
    freeRegisters.append(register)
    location[id] = nil
  }

  // MARK: Instructions

  /// The kernel's operation, and the number that it takes.
  private static func kernel(_ op: UnaryOperation) -> (unroll_op, Double) {
    switch op {
    case .negate: (unroll_op_neg, 0)
    case .sigmoid: (unroll_op_sigmoid, 0)
    case .tanh: (unroll_op_tanh, 0)
    case .relu: (unroll_op_relu, 0)
    case .leakyReLU: (unroll_op_leaky_relu, ScalarMath.leakySlope)
    case .elu: (unroll_op_elu, ScalarMath.eluAlpha)
    case .gelu: (unroll_op_gelu, 0)
    case .geluTanh: (unroll_op_gelu_tanh, 0)
    case .exp: (unroll_op_exp, 0)
    case .log: (unroll_op_log, 0)
    case .abs: (unroll_op_abs, 0)
    case .squareRoot: (unroll_op_sqrt, 0)
    case .step: (unroll_op_step, 0)
    case .sign: (unroll_op_sign, 0)
    case .normalCDF: (unroll_op_normal_cdf, 0)
    case .normalPDF: (unroll_op_normal_pdf, 0)
    }
  }

  private static func kernel(_ op: BinaryOperation) -> unroll_op {
    switch op {
    case .add: unroll_op_add
    case .subtract: unroll_op_sub
    case .multiply: unroll_op_mul
    case .divide: unroll_op_div
    case .max: unroll_op_max
    case .min: unroll_op_min
    case .greaterOrEqual: unroll_op_ge
    case .lessOrEqual: unroll_op_le
    }
  }

  private mutating func append(
    _ op: unroll_op, _ dst: UInt16, _ a: UInt16 = 0, _ b: UInt16 = 0, _ c: UInt16 = 0,
    _ imm: Double = 0
  ) {
    instructions.append(
      unroll_instruction(op: UInt16(op.rawValue), dst: dst, a: a, b: b, c: c, imm: imm))
  }

  private mutating func emit(_ id: NodeID, into dst: UInt16) {
    location[id] = dst
    switch graph[id].operation {
    case .unary(let op, let a):
      let (code, imm) = Self.kernel(op)
      append(code, dst, operand(a), 0, 0, imm)
    case .binary(.add, let a, let b) where fused.contains(a) || fused.contains(b):
      let (product, other) = fused.contains(a) ? (a, b) : (b, a)
      guard case .binary(.multiply, let l, let r) = graph[product].operation else {
        preconditionFailure("only products are fused")
      }
      emitFused(l, r, other, dst)
    case .binary(let op, let a, let b): emitBinary(op, a, b, dst)
    case .constant, .memory, .slice: preconditionFailure("a leaf is not computed")
    }
  }

  private mutating func emitFused(_ l: NodeID, _ r: NodeID, _ other: NodeID, _ dst: UInt16) {
    if let value = graph.constantValue(other) {
      // The number needs a register of its own for a moment.
      let register = allocate()
      append(unroll_op_fill, register, 0, 0, 0, value)
      append(unroll_op_fma, dst, operand(l), operand(r), register)
      freeRegisters.append(register)
    } else {
      append(unroll_op_fma, dst, operand(l), operand(r), operand(other))
    }
  }

  private mutating func emitBinary(
    _ op: BinaryOperation, _ a: NodeID, _ b: NodeID, _ dst: UInt16
  ) {
    let left = graph.constantValue(a), right = graph.constantValue(b)
    switch (op, left, right) {
    case (.add, _, .some(let value)): append(unroll_op_add_imm, dst, operand(a), 0, 0, value)
    case (.add, .some(let value), _): append(unroll_op_add_imm, dst, operand(b), 0, 0, value)
    case (.subtract, _, .some(let value)):
      append(unroll_op_add_imm, dst, operand(a), 0, 0, -value)
    case (.subtract, .some(let value), _):
      append(unroll_op_imm_sub, dst, operand(b), 0, 0, value)
    case (.multiply, _, .some(let value)):
      append(unroll_op_mul_imm, dst, operand(a), 0, 0, value)
    case (.multiply, .some(let value), _):
      append(unroll_op_mul_imm, dst, operand(b), 0, 0, value)
    case (.divide, .some(let value), _):
      append(unroll_op_imm_div, dst, operand(b), 0, 0, value)
    case (_, .some(let value), _), (_, _, .some(let value)):
      let register = allocate()
      append(unroll_op_fill, register, 0, 0, 0, value)
      append(
        Self.kernel(op), dst, left == nil ? operand(a) : register,
        right == nil ? operand(b) : register)
      freeRegisters.append(register)
    default:
      append(Self.kernel(op), dst, operand(a), operand(b))
    }
  }

  private mutating func emitCopy(_ node: NodeID, into dst: UInt16) {
    if let value = graph.constantValue(node) {
      append(unroll_op_fill, dst, 0, 0, 0, value)
    } else {
      append(unroll_op_copy, dst, operand(node))
    }
  }
}
