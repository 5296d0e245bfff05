internal import Checkpoints
internal import Equations
internal import Networks

/// What a training may allocate.
nonisolated enum TrainMemory {
  /// Refuses a recurrent network: weights, gradients and two moments, and for each row of a batch every
  /// named value, its gradient and the sums that it is made of.
  static func check(
    _ configuration: NetworkConfiguration, rows: Int, lower: String
  ) throws(ModelError) {
    let perLayer = 3 * configuration.cell.equations.count * configuration.hiddenSize
    let perRow = configuration.numLayers * perLayer + 3 * (configuration.outputSize ?? 0)
    try check(
      floats: 4 * Double(ParameterLayout(configuration).count) + Double(rows) * Double(perRow),
      lower: lower)
  }

  /// Refuses what would not fit; `lower` names the options that make it less.
  static func check(floats: Double, lower: String) throws(ModelError) {
    try MachineMemory.check(
      floats: floats, for: "the weights and a batch", advice: "lower \(lower)")
  }
}
