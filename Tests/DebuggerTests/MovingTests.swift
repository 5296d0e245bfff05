import Debugger
import Equations
import Networks
import Tensors
import Testing

@Suite struct MovingTests {
  @Test func stepsStopAtTheEnds() throws {
    var session = try Sample.stacked()
    let timeline = session.timeline
    #expect(session.cursor == timeline[0])
    session.step(by: -1)
    #expect(session.cursor == timeline[0])
    session.step(by: 13)
    #expect(session.cursor == timeline[13])
    session.step(by: Int.max)
    #expect(session.cursor == timeline[timeline.count - 1])
    session.step(by: 1)
    #expect(session.cursor == timeline[timeline.count - 1])
    session.step(by: Int.min)
    #expect(session.cursor == timeline[0])
    session.next(by: Int.max)
    #expect(session.cursor == timeline[timeline.count - 1])
    session.moveToStart()
    #expect(session.cursor == timeline[0])
    session.moveToEnd()
    #expect(session.cursor == timeline[timeline.count - 1])
  }

  @Test func nextGoesThroughTimeAndOverTheTurn() throws {
    var session = try Sample.stacked()
    session.move(to: try session.position("g", time: 0, layer: 1))
    let last = session.recording.seqLen - 1
    for time in 1...last {
      session.next(by: 1)
      #expect(session.cursor == (try session.position("g", time: time, layer: 1)))
    }
    for time in (0...last).reversed() {
      session.next(by: 1)
      #expect(session.cursor == (try session.position("g", time: time, layer: 1, pass: .backward)))
    }
    session.next(by: -2 * last)
    #expect(session.cursor == (try session.position("g", time: 1, layer: 1)))
  }

  @Test func turningAroundKeepsThePlace() throws {
    var session = try Sample.bidirectional()
    session.move(to: try session.position("z", time: 4, layer: 1, .reverse))
    session.turnAround()
    #expect(
      session.cursor == (try session.position("z", time: 4, layer: 1, .reverse, pass: .backward)))
    session.turnAround()
    #expect(session.cursor == (try session.position("z", time: 4, layer: 1, .reverse)))
  }

  /// Reverse equals never stepped: after thousands of moves and their inverses the cursor and every
  /// bit that it sees are those of a run that nobody walked through.
  @Test(arguments: [false, true]) func reverseIsNeverStepped(isBidirectional: Bool) throws {
    let fresh = try isBidirectional ? Sample.bidirectional() : Sample.stacked()
    var session = try isBidirectional ? Sample.bidirectional() : Sample.stacked()
    var random = SeededRandom(seed: 5)
    let timeline = session.timeline
    let start = timeline.count / 3
    session.move(to: timeline[start])
    var walk: [Int] = []
    var place = start
    for _ in 0..<4000 {
      let count = random.below(41) - 20
      guard (0..<timeline.count).contains(place + count) else { continue }
      session.step(by: count)
      place += count
      walk.append(count)
      #expect(timeline.index(of: session.cursor) == place)
      #expect(
        session.recording.bits(at: session.cursor) == fresh.recording.bits(at: timeline[place]))
    }
    #expect(walk.count > 2000)
    for count in walk.reversed() { session.step(by: -count) }
    #expect(session.cursor == timeline[start])
    for index in 0..<timeline.count {
      #expect(
        session.recording.bits(at: timeline[index]) == fresh.recording.bits(at: timeline[index]))
    }
  }

  /// The same with steps of time, which are their own inverses wherever they do not hit an end.
  @Test(arguments: [false, true]) func reverseNextIsTheInverseOfNext(isBidirectional: Bool) throws {
    var session = try isBidirectional ? Sample.bidirectional() : Sample.stacked()
    var random = SeededRandom(seed: 6)
    for _ in 0..<3000 {
      let start = session.timeline[random.below(session.timeline.count)]
      let count = random.below(session.recording.seqLen) - 2
      session.move(to: start)
      session.next(by: count)
      let atAnEnd =
        session.cursor == session.timeline[0]
        || session.cursor == session.timeline[session.timeline.count - 1]
      session.next(by: -count)
      #expect(session.cursor == start || atAnEnd)
    }
  }
}
