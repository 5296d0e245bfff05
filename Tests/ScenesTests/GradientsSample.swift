import Canvas
import Debugger
import Equations
import Learning
import Testing

@testable import Scenes

/// Gradients scenes of small nets, without a thread unless a test starts it.
enum GradientsSample {
  static func settings(
    _ lane: String = "rnn/tanh/orthogonal/gain=0.5", hiddenSize: Int = 12, seqLen: Int = 24,
    task: TaskRequest = TaskRequest()
  ) throws -> LabSettings {
    let lane = try LaneText(lane)
    let cell = try #require(
      try Equations.Cell.shipped(lane.cell, activation: lane.activation ?? .tanh))
    let base = LabSettings(
      cell: cell, hiddenSize: hiddenSize, seqLen: seqLen, batchSize: 4, task: task, seed: 3)
    return try lane.settings(base: base, cell: cell)
  }

  static func scene(
    _ settings: LabSettings, updates: Int = 20, lookFor: String? = nil
  ) throws -> GradientsScene {
    let runner = try LabRunner([("lane", settings)])
    let scene = GradientsScene(runner: runner, settings: settings, lookFor: lookFor)
    scene.performNow(.step(updates))
    return scene
  }

  static func scene(_ lane: String, updates: Int = 20) throws -> GradientsScene {
    try scene(try settings(lane), updates: updates)
  }
}
