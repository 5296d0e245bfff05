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

  /// Waits until something holds: two minutes at most, for machines that have other things to do.
  ///
  /// - Parameters:
  ///   - pause: seconds between two questions.
  ///   - condition: asked again and again.
  /// - Returns: whether it came to hold.
  static func wait(pause: Double = 0.005, for condition: () -> Bool) -> Bool {
    let end = ContinuousClock.now + .seconds(120)
    while ContinuousClock.now < end {
      if condition() { return true }
      Thread.sleep(forTimeInterval: pause)
    }
    return false
  }

  /// The next snapshot; nil where none comes.
  static func take(_ runner: LabRunner, pause: Double = 0.005) -> LabSnapshot? {
    var snapshot: LabSnapshot?
    _ = wait(pause: pause) {
      snapshot = runner.takeSnapshot()
      return snapshot != nil
    }
    return snapshot
  }

  /// The next snapshot of a training that runs; nil where none comes.
  static func takeRunning(_ runner: LabRunner) -> LabSnapshot? {
    var snapshot: LabSnapshot?
    _ = wait {
      snapshot = runner.takeSnapshot()
      return snapshot?.state == .running
    }
    return snapshot
  }

  /// Waits until a count does not grow for half a second.
  ///
  /// - Parameters:
  ///   - count: of what still happens.
  ///   - take: makes room for more to happen.
  /// - Returns: whether that came to be.
  static func comesToRest(_ count: () -> Int, taking take: () -> Void) -> Bool {
    var last = count()
    var since = ContinuousClock.now
    return wait {
      take()
      let new = count()
      if new != last { (last, since) = (new, .now) }
      return ContinuousClock.now - since > .seconds(0.5)
    }
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
