import Foundation
import Testing

/// `unroll train text` as a user runs it.
@Suite(.serialized) struct TrainCommandTests {
  private let small = [
    "--text", "text.txt", "--hidden", "24", "--embedding", "8", "--layers", "2", "--seq-len", "16",
    "--batch", "4", "--validation", "0.1", "--decay", "cosine",
  ]

  /// Stopped again and again, and each time taken up again: the same bytes as unbroken.
  @Test func resumedIsUnbroken() throws {
    let program = try TrainProgram()
    let options = small + ["--epochs", "40"]
    let whole = try program.run(options + ["--out", "whole.safetensors"])
    #expect(whole.status == 0, "\(whole.errors)")

    var first = Data()
    let stops = try program.runWithStops(
      options, out: "cut.safetensors", signals: [SIGINT, SIGTERM, SIGHUP],
      delay: { 0.05 + 0.02 * Double(max(0, $0 - 1)) }
    ) { stop in
      let cut = program.file("cut.safetensors")
      switch stop {
      case 1:
        first = try program.bytes("cut.safetensors")
        // A later stop may come when the last update is done.
        #expect(try first != program.bytes("whole.safetensors"))
      // As if it had been killed between its two writes, or the model had been lost.
      case 2: try first.write(to: cut)
      case 3: try FileManager.default.removeItem(at: cut)
      default: break
      }
    }
    #expect(stops >= 3)
    try program.expectSame("cut.safetensors", "whole.safetensors")
  }

  /// After the end, a longer training goes on.
  @Test func longer() throws {
    let program = try TrainProgram()
    let steady = small.filter { $0 != "--decay" && $0 != "cosine" }
    for (out, steps) in [
      ("a", [["--updates", "60"]]),
      ("b", [["--updates", "25"], ["--updates", "60", "--resume"]]),
    ] {
      for step in steps {
        let result = try program.run(steady + step + ["--out", out])
        #expect(result.status == 0, "\(result.errors)")
      }
    }
    #expect(try program.bytes("a") == program.bytes("b"))
    // Resumed at its end: nothing is left to do, and nothing changes.
    let before = try program.bytes("a")
    #expect(try program.run(["--resume", "--out", "a"]).status == 0)
    #expect(try program.bytes("a") == before)
    let shorter = try program.run(["--resume", "--updates", "59", "--out", "a"])
    #expect(shorter.status == 1 && shorter.errors.contains("60 updates already"))
  }

  /// Threads that share a product change nothing but the last bits.
  @Test func threads() throws {
    let program = try TrainProgram()
    let losses = try ["1", "2"].map { count in
      let result = try program.run([
        "--text", "text.txt", "--hidden", "160", "--updates", "4", "--threads", count, "--out", "m",
      ])
      #expect(result.status == 0, "\(result.errors)")
      return try #require(result.errors.firstMatch(of: /validation ([0-9.]+)/)).1
    }
    #expect(losses[0] == losses[1])
  }

  @Test func contradictions() throws {
    let program = try TrainProgram()
    let begin = small + ["--updates", "3", "--out", "m"]
    #expect(try program.run(begin).status == 0)
    try Data("state h\nh = tanh(W·x + U·h')\n".utf8).write(to: program.file("my.cell"))
    try Data(Samples.text(count: 3000, seed: 6).utf8).write(to: program.file("other.txt"))
    for (option, value, old) in [
      ("--hidden", "25", "24"), ("--lr", "0.1", "0.002"), ("--cell", "./my.cell", "lstm"),
      ("--clip", "off", "1.0"), ("--init", "he", "uniform"), ("--optimizer", "sgd", "adam"),
      ("--text", "other.txt", "text.txt"), ("--forget-bias", "1", "no such option"),
    ] {
      let result = try program.run(["--resume", "--out", "m", option, value])
      #expect(result.status == 1)
      for part in [option, value, old, "m.training"] {
        #expect(result.errors.contains(part), "\(part) in \(result.errors)")
      }
      #expect(result.errors.split(separator: "\n").count == 1)
    }
    // The same values, spelt otherwise, are none.
    let same = try program.run(
      ["--resume", "--out", "m", "--hidden", "24", "--lr", "2e-3", "--clip", "1", "--updates", "4"])
    #expect(same.status == 0, "\(same.errors)")
    let nothing = try program.run(["--resume", "--out", "none"])
    #expect(nothing.status == 1 && nothing.errors.contains("none.training"))
  }

  /// Whatever stands in the file to go on with, the answer is one line.
  @Test func brokenTrainingFiles() throws {
    let program = try TrainProgram()
    #expect(try program.run(small + ["--updates", "3", "--out", "m"]).status == 0)
    let good = try program.bytes("m.training")
    let resume = ["--resume", "--updates", "5", "--out", "m"]
    // Each pair has the same length, so that only the text changes.
    for (old, new) in [
      (#""train.seq-len":"16""#, #""train.seq-len":"-1""#), (#"batch":"4""#, #"batch":"0""#),
      (#"validation":"0.1""#, #"validation":"7.1""#), (#"cosine"#, #"cosmic"#),
      (#""training.update":"3""#, #""training.update":"x""#),
      (#""training.window":"3""#, #""training.window":"-""#),
      ("training.adam.m", "training.adam.q"),
      (#"bidirectional":"false""#, #"bidirectional":"true" "#),
      (#"train.words":"false""#, #"train.words":"true" "#), (#"\"a\","#, #"\"A\","#),
    ] {
      let range = try #require(good.range(of: Data(old.utf8)), "\(old)")
      try good.replacing(range, with: Data(new.utf8)).write(to: program.file("m.training"))
      let result = try program.run(resume)
      #expect(result.status == 1, "\(new): \(result)")
      #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    }
    try good.dropLast(9).write(to: program.file("m.training"))
    #expect(try program.run(resume).status == 1)
    try good.write(to: program.file("m.training"))
    #expect(try program.run(resume).status == 0)
  }

  @Test func badInput() throws {
    let program = try TrainProgram()
    try Data().write(to: program.file("empty.txt"))
    try Data("too short".utf8).write(to: program.file("short.txt"))
    try Data([0x61, 0xC3, 0xA9, 0xFF, 0x62]).write(to: program.file("latin.txt"))
    try Data("state h\nh = tanh(W·x +\n".utf8).write(to: program.file("my.cell"))
    let cases: [([String], Int32, String)] = [
      (["--text", "missing.txt", "--out", "m"], 1, "missing.txt: cannot open: No such file"),
      (["--text", "empty.txt", "--out", "m"], 1, "empty.txt: expected some text, found none"),
      (["--text", "short.txt", "--out", "m"], 1, "short.txt: expected more than 64 × 32 tokens"),
      (["--text", "latin.txt", "--out", "m"], 1, "latin.txt: byte 3: expected UTF-8"),
      (["--text", ".", "--out", "m"], 1, ".: expected a regular file, found a directory"),
      (["--text", "text.txt", "--cell", "gru", "--forget-bias", "1", "--out", "m"], 1, "no b_f"),
      (["--text", "text.txt", "--out", "."], 1, "Is a directory"),
      (["--text", "text.txt", "--out", "no/such/m"], 1, "no/such/m: cannot write: No such file"),
      (["--text", "text.txt", "--out", "m", "--cell", "lsmt"], 1, "lstm"),
      (["--text", "text.txt", "--out", "m", "--cell", "my.cell"], 1, "my.cell:2:"),
      (["--text", "text.txt", "--out", "m", "--batch", "1", "--hidden", "65536"], 1, "GB"),
      (["--text", "text.txt", "--out", "m", "--hidden", "0"], 64, "--hidden: expected"),
      (["--out", "m"], 64, "--text FILE is missing"),
      (["--text", "text.txt", "--out", "m", "--clip", "0"], 64, "--clip 0: expected"),
      (["--text", "text.txt", "--out", "m", "--lr", "-1"], 64, "--lr -1.0: expected"),
      (["--text", "text.txt", "--out", "m", "--batch", "-4"], 64, "--batch: expected a number"),
      (
        ["--text", "text.txt", "--out", "m", "--validation", "1"], 64, "--validation 1.0: expected"
      ),
      (["--text", "text.txt", "--out", "m", "--epochs", "1", "--updates", "2"], 64, "--epochs"),
    ]
    for (arguments, status, message) in cases {
      let result = try program.run(arguments)
      #expect(result.status == status && result.errors.contains(message), "\(result)")
      // A mistake in a cell file shows its line too.
      if status == 1, !arguments.contains("my.cell") {
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: program.file("m").path))
      #expect(!FileManager.default.fileExists(atPath: program.file("m.training").path))
    }
    // A full disk.
    try FileManager.default.createSymbolicLink(
      atPath: program.file("full").path, withDestinationPath: "/dev/full")
    let full = try program.run(small + ["--updates", "1", "--out", "full"])
    #expect(full.status == 1 && full.errors.contains("full: cannot write: No space left"))
  }

  @Test func standardInputWordsAndOwnCell() throws {
    let program = try TrainProgram()
    try Data("state h\nh = tanh(W·x + U·h' + b)\n".utf8).write(to: program.file("my.cell"))
    let text = try program.bytes("text.txt")
    let arguments = [
      "--words", "--vocabulary-size", "6", "--cell", "my.cell", "--hidden", "8", "--seq-len", "8",
      "--batch", "4", "--updates", "5", "--clip", "off", "--optimizer", "sgd", "--init",
      "orthogonal", "--gain", "1.1",
    ]
    let piped = try program.run(arguments + ["--text", "-", "--out", "piped"], input: text)
    #expect(piped.status == 0, "\(piped.errors)")
    let header = String(decoding: try program.bytes("piped").prefix(2000), as: UTF8.self)
    #expect(header.contains(#""vocabulary":"[\"<unk>\","#))
    #expect(header.contains(#""cell":"my""#) && header.contains(#""train.gain":"1.1""#))
    #expect(header.contains(#""result.updates":"5""#))
    // The text on standard input has to be given again.
    let again = ["--resume", "--updates", "7", "--out", "piped"]
    #expect(try program.run(again, input: text).status == 0)
    #expect(try program.run(again, input: text.dropLast()).status == 1)
  }

  /// A rate so high that numbers overflow: the update is named, and the weights before it are kept.
  @Test func divergence() throws {
    let program = try TrainProgram()
    let result = try program.run(
      small + ["--cell", "irnn", "--lr", "1e30", "--clip", "off", "--updates", "50", "--out", "m"])
    #expect(result.status == 1)
    #expect(result.errors.contains("update ") && result.errors.contains("is not finite"))
    #expect(FileManager.default.fileExists(atPath: program.file("m").path))
    try FileManager.default.removeItem(at: program.file("m"))
    // The last update breaks the weights.
    let last = try program.run(small + ["--lr", "1e39", "--updates", "1", "--out", "m"])
    #expect(last.status == 1 && last.errors.contains("is not finite"), "\(last)")
    #expect(!FileManager.default.fileExists(atPath: program.file("m").path))
  }
}

extension Data {
  func replacing(_ range: Range<Int>, with new: Data) -> Data {
    self[..<range.lowerBound] + new + self[range.upperBound...]
  }
}
