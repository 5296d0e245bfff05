import Debugger
import Equations
import Networks
import Testing

/// Watches and `print`.
@Suite struct ExpressionTests {
  @Test func watchesFollowTheCursorInTheirOwnLayer() throws {
    var session = try Sample.stacked()
    session.move(to: try session.position("f", time: 0, layer: 1))
    let watch = try session.addWatch("max(f)")
    let id = LayerID(layer: 1)
    let index = try session.equation("f")
    for time in 0..<session.recording.seqLen {
      // Under layer 0 it still shows layer 1.
      session.move(to: try session.position("c", time: time, layer: 0))
      let expected = Double(session.recording.values(id, index, time: time).max() ?? .nan)
      guard case .success(.number(let value)) = session.value(of: watch) else {
        Issue.record("no number at \(time)")
        continue
      }
      #expect(value == expected)
    }
    let other = try session.addWatch("c[1]")
    try session.deleteWatches(watch.number)
    #expect(session.watches.map(\.number) == [other.number])
    try session.deleteWatches(nil)
    #expect(session.watches.isEmpty)
  }

  @Test func printsWhatIsAtTheCursor() throws {
    var session = try Sample.stacked()
    session.move(to: try session.position("g", time: 7, layer: 1))
    let run = session.recording
    let id = LayerID(layer: 1)
    func doubles(_ values: [Float]) -> [Double] { values.map(Double.init) }
    let f = doubles(run.values(id, 0, time: 7))
    let c = doubles(run.values(id, 4, time: 7)), before = doubles(run.values(id, 4, time: 6))
    let gradient = doubles(run.gradients(id, 5, time: 7))
    #expect(try session.evaluate("f") == .numbers(f))
    #expect(try session.evaluate("f[3]") == .number(f[3]))
    #expect(try session.evaluate("c - c'") == .numbers(zip(c, before).map { $0 - $1 }))
    #expect(try session.evaluate("grad(h)") == .numbers(gradient))
    #expect(try session.evaluate("max(c, f)") == .numbers(zip(c, f).map { max($0, $1) }))
    #expect(try session.evaluate("t") == .number(7))
    #expect(try session.evaluate("token") == .text(run.request.input.labels[7]))
    #expect(try session.evaluate("loss") == .numbers([run.losses[7]]))
    #expect(try session.evaluate("p") == .numbers(doubles(run.probabilities(time: 7))))
    #expect(try session.evaluate("logits[1]") == .number(Double(run.logits(time: 7)[1])))
    // Layer 1's x is layer 0's h.
    #expect(
      try session.evaluate("x") == .numbers(doubles(run.values(LayerID(layer: 0), 5, time: 7))))
    #expect(try session.evaluate("layer0.h") == (try session.evaluate("x")))
  }

  /// Before the first step the states are zero, in either direction.
  @Test func thereIsNothingBeforeTheFirstStep() throws {
    var session = try Sample.bidirectional()
    session.move(to: try session.position("h", time: 0))
    #expect(try session.evaluate("h'") == .numbers([0, 0, 0, 0]))
    session.move(to: try session.position("h", time: session.recording.seqLen - 1, .reverse))
    #expect(try session.evaluate("h'") == .numbers([0, 0, 0, 0]))
    session.move(to: try session.position("h", time: 3, .reverse))
    let id = LayerID(layer: 0, direction: .reverse)
    let after = session.recording.values(id, try session.equation("h"), time: 4).map(Double.init)
    #expect(try session.evaluate("h'") == .numbers(after))
    let forward = try session.evaluate("layer0.h")
    #expect(try session.evaluate("h") != forward)
  }

  @Test(arguments: [
    ("q", "q is no value of lstm; expected"), ("f[5]", "no unit 5"), ("layer7.f", "layers 0 to 1"),
    ("layer0.reverse.f", "no reverse direction"), ("mean(", "expected a value"),
    ("f + mean", "mean is no value"), ("f g", "expected an operator or the end"),
    ("norm(token)", "takes numbers"), ("grad(x)", "no value here"), ("", "expected a value"),
    ("c + p[0] +", "expected a value"), ("f'", "no value here"), ("\"a", ""),
  ])
  func refuses(_ text: String, _ part: String) throws {
    var session = try Sample.stacked()
    let error = message { () throws(CommandError) in _ = try session.evaluate(text) }
    #expect(!error.isEmpty && error.contains(part), "\(text): \(error)")
    #expect(!error.contains("\n"), "\(error)")
    let watchError = message { () throws(CommandError) in _ = try session.addWatch(text) }
    #expect(!watchError.isEmpty)
    #expect(session.watches.isEmpty)
  }
}
