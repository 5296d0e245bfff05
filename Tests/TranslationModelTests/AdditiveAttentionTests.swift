import Checkpoints
import Equations
import Networks
import Tensors
import TestSupport
import Testing

/// The shipped additive attention, against figures computed number by number, whose gradients are
/// finite differences in double precision.
@Suite struct AdditiveAttentionTests {
  private func agrees<Scalar: TensorScalar>(_ type: Scalar.Type, within tolerance: Double) throws {
    let file = try SafetensorsFile(path: Fixtures.path("additive_attention.safetensors"))
    func given(_ name: String) throws -> [Scalar] { try file.doubles(name).map { Scalar($0) } }
    let plan = BlockPlan(
      block: try #require(try Block.shipped("additive")),
      sizes: BlockSizes(modelSize: 4, headCount: 1, feedForwardSize: 6))
    // The parameters one behind the other.
    var offsets: [Int] = [], all: [Scalar] = []
    for parameter in plan.block.parameters {
      offsets.append(all.count)
      #expect(file[parameter.name.text]?.shape == parameter.shape(plan.sizes))
      all += try given(parameter.name.text)
    }
    let parameters = ParameterSlice(buffer: Buffer(all), offsets: offsets)
    let inputs = [BufferView(Buffer(try given("X"))), BufferView(Buffer(try given("E")))]
    let pass = BlockPass<Scalar>(plan: plan, rowCounts: [3, 5])
    pass.setMask(isCausal: false, lengths: [nil, [5]])
    pass.forward(inputs: inputs, parameters: parameters)

    func check(_ name: String, _ found: [Scalar]) throws {
      let expected = try file.doubles(name)
      #expect(found.count == expected.count, "\(name)")
      for (mine, theirs) in zip(found, expected) {
        #expect(abs(Double(mine) - theirs) <= tolerance * max(1, abs(theirs)), "\(name)")
      }
    }
    for name: Identifier in ["S", "A", "C", "Y"] {
      let index = try #require(plan.block.equationIndex(of: name))
      try check(name.text, pass.values(of: index).array)
    }
    #expect(pass.shape(of: try #require(plan.block.equationIndex(of: "A"))) == [1, 3, 5])

    // The gradient of half the sum of squares is the result itself.
    let output = pass.output.array
    pass.outputGradient.buffer.copy(from: output, at: pass.outputGradient.offset)
    let gradients = ParameterSlice(buffer: Buffer<Scalar>(count: all.count), offsets: offsets)
    let inputGradients = inputs.map { BufferView(Buffer<Scalar>(count: $0.count)) }
    pass.backward(
      inputs: inputs, parameters: parameters, parameterGradients: gradients,
      inputGradients: inputGradients)
    try check("grad.X", inputGradients[0].array)
    try check("grad.E", inputGradients[1].array)
    for (parameter, offset) in zip(plan.block.parameters, offsets) {
      let count = parameter.shape(plan.sizes).reduce(1, *)
      try check("grad.\(parameter.name)", gradients.buffer.array(offset..<offset + count))
    }
  }

  @Test func inDouble() throws { try agrees(Double.self, within: 1e-9) }
  @Test func inSingle() throws { try agrees(Float.self, within: 1e-5) }
}
