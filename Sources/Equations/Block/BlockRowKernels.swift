internal import Tensors

/// Row-wise functions over all sequences and heads.
extension BlockPass {
  /// Calls `body` with the number of rows that lie one `stride` behind each other, once or once per
  /// head, and the index of the first of them among all rows that are run.
  private func eachRun(
    _ layout: BlockLayout, _ body: (_ head: Int, _ first: Int, _ rows: Int) -> Void
  ) {
    let heads = layout.isPerHead ? plan.sizes.headCount : 1
    let rows = batchSize * rows(of: layout).count
    if case .fixed = layout.columns {
      for head in 0..<heads { body(head, head * rows, rows) }
    } else {
      body(0, 0, heads * rows)
    }
  }

  /// From one row of a run to the next. One row of each sequence (and, where its columns are tokens,
  /// of each head) is as far from the next as the sequences (the heads) are.
  private func stride(_ place: BlockPlace<Scalar>, _ layout: BlockLayout) -> Int {
    guard layout.rows == 0, arguments?.row != nil else { return unsafe place.rowStride }
    if layout.isPerHead, case .tokens = layout.columns { return unsafe place.headStride }
    return unsafe place.batchStride
  }

  func run(_ kernel: BlockPlan.Kernel, value: Int) {
    switch kernel {
    case .softmax(let source), .normalize(let source, _), .unit(let source):
      runForward(kernel, value: value, source: source)
    case .softmaxBackward(let gradient), .normalizeBackward(let gradient),
      .unitBackward(let gradient):
      runBackward(kernel, value: value, into: gradient)
    case .additive(let queries, let keys, let vector):
      additive?.forward(in: self, queries: queries, keys: keys, vector: vector, scores: value)
    case .additiveBackward(let queries, let keys, let vector):
      additive?.backward(in: self, queries: queries, keys: keys, vector: vector, scores: value)
    }
  }

  private func runForward(_ kernel: BlockPlan.Kernel, value: Int, source: Int) {
    let x = unsafe place(.value(source)), y = unsafe place(.value(value))
    let deviations = unsafe deviations(value)
    let layout = plan.values[value].layout
    let ldx = unsafe stride(x, layout), ldy = unsafe stride(y, layout)
    eachRun(layout) { head, first, rows in
      let from = unsafe UnsafePointer(x.pointer(sequence: 0, head: head))
      let to = unsafe y.pointer(sequence: 0, head: head)
      switch kernel {
      case .softmax:
        unsafe Scalar.softmax(
          rows: rows, n: x.columns, x: from, ldx: ldx, y: to, ldy: ldy)
      case .normalize(_, let epsilon):
        unsafe Scalar.normalize(
          rows: rows, n: x.columns, x: from, ldx: ldx, epsilon: epsilon, y: to,
          ldy: ldy, rstd: deviations + first)
      default:
        unsafe Self.unit(
          rows: rows, n: x.columns, x: from, ldx: ldx, y: to, ldy: ldy,
          inverse: deviations + first)
      }
    }
  }

  private func runBackward(_ kernel: BlockPlan.Kernel, value: Int, into gradient: Storage) {
    let y = unsafe place(.value(value)), dy = unsafe place(.valueGradient(value))
    let dx = unsafe place(gradient)
    let deviations = unsafe deviations(value)
    eachRun(plan.values[value].layout) { head, first, rows in
      let result = unsafe UnsafePointer(y.pointer(sequence: 0, head: head))
      let above = unsafe UnsafePointer(dy.pointer(sequence: 0, head: head))
      let below = unsafe dx.pointer(sequence: 0, head: head)
      switch kernel {
      case .softmaxBackward:
        unsafe Scalar.softmaxBackward(
          rows: rows, n: y.columns, y: result, ldy: y.rowStride, dy: above, lddy: dy.rowStride,
          dx: below, lddx: dx.rowStride)
      case .normalizeBackward:
        unsafe Scalar.normalizeBackward(
          rows: rows, n: y.columns, y: result, ldy: y.rowStride, rstd: deviations + first,
          dy: above, lddy: dy.rowStride, dx: below, lddx: dx.rowStride)
      default:
        unsafe Self.unitBackward(
          rows: rows, n: y.columns, y: result, ldy: y.rowStride, inverse: deviations + first,
          dy: above, lddy: dy.rowStride, dx: below, lddx: dx.rowStride)
      }
    }
  }

  /// y = x / ‖x‖, row by row; a row of zeros stays one. `inverse` gets 1/‖x‖.
  private static func unit(
    rows: Int, n: Int, x: UnsafePointer<Scalar>, ldx: Int, y: UnsafeMutablePointer<Scalar>,
    ldy: Int, inverse: UnsafeMutablePointer<Scalar>
  ) {
    for row in 0..<rows {
      let from = unsafe x + row * ldx, to = unsafe y + row * ldy
      let square = unsafe Scalar.sumOfSquares(n, from)
      let factor = square == 0 ? 0 : Scalar(1 / square.squareRoot())
      unsafe inverse[row] = factor
      for column in 0..<n { unsafe to[column] = from[column] * factor }
    }
  }

  /// dx = (dy − y · Σ dy ⊙ y) / ‖x‖, row by row.
  private static func unitBackward(
    rows: Int, n: Int, y: UnsafePointer<Scalar>, ldy: Int, inverse: UnsafePointer<Scalar>,
    dy: UnsafePointer<Scalar>, lddy: Int, dx: UnsafeMutablePointer<Scalar>, lddx: Int
  ) {
    for row in 0..<rows {
      let result = unsafe y + row * ldy, above = unsafe dy + row * lddy
      let below = unsafe dx + row * lddx, factor = unsafe inverse[row]
      var along: Scalar = 0
      for column in 0..<n { unsafe along += above[column] * result[column] }
      for column in 0..<n {
        unsafe below[column] = (above[column] - result[column] * along) * factor
      }
    }
  }
}
