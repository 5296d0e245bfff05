import Tensors
import Testing

@testable import Equations

/// Values that are set by hand, on the way forward.
@Suite struct OverrideTests {
  private func expectEqual(_ sample: Sample, _ overrides: [Override]) throws {
    let expected = try sample.evaluated(overrides: overrides)
    let unrolling = sample.forward(Double.self, overrides: overrides)
    for (index, equation) in sample.cell.equations.enumerated() {
      let error = distance(unrolling.values(of: index).array, expected[index])
      #expect(error <= 1e-12, "\(equation.name) \(error), \(overrides):\n\(sample.cell.text)")
    }
  }

  private func random(_ sample: Sample, _ random: inout SeededRandom) -> [Override] {
    (0...random.below(3)).map { _ in
      let equation = random.below(sample.cell.equations.count)
      let size = sample.plan.valueSizes[equation]
      let time = random.below(sample.seqLen), unit = random.below(size)
      let units = unit..<unit + 1 + random.below(size - unit)
      let isClamp = random.below(2) == 0
      return Override(
        equation: equation, times: time..<time + 1 + random.below(sample.seqLen - time),
        units: units, values: (0..<(isClamp ? 1 : units.count)).map { _ in random.normal() })
    }
  }

  @Test(arguments: Cell.shippedNames)
  func shippedCell(name: String) throws {
    var generator = SeededRandom(seed: 5)
    for isReversed in [false, true] {
      let sample = Sample(try #require(try Cell.shipped(name)), isReversed: isReversed)
      for _ in 0..<20 { try expectEqual(sample, random(sample, &generator)) }
    }
  }

  @Test func randomCells() throws {
    var generator = SeededRandom(seed: 6)
    for seed in 3000..<3100 as Range<UInt64> {
      var cells = RandomCells(seed: seed)
      let cell = try Cell(name: "random", text: cells.text())
      let sample = Sample(cell, isReversed: seed.isMultiple(of: 2), scale: 0.5)
      for _ in 0..<4 { try expectEqual(sample, random(sample, &generator)) }
    }
  }

  /// Equations with the same right side stay apart when one of them is set.
  @Test(arguments: [
    "state h\na = tanh(U·h' + W·x)\nb = tanh(U·h' + W·x)\nh = tanh(a - b + V·a)",
    "state h\na = σ(W·x)\nb = σ(W·x) ⊙ (x·V)\nh = tanh(a + U·h') ⊙ b",
    "state h\na = W·x\nb = W·x\nc = a\nh = tanh(a ⊙ b + c + U·h')",
    "state h, c\nc = tanh(W·x + U·h')\nh = tanh(W·x + U·h') + c'",
    "state h\nh = tanh(W·x + U·h')\ny = tanh(W·x + U·h')\nz = y ⊙ h",
    "state h\na = σ(p)\nk = 2\nb = k ⊙ a\nh = tanh(a + b + W·x + h')",
  ])
  func sharedParts(text: String) throws {
    let sample = try Sample(text)
    for equation in sample.cell.equations.indices {
      let override = Override(equation: equation, times: 1..<3, units: 1..<3, values: [5, -5])
      try expectEqual(sample, [override])
    }
  }

  /// What comes before is the same to the last bit, and the set number is there exactly.
  @Test(arguments: [false, true])
  func theRestIsUntouched(isReversed: Bool) throws {
    let cell = try #require(try Cell.shipped("lstm"))
    let sample = Sample(
      cell, inputSize: 24, hiddenSize: 40, seqLen: 6, isReversed: isReversed)
    let plain = sample.forward(Float.self)
    let f = try #require(cell.equationIndex(of: "f"))
    let override = Override(equation: f, times: 3..<4, units: 7..<9, values: [0.1, 0.7])
    let changed = sample.forward(Float.self, overrides: [override])
    for (index, equation) in cell.equations.enumerated() {
      let before = plain.values(of: index).array, after = changed.values(of: index).array
      for time in 0..<6 {
        let range = time * 40..<(time + 1) * 40
        let isBefore = isReversed ? time > 3 : time < 3
        // At the step itself, only what is computed from f changes.
        let isUntouched = isBefore || (time == 3 && ["i", "g", "o"].contains(equation.name.text))
        if isUntouched { #expect(before[range] == after[range], "\(equation.name) \(time)") }
        if !isUntouched, index != f { #expect(before[range] != after[range]) }
      }
      if index == f {
        #expect(after[3 * 40 + 7] == 0.1 as Float && after[3 * 40 + 8] == 0.7 as Float)
        #expect(after[3 * 40 + 6] == before[3 * 40 + 6] && after[3 * 40 + 9] == before[3 * 40 + 9])
      }
    }
    // Without the override everything is as it was.
    #expect(sample.forward(Float.self).output.array == plain.output.array)
  }

  /// Setting a value to what it is changes nothing, to the last bit.
  @Test(arguments: ["lstm", "gru", "peephole", "maxout-rnn"])
  func settingTheSameValue(name: String) throws {
    let sample = Sample(try #require(try Cell.shipped(name)), inputSize: 17, hiddenSize: 33)
    let (plain, gradients) = sample.gradients(Float.self)
    for index in sample.cell.equations.indices {
      let override = Override(
        equation: index, times: 2..<3, units: 0..<33,
        values: plain.values(of: index).array[2 * 33..<3 * 33].map { Double($0) })
      let (again, blocked) = sample.gradients(Float.self, overrides: [override])
      for other in sample.cell.equations.indices {
        #expect(again.values(of: other).array == plain.values(of: other).array)
      }
      // The value's own gradient is shown, though it goes no further.
      let shown = blocked.values[index][2 * 33..<3 * 33]
      #expect(shown == gradients.values[index][2 * 33..<3 * 33])
    }
  }

  @Test func laterOverridesWin() throws {
    let sample = Sample(try #require(try Cell.shipped("lstm")))
    let clamp = Override(equation: 3, times: 0..<4, units: 0..<4, values: [1])
    let set = Override(equation: 3, times: 2..<3, units: 1..<2, values: [0.25])
    let values = sample.forward(Double.self, overrides: [clamp, set]).values(of: 3).array
    #expect(values.enumerated().allSatisfy { $0.element == ($0.offset == 9 ? 0.25 : 1) })
    try expectEqual(sample, [clamp, set])
  }
}
