public import Tensors

/// A cell unrolled over a sequence: every named value of every step, and after `backward` the
/// gradient of each.
///
/// The buffers that backpropagation through time needs are the buffers that are looked at; nothing
/// is computed twice or for show. One unrolling is one layer in one direction. It is used by one
/// thread at a time.
public final class Unrolling<Scalar: TensorScalar> {
  public let plan: Plan
  public let seqLen: Int
  public let batchSize: Int
  /// Whether time runs from the last token to the first. Index t is the token's either way.
  public let isReversed: Bool
  /// Of each sequence how many of its first tokens are real; nil for all: see `setLengths`.
  public internal(set) var lengths: [Int]?

  /// Per equation `[T, B, n]`; states have one step more, the one before the first.
  let values: [Buffer<Scalar>]
  let kept: [Buffer<Scalar>]
  /// 1/σ of each row, of the kept values that are normalised.
  let deviations: [Int: Buffer<Scalar>]
  /// `[T, B, sumWidth]`: pre-activations on the way forward, their gradients on the way back.
  let sums: Buffer<Scalar>
  var gradients: GradientBuffers<Scalar>?
  let stacks: StackedWeights<Scalar>
  let elementwise: ElementwiseRunner<Scalar>

  /// - Parameters:
  ///   - plan: the cell, compiled for its sizes.
  ///   - seqLen: T, at least 1.
  ///   - batchSize: B, at least 1.
  ///   - isReversed: the direction of time.
  public init(plan: Plan, seqLen: Int, batchSize: Int, isReversed: Bool = false) {
    precondition(seqLen > 0 && batchSize > 0, "T = \(seqLen), B = \(batchSize)")
    self.plan = plan
    self.seqLen = seqLen
    self.batchSize = batchSize
    self.isReversed = isReversed
    let rows = seqLen * batchSize
    let cell = plan.cell
    values = cell.equations.indices.map { index in
      let isState = cell.states.contains(cell.equations[index].name)
      return Buffer(count: (rows + (isState ? batchSize : 0)) * plan.valueSizes[index])
    }
    kept = plan.kept.map { Buffer(count: rows * $0.size) }
    var deviations: [Int: Buffer<Scalar>] = [:]
    for (index, kept) in plan.kept.enumerated() {
      if case .normalized = kept.value { deviations[index] = Buffer(count: rows) }
    }
    self.deviations = deviations
    sums = Buffer(count: rows * plan.sumWidth)
    stacks = StackedWeights(plan: plan, seqLen: seqLen, batchSize: batchSize)
    elementwise = ElementwiseRunner(plan: plan)
  }

  // MARK: Reading

  /// Equations' values, `[T, B, n]` by the token's index.
  public func values(of equation: Int) -> BufferView<Scalar> {
    view(values[equation], equation)
  }

  /// ∂L/∂value, `[T, B, n]`; nil before `backward`.
  public func gradients(of equation: Int) -> BufferView<Scalar>? {
    gradients.map { view($0.values[equation], equation) }
  }

  /// The output: the first state, `[T, B, H]`.
  public var output: BufferView<Scalar> { values(of: plan.cell.outputEquation) }

  private func view(_ buffer: Buffer<Scalar>, _ equation: Int) -> BufferView<Scalar> {
    let step = batchSize * plan.valueSizes[equation]
    return BufferView(buffer, offset: firstSlot(of: equation) * step, count: seqLen * step)
  }

  /// States have a slot for the step before the first: in front, or behind if time is reversed.
  func firstSlot(of equation: Int) -> Int { isState(equation) && !isReversed ? 1 : 0 }

  func isState(_ equation: Int) -> Bool {
    plan.cell.states.contains(plan.cell.equations[equation].name)
  }

  func equation(ofState state: Int) -> Int {
    plan.cell.equationIndex(of: plan.cell.states[state]) ?? 0
  }

  /// The steps in the order of time.
  var timeOrder: [Int] { isReversed ? Array((0..<seqLen).reversed()) : Array(0..<seqLen) }

  // MARK: States

  /// The state before the first step, `[B, H]`; zero unless it was set.
  public func initialState(_ state: Int) -> BufferView<Scalar> {
    stateSlot(state, isReversed ? seqLen : 0)
  }

  /// The state after the last step, `[B, H]`: what truncated BPTT carries on.
  public func finalState(_ state: Int) -> BufferView<Scalar> {
    stateSlot(state, isReversed ? 0 : seqLen)
  }

  private func stateSlot(_ state: Int, _ slot: Int) -> BufferView<Scalar> {
    let size = batchSize * plan.hiddenSize
    return BufferView(values[equation(ofState: state)], offset: slot * size, count: size)
  }

  /// Sets the state before the first step.
  public func setInitialState(_ state: Int, to new: BufferView<Scalar>) {
    let slot = initialState(state)
    precondition(new.count == slot.count, "\(new.count) elements for a state of \(slot.count)")
    unsafe slot.pointer.update(from: new.pointer, count: new.count)
  }

  public func resetInitialStates() {
    for state in plan.cell.states.indices {
      let slot = initialState(state)
      unsafe slot.pointer.update(repeating: 0, count: slot.count)
    }
  }

  /// Bytes of the buffers, gradients included once there are any.
  public var byteCount: Int {
    let own = values + kept + [sums] + Array(deviations.values) + (gradients?.all ?? [])
    return own.reduce(0) { $0 + $1.count } * MemoryLayout<Scalar>.stride
  }

  /// Bytes of the named values and, after `backward`, of their gradients.
  public var namedByteCount: Int {
    (values + (gradients?.values ?? [])).reduce(0) { $0 + $1.count } * MemoryLayout<Scalar>.stride
  }
}

/// The gradients of an unrolling; made when the first backward pass starts.
final class GradientBuffers<Scalar: TensorScalar> {
  let values: [Buffer<Scalar>]
  let kept: [Int: Buffer<Scalar>]
  let rows: [Int: Buffer<Scalar>]

  init(for unrolling: Unrolling<Scalar>) {
    let plan = unrolling.plan
    values = unrolling.values.map { Buffer(count: $0.count) }
    let allRows = unrolling.seqLen * unrolling.batchSize
    var used: [Int: Buffer<Scalar>] = [:]
    var rowWise: [Int: Buffer<Scalar>] = [:]
    for steps in plan.backward.values {
      for step in steps {
        switch step {
        case .product(let index):
          guard case .kept(let kept) = plan.runs[index].vector else { continue }
          used[kept] = used[kept] ?? room(kept)
        case .kernel(let kept):
          used[kept] = used[kept] ?? room(kept)
          rowWise[kept] = room(kept)
        case .elementwise(let program):
          for case .keptGradient(let kept) in program.reads.union(program.writes) {
            used[kept] = used[kept] ?? room(kept)
          }
        }
      }
    }
    func room(_ kept: Int) -> Buffer<Scalar> {
      let rows = plan.transientGradients.contains(kept) ? unrolling.batchSize : allRows
      return Buffer(count: rows * plan.kept[kept].size)
    }
    self.kept = used
    self.rows = rowWise
  }

  var all: [Buffer<Scalar>] { values + Array(kept.values) + Array(rows.values) }
}
