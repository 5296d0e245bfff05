import Foundation
import Testing

/// `unroll train it` and `unroll train induction` as a user runs them.
@Suite(.serialized) struct TransformerCommandTests {
  private let small = [
    "--model-size", "16", "--heads", "2", "--feed-forward", "16", "--batch", "4", "--updates", "30",
    "--warm-up", "5", "--dropout", "0.1",
  ]

  /// Stopped, and taken up again until the end: the same bytes as unbroken.
  @Test func resumedIsUnbroken() throws {
    let task = "it"
    let program = try TrainProgram()
    let whole = try program.run(small + ["--out", "whole.safetensors"], task: task)
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(whole.errors.contains("30/30") && whole.errors.contains("layer "))
    let stops = try program.runWithStops(small, out: "cut.safetensors", task: task)
    #expect(stops >= 1)
    try program.expectSame("cut.safetensors", "whole.safetensors")
  }

  @Test func contradictions() throws {
    let program = try TrainProgram()
    #expect(try program.run(small + ["--updates", "2", "--out", "m"], task: "it").status == 0)
    for (arguments, parts) in [
      (["--heads", "4"], ["--heads 4", "--heads 2", "m.training"]),
      (["--lr", "0.5"], ["--lr 0.5", "--lr 0.002"]),
      (["--updates", "1"], ["2 updates already"]),
    ] {
      let result = try program.run(["--resume", "--out", "m"] + arguments, task: "it")
      #expect(result.status == 1)
      for part in parts { #expect(result.errors.contains(part), "\(part) in \(result.errors)") }
    }
    let other = try program.run(["--resume", "--out", "m"], task: "induction")
    #expect(other.status == 1 && other.errors.contains("expected a training of induction"))
    let text = try program.run(["--resume", "--out", "m"])
    #expect(text.status == 1 && text.errors.contains("another safetensors file"))
  }

  @Test func usage() throws {
    let program = try TrainProgram()
    for (arguments, part) in [
      (["--out", "m", "--dropout", "1"], "--dropout 1.0: expected a share"),
      (["--out", "m", "--warm-up", "-1"], "--warm-up -1: expected a number from 0 on"),
      (["--out", "m", "--lr", "-1"], "--lr -1.0: expected a number above 0"),
      (["--out", "m", "--model-size", "0"], "--model-size"),
      (["--out", "m", "--clip", "no"], "--clip no"),
      ([], "--out"),
    ] {
      let result = try program.run(arguments, task: "it")
      #expect(result.status == 64 && result.errors.contains(part), "\(result.errors)")
    }
    let large = ["--layers", "64", "--model-size", "4096", "--batch", "4096"]
    let memory = try program.run(["--out", "m"] + large, task: "it")
    #expect(memory.status == 1 && memory.errors.contains("this machine has"), "\(memory.errors)")
    let heads = try program.run(["--out", "m", "--heads", "5"], task: "it")
    #expect(heads.status == 1 && heads.errors.contains("--heads 5: expected a divisor"))
  }
}
