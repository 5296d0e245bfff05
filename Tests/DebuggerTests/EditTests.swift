import Equations
import Networks
import Testing

@testable import Debugger

/// What if: runs in which an equation was changed.
@Suite struct EditTests {
  private static func edit(_ session: inout Session, _ line: String) throws -> [String] {
    let (request, drawn) = try session.requestEdit(line)
    session.fork(to: request.run(), change: line)
    return drawn.map(\.text)
  }

  /// The new run obeys the new equation, with the weights of the old one.
  @Test func whatIsTypedIsRun() throws {
    var session = try Sample.stacked()
    let before = session.recording
    #expect(try Self.edit(&session, "h = o * c").isEmpty)
    let run = session.recording
    #expect(run.cell.text(ofEquation: 5) == "h = o ⊙ c")
    #expect(run.cell.equations[5].note == before.cell.equations[5].note)
    for entry in before.network.layout.entries {
      let own = try #require(run.network.layout[entry.name])
      #expect(run.network.values(of: own) == before.network.values(of: entry))
    }
    for layer in 0..<2 {
      let id = LayerID(layer: layer)
      for time in 0..<run.seqLen {
        let o = run.values(id, 3, time: time), c = run.values(id, 4, time: time)
        #expect(run.values(id, 5, time: time) == zip(o, c).map { $0 * $1 })
      }
    }
    #expect(session.original === before)
    #expect(run.losses != before.losses)
    try session.undo()
    #expect(session.recording === before)
  }

  /// The way back goes through the new equation.
  @Test func gradientsFollow() throws {
    var session = try Sample.stacked()
    _ = try Self.edit(&session, "c = f ⊙ c' + i ⊙ tanh(g) ⊙ g")
    for name in ["f", "g", "h"] as [Identifier] {
      let position = try session.position(name, time: 3)
      let check = try #require(
        FiniteDifference(recording: session.recording, position: position, unit: 2))
      #expect(check.relativeError < 1e-2, "∂L/∂\(name): \(check)")
    }
  }

  /// New parameters are drawn, what was set by hand stays set.
  @Test func newParametersAreNamed() throws {
    var session = try Sample.stacked()
    session.move(to: try session.position("f", time: 6))
    try InterventionTests.fork(&session, "f[3] = 0.25")
    #expect(try Self.edit(&session, "o = σ(W_o·x + U_o·h' + p ⊙ c' + b_o)") == ["p"])
    let peephole = try #require(session.recording.network.layout["layer1.p"])
    #expect(session.recording.network.values(of: peephole).contains { $0 != 0 })
    #expect(session.recording.values(LayerID(layer: 0), 0, time: 6)[3] == 0.25)
  }

  @Test(arguments: [
    ("q = f", "edit:1:1: q is no equation of lstm; expected"),
    ("h = o ⊙ tanh(", "edit:1:"), ("f", "edit:1:2:"),
    ("state h", "edit:1:1: expected one equation"),
    ("h = o ⊙ W_f", "edit:1:7:"), ("g = later + c", "edit:1:"),
    ("f = σ(W_f·x + U_f·h' + b_f)", "the equation is what it was"),
    ("g = [i, f]", "lstm:"),
  ])
  func refuses(line: String, part: String) throws {
    let session = try Sample.stacked()
    let text = message { () throws(CommandError) in _ = try session.requestEdit(line) }
    #expect(text.hasPrefix(part), "\(line): \(text)")
  }
}
