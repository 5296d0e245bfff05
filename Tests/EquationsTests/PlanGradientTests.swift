import Tensors
import Testing

@testable import Equations

/// Gradients against central differences in Double.
@Suite struct PlanGradientTests {
  /// max|analytic − numeric| / max|analytic|, absolute where that is tiny.
  private func error(_ analytic: [Double], _ numeric: [Double]) -> Double {
    let worst = zip(analytic, numeric).map { abs($0 - $1) }
      .reduce(0) { $1.isNaN ? .infinity : max($0, $1) }
    let largest = analytic.map { abs($0) }.max() ?? 0
    return largest < 1e-3 ? worst : worst / largest
  }

  /// The central difference of fourth order: layernorm bends too sharply for the second.
  private func slope(_ loss: (Double) -> Double) -> Double {
    let step = 2e-5
    let near = loss(step) - loss(-step), far = loss(2 * step) - loss(-2 * step)
    return (8 * near - far) / (12 * step)
  }

  private func expectGradients(_ sample: Sample) {
    let (_, gradients) = sample.gradients(Double.self)
    for (index, parameter) in sample.cell.parameters.enumerated() {
      let numeric = sample.parameters[index].indices.map { element in
        slope { step in
          var moved = sample
          moved.parameters[index][element] += step
          return moved.loss()
        }
      }
      let error = error(gradients.parameters[index], numeric)
      #expect(error <= 1e-6, "∂L/∂\(parameter.name) \(error):\n\(sample.cell.text)")
    }
    let numeric = sample.input.indices.map { element in
      slope { step in
        var moved = sample
        moved.input[element] += step
        return moved.loss()
      }
    }
    let error = error(gradients.input, numeric)
    #expect(error <= 1e-6, "∂L/∂x \(error):\n\(sample.cell.text)")
  }

  @Test func randomCells() throws {
    for seed in 1000..<1060 as Range<UInt64> {
      var generator = RandomCells(seed: seed, isSmooth: true)
      let cell = try Cell(name: "random \(seed)", text: generator.text())
      expectGradients(
        Sample(
          cell, inputSize: 2, hiddenSize: 3, seqLen: 3, batchSize: 2,
          isReversed: seed.isMultiple(of: 2), seed: seed))
    }
  }

  /// ∂L/∂value is what the loss does when the value, and it alone, is moved.
  @Test func namedValues() throws {
    var cells = try Cell.shippedNames.filter { $0 != "maxout-rnn" && $0 != "irnn" }
      .compactMap { try Cell.shipped($0) }
    for seed in 2000..<2040 as Range<UInt64> {
      var generator = RandomCells(seed: seed, isSmooth: true)
      cells.append(try Cell(name: "random \(seed)", text: generator.text()))
    }
    for (number, cell) in cells.enumerated() {
      let sample = Sample(
        cell, inputSize: 2, hiddenSize: 3, seqLen: 3, isReversed: number.isMultiple(of: 2))
      let (unrolling, gradients) = sample.gradients(Double.self)
      for index in cell.equations.indices {
        let size = sample.plan.valueSizes[index]
        let values = unrolling.values(of: index).array
        let numeric = values.indices.map { element in
          slope { step in
            let time = element / size, unit = element % size
            return sample.loss(overrides: [
              Override(
                equation: index, times: time..<time + 1, units: unit..<unit + 1,
                values: [values[element] + step])
            ])
          }
        }
        let error = error(gradients.values[index], numeric)
        #expect(error <= 1e-6, "∂L/∂\(cell.equations[index].name) \(error):\n\(cell.text)")
      }
    }
  }

  /// Sizes at which products take another way: packed from the parameters as they stand, vectors
  /// packed for the gradients of all gates, everything by BLAS.
  @Test(arguments: [
    (hiddenSize: 32, seqLen: 3, batchSize: 3), (hiddenSize: 64, seqLen: 250, batchSize: 1),
    (hiddenSize: 16, seqLen: 130, batchSize: 2),
  ])
  func everyWayOfTheProducts(hiddenSize: Int, seqLen: Int, batchSize: Int) throws {
    for name in ["lstm", "gru-torch", "peephole"] {
      let sample = Sample(
        try #require(try Cell.shipped(name)), inputSize: hiddenSize, hiddenSize: hiddenSize,
        seqLen: seqLen, batchSize: batchSize, scale: 0.1)
      let gradients = sample.gradients(Double.self).1
      let rounded = sample.gradients(Float.self).1
      var random = SeededRandom(seed: 11)
      // One step along a random direction moves all elements of a parameter at once.
      for (index, parameter) in sample.cell.parameters.enumerated() {
        let direction = sample.parameters[index].map { _ in random.normal() }
        let numeric = slope { step in
          var moved = sample
          for element in direction.indices {
            moved.parameters[index][element] += step * direction[element]
          }
          return moved.loss()
        }
        let along = zip(gradients.parameters[index], direction).reduce(0) { $0 + $1.0 * $1.1 }
        let error = abs(along - numeric) / max(abs(numeric), 1e-3)
        #expect(error <= 1e-6, "\(name): ∂L/∂\(parameter.name) \(error)")
        let rounding = self.error(rounded.parameters[index], gradients.parameters[index])
        #expect(rounding <= 1e-4, "\(name): ∂L/∂\(parameter.name) \(rounding) in Float")
      }
    }
  }

  /// Float follows Double.
  @Test(arguments: Cell.shippedNames)
  func float(name: String) throws {
    let sample = Sample(try #require(try Cell.shipped(name)), batchSize: 2)
    let double = sample.gradients(Double.self).1, float = sample.gradients(Float.self).1
    for (a, b) in zip(float.parameters, double.parameters) { #expect(error(a, b) <= 1e-4) }
    for (a, b) in zip(float.values, double.values) { #expect(error(a, b) <= 1e-4) }
    #expect(error(float.input, double.input) <= 1e-4)
  }
}
