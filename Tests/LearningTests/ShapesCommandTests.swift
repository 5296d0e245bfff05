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

  /// Stopped again and again, and each time taken up again: the same bytes as unbroken.
  @Test(arguments: [("sentiment", [String]()), ("names", ["--forward-only"])])
  func resumedIsUnbroken(task: String, more: [String]) throws {
    let program = try TrainProgram()
    let options = ["--updates", "400", "--hidden", "8", "--batch", "8"] + more
    let whole = try program.run(options + ["--out", "whole"], task: task)
    #expect(whole.status == 0, "\(whole.errors)")
    let stops = try program.runWithStops(
      options, out: "cut", task: task, signals: [SIGINT, SIGTERM], delay: { 0.1 + 0.2 * Double($0) }
    )
    #expect(stops >= 1)
    try program.expectSame("cut", "whole")
    let other = try program.run(["--resume", "--out", "cut"], task: "captions")
    #expect(other.status == 1 && other.errors.contains("expected a training of captions"))
    let seed = try program.run(["--resume", "--seed", "5", "--out", "cut"], task: task)
    #expect(seed.status == 1 && seed.errors.contains("--seed 5 contradicts"))
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
    ("captions", ["--lr", "-1", "--out", "a"], "--lr -1.0: expected a number above 0"),
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
