internal import Equations
internal import Tensors

/// Logits by a table of one row per token, with softmax and cross-entropy.
final class TransformerHead<Scalar: TensorScalar> {
  /// Where the table and the bias, or their gradients, are.
  struct Weights {
    let buffer: Buffer<Scalar>
    let table: Int
    let bias: Int?
  }

  private let rows: Int
  private let modelSize: Int
  let vocabularySize: Int
  /// `[B·T, V]`.
  let logits: Buffer<Scalar>
  /// softmax(logits), `[B·T, V]`.
  let probabilities: Buffer<Scalar>
  private var logitGradients: Buffer<Scalar>?

  init(rows: Int, modelSize: Int, vocabularySize: Int) {
    self.rows = rows
    self.modelSize = modelSize
    self.vocabularySize = vocabularySize
    logits = Buffer(count: rows * vocabularySize)
    probabilities = Buffer(count: rows * vocabularySize)
  }

  func forward(input: BufferView<Scalar>, weights: Weights) {
    if let bias = weights.bias {
      for row in 0..<rows {
        unsafe (logits.base + row * vocabularySize).update(
          from: weights.buffer.base + bias, count: vocabularySize)
      }
    }
    unsafe Scalar.gemm(
      transposeA: false, transposeB: true, m: rows, n: vocabularySize, k: modelSize, alpha: 1,
      a: input.pointer, lda: modelSize, b: weights.buffer.base + weights.table, ldb: modelSize,
      beta: weights.bias == nil ? 0 : 1, c: logits.base, ldc: vocabularySize)
  }

  /// Softmax of all logits and the losses in nats.
  ///
  /// - Parameters:
  ///   - targets: `[B·T]`, −1 for none.
  ///   - smoothing: ε of Szegedy et al. 2016: the target has 1 − ε + ε/V, the others ε/V.
  /// - Returns: one loss a row, 0 where there is no target.
  func losses(targets: [Int32], smoothing: Double) -> [Double] {
    precondition(targets.count == rows, "\(targets.count) targets for \(rows) rows")
    var losses = [Double](repeating: 0, count: rows)
    unsafe targets.withUnsafeBufferPointer { targets in
      unsafe losses.withUnsafeMutableBufferPointer { losses in
        guard let targets = targets.baseAddress, let losses = losses.baseAddress else { return }
        unsafe Scalar.crossEntropy(
          rows: rows, n: vocabularySize, logits: logits.base, ldx: vocabularySize,
          targets: targets, probabilities: probabilities.base, ldy: vocabularySize,
          losses: losses)
      }
    }
    guard smoothing > 0 else { return losses }
    for (row, target) in targets.enumerated() where target >= 0 {
      // Σ −q log p = −log p(target) + ε · (logit(target) − mean of the logits).
      let first = row * vocabularySize
      var sum = 0.0
      for index in first..<first + vocabularySize { unsafe sum += Double(logits.base[index]) }
      let mean = sum / Double(vocabularySize)
      losses[row] += smoothing * (Double(logits[first + Int(target)]) - mean)
    }
    return losses
  }

  /// ∂L/∂logits = p − q, and from there to the input, the table and the bias.
  ///
  /// `inputGradient` is written, `gradients` are added to.
  /// - Precondition: `losses` was asked for these targets; it leaves the probabilities.
  func backward(
    targets: [Int32], smoothing: Double, scale: Scalar, input: BufferView<Scalar>,
    weights: Weights, gradients: Weights, inputGradient: BufferView<Scalar>
  ) {
    let gradient = logitGradients ?? Buffer(count: logits.count)
    logitGradients = gradient
    let spread = Scalar(smoothing / Double(vocabularySize)) * scale
    for (row, target) in targets.enumerated() {
      let place = unsafe gradient.base + row * vocabularySize
      unsafe place.update(repeating: target >= 0 ? -spread : 0, count: vocabularySize)
      guard target >= 0 else { continue }
      unsafe Scalar.addScaled(
        vocabularySize, alpha: scale, x: probabilities.base + row * vocabularySize, to: place)
      unsafe place[Int(target)] -= scale * Scalar(1 - smoothing)
    }
    unsafe Scalar.gemm(
      transposeA: false, transposeB: false, m: rows, n: modelSize, k: vocabularySize, alpha: 1,
      a: gradient.base, lda: vocabularySize, b: weights.buffer.base + weights.table,
      ldb: modelSize, beta: 0, c: inputGradient.pointer, ldc: modelSize)
    unsafe Scalar.gemm(
      transposeA: true, transposeB: false, m: vocabularySize, n: modelSize, k: rows, alpha: 1,
      a: gradient.base, lda: vocabularySize, b: input.pointer, ldb: modelSize, beta: 1,
      c: gradients.buffer.base + gradients.table, ldc: modelSize)
    if let bias = gradients.bias {
      unsafe Scalar.addColumnSums(
        rows: rows, n: vocabularySize, x: gradient.base, ldx: vocabularySize,
        into: gradients.buffer.base + bias)
    }
  }
}
