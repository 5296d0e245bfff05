internal import Equations

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Two figures that tell heads apart: how widely a head looks, and how far.
public struct HeadFigures: Sendable, Hashable {
  /// Mean over the queries of −Σ_j a_ij log₂ a_ij, in bits: 0 if each query looks at one token, log₂ T
  /// if at all alike (Clark et al. 2019, section 3.3, there in nats).
  public let entropy: Double
  /// Mean over the queries of Σ_j a_ij |i − j|, in tokens (Vig & Belinkov 2019, section 4.2).
  public let distance: Double

  /// - Complexity: O(T²).
  public init(_ weights: TokenMatrix) {
    let count = weights.count
    var entropy = 0.0
    var distance = 0.0
    let view = weights.view
    unsafe UnsafeBufferPointer(start: view.pointer, count: count * count).withSpan { all in
      for query in 0..<count {
        var far: Float = 0
        var bits: Float = 0
        for key in 0..<count {
          let weight = all[query * count + key]
          far += weight * Float(abs(query - key))
          // A weight of 0 adds nothing: x·log x goes to 0.
          if weight > 0 { bits -= weight * log2f(weight) }
        }
        entropy += Double(bits)
        distance += Double(far)
      }
    }
    self.entropy = count == 0 ? 0 : entropy / Double(count)
    self.distance = count == 0 ? 0 : distance / Double(count)
  }
}

extension UnsafeBufferPointer {
  /// Calls `body` with the elements as a span.
  fileprivate func withSpan<Result>(_ body: (Span<Element>) -> Result) -> Result {
    unsafe body(Span(_unsafeElements: self))
  }
}
