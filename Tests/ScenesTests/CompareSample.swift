import Canvas
import Equations
import Learning
import Testing

@testable import Scenes

/// Comparisons of small nets.
enum CompareSample {
  static let lanes = ["rnn/tanh", "rnn/relu/identity", "gru", "lstm/forget-bias=2"]

  static func settings(
    _ lane: String, seqLen: Int = 12, hiddenSize: Int = 8, batchSize: Int = 4, seed: UInt64 = 3,
    task: TaskKind = .recall
  ) throws -> LabSettings {
    let text = try LaneText(lane)
    let cell = try #require(try Cell.shipped(text.cell, activation: text.activation ?? .tanh))
    let base = LabSettings(
      cell: cell, hiddenSize: hiddenSize, seqLen: seqLen, batchSize: batchSize,
      task: TaskRequest(task), seed: seed)
    return try text.settings(base: base, cell: cell)
  }

  /// Before the first update, measured.
  static func scene(
    _ names: [String] = lanes, seqLen: Int = 12, task: TaskKind = .recall, lookFor: String? = nil
  ) throws -> CompareScene {
    let named = try names.map { (name: $0, settings: try settings($0, seqLen: seqLen, task: task)) }
    let scene = CompareScene(runner: try LabRunner(named), lanes: named, lookFor: lookFor)
    scene.performNow()
    return scene
  }

  /// The preset whose first lane leaves the range of numbers.
  static func clipping() throws -> CompareScene {
    let preset = try #require(LabPreset.comparisons.first { $0.name == "clipping" })
    let named = try preset.lanes.map {
      (
        name: $0,
        settings: try settings(
          $0, seqLen: preset.seqLen, hiddenSize: 64, batchSize: 16, seed: 1)
      )
    }
    return CompareScene(runner: try LabRunner(named), lanes: named, lookFor: preset.lookFor)
  }
}
