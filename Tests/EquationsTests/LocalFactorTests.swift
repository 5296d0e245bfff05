import Testing

@testable import Equations

/// The factors that the screen shows in the backward pass.
@Suite struct LocalFactorTests {
  /// Values of a step with one number moved.
  private struct Moved<Base: StepValues>: StepValues {
    let base: Base
    let operand: LocalFactor.Operand
    let unit: Int
    let by: Double

    private func moved(_ values: [Double]?) -> [Double]? {
      guard var values else { return nil }
      values[unit] += by
      return values
    }

    func value(_ name: Identifier) -> [Double]? {
      let isMoved = operand == .value(name) || (operand == .input && name == "x")
      return isMoved ? moved(base.value(name)) : base.value(name)
    }

    func previous(_ name: Identifier) -> [Double]? {
      operand == .previous(name) ? moved(base.previous(name)) : base.previous(name)
    }

    func parameter(_ name: Identifier) -> (elements: [Double], shape: [Int])? {
      guard operand == .parameter(name), let (elements, shape) = base.parameter(name) else {
        return base.parameter(name)
      }
      return moved(elements).map { (elements: $0, shape: shape) }
    }
  }

  /// Elementwise operands of equations; those that a product takes as well change more than one
  /// unit and are left out.
  private func check(_ cell: Cell) throws -> Int {
    let sample = Sample(cell, inputSize: 4, hiddenSize: 4, scale: 0.3)
    let step = try sample.stepValues(at: 2)
    var checked = 0
    for (index, equation) in cell.equations.enumerated() {
      for factor in cell.localFactors(ofEquation: index) {
        if case .sum = factor.operand { continue }
        #expect(factor.operand != .other, "\(cell.name) \(equation.name)")
        for unit in 0..<4 {
          let numeric = [1e-4, -1e-4, 2e-4, -2e-4].map { by in
            Evaluator(
              cell: cell, values: Moved(base: step, operand: factor.operand, unit: unit, by: by)
            ).element(equation.expression, unit: unit) ?? .nan
          }
          let slope = (8 * (numeric[0] - numeric[1]) - numeric[2] + numeric[3]) / 12e-4
          let value = try #require(factor.value(unit: unit, step))
          #expect(
            abs(value - slope) <= 1e-7 * max(1, abs(slope)),
            "∂\(equation.name)/∂\(factor.operand) = \(factor.formula): \(value), \(slope)")
        }
        checked += 1
      }
    }
    return checked
  }

  @Test(arguments: [
    ("lstm", 6), ("gru", 3), ("gru-torch", 4), ("peephole", 6), ("peephole-diagonal", 12),
    ("rnn", 0), ("irnn", 0), ("maxout-rnn", 2),
  ])
  func shippedCell(name: String, count: Int) throws {
    let cell = try #require(try Cell.shipped(name))
    #expect(try check(cell) >= count, "\(name)")
  }

  @Test func userCell() throws {
    let text = """
      state h, c
      v = W·x
      a = relu(v ⊙ c') - max(p, v) / (2 + c' ⊙ c') + V·[x, h']
      c = gelu(a ⊙ a) + √(1 + c' ⊙ c') ⊙ (U·(v ⊙ q) + b)
      h = gelu_tanh(c) ⊙ log(1 + exp(h')) - elu(-abs(a)) + min(c, 0.5 ⊙ q)
      """
    #expect(try check(Cell(name: "user", text: text)) >= 9)
  }

  /// The factor of a sum: the equation with its affine part moved.
  @Test(arguments: [
    ("lstm", "f", "f ⊙ (1 - f)", "W_f·x + U_f·h' + b_f"),
    ("lstm", "g", "1 - g ⊙ g", "W_g·x + U_g·h' + b_g"),
    ("gru", "n", "1 - n ⊙ n", "W_n·x + U_n·(r ⊙ h') + b_n"),
    ("irnn", "h", "[h > 0]", "W·x + U·h' + b"),
    ("rnn", "h", "1 - h ⊙ h", "W·x + U·h' + b"),
  ])
  func sums(cellName: String, equation: String, formula: String, sum: String) throws {
    let cell = try #require(try Cell.shipped(cellName))
    let index = try #require(cell.equationIndex(of: Identifier(equation)))
    let factor = try #require(cell.localFactors(ofEquation: index).first)
    #expect(factor.formula == formula)
    #expect(factor.operand == .sum(sum))
    let sample = Sample(cell)
    let step = try sample.stepValues(at: 1)
    for unit in 0..<4 {
      let y = try #require(step.value(Identifier(equation)))[unit]
      let expected =
        switch equation {
        case "f": y * (1 - y)
        case "h" where cellName == "irnn": y > 0 ? 1.0 : 0
        default: 1 - y * y
        }
      #expect(abs(try #require(factor.value(unit: unit, step)) - expected) <= 1e-15)
    }
  }

  @Test func formulas() throws {
    let lstm = try #require(try Cell.shipped("lstm"))
    func formulas(_ name: Identifier) throws -> [LocalFactor.Operand: String] {
      let index = try #require(lstm.equationIndex(of: name))
      return Dictionary(
        uniqueKeysWithValues: lstm.localFactors(ofEquation: index).map { ($0.operand, $0.formula) })
    }
    #expect(
      try formulas("c") == [
        .value("f"): "c'", .previous("c"): "f", .value("i"): "g", .value("g"): "i",
      ])
    #expect(
      try formulas("h") == [.value("o"): "tanh(c)", .value("c"): "o ⊙ (1 - tanh(c) ⊙ tanh(c))"])
  }

  /// A sum within a formula is one operand.
  @Test func sumInBrackets() throws {
    let cell = try #require(try Cell.shipped("gru-torch"))
    let factors = cell.localFactors(ofEquation: try #require(cell.equationIndex(of: "n")))
    #expect(factors.first { $0.operand == .value("r") }?.formula == "(1 - n ⊙ n) ⊙ (U_n·h' + b_hn)")
  }

  /// The words of a sum are the equation's own.
  @Test(arguments: [
    ("tanh(W·[x, h'] + b)", "W·[x, h'] + b"),
    ("tanh(W·x - U·h')", "W·x - U·h'"),
    ("tanh(-W·x + U·h')", "-W·x + U·h'"),
    ("tanh(0.5 ⊙ U·h' + Vᵀ·x)", "0.5 ⊙ U·h' + Vᵀ·x"),
    ("tanh(W·x + (2 ⊙ U)·h' + b)", "W·x + 2 ⊙ U·h' + b"),
    ("tanh(W·tanh(x) + b)", "W·tanh(x) + b"),
    ("tanh(W·(x + p) + b)", "W·(x + p) + b"),
  ])
  func sumText(text: String, sum: String) throws {
    let cell = try Cell(name: "t", text: "state h\nh = \(text)")
    let operands = cell.localFactors(ofEquation: 0).map(\.operand)
    #expect(operands == [.sum(sum)])
  }
}
