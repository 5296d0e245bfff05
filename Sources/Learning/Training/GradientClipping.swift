public import Tensors

/// The norm of all gradients together, and what clipping does to it.
public struct GradientClipping: Sendable, Equatable {
  /// The Euclidean norm over all parameters.
  public let norm: Double
  /// What the gradients are multiplied by: min(1, maximum / norm).
  public let scale: Double
  /// The norm of what the optimiser is given.
  public var clippedNorm: Double { norm * scale }

  /// Measures, and clips where the norm is above `maximum`; nil is for no clipping.
  ///
  /// - Source: Pascanu et al. 2013, algorithm 1.
  public init(gradients: Buffer<Float>, maximum: Double?) {
    // Squares are summed in Double, where no finite float overflows: the norm is finite exactly if
    // every gradient is.
    norm = gradients.sumOfSquares(0..<gradients.count).squareRoot()
    if let maximum, norm > maximum { scale = maximum / norm } else { scale = 1 }
  }
}
