internal import COpenBLAS

/// What the BLAS library is and how many threads it may use.
public enum BLAS {
  /// The kernels that OpenBLAS chose for this CPU, e.g. "Cooperlake".
  public static var coreName: String {
    guard let name = unsafe openblas_get_corename() else { return "unknown" }
    return unsafe String(cString: name)
  }

  /// How many threads share a product: one, unless more are asked for. OpenBLAS's threads spin after
  /// a call, which pays in the training of large networks only.
  public static var threads: Int {
    get { Int(openblas_get_num_threads()) }
    set {
      // Even for one OpenBLAS would start them all.
      guard newValue != threads else { return }
      openblas_set_num_threads(Int32(newValue))
    }
  }
}
