import Foundation
import Learning
import Testing

/// The commands that train the small tasks, as a user runs them.
@Suite struct ShapesCommandTests {
  @Test(arguments: ["sentiment", "names", "captions"])
  func aTaskIsTrainedAndItsFigureWritten(task: String) throws {
    let program = try TrainProgram()
    let result = try program.run(
      ["--updates", "3", "--hidden", "4", "--batch", "4", "--out", program.file("a").path],
      task: task)
    #expect(result.status == 0, "\(result.errors)")
    let header = String(decoding: try program.bytes("a").prefix(12_000), as: UTF8.self)
    #expect(header.contains("\"task\":\"\(task)\""))
    #expect(header.contains("result.held_out_accuracy"))
  }

  @Test func pairsAreWrittenAsTheyAreRead() throws {
    let program = try TrainProgram()
    let path = program.file("pairs.tsv").path
    let result = try program.run(
      ["--count", "40", "--seed", "9", "--held-out", "--out", path], task: "pairs")
    #expect(result.status == 0, "\(result.errors)")
    let pairs = try PairsFile.parse([UInt8](try program.bytes("pairs.tsv")), name: path)
    #expect(pairs == PairGenerator().pairs(.heldOut, count: 40, seed: 9))
  }

  @Test(arguments: [
    ("sentiment", ["--out", "/no/such/folder/a"], "/no/such/folder"),
    ("names", ["--updates", "0", "--out", "a"], "--updates"),
    ("captions", ["--lr", "-1", "--out", "a"], "--lr: expected a number above 0, found -1.0"),
    ("pairs", ["--count", "0", "--out", "a"], "--count"),
    ("sentiment", ["--cell", "lsmt", "--out", "a"], "lstm"),
  ])
  func mistakesAreNamed(task: String, arguments: [String], part: String) throws {
    let program = try TrainProgram()
    let result = try program.run(arguments, task: task)
    #expect(result.status != 0)
    #expect(result.errors.contains(part), "\(result.errors)")
  }
}
