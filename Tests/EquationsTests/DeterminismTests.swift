import Tensors
import Testing

@testable import Equations

/// The same numbers again: in a second run, and step by step.
@Suite struct DeterminismTests {
  private func sample(_ name: String, seqLen: Int = 20, isReversed: Bool = false) throws -> Sample {
    Sample(
      try #require(try Cell.shipped(name)), inputSize: 24, hiddenSize: 40, seqLen: seqLen,
      isReversed: isReversed, scale: 0.2)
  }

  @Test(arguments: Cell.shippedNames)
  func twoRuns(name: String) throws {
    let sample = try sample(name)
    let (first, a) = sample.gradients(Float.self), (second, b) = sample.gradients(Float.self)
    for index in sample.cell.equations.indices {
      #expect(first.values(of: index).array == second.values(of: index).array)
    }
    #expect(a.values == b.values && a.parameters == b.parameters && a.input == b.input)
  }

  /// An unrolling can be used again; nothing of the pass before is left in it.
  @Test(arguments: Cell.shippedNames)
  func oneUnrollingTwice(name: String) throws {
    let sample = try sample(name)
    let unrolling = sample.forward(Float.self)
    let parameters = sample.slice(sample.parameters, Float.self)
    let input = BufferView(Buffer(sample.input.map { Float($0) }))
    var results: [[[Float]]] = []
    for _ in 0..<3 {
      unrolling.forward(input: input, parameters: parameters)
      unrolling.beginBackward()
      let seed = unrolling.outputGradient
      for index in 0..<seed.count { seed.buffer[seed.offset + index] += unrolling.output[index] }
      let gradients = sample.slice(sample.parameters.map { $0.map { _ in 0 } }, Float.self)
      unrolling.backward(input: input, parameters: parameters, parameterGradients: gradients)
      results.append(
        sample.cell.equations.indices.map { unrolling.gradients(of: $0)?.array ?? [] } + [
          gradients.buffer.array, unrolling.output.array,
        ])
    }
    #expect(results[0] == results[1] && results[1] == results[2])
  }

  /// T steps at once and T runs of one step with the states carried on.
  @Test(arguments: Cell.shippedNames, [false, true])
  func stepByStep(name: String, isReversed: Bool) throws {
    let all = try sample(name, isReversed: isReversed)
    let whole = all.forward(Float.self)
    let single = Unrolling<Float>(plan: all.plan, seqLen: 1, batchSize: 1, isReversed: isReversed)
    let parameters = all.slice(all.parameters, Float.self)
    for number in 0..<20 {
      let time = isReversed ? 19 - number : number
      if number > 0 {
        for state in all.cell.states.indices {
          let last = single.finalState(state).array
          single.setInitialState(state, to: BufferView(Buffer(last)))
        }
      }
      single.forward(
        input: BufferView(Buffer(all.input[time * 24..<(time + 1) * 24].map { Float($0) })),
        parameters: parameters)
      for index in all.cell.equations.indices {
        let step = whole.values(of: index).array[time * 40..<(time + 1) * 40]
        let one = single.values(of: index).array
        #expect(
          distance(one.map { Double($0) }, step.map { Double($0) }) <= 1e-6,
          "\(all.cell.equations[index].name) at \(time)")
      }
    }
  }

  /// A longer sequence begins as a shorter one does.
  @Test(arguments: Cell.shippedNames)
  func prefix(name: String) throws {
    let long = try sample(name)
    var short = try sample(name, seqLen: 10)
    short.parameters = long.parameters
    short.input = Array(long.input.prefix(10 * 24))
    let a = long.forward(Float.self), b = short.forward(Float.self)
    for index in long.cell.equations.indices {
      let head = a.values(of: index).array.prefix(10 * 40).map { Double($0) }
      #expect(distance(b.values(of: index).array.map { Double($0) }, head) <= 1e-6)
    }
  }
}
