import Testing

@testable import Equations

/// The values that the queries of the tests are asked of.
struct QueryValues: QueryContext {
  var token = "\n"
  var time = 4
  var values: [String: [Double]] = [
    "f": [0.5, -1, 2, 0.25], "g": [1, 1, 1, 1], "bad": [1, .nan], "inf": [.infinity, 1],
    "none": [],
  ]

  private func key(_ name: QueryName) -> String {
    let layer = name.layer.map { "layer\($0)." } ?? ""
    return layer + (name.isReverse ? "reverse." : "") + name.name.text
  }

  func value(_ name: QueryName) -> [Double]? {
    key(name) == "layer1.reverse.f"
      ? [7, 8, 9, 10] : key(name) == "layer0.f" ? [3] : values[key(name)]
  }

  func previous(_ name: QueryName) -> [Double]? { value(name)?.map { $0 * 10 } }
  func gradient(_ name: QueryName) -> [Double]? { value(name)?.map { -$0 } }
}

@Suite struct QueryTests {
  private func ask(_ text: String) throws -> QueryResult {
    try Query(text, prompt: "break").evaluate(QueryValues())
  }

  private func number(_ text: String) throws -> Double {
    guard case .number(let value) = try ask(text) else { throw QueryError("no number: \(text)") }
    return value
  }

  @Test(arguments: [
    ("mean(f)", 0.4375), ("sum(f)", 1.75), ("max(f)", 2), ("min(f)", -1),
    ("norm(f)", (0.25 + 1 + 4 + 0.0625).squareRoot()), ("norm(grad(f))", 5.3125.squareRoot()),
    ("f[3]", 0.25), ("f[0]", 0.5), ("grad(f)[2]", -2), ("f'[1]", -10), ("max(f')", 20),
    ("t", 4), ("t + 1", 5), ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("7 - 2 - 1", 4),
    ("8 / 4 / 2", 1), ("-f[1]", 1), ("--3", 3), ("2 * -3", -6), ("-2 + 5", 3),
    ("layer1.reverse.f[1]", 8), ("mean(layer1.reverse.f)", 8.5), ("layer0.f[0]", 3),
    ("sum(grad(layer1.reverse.f))", -34), ("abs(f[1])", 1), ("max(f[1], 3)", 3),
    ("min(f[1], 3)", -1), ("sum(max(f, g))", 5), ("sum(abs(f))", 3.75), ("sum(f * g)", 1.75),
    ("tanh(0)", 0), ("sigmoid(0)", 0.5), ("σ(0)", 0.5), ("exp(0)", 1), ("log(1)", 0),
    ("mean(f) − 0.4375", 0), ("2 × 3", 6), ("6 ÷ 4", 1.5), ("1e-3", 0.001),
  ])
  func numbers(text: String, expected: Double) throws {
    #expect(abs(try number(text) - expected) < 1e-15, "\(text)")
  }

  @Test(arguments: [
    ("mean(f) < 0.5", true), ("mean(f) < 0.4375", false), ("mean(f) <= 0.4375", true),
    ("mean(f) ≤ 0.4375", true), ("f[2] > 1", true), ("f[2] >= 2", true), ("f[2] ≥ 3", false),
    ("f[2] == 2", true), ("f[2] != 2", false), ("f[2] ≠ 3", true), ("t == 4", true),
    ("token == \"\\n\"", true), ("token == \"n\"", false), ("token != \"a\"", true),
    ("\"\\\"\" == \"\\\"\"", true), ("\"\\\\\" == \"\\t\"", false), ("\"\\0\" == \"0\"", false),
    // Vectors: a condition holds if it holds for every unit.
    ("g == 1", true), ("f > -2", true), ("f > 0", false), ("f < g", false), ("f[0] < g", true),
    ("t == 4 and f[2] == 2", true), ("t == 4 and f[2] == 3", false), ("t == 3 or f[2] == 2", true),
    ("t == 3 or f[2] == 3", false),
    // "and" binds tighter than "or".
    ("t == 4 or t == 5 and t == 6", true), ("(t == 4 or t == 5) and t == 6", false),
    // Only as far as needed.
    ("t == 4 or nothing > 1", true), ("t == 3 and nothing > 1", false),
    ("none > 0", false), ("t", true), ("t - 4", false), ("token", true),
  ])
  func conditions(text: String, expected: Bool) throws {
    #expect(try ask(text).isTrue == expected, "\(text)")
  }

  /// A comparison with NaN is false; only "not equal" holds, as in IEEE 754.
  @Test(arguments: ["<", "<=", ">", ">=", "=="])
  func notANumber(comparison: String) throws {
    #expect(try !ask("bad[1] \(comparison) 1").isTrue)
    #expect(try !ask("1 \(comparison) bad[1]").isTrue)
    #expect(try !ask("bad \(comparison) bad").isTrue)
    #expect(try !ask("mean(bad) \(comparison) nan").isTrue)
    #expect(try ask("bad[1] != 1").isTrue)
  }

  @Test func notANumberInFunctions() throws {
    #expect(try ask("isnan(bad)").isTrue)
    #expect(try !ask("isnan(f)").isTrue)
    #expect(try !ask("isnan(inf)").isTrue)
    for function in ["mean", "sum", "norm", "max", "min"] {
      #expect(try number("\(function)(bad)").isNaN, "\(function)")
      #expect(try ask("isnan(\(function)(bad))").isTrue)
    }
    #expect(try number("max(inf)") == .infinity)
    #expect(try !ask("bad").isTrue)
    #expect(try number("mean(none)").isNaN)
    #expect(try number("max(bad[1], 2)").isNaN)
  }

  @Test func answersThatAreVectors() throws {
    #expect(try ask("f") == .numbers([0.5, -1, 2, 0.25]))
    #expect(try ask("f * 2 - g") == .numbers([0, -3, 3, -0.5]))
    #expect(try ask("grad(f)") == .numbers([-0.5, 1, -2, -0.25]))
    #expect(try ask("f > 0") == .numbers([1, 0, 1, 1]))
    #expect(try ask("token") == .text("\n"))
    #expect(try ask("relu(f)") == .numbers([0.5, 0, 2, 0.25]))
  }

  @Test func names() throws {
    let query = try Query("mean(f) < layer1.reverse.c[3] or norm(grad(layer0.h)) > 1", prompt: "b")
    #expect(query.isCondition)
    #expect(query.names.map(\.name.name.text) == ["f", "c", "h"])
    #expect(query.names.map(\.name.layer) == [nil, 1, 0])
    #expect(query.names.map(\.name.isReverse) == [false, true, false])
    #expect(query.names.map(\.isGradient) == [false, false, true])
    #expect(try !Query("mean(f)", prompt: "print").isCondition)
  }
}
