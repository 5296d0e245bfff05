import Debugger
import Equations
import Networks
import Tensors
import Testing

/// `check`, and what is shown where numbers are not finite.
@Suite struct GradientTests {
  /// Finite differences agree with backpropagation for every equation, both layers, early and late.
  @Test(arguments: ["lstm", "gru"]) func differencesAgree(_ name: String) throws {
    let session = Sample.session(try Sample.network(name, hidden: 4, layers: 2, gain: 2))
    let run = session.recording
    for layer in 0..<2 {
      for equation in run.cell.equations.indices {
        for time in [1, 7, run.seqLen - 2] {
          let position = Position(
            pass: .backward, part: .layer(LayerID(layer: layer)), time: time, equation: equation)
          let scale =
            run.gradients(LayerID(layer: layer), equation, time: time)
            .map { Double(abs($0)) }.max() ?? 0
          for unit in [0, 3] {
            let check = try #require(
              FiniteDifference(recording: run, position: position, unit: unit))
            #expect(scale > 0)
            #expect(
              abs(check.analytic - check.numeric) <= 1e-4 * scale,
              "\(name) \(layer) \(equation) \(time): \(check.analytic), \(check.numeric)")
          }
        }
      }
    }
  }

  @Test func differencesAgreeInBothDirections() throws {
    let session = try Sample.bidirectional()
    for direction in [Direction.forward, .reverse] {
      let position = try session.position("z", time: 3, layer: 0, direction, pass: .backward)
      let check = try #require(
        FiniteDifference(recording: session.recording, position: position, unit: 1))
      #expect(check.relativeError < 1e-4)
    }
  }

  /// Of a run with changes, too.
  @Test func differencesAgreeWithAChange() throws {
    var session = try Sample.stacked()
    session.move(to: try session.position("f", time: 5))
    try InterventionTests.fork(&session, "f[1] = 0.3")
    let position = try session.position("c", time: 4, pass: .backward)
    let check = try #require(
      FiniteDifference(recording: session.recording, position: position, unit: 1))
    #expect(check.relativeError < 1e-4)
    let output = Position(pass: .backward, part: .output, time: 4, equation: 0)
    #expect(FiniteDifference(recording: session.recording, position: output, unit: 1) == nil)
  }

  /// The cursor starts on the first value that is not finite, in the order of stepping.
  @Test(arguments: [
    ("layer1.U_i", "i", 1), ("layer0.b_o", "o", 0), ("layer1.W_g", "g", 0),
  ])
  func theCursorStartsOnTheFirstNaN(_ parameter: String, _ name: String, _ time: Int) throws {
    let network = try Sample.network(layers: 2)
    let entry = try #require(network.layout[parameter])
    network.parameters[entry.offset] = .nan
    var session = Sample.session(network)
    let layer = try #require(Int(parameter.dropFirst(5).prefix(1)))
    // U·h' is 0 · NaN in the first step already.
    let expected = try session.position(Identifier(name), time: 0, layer: layer)
    #expect(session.cursor == expected, "\(session.cursor), \(time)")
    let text = Explanation(session: session, unit: 0) { "\($0)" }.sentences[1]
    #expect(text.contains("not a finite number"))
    session.turnAround()
    let back = Explanation(session: session, unit: 0) { "\($0)" }.sentences[1]
    #expect(back.contains("not a finite number"), "\(back)")
    session.moveToStart()
    let after = try session.requestText("ab").run()
    session.replace(with: after)
    #expect(session.cursor == expected)
  }

  @Test func aNaNInTheOutputLayerIsFound() throws {
    let network = try Sample.network()
    let entry = try #require(network.layout["output.weight"])
    network.parameters[entry.offset + 2] = .infinity
    let session = Sample.session(network)
    #expect(session.cursor == Position(pass: .forward, part: .output, time: 0, equation: 0))
  }

  /// In the reverse direction the first is the last token's.
  @Test func theFirstNaNOfAReverseLayer() throws {
    let network = try Sample.network("gru", layers: 2, isBidirectional: true, vectorSize: 3)
    let entry = try #require(network.layout["layer0.reverse.b_z"])
    network.parameters[entry.offset] = .nan
    let session = Sample.session(network)
    #expect(session.cursor == (try session.position("z", time: 8, .reverse)))
  }

  @Test func finiteRunsStartAtTheStart() throws {
    let session = try Sample.stacked()
    #expect(session.recording.firstNonFinite == nil && session.cursor == session.timeline[0])
  }

  /// A value as long as x has another size in each layer.
  @Test func valuesAsLongAsTheInput() throws {
    let cell = try Cell(
      name: "scaled", text: "state h\nu = tanh(p ⊙ x)\nh = tanh(W·u + U·h' + b)")
    var session = Sample.session(try Sample.network(cell, hidden: 4, layers: 2, vectorSize: 7))
    for index in 0..<session.timeline.count {
      let position = session.timeline[index]
      session.move(to: position)
      let size = position.equation == 0 && session.layer.layer == 0 ? 7 : 4
      #expect(
        session.recording.values(session.layer, position.equation, time: position.time).count
          == size)
      #expect(
        try session.evaluate("u")
          == .numbers(
            session.recording
              .values(session.layer, 0, time: position.time).map(Double.init)))
      #expect(!Explanation(session: session, unit: 6) { "\($0)" }.sentences.isEmpty)
    }
  }
}
