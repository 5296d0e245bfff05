import Checkpoints
import Equations
import Networks
import TestSupport
import Testing

/// Gradients in the layout of the checkpoint, against finite differences over changed checkpoints.
@Suite struct CheckpointGradientTests {
  private func loss(_ folder: String) throws -> TransformerTrace {
    let model = try open(folder)
    return try TransformerTrace(
      model: model, input: try model.input(text: "the big red dog"), loss: .nextToken,
      isBackward: true)
  }

  /// Elements of GPT-2's stacked projection (one each of queries, keys and values), of a matrix that
  /// widens, of the tied table and of the positions.
  @Test(arguments: [
    ("h.1.attn.c_attn.weight", 5 * 144 + 7), ("h.1.attn.c_attn.weight", 40 * 144 + 48 + 20),
    ("h.1.attn.c_attn.weight", 11 * 144 + 96 + 31), ("h.2.attn.c_attn.bias", 96 + 5),
    ("h.0.mlp.c_fc.weight", 17 * 192 + 150), ("wte.weight", 337 * 48 + 9),
    ("wpe.weight", 2 * 48 + 3), ("ln_f.weight", 30),
  ])
  func gpt2(tensor: String, index: Int) throws {
    let name = "transformer." + tensor
    let all = try tensors(of: Fixtures.path("gpt2-tiny/model.safetensors"))
    let folder = try TemporaryFolder()
    for file in ["config.json", "tokenizer.json"] {
      try folder.copy("gpt2-tiny/\(file)", as: file)
    }
    func sum(_ change: Float) throws -> Double {
      let changed = all.map { tensor in
        guard tensor.name == name else { return tensor }
        var floats = tensor.floats
        floats[index] += change
        return NamedArray(name: name, shape: tensor.shape, data: floats)
      }
      try folder.write(changed, to: "model.safetensors")
      return try loss(folder.path).losses.reduce(0, +)
    }
    let step: Float = 1e-2
    let difference = try (sum(step) - sum(-step)) / Double(2 * step)
    let gradient = try #require(
      try loss(Fixtures.path("gpt2-tiny")).arrays.byName["grad.param.\(name)"])
    #expect(gradient.shape == all.first { $0.name == name }?.shape)
    let found = Double(gradient.floats[index])
    #expect(abs(found) > 1e-4)
    #expect(abs(difference - found) < 1e-3 * max(1, abs(found)) && difference * found > 0)
  }
}
