import Equations
import Foundation
import Learning
import Networks
import Tensors
import Testing

/// Small trainings as the tests need them.
enum LiveSamples {
  static func settings(
    _ lane: String = "rnn/tanh", hiddenSize: Int = 6, seqLen: Int = 8, batchSize: Int = 3,
    seed: UInt64 = 1, task: TaskRequest = TaskRequest()
  ) throws -> LabSettings {
    BLAS.threads = 1
    let lane = try LaneText(lane)
    let cell = try #require(try Cell.shipped(lane.cell, activation: lane.activation ?? .tanh))
    let base = LabSettings(
      cell: cell, hiddenSize: hiddenSize, seqLen: seqLen, batchSize: batchSize, task: task,
      seed: seed)
    return try lane.settings(base: base, cell: cell)
  }

  static func runner(_ settings: LabSettings...) throws -> LabRunner {
    try LabRunner(settings.enumerated().map { ("lane \($0.offset)", $0.element) })
  }

  /// The weights of a lane as they are now.
  static func weights(_ runner: LabRunner, lane: Int = 0) throws -> [Float] {
    runner.send(.capture(lane: lane, sequence: nil))
    runner.performNow()
    return try #require(runner.takeCapture()).network.parameters.array
  }

  /// Waits until something holds, ten seconds at most.
  static func wait(for condition: () -> Bool) -> Bool {
    let end = Date.now + 10
    while Date.now < end {
      if condition() { return true }
      Thread.sleep(forTimeInterval: 0.005)
    }
    return false
  }
}

extension LabRunner {
  /// Carries out orders without a thread.
  @discardableResult
  func perform(_ orders: LabOrder...) -> LabSnapshot {
    for order in orders { send(order) }
    return performNow()
  }
}
