internal import Checkpoints
internal import Equations
internal import Glibc
internal import Networks

/// What a training may allocate.
nonisolated enum TrainMemory {
  /// Refuses a recurrent network: weights, gradients and two moments, and for each row of a batch every
  /// named value, its gradient and the sums that it is made of.
  static func check(_ configuration: NetworkConfiguration, rows: Int, lower: String) throws {
    let perLayer = 3 * configuration.cell.equations.count * configuration.hiddenSize
    let perRow = configuration.numLayers * perLayer + 3 * (configuration.outputSize ?? 0)
    try check(
      numbers: 4 * Double(ParameterLayout(configuration).count) + Double(rows) * Double(perRow),
      lower: lower)
  }

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
