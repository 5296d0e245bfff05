internal import CKernels

/// One update of all weights, in one pass over memory.
extension Buffer where Scalar == Float {
  /// One step of Adam, as `torch.optim.Adam` does it.
  ///
  /// m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², w ← w − rate·m̂ / (√v̂ + ε), where g is the
  /// gradient times `scale`, m is `first`, v is `second`, m̂ = m / `correction1`, v̂ = v / `correction2`.
  /// The corrections are 1 − β₁^step and 1 − β₂^step.
  ///
  /// - Precondition: all four buffers have the same length.
  /// - Source: Kingma & Ba 2015, algorithm 1.
  public func adam(
    gradients: Buffer, first: Buffer, second: Buffer, scale: Float, rate: Float,
    beta1: Float, beta2: Float, epsilon: Float, correction1: Float, correction2: Float
  ) {
    precondition(
      gradients.count == count && first.count == count && second.count == count,
      "\(gradients.count), \(first.count), \(second.count) for \(count) weights")
    unsafe unroll_adam_f32(
      count, base, gradients.base, first.base, second.base, scale, rate, beta1, beta2, epsilon,
      correction1, correction2)
  }

  /// Takes the given share of each element away from it.
  public func shrink(by share: Float) {
    // The kernel reads each element before it writes it.
    unsafe unroll_axpy_f32(count, -share, base, base)
  }

  /// One step of gradient descent with momentum, as `torch.optim.SGD` does it.
  ///
  /// u ← momentum·u + scale·g, w ← w − rate·u, where u is `velocity`, the running sum of gradients.
  ///
  /// - Precondition: all three buffers have the same length.
  public func gradientDescent(
    gradients: Buffer, velocity: Buffer, scale: Float, rate: Float, momentum: Float
  ) {
    precondition(
      gradients.count == count && velocity.count == count,
      "\(gradients.count), \(velocity.count) for \(count) weights")
    unsafe unroll_sgd_f32(count, base, gradients.base, velocity.base, scale, rate, momentum)
  }
}
