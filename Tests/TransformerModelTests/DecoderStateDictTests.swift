import Checkpoints
import Equations
import Foundation
import Networks
import TestSupport
import Testing

/// State dicts of `nn.TransformerDecoder`, against figures computed apart from the program.
@Suite struct DecoderStateDictTests {
  private static let size = 12

  private static func post(_ request: inout TransformerRequest) {
    request.headCount = 3
    request.normFirst = false
    request.activation = .relu
    request.isCausal = true
  }

  private static func pre(_ request: inout TransformerRequest) {
    request.headCount = 3
    request.normFirst = true
    request.activation = .gelu
  }

  private var path: String { Fixtures.path("decoder_12_3.safetensors") }

  /// The state dict without some tensors, or with others in their place.
  private func path(
    in folder: TemporaryFolder, _ change: ([NamedArray]) -> [NamedArray]
  ) throws -> String {
    try folder.write(change(try tensors(of: path)), to: "changed.safetensors")
  }

  /// max|a − b|, where minus infinity equals itself.
  private func difference(_ a: [Float], _ b: [Float]) -> Float {
    guard a.count == b.count else { return .infinity }
    let different = zip(a, b).filter { $0 != $1 }
    return largestDifference(different.map(\.0), different.map(\.1))
  }

  /// Every value, the loss, and the gradients of all of them and of every tensor.
  @Test(arguments: ["decoder_12_3", "decoder_12_3_pre"])
  func figures(name: String) throws {
    let isPost = name == "decoder_12_3"
    let file = Fixtures.path("\(name).safetensors")
    let model = try open(file, isPost ? Self.post : Self.pre)
    #expect(model.architecture == "nn.TransformerDecoder" && model.warnings.isEmpty)
    #expect(model.configuration.layerCount == 2)
    #expect(model.configuration.normalizesOutput == isPost)
    let expected = try SafetensorsFile(path: Fixtures.path("\(name).expected.safetensors"))
    let input = try model.input(
      vectors: try expected.floats("input"), memory: try expected.floats("memory"))
    let trace = try TransformerTrace(
      model: model, input: input, loss: .sumOfSquares, isBackward: true)
    let arrays = trace.arrays.byName
    #expect(arrays["layer1.cross.attention"]?.shape == [3, 5, 4])
    #expect(expected.names.contains("grad.layer0.cross.k"))
    for name in expected.names {
      let array = try #require(arrays[name], "\(name) is not in the trace")
      #expect(array.shape == expected[name]?.shape, "\(name)")
      let wanted = try expected.floats(name)
      let scale = wanted.filter(\.isFinite).map { abs($0) }.max() ?? 1
      let tolerance: Float = name.hasPrefix("grad.") ? 1e-5 : 1e-6
      #expect(difference(array.floats, wanted) <= tolerance * max(1, scale), "\(name)")
    }
    #expect(
      trace.arrays.map(\.name).filter { $0.hasPrefix("grad.param.") }
        == (try SafetensorsFile(path: file)).names.map { "grad.param.\($0)" })
  }

  @Test func oneLayerAndPrefixes() throws {
    let folder = try TemporaryFolder()
    let layer = try tensors(of: path).filter { $0.name.hasPrefix("layers.0.") }
      .map { $0.renamed(String($0.name.dropFirst("layers.0.".count))) }
    let single = try open(try folder.write(layer, to: "1.safetensors"), Self.post)
    #expect(single.architecture == "nn.TransformerDecoderLayer")
    #expect(single.configuration.layerCount == 1 && !single.configuration.normalizesOutput)
    // A whole nn.Transformer has an encoder beside it.
    let own = ["multihead_attn", "norm3"]
    let both = try tensors(of: path).flatMap { tensor in
      let isShared = !own.contains { tensor.name.contains($0) }
      return [tensor.renamed("decoder.\(tensor.name)")]
        + (isShared ? [tensor.renamed("encoder.\(tensor.name)")] : [])
    }
    let whole = try folder.write(both, to: "2.safetensors")
    #expect(
      message(whole, Self.post).contains("--prefix NAME says which, found decoder. and encoder."))
    for (prefix, architecture) in [
      ("decoder", "nn.TransformerDecoder"), ("encoder", "nn.TransformerEncoder"),
    ] {
      let model = try open(whole) {
        Self.post(&$0)
        $0.prefix = prefix
      }
      #expect(model.architecture == architecture)
    }
  }

  @Test func damaged() throws {
    let folder = try TemporaryFolder()
    func message(_ change: ([NamedArray]) -> [NamedArray]) throws -> String {
      let path = try path(in: folder, change)
      let text = TransformerModelTests.message(path, Self.post)
      #expect(text.hasPrefix("\(path): tensor "))
      return String(text.dropFirst("\(path): tensor ".count))
    }
    let cross = "layers.1.multihead_attn."
    #expect(
      try message { $0.filter { !$0.name.hasPrefix(cross) } }
        == "\(cross)in_proj_weight: expected [36, 12], found no tensor of this name")
    // Without any cross-attention it is still no encoder: there is a third norm.
    #expect(
      try message { $0.filter { !$0.name.contains("multihead_attn") } }
        == "layers.0.multihead_attn.in_proj_weight: expected [36, 12], found no tensor of this name"
    )
    #expect(
      try message { $0.filter { !$0.name.contains("self_attn") } }
        == "layers.0.self_attn.in_proj_weight: expected [3D, D]: queries, keys and values, "
        + "found no tensor of this name")
    #expect(
      try message {
        $0.map { $0.name == "\(cross)out_proj.weight" ? zeros($0.name, 12, 6) : $0 }
      } == "\(cross)out_proj.weight: expected [12, 12], found [12, 6]")
    #expect(
      try message { $0.filter { $0.name != "layers.0.norm3.bias" } }
        == "layers.0.norm3.bias: expected [12], found no tensor of this name")
    #expect(
      try message { $0.filter { $0.name != "norm.bias" } }
        == "norm.bias: expected [12], found no tensor of this name")
  }

  @Test func memory() throws {
    let folder = try TemporaryFolder()
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return ""
      } catch { return "\(error)" }
    }
    let model = try open(path, Self.post)
    let row = [Float](repeating: 0.5, count: Self.size)
    #expect(
      message { _ = try model.input(vectors: row) }
        == "\(path) attends to the rows of an encoder too, [T_E, 12]; give them with "
        + "--memory FILE.npy or FILE.csv")
    #expect(
      message { _ = try model.input(vectors: row, memory: [1, 2]) }
        == "expected [T_E, 12] numbers as memory, found 2")
    try folder.write("1,2,3\n4,5,6\n", to: "narrow.csv")
    let narrow = folder.file("narrow.csv")
    #expect(
      message { _ = try model.memory(file: narrow) }
        == "\(narrow): expected [T_E, 12] numbers: rows of an encoder, as the model takes, "
        + "found [2, 3]")
    let line = (0..<Self.size).map(String.init).joined(separator: ",")
    try folder.write("\(line)\n\(line)\n\(line)\n", to: "memory.csv")
    let memory = try model.memory(file: folder.file("memory.csv"))
    #expect(memory.count == 36 && memory[13] == 1)
    let attention = try open(Fixtures.path("mha_12_3.safetensors")) { $0.headCount = 3 }
    let refusal =
      "--memory is for decoders that attend to an encoder's rows; \(attention.name) attends to its "
      + "own alone"
    #expect(message { _ = try attention.memory(file: narrow) } == refusal)
    #expect(message { _ = try attention.input(vectors: row, memory: memory) } == refusal)
  }
}
