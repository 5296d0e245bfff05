internal import Equations
public import Tensors

/// The linear layer behind a recurrence or a stack of blocks, with softmax and cross-entropy.
///
/// Its matrix has one row per output `[V, D]`: it may be the table of an embedding.
public final class OutputLayer<Scalar: TensorScalar> {
  /// Where the layer's parameters, or their gradients, are.
  struct Weights {
    let buffer: Buffer<Scalar>
    let weight: Int
    let bias: Int?
  }

  let rows: Int
  let inputSize: Int
  public let outputSize: Int
  /// `[T·B, V]`.
  public let logits: Buffer<Scalar>
  /// softmax(logits), `[T·B, V]`.
  public let probabilities: Buffer<Scalar>
  /// ∂L/∂logits; made when the first backward pass starts.
  public private(set) var logitGradients: Buffer<Scalar>?

  init(rows: Int, inputSize: Int, outputSize: Int) {
    self.rows = rows
    self.inputSize = inputSize
    self.outputSize = outputSize
    logits = Buffer(count: rows * outputSize)
    probabilities = Buffer(count: rows * outputSize)
  }

  func forward(input: BufferView<Scalar>, weights: Weights?) {
    guard let weights else { return }
    for row in 0..<rows {
      let target = unsafe logits.base + row * outputSize
      if let bias = weights.bias {
        unsafe target.update(from: weights.buffer.base + bias, count: outputSize)
      } else {
        unsafe target.update(repeating: 0, count: outputSize)
      }
    }
    unsafe Scalar.gemm(
      transposeA: false, transposeB: true, m: rows, n: outputSize, k: inputSize, alpha: 1,
      a: input.pointer, lda: inputSize, b: weights.buffer.base + weights.weight, ldb: inputSize,
      beta: 1, c: logits.base, ldc: outputSize)
  }

  /// Softmax of all logits and the losses in nats.
  ///
  /// - Parameters:
  ///   - targets: `[T·B]`, −1 for none.
  ///   - labelSmoothing: ε of Szegedy et al. 2016: the target has 1 − ε + ε/V, the others ε/V.
  /// - Returns: one loss a row, 0 where there is no target.
  public func losses(targets: [Int32], labelSmoothing: Double = 0) -> [Double] {
    precondition(targets.count == rows, "\(targets.count) targets for \(rows) rows")
    var losses = [Double](repeating: 0, count: rows)
    unsafe targets.withUnsafeBufferPointer { targets in
      unsafe losses.withUnsafeMutableBufferPointer { losses in
        guard let targets = targets.baseAddress, let losses = losses.baseAddress else { return }
        unsafe Scalar.crossEntropy(
          rows: rows, n: outputSize, logits: logits.base, ldx: outputSize, targets: targets,
          probabilities: probabilities.base, ldy: outputSize, losses: losses)
      }
    }
    guard labelSmoothing > 0 else { return losses }
    for (row, target) in targets.enumerated() where target >= 0 {
      // Σ −q log p = −log p(target) + ε · (logit(target) − mean of the logits).
      let first = row * outputSize
      var sum = 0.0
      for index in first..<first + outputSize { unsafe sum += Double(logits.base[index]) }
      let mean = sum / Double(outputSize)
      losses[row] += labelSmoothing * (Double(logits[first + Int(target)]) - mean)
    }
    return losses
  }

  /// From the loss to the logits, the weights and the input; all gradients are added to.
  ///
  /// - Precondition: of cross-entropy: `losses(targets:)` was asked for these targets; it leaves the
  ///   probabilities.
  func backward(
    _ loss: LossTarget<Scalar>, scale: Scalar, labelSmoothing: Double = 0,
    input: BufferView<Scalar>, weights: Weights, gradients: Weights,
    inputGradient: BufferView<Scalar>
  ) {
    let gradient = logitGradients ?? Buffer(count: logits.count)
    logitGradients = gradient
    gradient.fill(0)
    switch loss {
    case .crossEntropy(let targets):
      addCrossEntropy(targets, scale: scale, labelSmoothing: labelSmoothing, to: gradient)
    case .squaredError(let targets): addSquaredError(targets, scale: scale, to: gradient)
    case .sumOfSquares, .outputGradient: preconditionFailure("not a loss of the output layer")
    }
    unsafe Scalar.gemm(
      transposeA: false, transposeB: false, m: rows, n: inputSize, k: outputSize, alpha: 1,
      a: gradient.base, lda: outputSize, b: weights.buffer.base + weights.weight,
      ldb: inputSize, beta: 1, c: inputGradient.pointer, ldc: inputSize)
    unsafe Scalar.gemm(
      transposeA: true, transposeB: false, m: outputSize, n: inputSize, k: rows, alpha: 1,
      a: gradient.base, lda: outputSize, b: input.pointer, ldb: inputSize,
      beta: 1, c: gradients.buffer.base + gradients.weight, ldc: inputSize)
    if let bias = gradients.bias {
      unsafe Scalar.addColumnSums(
        rows: rows, n: outputSize, x: gradient.base, ldx: outputSize,
        into: gradients.buffer.base + bias)
    }
  }

  /// ∂L/∂logits = p − q; q is the target's unit vector, smoothed.
  private func addCrossEntropy(
    _ targets: [Int32], scale: Scalar, labelSmoothing: Double, to gradient: Buffer<Scalar>
  ) {
    let spread = scale * Scalar(labelSmoothing / Double(outputSize))
    for (row, target) in targets.enumerated() where target >= 0 {
      let place = unsafe gradient.base + row * outputSize
      unsafe place.update(repeating: -spread, count: outputSize)
      unsafe Scalar.addScaled(
        outputSize, alpha: scale, x: probabilities.base + row * outputSize, to: place)
      unsafe place[Int(target)] -= scale * Scalar(1 - labelSmoothing)
    }
  }
}
