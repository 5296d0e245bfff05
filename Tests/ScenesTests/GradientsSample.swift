import Canvas
import Debugger
import Equations
import Learning
import Tensors
import Testing

@testable import Scenes

/// Gradients scenes of small nets, without a thread unless a test starts it.
enum GradientsSample {
  static func settings(
    _ lane: String = "rnn/tanh/orthogonal/gain=0.5", hiddenSize: Int = 12, seqLen: Int = 24,
    task: TaskRequest = TaskRequest()
  ) throws -> LabSettings {
    BLAS.threads = 1
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

extension GradientsScene {
  /// Presses keys; what they order is carried out at once.
  func press(_ keys: Key...) {
    for key in keys { _ = handle(.key(key)) }
    performNow()
  }

  /// Types text, key by key.
  func type(_ text: String) {
    for character in text {
      _ = handle(.key(character == "\n" ? .enter : .character(character)))
    }
    performNow()
  }

  func picture(_ width: Int, _ height: Int, _ medium: Medium = Medium()) -> Grid {
    var grid = Grid(width: width, height: height, medium: medium)
    draw(in: &grid)
    return grid
  }
}
