import Checkpoints
import Equations
import Foundation
import Networks
import Tensors
import TestSupport
import Testing

/// Files that were damaged on their way: each opens or is refused in words; none ends the program.
@Suite struct DamagedTransformerTests {
  /// Changes one to three bytes of the header to others of their kind.
  private func damaged(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var bytes = bytes
    let headerEnd = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
    for _ in 0..<random.below(3) + 1 {
      let place = 8 + random.below(headerEnd - 8)
      switch bytes[place] {
      case 0x30...0x39: bytes[place] = UInt8(0x30 + random.below(10))
      case 0x41...0x5A: bytes[place] = UInt8(0x41 + random.below(26))
      case 0x61...0x7A: bytes[place] = UInt8(0x61 + random.below(26))
      default: bytes.swapAt(place, 8 + random.below(headerEnd - 8))
      }
    }
    return bytes
  }

  @Test(arguments: ["own", "attention", "encoder"])
  func mutations(kind: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("original.safetensors")
    switch kind {
    case "own":
      let block = try #require(try Block.shipped("encoder-post"))
      let transformer = Transformer<Float>(
        TransformerConfiguration(
          input: .tokens(vocabularySize: 3), modelSize: 4, headCount: 2, feedForwardSize: 5,
          blocks: [block, block], positions: .learned(count: 6), head: .tied(hasBias: true)))
      transformer.initialize(seed: 1)
      try TransformerFile.save(
        transformer, vocabulary: Vocabulary(tokens: ["a", "b", "c"]), to: path)
    case "attention": try SafetensorsWriter.write(AttentionStateDictTests.attention(), to: path)
    default: try SafetensorsWriter.write(AttentionStateDictTests.layer("layers.0."), to: path)
    }
    let original = Array(try Data(contentsOf: URL(filePath: path)))
    let target = folder.file("damaged.safetensors")
    var random = SeededRandom(seed: 21)
    var refused = 0
    for _ in 0..<200 {
      try Data(damaged(original, &random)).write(to: URL(filePath: target))
      var request = TransformerRequest(model: target)
      if TransformerLoader.isTransformer(target), kind != "own" {
        request.headCount = 2
        request.normFirst = kind == "encoder" ? true : nil
        request.activation = kind == "encoder" ? .relu : nil
      }
      do throws(ModelError) {
        let model = try TransformerLoader.load(request)
        let input =
          model.configuration.vocabularySize == nil
          ? try model.input(
            vectors: [Float](repeating: 1, count: 2 * model.configuration.modelSize))
          : try model.input(ids: [0, 1])
        _ = try TransformerTrace(model: model, input: input, isBackward: true).arrays
      } catch {
        refused += 1
        #expect(!error.description.contains("\n"))
      }
    }
    #expect(refused > 50)
  }
}
