internal import Tensors

/// One row of X at a time: what the rows before it left is read again, so that T rows cost as much as
/// one run of T rows.
extension BlockPass {
  /// Computes a row of every value, in each sequence, as though X ended with it.
  ///
  /// The numbers are those of `forward(inputs:parameters:)` under a causal mask. Values made of the
  /// other inputs alone, such as the keys of a context, are made with row 0 and kept. Of values with a
  /// column per token of X, the columns of later tokens are left as they are. Backpropagation needs a
  /// run of all rows.
  ///
  /// - Parameters:
  ///   - row: 0 first, which begins another sequence; then the next, or one that was run before.
  ///   - inputs: X `[B, T, D]`, of which this row is read, and the further inputs.
  ///   - parameters: the block's parameters; offsets in the order of `block.parameters`.
  /// - Precondition: `plan.runsByRows`; the rows before are known.
  /// - Complexity: O(B·D·(D + F + row)); allocates nothing.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func forward(
    row: Int, inputs: [BufferView<Scalar>], parameters: ParameterSlice<Scalar>
  ) {
    precondition(plan.runsByRows, "\(plan.block.name) cannot be run row by row")
    precondition(
      row >= 0 && row < rowCounts[0] && row <= knownRows,
      "row \(row) of \(rowCounts[0]) after \(knownRows) known rows")
    checkInputs(inputs)
    arguments = Arguments(inputs: inputs, parameters: parameters, row: row)
    defer { arguments = nil }
    knownRows = row + 1
    for index in plan.forward.indices {
      switch plan.forward[index] {
      case .elementwise(let program, let layout):
        if row == 0 || layout.rows == 0 { elementwise.run(program, in: self, layout: layout) }
      case .product(let product):
        guard case .value(let target) = product.target else { continue }
        if isRun(target, row) { run(product) }
      case .kernel(let kernel, let value):
        if isRun(value, row) { run(kernel, value: value) }
      case .completed, .columnSums, .clearGradient: break
      }
    }
  }

  private func isRun(_ value: Int, _ row: Int) -> Bool {
    row == 0 || plan.values[value].layout.rows == 0
  }

  /// Makes each sequence go on from the first rows of another one, as a search for the best sequence
  /// does.
  ///
  /// Only what later rows read is moved: keys and values made of X, and X itself where it is looked
  /// at as it is. What was made of other inputs stays, so a parent must have the same further inputs.
  ///
  /// - Parameters:
  ///   - parents: for each sequence the one whose rows it gets.
  ///   - rows: how many of the first rows, all of them known.
  ///   - inputs: what `forward` was given.
  public func reorder(parents: [Int], rows: Int, inputs: [BufferView<Scalar>]) {
    precondition(
      parents.count == batchSize && parents.allSatisfy { (0..<batchSize).contains($0) },
      "parents \(parents) of \(batchSize) sequences")
    precondition(
      (0...knownRows).contains(rows), "\(rows) rows to move where \(knownRows) are known")
    checkInputs(inputs)
    guard rows > 0, let kept = plan.keptRows else { return }
    for value in kept.values {
      let base =
        unsafe plan.values[value].input.map { unsafe inputs[$0].pointer }
        ?? arena.base + offsets[value]
      let place = unsafe place(base, plan.values[value].layout)
      var heads = 1
      if plan.values[value].layout.isPerHead, case .tokens = plan.values[value].layout.columns {
        heads = plan.sizes.headCount
      }
      let count = unsafe rows * place.rowStride
      let saved = Buffer<Scalar>(count: batchSize * count)
      for head in 0..<heads {
        for sequence in 0..<batchSize {
          unsafe (saved.base + sequence * count)
            .update(from: place.pointer(sequence: sequence, head: head), count: count)
        }
        for (sequence, parent) in parents.enumerated() where parent != sequence {
          unsafe place.pointer(sequence: sequence, head: head)
            .update(from: saved.base + parent * count, count: count)
        }
      }
    }
  }
}
