internal import Tensors

/// Batches of sequences of several lengths: behind its end a sequence's states stay what they were.
///
/// A reversed unrolling begins with the padding: there the states stay what they were before it, so
/// that either way the last state is that of the whole sequence, and no more than that. On the way
/// back a held state hands its gradient on; what else was computed from padding gets none.
extension Unrolling {
  /// Says how many of the first tokens of each sequence are real; nil for all. What `input` holds
  /// behind them must be finite.
  public func setLengths(_ new: [Int]?) {
    precondition(
      new?.count ?? batchSize == batchSize && new?.allSatisfy { (0...seqLen).contains($0) } ?? true,
      "lengths \(new ?? []) for [\(seqLen), \(batchSize)]")
    lengths = new?.allSatisfy { $0 == seqLen } == true ? nil : new
  }

  /// The sequences that have ended (or not begun) at a step.
  private func padded(_ lengths: [Int], at time: Int) -> [Int] {
    lengths.indices.filter { lengths[$0] <= time }
  }

  /// Puts the states of before a step in the place of those after it.
  func holdStates(after time: Int) {
    guard let lengths else { return }
    for row in padded(lengths, at: time) {
      for state in plan.cell.states.indices {
        let (before, after) = places(ofState: state, time: time, row: row)
        let values = values[equation(ofState: state)]
        unsafe (values.base + after).update(from: values.base + before, count: plan.hiddenSize)
      }
    }
  }

  /// Hands the gradients of held states on to those of before the step.
  func holdGradients(before time: Int) {
    guard let lengths, let gradients else { return }
    for row in padded(lengths, at: time) {
      for state in plan.cell.states.indices {
        let (before, after) = places(ofState: state, time: time, row: row)
        let values = gradients.values[equation(ofState: state)]
        unsafe Scalar.addScaled(
          plan.hiddenSize, alpha: 1, x: values.base + after, to: values.base + before)
        unsafe (values.base + after).update(repeating: 0, count: plan.hiddenSize)
      }
    }
  }

  /// The first element of a state before and after a step.
  private func places(ofState state: Int, time: Int, row: Int) -> (before: Int, after: Int) {
    let after = firstSlot(of: equation(ofState: state)) + time
    let before = isReversed ? after + 1 : after - 1
    return (
      (before * batchSize + row) * plan.hiddenSize, (after * batchSize + row) * plan.hiddenSize
    )
  }

  // MARK: Gradients of the first and last states

  /// ∂L/∂(state before the first step), `[B, H]`; nil before `backward`.
  public func initialStateGradient(_ state: Int) -> BufferView<Scalar>? {
    stateGradient(state, slot: isReversed ? seqLen : 0)
  }

  /// ∂L/∂(state after the last step) from outside, `[B, H]`: add to it between `beginBackward` and
  /// `backward`.
  public func finalStateGradient(_ state: Int) -> BufferView<Scalar>? {
    stateGradient(state, slot: isReversed ? 0 : seqLen)
  }

  private func stateGradient(_ state: Int, slot: Int) -> BufferView<Scalar>? {
    gradients.map {
      let size = batchSize * plan.hiddenSize
      return BufferView(
        $0.values[equation(ofState: state)], offset: slot * size, count: size)
    }
  }
}
