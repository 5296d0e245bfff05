import Testing

@testable import Equations

/// Inputs that are far too large are refused at once, without a crash.
@Suite struct LargeInputTests {
  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    let duration = try ContinuousClock().measure(body)
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }

  private func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }

  @Test(arguments: [
    ("(", "x", ")"), ("-", "x", ""), ("√", "x", ""), ("tanh(", "x", ")"), ("[", "x", "]"),
    ("max(1, ", "x", ")"), ("W·(", "x", ")"),
  ])
  func nesting(open: String, core: String, close: String) throws {
    for depth in [201, 100_000] {
      let text = "state h\nh = " + repeated(open, depth) + core + repeated(close, depth)
      let time = try seconds {
        let error = try error(in: text)
        #expect(error.message.hasPrefix("nested over 200 levels; expected"))
        #expect(error.location.line == 2)
      }
      #expect(time < 10)
    }
  }

  /// 199 levels are read, planned and run.
  @Test func deepestNesting() throws {
    let deep = repeated("tanh(", 150) + repeated("(", 49) + "h' + x·W" + repeated(")", 199)
    let sample = try Sample("state h\nh = \(deep)", seqLen: 2)
    let expected = try sample.evaluated()
    #expect(distance(sample.forward(Double.self).values(of: 0).array, expected[0]) <= 1e-12)
    let products = repeated("U·(", 190) + "h'" + repeated(")", 190)
    #expect(try Sample("state h\nh = \(products)").plan.runs.count == 190)
  }

  @Test(arguments: [" + x", " - 1", " ⊙ x", " / 2", "·U", "ᵀ"])
  func longChains(term: String) throws {
    for count in [1001, 100_000] {
      let text = "state h\nh = U" + repeated(term, count)
      let time = try seconds {
        let error = try error(in: text)
        #expect(error.message.hasPrefix("over 1000 operators"))
        #expect(error.description.count < 500)
      }
      #expect(time < 20)
    }
  }

  /// A thousand operators are read, planned and run.
  @Test func longestChain() throws {
    let text = "state h\nh = tanh(U·h' + x·W" + repeated(" + 0.001 ⊙ h'", 490) + ")"
    let sample = try Sample(text, seqLen: 2)
    let expected = try sample.evaluated()
    #expect(distance(sample.forward(Double.self).values(of: 0).array, expected[0]) <= 1e-12)
    _ = try Sample("state h\nh = h'" + repeated("·U", 1000), seqLen: 1).gradients(Double.self)
  }

  @Test func megabytes() throws {
    let size = 1 << 20
    let texts = [
      repeated("\n", size), repeated("(\n", size / 2), repeated("\0", size), repeated("[", size),
      repeated("σ", size / 2), repeated("# comment\n", size / 10),
      "state h\nh = " + repeated("a", size) + "'",
      "state h\nh = tanh(" + repeated("a, ", size / 3) + "a)",
    ]
    for text in texts {
      let time = try seconds { _ = try error(in: text) }
      #expect(time < 20, "\(text.prefix(20))")
    }
  }

  @Test func manyStatements() throws {
    let states = "state " + (0..<100_000).map { "s\($0)" }.joined(separator: ", ") + "\ns0 = W·x"
    let time = try seconds {
      let error = try error(in: states)
      #expect(error.message.contains("never assigned"))
    }
    #expect(time < 20)

    let initial = "state h\nh = W·x\n" + (0..<60_000).map { "init a\($0) = 1\n" }.joined()
    #expect(try seconds { try expectError(initial, 3, 6, "a0 is no parameter") } < 20)

    let equations = "state h\n" + (0..<60_000).map { "a\($0) = W·x\n" }.joined() + "h = W·x"
    #expect(try seconds { try expectError(equations, 1002, 1, "over 1000 equations") } < 20)
  }

  @Test func manyOperators() throws {
    let line = "W·x" + repeated(" + 1", 999)
    let text = "state h\na = \(line)\nb = \(line)\nc = \(line)\nh = W·x + W·x"
    try expectError(text, 5, 6, "over 3000 operators", "expected fewer")
  }

  /// A thousand equations, each of which needs the one above.
  @Test func longestFile() throws {
    let text =
      "state h\na0 = U·h' + x·W\n" + (1..<999).map { "a\($0) = U·a\($0 - 1)\n" }.joined()
      + "h = tanh(a998)"
    let sample = try Sample(text, seqLen: 1)
    let expected = try sample.evaluated()
    let last = sample.cell.outputEquation
    #expect(distance(sample.forward(Double.self).values(of: last).array, expected[last]) <= 1e-12)
  }
}
