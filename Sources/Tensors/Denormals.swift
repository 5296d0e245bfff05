internal import CKernels

/// Numbers too small to be normal floats, under 1.2e-38.
public enum Denormals {
  /// Says whether they count as zero on this thread from now on. Gradients that vanish get there, and
  /// CPUs compute with them ten times slower than with others.
  ///
  /// - Returns: what it was before.
  @discardableResult public static func flush(_ isOn: Bool) -> Bool {
    unroll_flush_denormals(isOn ? 1 : 0) != 0
  }
}
