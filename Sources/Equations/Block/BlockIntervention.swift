/// A value that somebody set by hand: numbers in place of the equation's own result.
public struct BlockIntervention: Hashable, Sendable {
  /// Index of the equation in the block.
  public let equation: Int
  /// Which heads, of a value that each head has; nil for all.
  public let heads: Range<Int>?
  /// Which rows (tokens); nil for all.
  public let rows: Range<Int>?
  /// Which columns, of one head's matrix; nil for all.
  public let columns: Range<Int>?
  public let value: Double

  public init(
    equation: Int, heads: Range<Int>? = nil, rows: Range<Int>? = nil, columns: Range<Int>? = nil,
    value: Double = 0
  ) {
    self.equation = equation
    self.heads = heads
    self.rows = rows
    self.columns = columns
    self.value = value
  }
}

extension BlockPass {
  /// Calls `body` with each run of elements that the intervention is about, as an offset and a
  /// length within the equation's value.
  private func eachRun(_ intervention: BlockIntervention, _ body: (Int, Int) -> Void) {
    let layout = plan.value(ofEquation: intervention.equation).layout
    let place = unsafe place(.value(plan.valueOfEquation[intervention.equation]))
    let allHeads = 0..<(layout.isPerHead ? plan.sizes.headCount : 1)
    let heads = intervention.heads?.clamped(to: allHeads) ?? allHeads
    let rows = unsafe intervention.rows?.clamped(to: 0..<place.rows) ?? 0..<place.rows
    let columns = unsafe intervention.columns?.clamped(to: 0..<place.columns) ?? 0..<place.columns
    for sequence in 0..<batchSize {
      for head in heads {
        for row in rows {
          let start =
            unsafe sequence * place.batchStride + head * place.headStride
            + row * place.rowStride
          body(start + columns.lowerBound, columns.count)
        }
      }
    }
  }

  /// Puts the numbers of all interventions at this equation in place of its result.
  func apply(_ interventions: [BlockIntervention], equation: Int) {
    for intervention in interventions where intervention.equation == equation {
      let base = unsafe place(.value(plan.valueOfEquation[equation])).base
      eachRun(intervention) { offset, count in
        unsafe (base + offset).update(repeating: Scalar(intervention.value), count: count)
      }
    }
  }

  /// Gradients that are shown but not passed on: put aside during the pass, put back at its end.
  func block(
    _ interventions: [BlockIntervention], equation: Int,
    saved: inout [(equation: Int, offset: Int, gradients: [Scalar])]
  ) {
    for intervention in interventions where intervention.equation == equation {
      let base = unsafe place(.valueGradient(plan.valueOfEquation[equation])).base
      eachRun(intervention) { offset, count in
        let run = unsafe UnsafeBufferPointer(start: base + offset, count: count)
        unsafe saved.append((equation, offset, Array(run)))
        unsafe (base + offset).update(repeating: 0, count: count)
      }
    }
  }

  /// Last in, first out: where interventions overlap, the first one saved the gradient.
  func restore(_ saved: [(equation: Int, offset: Int, gradients: [Scalar])]) {
    for (equation, offset, gradients) in saved.reversed() {
      let base = unsafe place(.valueGradient(plan.valueOfEquation[equation])).base
      unsafe gradients.withUnsafeBufferPointer { source in
        guard let first = source.baseAddress else { return }
        unsafe (base + offset).update(from: first, count: source.count)
      }
    }
  }
}
