internal import Glibc
public import Networks

/// What fits into this machine, asked before it is allocated.
public enum MachineMemory {
  /// Refuses what would not fit.
  ///
  /// - Parameters:
  ///   - floats: how many are kept at once; a Double, for products of sizes that nobody has checked.
  ///   - what: what they are for, in the plural.
  ///   - advice: what makes them fewer.
  /// - Throws: a need above the machine's physical memory.
  public static func check(
    floats: Double, for what: String, advice: String
  ) throws(ModelError) {
    let needed = floats * Double(MemoryLayout<Float>.stride)
    let present = Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
    guard needed > present else { return }
    func gigabytes(_ bytes: Double) -> String { "\((bytes / 1e8).rounded() / 10) GB" }
    throw .request(
      "\(what) need about \(gigabytes(needed)), this machine has \(gigabytes(present)); \(advice)")
  }

  /// Refuses a network whose weights, their gradients and their copies in the order of the products
  /// would not fit.
  public static func check(_ configuration: NetworkConfiguration) throws(ModelError) {
    try check(
      floats: 4 * Double(ParameterLayout(configuration).count),
      for: "the weights and their gradients", advice: "give smaller sizes")
  }
}
