internal import Tensors

/// The squared error of an output layer that predicts numbers.
extension OutputLayer {
  /// (y − target)², summed over the numbers of each row.
  ///
  /// - Parameter targets: `[T·B, V]`, NaN where there is none.
  /// - Returns: one loss a row, 0 where there is no target.
  public func squaredErrors(targets: [Scalar]) -> [Double] {
    precondition(targets.count == logits.count, "\(targets.count) targets for \(logits.count)")
    var losses = [Double](repeating: 0, count: rows)
    for (index, target) in targets.enumerated() where !target.isNaN {
      let error = Double(logits[index] - target)
      losses[index / outputSize] += error * error
    }
    return losses
  }

  /// ∂L/∂y = 2(y − target).
  func addSquaredError(_ targets: [Scalar], scale: Scalar, to gradient: Buffer<Scalar>) {
    precondition(targets.count == logits.count, "\(targets.count) targets for \(logits.count)")
    for (index, target) in targets.enumerated() where !target.isNaN {
      gradient[index] += 2 * scale * (logits[index] - target)
    }
  }
}
