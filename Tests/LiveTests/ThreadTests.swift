import Foundation
import Learning
import Networks
import Synchronization
import Testing

/// A training on its own thread.
@Suite struct ThreadTests {
  @Test func snapshotsComeOnlyAsTheyAreTaken() throws {
    let runner = try LiveSamples.runner(try LiveSamples.settings())
    let wakes = Mutex(0)
    runner.start { wakes.withLock { $0 += 1 } }
    runner.send(.resume)
    // One that nobody takes is the last one; the training goes on without.
    Thread.sleep(forTimeInterval: 0.5)
    #expect(wakes.withLock { $0 } <= 4)
    var snapshot: LabSnapshot?
    #expect(
      LiveSamples.wait {
        snapshot = runner.takeSnapshot() ?? snapshot; return snapshot != nil
      })
    let before = try #require(snapshot).updateCount
    snapshot = nil
    #expect(
      LiveSamples.wait {
        snapshot = runner.takeSnapshot() ?? snapshot; return snapshot != nil
      })
    #expect(try #require(snapshot).updateCount > before)
    #expect(runner.takeSnapshot() == nil)
  }

  @Test func atMostFifteenSnapshotsASecond() throws {
    let runner = try LiveSamples.runner(try LiveSamples.settings())
    runner.start {}
    runner.send(.resume)
    #expect(LiveSamples.wait { runner.takeSnapshot() != nil })
    var count = 0
    let end = Date.now + 1
    while Date.now < end {
      if runner.takeSnapshot() != nil { count += 1 }
      Thread.sleep(forTimeInterval: 0.002)
    }
    #expect((1...17).contains(count))
  }

  @Test func pausesAndRests() throws {
    let runner = try LiveSamples.runner(try LiveSamples.settings())
    runner.start {}
    runner.send(.resume)
    var snapshot: LabSnapshot?
    func newest() -> Bool {
      snapshot = runner.takeSnapshot() ?? snapshot
      return true
    }
    #expect(LiveSamples.wait { newest() && (snapshot?.updateCount ?? 0) > 20 })
    runner.send(.pause)
    #expect(LiveSamples.wait { newest() && snapshot?.state == .paused })
    let count = try #require(snapshot).updateCount
    runner.send(.step(2))
    #expect(LiveSamples.wait { newest() && snapshot?.updateCount == count + 2 })
    runner.send(.resume)
    #expect(LiveSamples.wait { newest() && snapshot?.state == .running })
    runner.rest()
    Thread.sleep(forTimeInterval: 0.2)
    _ = newest()
    // Nothing comes while it rests, whatever is ordered.
    runner.send(.back(1))
    Thread.sleep(forTimeInterval: 0.2)
    #expect(runner.takeSnapshot() == nil)
    runner.start {}
    #expect(LiveSamples.wait { newest() && snapshot?.notice?.text.contains("taken back") == true })
  }

  @Test func theThreadEndsWithTheRunner() throws {
    let alive = Mutex(0)
    var runner: LabRunner? = try LiveSamples.runner(try LiveSamples.settings())
    runner?.start { alive.withLock { $0 += 1 } }
    runner?.send(.resume)
    #expect(LiveSamples.wait { runner?.takeSnapshot() != nil })
    runner = nil
    Thread.sleep(forTimeInterval: 0.3)
    let count = alive.withLock { $0 }
    Thread.sleep(forTimeInterval: 0.3)
    #expect(alive.withLock { $0 } == count)
  }

  /// However long it trains: what is kept of the past is bounded.
  @Test func historiesAreBounded() throws {
    let runner = try LiveSamples.runner(
      try LiveSamples.settings(hiddenSize: 2, seqLen: 2, batchSize: 1))
    let lane = runner.perform(.step(9_000)).lanes[0]
    #expect(lane.lossHistory.count == 9_000 && lane.gradientNormHistory.count == 9_000)
    for history in [
      lane.lossHistory, lane.accuracyHistory, lane.gradientNormHistory, lane.clippedNormHistory,
    ] { #expect((500...1024).contains(history.points.count)) }
    #expect(lane.recent.count == 100)
  }
}
