import Debugger
import Equations
import Networks
import Testing

/// What is said about an equation: its numbers put in, and two sentences.
@Suite struct ExplanationTests {
  static let cells = Cell.shippedNames

  /// Every shipped cell, stacked in two layers over vectors whose size is not H.
  static func session(_ name: String) throws -> Session {
    Sample.session(
      try Sample.network(name, hidden: 5, layers: 2, vectorSize: 3, gain: 2), seqLen: 5)
  }

  /// The line with the numbers is itself a formula: read and evaluated anew it must give the value.
  @Test(arguments: cells) func theNumbersGiveTheValue(_ name: String) throws {
    var session = try Self.session(name)
    let timeline = session.timeline
    for index in 0..<timeline.passCount {
      let position = timeline[index]
      session.move(to: position)
      let equation = session.recording.cell.equations[position.equation]
      let value = session.recording.values(session.layer, position.equation, time: position.time)
      for unit in value.indices {
        let line = try #require(
          Substitution(
            cell: session.recording.cell, equation: equation, unit: unit, values: session.step
          ) { "\($0)" })
        #expect(line.result == Double(value[unit]))
        #expect(!line.text.contains("?"), "\(equation.name): \(line.text)")
        let again: Double
        switch try session.evaluate(line.text) {
        case .number(let number): again = number
        case .numbers(let numbers): again = numbers[0]
        case .text: again = .nan
        }
        #expect(abs(again - line.result) < 2e-6, "\(equation.name): \(line.text) = \(again)")
        #expect(line.pieces.contains { $0.source != nil })
      }
    }
  }

  @Test func unitsThatAreNotThereHaveNoLine() throws {
    let session = try Self.session("lstm")
    let cell = session.recording.cell
    #expect(
      Substitution(cell: cell, equation: cell.equations[0], unit: 5, values: session.step) {
        "\($0)"
      } == nil)
  }

  @Test(arguments: cells) func everyEquationIsExplained(_ name: String) throws {
    var session = try Self.session(name)
    for index in 0..<session.timeline.count {
      let position = session.timeline[index]
      session.move(to: position)
      let explanation = Explanation(session: session, unit: 3) { "\($0)" }
      let equation = session.recording.cell.equations[position.equation]
      #expect(explanation.title.contains("\(equation.name) in \(session.layer.name)"))
      #expect(explanation.sentences.count == 2)
      #expect(explanation.sentences[0].contains("\(equation.name)"))
      let text = explanation.sentences.joined(separator: " ")
      #expect(!text.contains("nan") && !text.contains("inf ") && !text.contains("nil"), "\(text)")
      // The number of the unit that is looked at, exactly.
      let shown =
        position.pass == .forward
        ? "\(equation.name)[3] = "
          + "\(Double(session.recording.value(session.layer, position.equation, time: position.time, unit: 3)))"
        : "∂L/∂\(equation.name)[3] = "
          + "\(Double(session.recording.gradient(session.layer, position.equation, time: position.time, unit: 3)))"
      #expect(text.contains(shown), "\(text) has not \(shown)")
      if position.pass == .backward { #expect(text.contains("times"), "\(text)") }
    }
  }

  @Test func theOutputLayerIsExplained() throws {
    var session = try Sample.stacked()
    for line in OutputEquation.allCases {
      for pass in [Pass.forward, .backward] {
        for time in [0, session.recording.seqLen - 1] {
          session.move(
            to: Position(pass: pass, part: .output, time: time, equation: line.rawValue))
          let explanation = Explanation(session: session, unit: 0) { "\($0)" }
          #expect(explanation.sentences.count == 2)
          let hasTarget = time == 0
          #expect(
            explanation.sentences[1].contains(
              hasTarget ? "\(session.recording.losses[time])" : "last token"))
        }
      }
    }
  }

  /// What a local factor is said to be: h = o ⊙ tanh(c), so ∂h/∂o = tanh(c).
  @Test func factorsAreTheDerivatives() throws {
    var session = try Sample.stacked()
    session.move(to: try session.position("h", time: 4, pass: .backward))
    let c = session.recording.values(LayerID(layer: 0), 4, time: 4).map(Double.init)
    let o = session.recording.values(LayerID(layer: 0), 3, time: 4).map(Double.init)
    let text = Explanation(session: session, unit: 2) { "<\(($0 * 1e4).rounded() / 1e4)>" }
      .sentences[1]
    let tanhC = 2 / (1 + exponential(-2 * c[2])) - 1
    #expect(text.contains("to o times tanh(c) = <\((tanhC * 1e4).rounded() / 1e4)>"), "\(text)")
    let toC = o[2] * (1 - tanhC * tanhC)
    #expect(text.contains("= <\((toC * 1e4).rounded() / 1e4)>"), "\(text) has not \(toC)")
  }

  /// e to the power of x, by its series.
  private func exponential(_ x: Double) -> Double {
    var term = 1.0, sum = 1.0
    for n in 1..<60 {
      term *= x / Double(n)
      sum += term
    }
    return sum
  }
}
