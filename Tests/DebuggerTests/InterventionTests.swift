import Debugger
import Equations
import Networks
import Testing

/// What if: runs in which values were set by hand.
@Suite struct InterventionTests {
  /// Runs what was asked for and goes on with it.
  static func fork(_ session: inout Session, _ text: String, fromHereOn: Bool = false) throws {
    let request = try session.requestSetting(text, fromHereOn: fromHereOn)
    session.fork(to: request.run(), change: text)
  }

  @Test func whatLiesBeforeIsBitIdentical() throws {
    var session = try Sample.stacked()
    let before = session.recording
    session.move(to: try session.position("f", time: 6))
    try Self.fork(&session, "f[3] = 0.25")
    let index = session.timeline.index(of: session.cursor)
    // Nothing before the changed value, in any layer, feels it.
    for place in 0..<index {
      let position = session.timeline[place]
      guard let id = position.layer else { continue }
      #expect(
        session.recording.values(id, position.equation, time: position.time).map(\.bitPattern)
          == before.values(id, position.equation, time: position.time).map(\.bitPattern))
    }
    #expect(session.recording.losses[..<6].elementsEqual(before.losses[..<6]))
    let now = session.recording.values(LayerID(layer: 0), 0, time: 6)
    #expect(now[3] == 0.25)
    let was = before.values(LayerID(layer: 0), 0, time: 6)
    #expect(now.indices.filter { now[$0] != was[$0] } == [3])
  }

  /// What follows is what the equations say of the changed value: computed here from the values of
  /// the step, in Double.
  @Test func whatFollowsObeysTheEquations() throws {
    var session = try Sample.stacked()
    let before = session.recording
    session.move(to: try session.position("f", time: 6))
    try Self.fork(&session, "f[3] = 0.25")
    let run = session.recording
    #expect(
      run.values(LayerID(layer: 0), 4, time: 6)[3]
        != before.values(LayerID(layer: 0), 4, time: 6)[3])
    #expect(run.losses[6...] != before.losses[6...])
    for layer in 0..<2 {
      for time in 0..<run.seqLen {
        let step = RecordedStep(recording: run, layer: LayerID(layer: layer), time: time)
        let evaluator = Evaluator(cell: run.cell, values: step)
        for (index, equation) in run.cell.equations.enumerated() {
          let expected = try #require(evaluator.vector(equation.expression))
          let actual = run.values(LayerID(layer: layer), index, time: time)
          for unit in actual.indices where !(layer == 0 && time == 6 && index == 0 && unit == 3) {
            #expect(abs(Double(actual[unit]) - expected[unit]) < 2e-6)
          }
        }
      }
    }
  }

  /// The gradient of the changed run is its own: a set value passes nothing on to what made it.
  @Test func aSetValueStopsTheGradient() throws {
    var session = try Sample.stacked()
    session.move(to: try session.position("h", time: 6))
    try Self.fork(&session, "h = 0.5")
    // All of h_6 is fixed: o_6 no longer matters.
    #expect(session.recording.gradients(LayerID(layer: 0), 3, time: 6).allSatisfy { $0 == 0 })
    #expect(session.recording.gradients(LayerID(layer: 0), 3, time: 7).contains { $0 != 0 })
  }

  @Test func clampHoldsFromHereOn() throws {
    var session = try Sample.stacked()
    let before = session.recording
    session.move(to: try session.position("o", time: 9, layer: 1))
    try Self.fork(&session, "o[1..2] = 1", fromHereOn: true)
    let id = LayerID(layer: 1)
    for time in 0..<session.recording.seqLen {
      let o = session.recording.values(id, 3, time: time)
      if time < 9 {
        #expect(o == before.values(id, 3, time: time))
      } else {
        #expect(o[1...2] == [1, 1])
      }
    }
  }

  @Test func theReverseDirectionRunsTheOtherWay() throws {
    var session = try Sample.bidirectional()
    let before = session.recording
    let id = LayerID(layer: 0, direction: .reverse)
    session.move(to: try session.position("z", time: 5, .reverse))
    try Self.fork(&session, "z[1] = 0.9", fromHereOn: true)
    for time in 0..<session.recording.seqLen {
      for equation in 0..<4 {
        let now = session.recording.values(id, equation, time: time)
        if time > 5 { #expect(now == before.values(id, equation, time: time)) }
        // The other direction of the layer never hears of it.
        #expect(
          session.recording.values(LayerID(layer: 0), equation, time: time)
            == before.values(LayerID(layer: 0), equation, time: time))
      }
      if time <= 5 { #expect(session.recording.values(id, 1, time: time)[1] == 0.9) }
    }
    #expect(session.recording.values(id, 3, time: 4) != before.values(id, 3, time: 4))
    // The layer above reads both directions: every step of it changes.
    #expect(
      session.recording.values(LayerID(layer: 1), 3, time: 8)
        != before.values(LayerID(layer: 1), 3, time: 8)
        || session.recording.values(LayerID(layer: 1), 3, time: 3)
          != before.values(LayerID(layer: 1), 3, time: 3)
    )
  }

  @Test func changesAddUpAndUndoTakesThemBack() throws {
    var session = try Sample.stacked()
    let original = session.recording
    session.move(to: try session.position("f", time: 3))
    try Self.fork(&session, "f[0] = 0")
    let first = session.recording
    session.move(to: try session.position("i", time: 5))
    try Self.fork(&session, "i = 2 * i")
    let id = LayerID(layer: 0)
    #expect(session.recording.values(id, 0, time: 3)[0] == 0)
    for (now, was) in zip(session.recording.values(id, 1, time: 5), first.values(id, 1, time: 5)) {
      #expect(abs(now - 2 * was) < 1e-6)
    }
    #expect(session.original === original)
    #expect(session.changes == ["f[0] = 0", "i = 2 * i"])
    try session.undo()
    #expect(session.recording === first && session.original === original)
    #expect(session.cursor == (try session.position("i", time: 5)))
    session.showsDifference = true
    try session.undo()
    #expect(session.recording === original && session.original == nil && session.changes.isEmpty)
    #expect(!session.showsDifference)
    #expect(message { () throws(CommandError) in try session.undo() } == "there is nothing to undo")
  }

  @Test func anotherTextStartsAnewAndCanBeUndone() throws {
    var session = try Sample.stacked()
    let original = session.recording
    session.move(to: try session.position("f", time: 12))
    session.replace(with: try session.requestText("ab?").run())
    #expect(session.cursor == session.timeline[0])
    #expect(session.recording.request.input.labels == ["a", "b", "\u{FFFD}"])
    #expect(session.recording.request.input.unknownCount == 1)
    #expect(session.original == nil)
    // The common beginning of two texts is the same run.
    #expect(
      session.recording.values(LayerID(layer: 1), 5, time: 1)
        == original.values(LayerID(layer: 1), 5, time: 1))
    session.move(to: try session.position("f", time: 2))
    try session.undo()
    #expect(session.recording === original)
    #expect(
      message { () throws(CommandError) in _ = try session.requestText("") }
        == "expected a text of at least one token")
    let numbers = try Sample.bidirectional()
    #expect(
      message { () throws(CommandError) in _ = try numbers.requestText("ab") }
        .contains("no vocabulary"))
  }

  /// Letter by letter: undo goes back to before the typing, not letter by letter.
  @Test func aTypedTextIsOneChange() throws {
    var session = try Sample.stacked()
    let former = session
    for text in ["a", "ab", "abc"] {
      session.replace(with: try session.requestText(text).run(), insteadOf: former)
    }
    #expect(session.recording.seqLen == 3)
    try session.undo()
    #expect(session.recording === former.recording)
    #expect(!message { () throws(CommandError) in try session.undo() }.isEmpty)
  }

  /// A run with the same changes, made without a session, is the same run.
  @Test func equalToAnIndependentRun() throws {
    var session = try Sample.stacked()
    session.move(to: try session.position("f", time: 6))
    try Self.fork(&session, "f[3] = 0.25")
    var request = Sample.request(try Sample.network(layers: 2))
    request.overrides[LayerID(layer: 0)] = [
      Override(equation: 0, times: 6..<7, units: 3..<4, values: [0.25])
    ]
    let run = request.run()
    for index in 0..<session.timeline.count {
      let position = session.timeline[index]
      #expect(session.recording.bits(at: position) == run.bits(at: position))
    }
  }
}
