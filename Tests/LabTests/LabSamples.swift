import Equations
import Learning
import Testing

/// Labs as the tests need them.
enum LabSamples {
  /// The seeds that every claim is tested with.
  static let seeds: [UInt64] = [1, 2, 3, 4, 5]

  /// The settings of a lane on recall.
  static func settings(
    _ lane: String, seqLen: Int = 60, hiddenSize: Int = 64, batchSize: Int = 16, seed: UInt64 = 1,
    task: TaskRequest = TaskRequest()
  ) throws -> LabSettings {
    let lane = try LaneText(lane)
    let cell = try #require(try Cell.shipped(lane.cell, activation: lane.activation ?? .tanh))
    let base = LabSettings(
      cell: cell, hiddenSize: hiddenSize, seqLen: seqLen, batchSize: batchSize, task: task,
      seed: seed)
    return try lane.settings(base: base, cell: cell)
  }

  static func lab(_ settings: LabSettings) throws -> GradientLab {
    try GradientLab(settings)
  }

  /// The mean accuracy of the last 20 of `updates` updates.
  static func accuracy(_ settings: LabSettings, updates: Int) throws -> Double {
    let lab = try lab(settings)
    for _ in 0..<updates { _ = try lab.step(wantsActivations: false) }
    return lab.recent.suffix(20).reduce(0) { $0 + $1.accuracy } / 20
  }
}
