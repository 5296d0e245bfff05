internal import COpenBLAS

/// What the BLAS library is and how many threads it may use.
public enum BLAS {
  /// The kernels that OpenBLAS chose for this CPU, e.g. "Cooperlake".
  public static var coreName: String {
    guard let name = unsafe openblas_get_corename() else { return "unknown" }
    return unsafe String(cString: name)
  }

  /// OpenBLAS's threads spin after a call: one while stepping, more only in the training of large
  /// networks.
  public static var threads: Int {
    get { Int(openblas_get_num_threads()) }
    set { openblas_set_num_threads(Int32(newValue)) }
  }
}
