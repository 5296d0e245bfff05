public import Tensors

extension BlockPass {
  /// Says which keys each query may look at.
  ///
  /// M is what it is beside: with scores of X by X it hides padding and, where causal, later tokens;
  /// with scores of X by E the padding of E alone.
  ///
  /// - Parameters:
  ///   - isCausal: whether a token of X sees no later token of X.
  ///   - lengths: per input, how many rows of each sequence are real; nil for all.
  public func setMask(isCausal: Bool, lengths: [[Int]?] = []) {
    for (index, matrix) in plan.constantMatrices.enumerated() {
      guard case .mask(let rows, let columns) = matrix else { continue }
      let (queries, keys) = (rowCounts[rows], rowCounts[columns])
      let known = columns < lengths.count ? lengths[columns] : nil
      for sequence in 0..<batchSize {
        let length = known?[sequence] ?? keys
        for query in 0..<queries {
          let end = isCausal && rows == 0 && columns == 0 ? min(length, query + 1) : length
          let row =
            unsafe arena.base + constantOffsets[index]
            + (sequence * queries + query) * keys
          unsafe row.update(repeating: 0, count: end)
          unsafe (row + end).update(repeating: -.infinity, count: keys - end)
        }
      }
    }
  }

  /// Draws which elements are dropped: each with probability `rate`; the others grow by 1/(1 − rate)
  /// to make up for them.
  ///
  /// - Source: Srivastava et al. 2014, in the "inverted" form of torch.nn.Dropout.
  public func drawDropout(rate: Double, _ random: inout SeededRandom) {
    precondition(rate >= 0 && rate < 1, "a dropout rate of \(rate)")
    for (index, matrix) in plan.constantMatrices.enumerated() {
      guard case .dropout(let equation, _) = matrix else { continue }
      unsafe random.dropout(
        rate: rate, arena.base + constantOffsets[index], count: count(of: equation))
    }
  }

  func fill(constant index: Int, _ value: Scalar) {
    guard case .dropout(let equation, _) = plan.constantMatrices[index] else { return }
    unsafe (arena.base + constantOffsets[index])
      .update(repeating: value, count: count(of: equation))
  }
}

extension SeededRandom {
  /// Fills a mask: 0 with probability `rate`, else 1/(1 − rate).
  @unsafe public mutating func dropout<Scalar: TensorScalar>(
    rate: Double, _ mask: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    let kept = Scalar(1 / (1 - rate))
    // 32 bits an element: two elements from each number.
    let threshold = UInt64(rate * 0x1p32)
    var index = 0
    while index < count {
      let bits = next()
      unsafe mask[index] = bits & 0xFFFF_FFFF < threshold ? 0 : kept
      if index + 1 < count { unsafe mask[index + 1] = bits >> 32 < threshold ? 0 : kept }
      index += 2
    }
  }
}
