import Foundation
import Learning
import Networks
import Synchronization
import Testing

/// A training on its own thread. How fast the machine is must not matter: what has to happen is
/// waited for, and rates are per time that has really passed.
@Suite struct ThreadTests {
  /// One that nobody takes is the last one; the training goes on without.
  @Test func snapshotsComeOnlyAsTheyAreTaken() throws {
    let runner = try LiveSamples.runner(try LiveSamples.settings())
    let wakes = Mutex(0)
    runner.start { wakes.withLock { $0 += 1 } }
    runner.send(.resume)
    #expect(LiveSamples.wait { wakes.withLock { $0 } >= 1 })
    Thread.sleep(forTimeInterval: 0.5)
    // Three figures of the start, and the first update.
    #expect(wakes.withLock { $0 } <= 4)
    let first = try #require(LiveSamples.takeRunning(runner))
    // What was taken is gone: the next one is another, with later updates.
    let second = try #require(LiveSamples.take(runner))
    #expect(second.updateCount > first.updateCount)
  }

  @Test func atMostFifteenSnapshotsASecond() throws {
    let runner = try LiveSamples.runner(try LiveSamples.settings())
    runner.start {}
    runner.send(.resume)
    #expect(LiveSamples.takeRunning(runner) != nil)
    let start = ContinuousClock.now
    for _ in 0..<15 { #expect(LiveSamples.take(runner, pause: 0.002) != nil) }
    // The first of them may have been due already. A slow machine takes longer, never shorter.
    #expect(ContinuousClock.now - start >= .seconds(13.0 / 15))
  }

  @Test func pausesAndRests() throws {
    let runner = try LiveSamples.runner(try LiveSamples.settings())
    let wakes = Mutex(0)
    runner.start { wakes.withLock { $0 += 1 } }
    runner.send(.resume)
    var snapshot: LabSnapshot?
    func newest() -> LabSnapshot? {
      snapshot = runner.takeSnapshot() ?? snapshot
      return snapshot
    }
    #expect(LiveSamples.wait { (newest()?.updateCount ?? 0) > 20 })
    runner.send(.pause)
    #expect(LiveSamples.wait { newest()?.state == .paused })
    let count = try #require(snapshot).updateCount
    runner.send(.step(2))
    #expect(LiveSamples.wait { newest()?.updateCount == count + 2 })
    runner.send(.resume)
    #expect(LiveSamples.wait { newest()?.state == .running })
    runner.rest()
    #expect(
      LiveSamples.comesToRest {
        wakes.withLock { $0 }
      } taking: {
        _ = newest()
      })
    // Nothing is done while it rests, whatever is ordered.
    runner.send(.back(1))
    Thread.sleep(forTimeInterval: 0.2)
    #expect(newest()?.state == .running && newest()?.notice?.text.contains("taken back") != true)
    runner.start {}
    #expect(LiveSamples.wait { newest()?.notice?.text.contains("taken back") == true })
  }

  /// The thread holds what wakes the screen until it has ended.
  @Test func theThreadEndsWithTheRunner() throws {
    final class Witness: Sendable {}
    var witness: Witness? = Witness()
    weak let seen = witness
    var runner: LabRunner? = try LiveSamples.runner(try LiveSamples.settings())
    runner?.start { [witness] in _ = witness }
    witness = nil
    runner?.send(.resume)
    #expect(LiveSamples.wait { runner?.takeSnapshot() != nil })
    #expect(seen != nil)
    runner = nil
    #expect(LiveSamples.wait { seen == nil })
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
