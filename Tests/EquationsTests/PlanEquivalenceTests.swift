import Tensors
import Testing

@testable import Equations

/// What the plan computes against plain evaluation of the syntax tree.
@Suite struct PlanEquivalenceTests {
  static let cases: [(batchSize: Int, isReversed: Bool)] = [
    (1, false), (3, false), (1, true), (3, true),
  ]

  /// `rounding` is the largest difference in Float: layernorm of nearly equal numbers magnifies it.
  private func expectEqual(_ cell: Cell, seed: UInt64, rounding: Double = 1e-5) throws {
    for (batchSize, isReversed) in Self.cases {
      let sample = Sample(
        cell, batchSize: batchSize, isReversed: isReversed, seed: seed, scale: 0.5)
      let expected = try sample.evaluated()
      let double = sample.forward(Double.self), float = sample.forward(Float.self)
      for (index, equation) in cell.equations.enumerated() {
        let error = distance(double.values(of: index).array, expected[index])
        #expect(
          error <= 1e-12, "\(equation.name) \(error), B = \(batchSize):\n\(cell.text)")
        let rounded = distance(
          float.values(of: index).array.map { Double($0) }, expected[index])
        #expect(rounded <= rounding, "\(equation.name) \(rounded) in Float:\n\(cell.text)")
      }
    }
  }

  @Test(arguments: Cell.shippedNames)
  func shippedCell(name: String) throws {
    try expectEqual(try #require(try Cell.shipped(name)), seed: 3)
  }

  @Test(arguments: Function.activations)
  func activation(_ activation: Function) throws {
    try expectEqual(try #require(try Cell.shipped("rnn", activation: activation)), seed: 3)
  }

  @Test func randomCells() throws {
    for seed in 0..<200 as Range<UInt64> {
      var generator = RandomCells(seed: seed)
      let text = generator.text()
      let cell = try Cell(name: "random \(seed)", text: text)
      try expectEqual(cell, seed: seed, rounding: 5e-5)
    }
  }

  /// Sizes beyond one block of the elementwise kernels and one panel of the packed products.
  @Test(arguments: [17, 300])
  func largeSizes(hiddenSize: Int) throws {
    for name in ["lstm", "gru", "peephole-diagonal"] {
      let cell = try #require(try Cell.shipped(name))
      let sample = Sample(
        cell, inputSize: 37, hiddenSize: hiddenSize, seqLen: 2, batchSize: 5, scale: 0.1)
      let expected = try sample.evaluated()
      let unrolling = sample.forward(Double.self)
      for index in cell.equations.indices {
        #expect(distance(unrolling.values(of: index).array, expected[index]) <= 1e-12)
      }
    }
  }
}
