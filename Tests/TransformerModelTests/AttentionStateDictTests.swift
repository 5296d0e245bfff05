import Checkpoints
import Equations
import Foundation
import Networks
import Tensors
import TestSupport
import Testing

/// State dicts of attention modules: what they don't say is asked for, what does not fit is named.
@Suite struct AttentionStateDictTests {
  static func attention(_ prefix: String = "") -> [NamedArray] {
    [
      zeros("\(prefix)in_proj_weight", 12, 4), zeros("\(prefix)in_proj_bias", 12),
      zeros("\(prefix)out_proj.weight", 4, 4), zeros("\(prefix)out_proj.bias", 4),
    ]
  }

  static func layer(_ prefix: String) -> [NamedArray] {
    attention("\(prefix)self_attn.") + [
      zeros("\(prefix)linear1.weight", 8, 4), zeros("\(prefix)linear1.bias", 8),
      zeros("\(prefix)linear2.weight", 4, 8), zeros("\(prefix)linear2.bias", 4),
      zeros("\(prefix)norm1.weight", 4), zeros("\(prefix)norm1.bias", 4),
      zeros("\(prefix)norm2.weight", 4), zeros("\(prefix)norm2.bias", 4),
    ]
  }

  private func complete(_ request: inout TransformerRequest) {
    request.headCount = 2
    request.normFirst = false
    request.activation = .relu
  }

  @Test func whatIsNotSaidIsAskedFor() throws {
    let folder = try TemporaryFolder()
    let attention = try folder.write(Self.attention(), to: "a.safetensors")
    #expect(
      message(attention)
        == "\(attention) holds an nn.MultiheadAttention of size 4, and does not say how many heads "
        + "it has; give --heads N, a divisor of 4")
    #expect(
      message(attention) { $0.headCount = 3 }
        == "--heads 3: expected a divisor of 4, the size of the model")
    let encoder = try folder.write(Self.layer("layers.0."), to: "e.safetensors")
    #expect(message(encoder) { $0.headCount = 2 }.contains("give --norm-first or --no-norm-first"))
    let text = message(encoder) {
      $0.headCount = 2
      $0.normFirst = true
    }
    #expect(text.contains("give --activation relu (PyTorch's default) or gelu"))
    #expect(message(encoder, complete) == "")
  }

  @Test func layersAndFinalNorm() throws {
    let folder = try TemporaryFolder()
    let two = Self.layer("enc.layers.0.") + Self.layer("enc.layers.1.")
    let plain = try open(try folder.write(two, to: "2.safetensors"), complete)
    #expect(plain.configuration.layerCount == 2 && !plain.configuration.normalizesOutput)
    let norm = [zeros("enc.norm.weight", 4), zeros("enc.norm.bias", 4)]
    let normed = try open(try folder.write(two + norm, to: "n.safetensors"), complete)
    #expect(normed.configuration.normalizesOutput && normed.warnings.isEmpty)
    let single = try open(try folder.write(Self.layer(""), to: "1.safetensors"), complete)
    #expect(single.architecture == "nn.TransformerEncoderLayer")
    #expect(single.configuration.layerCount == 1)
  }

  /// A bias that the module was made without stays zero and has no gradient.
  @Test func withoutBiases() throws {
    let folder = try TemporaryFolder()
    let bare = Self.attention().filter { !$0.name.hasSuffix("bias") }
    let model = try open(try folder.write(bare, to: "a.safetensors")) { $0.headCount = 2 }
    #expect(model.bindings.map(\.name) == ["in_proj_weight", "out_proj.weight"])
  }

  @Test func whatDoesNotFit() throws {
    let folder = try TemporaryFolder()
    func path(_ tensors: [NamedArray]) throws -> String {
      try folder.write(tensors, to: "x.safetensors")
    }
    let missing = try path(Self.attention().filter { $0.name != "out_proj.bias" })
    #expect(
      message(missing) { $0.headCount = 2 }
        == "\(missing): tensor out_proj.bias: expected [4], found no tensor of this name")
    let gap = try path(Self.layer("layers.0.") + Self.layer("layers.2."))
    #expect(message(gap, complete).contains("tensor layers.1.self_attn.in_proj_weight: expected"))
    let odd = try path([zeros("in_proj_weight", 13, 4)])
    #expect(
      message(odd) == "\(odd): tensor in_proj_weight: expected [3D, D]: queries, keys and values, "
        + "found [13, 4]")
    let separate = try path([zeros("q_proj_weight", 4, 4)])
    #expect(message(separate).contains("kdim and vdim are not supported"))
    let none = try path([zeros("weight", 2)])
    #expect(message(none).contains("expected a transformer: unroll's own, or a state dict of"))
  }

  @Test func severalModules() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      Self.attention("a.") + Self.attention("b."), to: "x.safetensors")
    #expect(
      message(path)
        == "\(path): expected one module with attention; --prefix NAME says which, "
        + "found a. and b.")
    let model = try open(path) {
      $0.headCount = 2
      $0.prefix = "b"
    }
    #expect(model.bindings.map(\.name).allSatisfy { $0.hasPrefix("b.") })
    #expect(
      model.warnings == [
        "not used: a.in_proj_weight, a.in_proj_bias, a.out_proj.weight and a.out_proj.bias"
      ])
    #expect(message(path) { $0.prefix = "c" }.contains("found no attention of this prefix"))
  }

  @Test func vectorsAndLosses() throws {
    let folder = try TemporaryFolder()
    let model = try open(try folder.write(Self.attention(), to: "a.safetensors")) {
      $0.headCount = 2
    }
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return ""
      } catch { return "\(error)" }
    }
    #expect(message { _ = try model.input(text: "x") }.contains("takes vectors, not text"))
    #expect(
      message { _ = try model.input(vectors: [1, 2, 3]) } == "expected [T, 4] numbers, found 3")
    let input = try model.input(vectors: [Float](repeating: 0, count: 8))
    #expect(
      message { _ = try TransformerTrace(model: model, input: input, loss: .nextToken) }
        .contains("--loss next-token needs a model that predicts the next token"))
    #expect(
      TransformerModelTests.message("nosuchmodel").hasPrefix(
        "unknown model \"nosuchmodel\"; expected"))
    #expect(TransformerLoader.isTransformer(folder.file("a.safetensors")))
    #expect(!TransformerLoader.isTransformer(Fixtures.path("lstm_5_8_1.safetensors")))
  }
}
