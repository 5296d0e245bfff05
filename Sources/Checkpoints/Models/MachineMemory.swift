internal import Glibc
public import Networks

/// What fits into this machine, asked before it is allocated.
public enum MachineMemory {
  /// Bytes of physical memory.
  static var byteCount: Int {
    sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
  }

  /// Refuses a network whose weights, their gradients and their copies in the order of the products
  /// would not fit.
  public static func check(_ configuration: NetworkConfiguration) throws(ModelError) {
    let bytes = 4 * ParameterLayout(configuration).count * MemoryLayout<Float>.stride
    try check(bytes, for: "the weights and their gradients", advice: "give smaller sizes")
  }

  static func check(_ bytes: Int, for what: String, advice: String) throws(ModelError) {
    guard bytes > byteCount else { return }
    throw .request(
      "\(what) take \(bytes >> 20) MiB, this machine has \(byteCount >> 20); \(advice)")
  }
}
