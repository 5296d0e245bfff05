internal import Checkpoints
internal import Glibc

/// What a training may allocate.
nonisolated enum TrainMemory {
  /// Refuses what could not be allocated.
  ///
  /// - Parameters:
  ///   - numbers: how many floats are needed.
  ///   - lower: the options that make it fewer.
  /// - Throws: a need above what the machine has.
  static func check(numbers: Double, lower: String) throws {
    let needed = numbers * Double(MemoryLayout<Float>.size)
    let present = Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
    guard needed > present else { return }
    func gigabytes(_ bytes: Double) -> String { "\((bytes / 1e8).rounded() / 10) GB" }
    throw ModelError.request(
      "a network of this size needs about \(gigabytes(needed)), the machine has "
        + "\(gigabytes(present)); lower \(lower)")
  }
}
