import Checkpoints
import Foundation
import TestSupport
import Testing

/// With a seed, what is written is the same from run to run, byte for byte, in every format.
@Suite struct SameBytesTests {
  @Test(
    arguments: [
      "gradients --cell lstm --forget-bias 2 --task copy",
      "gradients --preset explode",
      "compare rnn/tanh rnn/relu/identity gru lstm/forget-bias=3 --task adding",
      "compare --preset clipping",
    ], ["json", "csv", "text"])
  func sameBytes(command: String, format: String) throws {
    let program = try LabProgram()
    let line =
      "\(command) --updates 6 --seq-len 14 --hidden 10 --batch 4 --every 2 --format \(format)"
    for name in ["a", "b"] {
      #expect(try program.run("\(line) --seed 9 --out \(name) --svg \(name).svg").status == 0)
    }
    let bytes = try program.bytes("a")
    #expect(bytes.count > 200)
    #expect(try program.bytes("b") == bytes)
    #expect(try program.bytes("a.svg") == program.bytes("b.svg"))
    // Standard output is what the file is.
    #expect(Data(try program.run("\(line) --seed 9").out.utf8) == bytes)
    // Another seed, other numbers.
    #expect(Data(try program.run("\(line) --seed 10").out.utf8) != bytes)
  }
}
