internal import Equations
internal import Tensors

/// Attention maps put together from several.
public enum AttentionAverages {
  /// The mean of matrices of one size.
  /// - Precondition: there is at least one, and all are of one size.
  /// - Complexity: O(n·T²).
  public static func mean(_ matrices: [TokenMatrix]) -> TokenMatrix {
    precondition(!matrices.isEmpty, "the mean of no matrices")
    let count = matrices[0].count
    let sum = Buffer<Float>(count: count * count)
    for matrix in matrices {
      precondition(matrix.count == count, "\(matrix.count) tokens beside \(count)")
      unsafe Float.addScaled(
        count * count, alpha: 1 / Float(matrices.count), x: matrix.view.pointer, to: sum.base)
    }
    return TokenMatrix(BufferView(sum, count: count * count), count: count)
  }

  /// How much of each token reaches each position by each layer, if attention carried it: layers are
  /// multiplied, each as ½ its mean over heads + ½ the residual connection.
  ///
  /// - Parameter layers: per layer the mean over its heads, the first layer first.
  /// - Returns: one matrix per layer; rows sum to 1 where those of `layers` do.
  /// - Source: Abnar & Zuidema 2020, section 3, eq. 1 (attention rollout).
  /// - Complexity: O(L·T³).
  public static func rollout(_ layers: [TokenMatrix]) -> [TokenMatrix] {
    var result: [TokenMatrix] = []
    for layer in layers {
      let count = layer.count
      let mixed = Buffer<Float>(count: count * count)
      unsafe Float.addScaled(count * count, alpha: 0.5, x: layer.view.pointer, to: mixed.base)
      for token in 0..<count { mixed[token * count + token] += 0.5 }
      guard let before = result.last else {
        result.append(TokenMatrix(BufferView(mixed, count: count * count), count: count))
        continue
      }
      let product = Buffer<Float>(count: count * count)
      unsafe Float.gemm(
        transposeA: false, transposeB: false, m: count, n: count, k: count, alpha: 1,
        a: mixed.base, lda: count, b: before.view.pointer, ldb: count, beta: 0,
        c: product.base, ldc: count)
      result.append(TokenMatrix(BufferView(product, count: count * count), count: count))
    }
    return result
  }
}
