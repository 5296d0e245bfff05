import Tensors
import Testing

@testable import Equations

/// Blocks with random changes: either an error that names a place, or a block that runs.
@Suite struct BlockFuzzTests {
  private static let words = [
    "X", "M", "d_k", "Q", "K", "V", "Z", "S", "A", "W", "W_O", "b", "γ", "[", "]", "(", ")", "·",
    "ᵀ", "⊙", "/", "+", "-", "√", "softmax(", "layernorm(", "unit(", "additive(", "relu(", "2", ",",
    "=", "\n", "\n    ", "each head:", "E", "input E\n", "const c = 2\n", "dropout Z\n", "'", "[Z]",
    "Q·Kᵀ", "X·W", "softmax(S)",
  ]

  @Test(arguments: 0..<6)
  func randomChanges(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let sizes = BlockSizes(modelSize: 4, headCount: 2, feedForwardSize: 3)
    let texts =
      try Block.shippedNames.map { try #require(try Block.shipped($0)).text } + [
        "input E\neach head:\n    Q = X·A\n    K = E·B\n    Z = softmax(Q·Kᵀ + M)·K\nY = [Z]·W",
        "H = X·W + b\nY = relu(H)·V - X ⊙ γ",
        "each head:\n    Q = X·W\n    S = additive(Q, Q, v)\n    Z = softmax(S)·Q\nY = [Z]",
      ]
    var valid = 0
    for _ in 0..<150 {
      var scalars = Array(texts[random.below(texts.count)].unicodeScalars)
      for _ in 0...random.below(2) {
        let start = random.below(scalars.count)
        let end = min(scalars.count, start + random.below(4))
        let word = Self.words[random.below(Self.words.count)]
        scalars.replaceSubrange(start..<end, with: Array(word.unicodeScalars))
      }
      var view = String.UnicodeScalarView()
      view.append(contentsOf: scalars)
      let text = String(view)
      guard let block = try? Block(name: "fuzz", text: text) else { continue }
      valid += 1
      #expect(try Block(name: "fuzz", text: block.text).text == block.text, "\(text)")
      run(block, sizes)
    }
    #expect(valid > 5)
  }

  /// Forward and back, in training; a wrong size would stop the program.
  private func run(_ block: Block, _ sizes: BlockSizes) {
    let rows = block.inputs.indices.map { $0 == 0 ? 3 : 2 }
    let plan = BlockPlan(block: block, sizes: sizes, isTraining: true)
    let pass = BlockPass<Float>(plan: plan, rowCounts: rows, batchSize: 2)
    pass.setMask(isCausal: true, lengths: [[3, 2]])
    var offsets: [Int] = [], count = 0
    for shape in plan.parameterShapes {
      offsets.append(count)
      count += shape.reduce(1, *)
    }
    let parameters = ParameterSlice(buffer: Buffer<Float>(count: count + 1), offsets: offsets)
    let gradients = ParameterSlice(buffer: Buffer<Float>(count: count + 1), offsets: offsets)
    let inputs = rows.map { BufferView(Buffer<Float>(count: 2 * $0 * 4)) }
    let inputGradients = rows.map { BufferView(Buffer<Float>(count: 2 * $0 * 4)) }
    pass.forward(inputs: inputs, parameters: parameters)
    pass.backward(
      inputs: inputs, parameters: parameters, parameterGradients: gradients,
      inputGradients: inputGradients)
    #expect(pass.output.count == 24)
  }
}
