import Foundation
import Learning
import Testing

/// `unroll train translate` as a user runs it, on a file of its own.
@Suite(.serialized) struct TranslateCommandTests {
  private let small = [
    "--pairs", "pairs.tsv", "--batch", "16", "--updates", "12", "--warm-up", "2",
  ]
  private let tiny = ["--hidden", "8", "--embedding", "6"]

  private func program(_ text: String? = nil) throws -> TrainProgram {
    let program = try TrainProgram()
    let pairs = TranslateSamples.pairs.map { "\($0.source)\t\($0.target)\n" }.joined()
    try Data((text ?? pairs).utf8).write(to: program.file("pairs.tsv"))
    return program
  }

  /// Cells with and without attention, and the transformer.
  @Test(arguments: ["gru-none", "lstm-dot", "peephole-diagonal-additive", "transformer"])
  func everyKindIsTrained(model: String) throws {
    let program = try program()
    let sizes =
      model == "transformer" ? ["--hidden", "8", "--heads", "2", "--feed-forward", "8"] : tiny
    let result = try program.run(
      small + sizes + ["--model", model, "--out", "m.safetensors"], task: "translate")
    #expect(result.status == 0 && result.errors.contains("12/12"), "\(result.errors)")
    #expect(result.errors.contains("148 pairs to learn from, 7 to measure by"))
    #expect(result.errors.contains("7 held-out sentences: "))
    #expect(try program.bytes("m.safetensors").count > 1000)
  }

  /// Stopped, and taken up again until the end: the same bytes as unbroken.
  @Test func resumedIsUnbroken() throws {
    let program = try program()
    let options = small + tiny + ["--updates", "60", "--teacher-forcing", "0.5"]
    let whole = try program.run(options + ["--out", "whole.safetensors"], task: "translate")
    #expect(whole.status == 0, "\(whole.errors)")
    let stops = try program.runWithStops(options, out: "cut.safetensors", task: "translate")
    #expect(stops >= 1)
    try program.expectSame("cut.safetensors", "whole.safetensors")
  }

  @Test func contradictions() throws {
    let program = try program()
    let begun = try program.run(small + tiny + ["--out", "m"], task: "translate")
    #expect(begun.status == 0, "\(begun.errors)")
    try Data("one\tun\n".utf8).write(to: program.file("other.tsv"))
    for (arguments, parts) in [
      (["--hidden", "4"], ["--hidden 4", "--hidden 8", "m.training"]),
      (["--model", "gru-dot"], ["--model gru-dot", "--model gru-additive"]),
      (["--pairs", "other.tsv"], ["--pairs other.tsv", "other pairs"]),
      (["--held-out", "other.tsv"], ["--held-out other.tsv", "other pairs"]),
      (["--updates", "1"], ["12 updates already"]),
    ] {
      let result = try program.run(["--resume", "--out", "m"] + arguments, task: "translate")
      #expect(result.status == 1)
      for part in parts { #expect(result.errors.contains(part), "\(part) in \(result.errors)") }
    }
    let text = try program.run(["--resume", "--out", "m"])
    #expect(text.status == 1 && text.errors.contains("another safetensors file"))
  }

  /// One line each, with what was expected and what was found.
  @Test(arguments: [
    ("one\tun\ntwo deux\n", "pairs.tsv:2: expected one tab, found none"),
    ("one\tun\tdeux\n", "pairs.tsv:1: expected one tab, found 2"),
    ("# nothing\n\n", "pairs.tsv: expected pairs of sentences"), ("", "it is empty"),
    ("one\t\n", "pairs.tsv:1: expected a sentence behind the tab, found nothing"),
  ])
  func malformedPairs(text: String, message: String) throws {
    let program = try program(text)
    let result = try program.run(small + tiny + ["--out", "m"], task: "translate")
    #expect(result.status == 1 && result.errors.contains(message), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
    let heldOut = try program.run(
      ["--pairs", "text.txt", "--held-out", "pairs.tsv", "--out", "m"], task: "translate")
    #expect(heldOut.status == 1)
  }

  @Test func usage() throws {
    let program = try program()
    for (arguments, status, part) in [
      (["--model", "gru-aditive"], Int32(64), "--model gru-aditive: expected gru-additive"),
      (["--model", "gru"], 64, "--model gru: expected "),
      (
        ["--model", "transformer", "--hidden", "10", "--heads", "4"], 1, "--heads 4: expected a div"
      ),
      (["--heads", "4"], 1, "--heads is for --model transformer"),
      (["--model", "transformer", "--embedding", "4"], 1, "--embedding is for recurrent models"),
      (["--hidden", "7"], 1, "--hidden 7: expected an even number"),
      (["--teacher-forcing", "1.5"], 64, "--teacher-forcing 1.5: expected a rate from 0 to 1"),
      (["--label-smoothing", "1"], 64, "--label-smoothing 1.0: expected a share"),
      (["--epochs", "2"], 64, "--epochs and --updates"),
      (["--hidden", "16384", "--layers", "64"], 1, "this machine has"),
      (["--pairs", "missing.tsv"], 1, "missing.tsv"),
    ] {
      let result = try program.run(small + ["--out", "m"] + arguments, task: "translate")
      #expect(result.status == status && result.errors.contains(part), "\(result.errors)")
    }
    let heldOut = try program.run(
      ["--held-out", "pairs.tsv", "--out", "m"], task: "translate")
    #expect(heldOut.status == 1 && heldOut.errors.contains("--held-out is for --pairs"))
  }
}
