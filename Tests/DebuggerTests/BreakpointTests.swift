import Debugger
import Equations
import Networks
import Testing

@Suite struct BreakpointTests {
  /// A condition, where the last value that it needs becomes known, and what it means: the truth is
  /// computed here, from the values themselves.
  struct Case: Sendable, CustomTestStringConvertible {
    let condition: String
    let pass: Pass
    /// Nil for the output layer.
    let layer: LayerID?
    let equation: Int
    let holds: @Sendable (Recording, Int) -> Bool

    var testDescription: String { condition }
  }

  private static let bottom = LayerID(layer: 0)
  private static let top = LayerID(layer: 1)

  private static func mean(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) } / Double(values.count)
  }

  private static func norm(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  // f i g o c h are equations 0 to 5 of lstm.
  static let cases: [Case] = [
    Case(condition: "mean(f) < 0.4", pass: .forward, layer: bottom, equation: 0) { run, t in
      mean(run.values(bottom, 0, time: t)) < 0.4
    },
    Case(condition: "layer1.f[3] > 0.6", pass: .forward, layer: top, equation: 0) { run, t in
      run.values(top, 0, time: t)[3] > 0.6
    },
    Case(condition: "max(abs(c)) >= 1", pass: .forward, layer: bottom, equation: 4) { run, t in
      run.values(bottom, 4, time: t).contains { abs($0) >= 1 }
    },
    Case(condition: "abs(c[0] - c'[0]) > 0.3", pass: .forward, layer: bottom, equation: 4) {
      run, t in
      let before = t == 0 ? 0 : run.values(bottom, 4, time: t - 1)[0]
      return abs(Double(run.values(bottom, 4, time: t)[0]) - Double(before)) > 0.3
    },
    Case(condition: "loss > 1.9", pass: .forward, layer: nil, equation: 2) { run, t in
      run.losses[t] > 1.9
    },
    Case(condition: "max(p) > 0.35 and token != \" \"", pass: .forward, layer: nil, equation: 1) {
      run, t in
      (run.probabilities(time: t).max() ?? 0) > 0.35 && run.request.input.labels[t] != " "
    },
    Case(condition: "o[1] > 0.7 or layer1.i[2] < 0.3", pass: .forward, layer: top, equation: 1) {
      run, t in
      run.values(bottom, 3, time: t)[1] > 0.7 || run.values(top, 1, time: t)[2] < 0.3
    },
    Case(condition: "norm(grad(h)) < 0.9", pass: .backward, layer: bottom, equation: 5) { run, t in
      norm(run.gradients(bottom, 5, time: t)) < 0.9
    },
    Case(
      condition: "norm(grad(layer1.c)) > norm(grad(c))", pass: .backward, layer: bottom, equation: 4
    ) { run, t in
      norm(run.gradients(top, 4, time: t)) > norm(run.gradients(bottom, 4, time: t))
    },
    Case(
      condition: "norm(grad(f)) > 0.02 and f[1] > 0.5", pass: .backward, layer: bottom, equation: 0
    ) {
      run, t in
      norm(run.gradients(bottom, 0, time: t)) > 0.02 && run.values(bottom, 0, time: t)[1] > 0.5
    },
  ]

  /// All stops of `continue`, up to the end.
  static func stops(_ session: inout Session, backwards: Bool) -> [Position] {
    var stops: [Position] = []
    while session.run(backwards: backwards) != nil { stops.append(session.cursor) }
    return stops
  }

  @Test(arguments: cases) func stopsWhereAScanSays(_ test: Case) throws {
    var session = try Sample.stacked()
    try session.addBreakpoint(test.condition)
    let run = session.recording
    let expected = (0..<session.timeline.count).map { session.timeline[$0] }.filter { position in
      position.pass == test.pass && position.layer == test.layer
        && position.equation == test.equation && test.holds(run, position.time)
    }
    // A case that never or always holds would test little.
    #expect(!expected.isEmpty && expected.count < run.seqLen)
    // Where the cursor is already, it does not stop again.
    #expect(
      Self.stops(&session, backwards: false) == expected.filter { $0 != session.timeline[0] })
    #expect(session.cursor == session.timeline[session.timeline.count - 1])
    #expect(Self.stops(&session, backwards: true) == expected.reversed())
    #expect(session.cursor == session.timeline[0])
  }

  /// Without a value the condition is known when the step begins, on either way.
  @Test(arguments: [("t == 12", [12]), ("token == \"\\n\"", [8, 18])])
  func stopsAtSteps(_ condition: String, _ times: [Int]) throws {
    var session = try Sample.stacked()
    try session.addBreakpoint(condition)
    let last = session.recording.cell.equations.count - 1
    let part = Position.Part.layer(LayerID(layer: 0))
    let expected =
      times.map { Position(pass: .forward, part: part, time: $0, equation: 0) }
      + times.reversed().map { Position(pass: .backward, part: part, time: $0, equation: last) }
    #expect(Self.stops(&session, backwards: false) == expected)
    #expect(Self.stops(&session, backwards: true) == expected.reversed())
  }

  @Test func bidirectionalStopsFollowTheOrderOfStepping() throws {
    var session = try Sample.bidirectional()
    let id = LayerID(layer: 1, direction: .reverse)
    try session.addBreakpoint("layer1.reverse.z[2] > 0.5")
    let run = session.recording
    let times = (0..<run.seqLen).reversed().filter { run.values(id, 1, time: $0)[2] > 0.5 }
    #expect(!times.isEmpty && times.count < run.seqLen)
    #expect(Self.stops(&session, backwards: false).map(\.time) == times)
    #expect(Self.stops(&session, backwards: true).map(\.time) == times.reversed())
  }

  @Test func aNameMeansTheLayerUnderTheCursor() throws {
    var session = try Sample.stacked()
    session.move(to: try session.position("i", time: 2, layer: 1))
    try session.addBreakpoint("mean(f) > 0")
    session.moveToStart()
    session.run()
    #expect(session.cursor == (try session.position("f", time: 0, layer: 1)))
  }

  @Test func severalBreakpointsStopAtTheNearest() throws {
    var session = try Sample.stacked()
    let first = try session.addBreakpoint("t == 9")
    let second = try session.addBreakpoint("t == 4")
    #expect(session.run()?.number == second.number)
    #expect(session.cursor.time == 4)
    #expect(session.breakpointHere?.number == second.number)
    #expect(session.run()?.number == first.number)
    try session.deleteBreakpoints(second.number)
    #expect(session.breakpoints.map(\.number) == [first.number])
    #expect(session.run(backwards: true) == nil)
    try session.deleteBreakpoints(nil)
    #expect(session.breakpoints.isEmpty)
  }

  @Test func withoutBreakpointsItRunsToTheEnds() throws {
    var session = try Sample.stacked()
    #expect(session.run() == nil)
    #expect(session.cursor == session.timeline[session.timeline.count - 1])
    #expect(session.run(backwards: true) == nil)
    #expect(session.cursor == session.timeline[0])
  }

  @Test(arguments: [
    ("mean(f)", "expected a condition such as mean(f) < 0.1"), ("f", "expected a condition"),
    ("mean(q) < 1", "q has no value here; expected"), ("mean(grad(x)) < 1", "x has no gradient"),
    ("grad(loss) > 1", "no gradient"), ("layer2.f[0] > 1", "layers 0 to 1, found layer2"),
    ("layer0.reverse.f[0] > 1", "no reverse direction"), ("f[99] > 0.5", "no unit 99"),
    ("mean(f) <", "expected a value"), ("mean(f) = 1", "\"==\""), ("men(f) < 1", "expected mean"),
    ("token < \"a\"", "== and !="), ("token == 3", "expected numbers"),
    ("f' > 0.5", "no value here"),
  ])
  func refuses(_ condition: String, _ part: String) throws {
    var session = try Sample.stacked()
    let text = message { () throws(CommandError) in _ = try session.addBreakpoint(condition) }
    #expect(text.contains(part), "\(condition): \(text)")
    #expect(session.breakpoints.isEmpty)
  }

  @Test func deletingWhatIsNotThereIsAnError() throws {
    var session = try Sample.stacked()
    #expect(
      message { () throws(CommandError) in try session.deleteBreakpoints(3) }
        == "there is no breakpoint 3")
    #expect(
      message { () throws(CommandError) in try session.deleteWatches(3) } == "there is no watch 3")
  }
}
