import Checkpoints
import Equations
import Networks
import Tensors
import TestSupport
import Testing

/// Multi-head attention against torch.nn.MultiheadAttention, computed in float64 (see the manifest).
@Suite struct TransformerGoldenTests {
  @Test(arguments: [("mha_12_3", false), ("mha_12_3_causal", true)])
  func multiHeadAttention(name: String, isCausal: Bool) throws {
    let weights = try SafetensorsFile(path: Fixtures.path("\(name).safetensors"))
    let expected = try SafetensorsFile(path: Fixtures.path("\(name).expected.safetensors"))
    let block = try #require(try Block.shipped("attention"))
    let transformer = Transformer<Float>(
      TransformerConfiguration(
        input: .vectors, modelSize: 12, headCount: 3, feedForwardSize: 12, blocks: [block],
        isCausal: isCausal))
    let projection = try weights.floats("in_proj_weight"), bias = try weights.floats("in_proj_bias")
    for (index, letter) in ["Q", "K", "V"].enumerated() {
      let matrix = Array(projection[index * 144..<(index + 1) * 144])
      let vector = Array(bias[index * 12..<(index + 1) * 12])
      transformer.set("layer0.W_\(letter)", from: matrix.span, isTransposed: true)
      transformer.set("layer0.b_\(letter)", from: vector.span)
    }
    let output = try weights.floats("out_proj.weight")
    let outputBias = try weights.floats("out_proj.bias")
    transformer.set("layer0.W_O", from: output.span, isTransposed: true)
    transformer.set("layer0.b_O", from: outputBias.span)

    let run = TransformerRun(
      transformer: transformer,
      input: RunInput(
        source: .vectors(try expected.floats("input")), labels: ["0", "1", "2", "3", "4"]),
      loss: .sumOfSquares)
    for (value, tensor) in [
      ("A", "attention"), ("Q", "q"), ("K", "k"), ("V", "v"), ("Y", "output"),
    ] {
      let matrix = try #require(run.value(layer: 0, Identifier(value)))
      #expect(matrix.shape == (tensor == "attention" ? [3, 5, 5] : [5, 12]))
      expectClose(matrix.view.array, try expected.floats(tensor), 1e-6, "\(name) \(tensor)")
    }
    let losses = run.losses.map { Float($0) }
    expectClose(losses, try expected.floats("loss"), 1e-5, "\(name) loss")

    let gradients = try #require(run.parameterGradients)
    let layout = transformer.layout
    func gradient(_ name: String) throws -> [Float] {
      gradients.array(try #require(layout[name]).range)
    }
    var stacked: [Float] = [], biases: [Float] = []
    for letter in ["Q", "K", "V"] {
      stacked += transposed(try gradient("layer0.W_\(letter)"), columns: 12)
      biases += try gradient("layer0.b_\(letter)")
    }
    expectClose(
      stacked, try expected.floats("grad.param.in_proj_weight"), 1e-5, "\(name) in_proj_weight")
    expectClose(
      biases, try expected.floats("grad.param.in_proj_bias"), 1e-5, "\(name) in_proj_bias")
    expectClose(
      transposed(try gradient("layer0.W_O"), columns: 12),
      try expected.floats("grad.param.out_proj.weight"), 1e-5, "\(name) out_proj.weight")
    expectClose(
      try gradient("layer0.b_O"), try expected.floats("grad.param.out_proj.bias"), 1e-5,
      "\(name) out_proj.bias")
  }

  private func transposed(_ elements: [Float], columns: Int) -> [Float] {
    let rows = elements.count / columns
    return (0..<elements.count).map { elements[$0 % rows * columns + $0 / rows] }
  }

  private func expectClose(
    _ found: [Float], _ expected: [Float], _ tolerance: Float, _ what: String
  ) {
    #expect(found.count == expected.count, "\(what)")
    let worst = zip(found, expected).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? .infinity
    #expect(worst <= tolerance, "\(what): \(worst)")
  }
}
