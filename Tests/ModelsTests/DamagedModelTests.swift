import Checkpoints
import Foundation
import Networks
import Tensors
import TestSupport
import Testing

/// Files that were damaged on their way: each opens or is refused in words; none ends the program.
@Suite struct DamagedModelTests {
  /// Changes one to four bytes of the header, digits and letters above all: names, shapes, sizes.
  static func damaged(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var bytes = bytes
    let headerEnd = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
    let digits = bytes[8..<headerEnd].indices.filter { (0x30...0x39).contains(bytes[$0]) }
    for _ in 0..<random.below(4) + 1 {
      switch random.below(4) {
      case 0: bytes[8 + random.below(headerEnd - 8)] = UInt8(random.below(128))
      case 1: bytes.swapAt(8 + random.below(headerEnd - 8), 8 + random.below(headerEnd - 8))
      default: bytes[digits[random.below(digits.count)]] = UInt8(0x30 + random.below(10))
      }
    }
    return bytes
  }

  @Test(arguments: ["charlm_lstm.safetensors", "gru_4_6_2_bi.safetensors", "own"])
  func mutations(source: String) throws {
    let folder = try TemporaryFolder()
    var path = Fixtures.path(source)
    if source == "own" {
      path = folder.file("own.safetensors")
      let model = try ModelFileTests.new("gru-torch") { $0.new.hiddenSize = 4 }
      try ModelFile.save(model, to: path)
    }
    let original = Array(try Data(contentsOf: URL(filePath: path)))
    var random = SeededRandom(seed: 11)
    var refused = 0
    for _ in 0..<400 {
      let target = folder.file("damaged.safetensors")
      try Data(Self.damaged(original, &random)).write(to: URL(filePath: target))
      let text = message(target)
      if text.isEmpty { continue }
      refused += 1
      #expect(text.hasPrefix(target), "\(text)")
    }
    #expect(refused > 100)
  }
}
