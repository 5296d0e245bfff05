import Tensors
import Testing

@testable import Equations

/// Values that are set by hand, on the way back: they pass no gradient on, and their own is what
/// the loss does when the set number is moved.
@Suite struct OverrideGradientTests {
  private func slope(_ loss: (Double) -> Double) -> Double {
    let step = 2e-5
    let near = loss(step) - loss(-step), far = loss(2 * step) - loss(-2 * step)
    return (8 * near - far) / (12 * step)
  }

  private func expectGradients(_ sample: Sample, _ overrides: [Override]) {
    let (_, gradients) = sample.gradients(Double.self, overrides: overrides)
    for (index, parameter) in sample.cell.parameters.enumerated() {
      let numeric = sample.parameters[index].indices.map { element in
        slope { step in
          var moved = sample
          moved.parameters[index][element] += step
          return moved.loss(overrides: overrides)
        }
      }
      let error = distance(gradients.parameters[index], numeric)
      #expect(error <= 1e-6, "∂L/∂\(parameter.name) \(error), \(overrides):\n\(sample.cell.text)")
    }
    let numeric = sample.input.indices.map { element in
      slope { step in
        var moved = sample
        moved.input[element] += step
        return moved.loss(overrides: overrides)
      }
    }
    let error = distance(gradients.input, numeric)
    #expect(error <= 1e-6, "∂L/∂x \(error), \(overrides):\n\(sample.cell.text)")
    for override in overrides { expectShownGradient(sample, override, overrides, gradients) }
  }

  /// The gradient at each set unit and step, with the number there moved once more.
  private func expectShownGradient(
    _ sample: Sample, _ override: Override, _ overrides: [Override], _ gradients: Sample.Gradients
  ) {
    let size = sample.plan.valueSizes[override.equation]
    let values = sample.forward(Double.self, overrides: overrides)
      .values(of: override.equation).array
    for time in override.times {
      for unit in override.units {
        let numeric = slope { step in
          sample.loss(
            overrides: overrides + [
              Override(
                equation: override.equation, times: time..<time + 1, units: unit..<unit + 1,
                values: [values[time * size + unit] + step])
            ])
        }
        let shown = gradients.values[override.equation][time * size + unit]
        let name = sample.cell.equations[override.equation].name
        #expect(
          abs(shown - numeric) <= 1e-6 * max(1, abs(numeric)),
          "∂L/∂\(name)[\(unit)] at \(time): \(shown), \(numeric):\n\(sample.cell.text)")
      }
    }
  }

  private func random(_ sample: Sample, _ random: inout SeededRandom) -> [Override] {
    (0...random.below(2)).map { _ in
      let equation = random.below(sample.cell.equations.count)
      let size = sample.plan.valueSizes[equation]
      let time = random.below(sample.seqLen), unit = random.below(size)
      let end = min(sample.seqLen, time + 1 + random.below(2))
      return Override(
        equation: equation, times: time..<end, units: unit..<min(size, unit + 2),
        values: [random.normal()])
    }
  }

  @Test(arguments: ["lstm", "gru", "gru-torch", "peephole", "peephole-diagonal", "rnn"])
  func shippedCell(name: String) throws {
    var generator = SeededRandom(seed: 15)
    for isReversed in [false, true] {
      let sample = Sample(
        try #require(try Cell.shipped(name)), inputSize: 2, hiddenSize: 3, isReversed: isReversed)
      for _ in 0..<3 { expectGradients(sample, random(sample, &generator)) }
    }
  }

  @Test func randomCells() throws {
    var generator = SeededRandom(seed: 16)
    for seed in 4000..<4050 as Range<UInt64> {
      var cells = RandomCells(seed: seed, isSmooth: true)
      let cell = try Cell(name: "random", text: cells.text())
      let sample = Sample(
        cell, inputSize: 2, hiddenSize: 3, seqLen: 3, isReversed: seed.isMultiple(of: 2),
        seed: seed, scale: 0.5)
      expectGradients(sample, random(sample, &generator))
    }
  }

  /// Equations that share their right side or their gradient stay apart.
  @Test(arguments: [
    "state h\na = tanh(U·h' + W·x)\nb = tanh(U·h' + W·x)\nh = tanh(a - b + V·a)",
    "state h\na = σ(W·x)\nb = σ(W·x) ⊙ (x·V)\nh = tanh(a + U·h') ⊙ b",
    "state h\na = tanh(W·x)\nb = σ(U·h')\nh = a + b",
    "state h\nc = tanh(W·x)\na = σ(V·x)\nb = σ(U·h')\nh = c ⊙ (a + b)",
    "state h, c\nc = tanh(W·x + U·h')\nh = tanh(W·x + U·h') + c'",
    "state h, c\nc = tanh(W·x + U·h')\nh = c",
    "state h\na = [x, h']\nb = tanh(W·a)\nh = b",
    "state h\na = softmax(W·x)\nh = layernorm(a + U·h', γ, β)",
  ])
  func sharedParts(text: String) throws {
    var sample = try Sample(text, seqLen: 3)
    sample.parameters = sample.parameters.map { $0.map { $0 * 0.7 } }
    for equation in sample.cell.equations.indices {
      let override = Override(equation: equation, times: 1..<3, units: 1..<3, values: [0.5, -0.5])
      expectGradients(sample, [override])
    }
  }

  /// Where overrides overlap, the gradient that is shown is still the loss's.
  @Test func overlapping() throws {
    let sample = Sample(try #require(try Cell.shipped("lstm")), inputSize: 2, hiddenSize: 3)
    let clamp = Override(equation: 3, times: 0..<4, units: 0..<3, values: [0.9])
    let set = Override(equation: 3, times: 2..<3, units: 1..<2, values: [0.25])
    expectGradients(sample, [clamp, set])
    expectGradients(sample, [set, set])
  }
}
