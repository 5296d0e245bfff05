import Checkpoints
import Foundation
import TestSupport
import Testing

/// The program from outside: results to stdout, the rest to stderr, exit codes.
@Suite struct CommandTests {
  static let charlm = Fixtures.folder + "/charlm_lstm.safetensors"
  static let vocabulary = Fixtures.folder + "/charlm.vocab.json"

  /// A document as the design describes it.
  struct Document: Decodable {
    struct Value: Decodable {
      let shape: [Int]
      let data: [Double]
    }
    let model: String
    let tokens: [String]
    let values: [String: Value]
  }

  // MARK: trace

  @Test func traceAsJSON() throws {
    let result = try Program.run(
      "trace", Self.charlm, "--vocab", Self.vocabulary, "--text", "the big red dog", "--backward")
    #expect(result.status == 0 && result.err == "")
    let document = try JSONDecoder().decode(Document.self, from: Data(result.out.utf8))
    #expect(document.model == Self.charlm)
    #expect(document.tokens.joined() == "the big red dog")
    let expected = try SafetensorsFile(path: Fixtures.folder + "/charlm_lstm.expected.safetensors")
    for name in expected.names where name != "ids" {
      let value = try #require(document.values[name])
      #expect(value.shape == expected[name]?.shape)
      let golden = try expected.doubles(name)
      let largest = golden.map { abs($0) }.max() ?? 1
      let worst = zip(value.data, golden).map { abs($0 - $1) }.max() ?? .infinity
      #expect(worst / largest <= (name.hasPrefix("grad.") ? 1e-5 : 1e-6), "\(name)")
    }
  }

  @Test func traceInEveryFormat() throws {
    let folder = try TemporaryFolder()
    let out = folder.file("t.safetensors")
    let base = ["--cell", "gru", "--hidden", "3", "--text", "ab"].joined(separator: " ")
    let written = try Program.shell("\"$UNROLL\" trace \(base) --out \(out)")
    #expect(written.status == 0 && written.out == "" && written.err == "")
    let file = try SafetensorsFile(path: out)
    #expect(file["layer0.z"]?.shape == [2, 3] && file.metadata["tokens"] == "[\"a\",\"b\"]")
    let csv = try Program.shell("\"$UNROLL\" trace \(base) --format csv")
    #expect(csv.out.hasPrefix("name,i,j,k,value\n") && csv.out.contains("\nlayer0.h,1,2,,"))
    let npz = try Program.shell("\"$UNROLL\" trace \(base) --format npz | head -c 2")
    #expect(npz.out == "PK" && npz.err == "")
  }

  @Test func traceOfACellOfOnesOwn() throws {
    let folder = try TemporaryFolder()
    let cell = try folder.write("state s\ns = φ(A·x + B·s')\nu = s ⊙ s", to: "my.cell")
    let input = try folder.write("1,2\n3,4\n5,6\n", to: "in.csv")
    let result = try Program.run(
      "trace", "--cell", cell, "--activation", "relu", "--layers", "2", "--bidirectional",
      "--hidden", "3", "--init", "identity", "--gain", "-0.5", "--input", input, "--backward")
    #expect(result.status == 0 && result.err == "")
    let document = try JSONDecoder().decode(Document.self, from: Data(result.out.utf8))
    #expect(document.values["layer1.reverse.u"]?.shape == [3, 3])
    #expect(document.values["output"]?.shape == [3, 6])
    #expect(document.values["grad.param.layer0.reverse.B"]?.shape == [3, 3])
    #expect(document.values["layer0.s"]?.data.allSatisfy { $0 >= 0 } == true)
  }

  @Test func unknownCharactersAreCounted() throws {
    let result = try Program.run("trace", "--cell", "rnn", "--text", "a→b", "--format", "csv")
    #expect(result.status == 0)
    #expect(result.err == "1 of 3 tokens are not in the vocabulary\n")
  }

  /// Arguments, the exit code, and what stderr begins with.
  @Test(
    arguments: [
      (["trace", "no.safetensors", "--text", "a"], 1, "no.safetensors: cannot open"),
      (["trace", "/dev/null", "--text", "a"], 1, "/dev/null: expected a regular file"),
      (["trace", "nonsense", "--text", "a"], 1, "unknown model \"nonsense\""),
      (["trace", "--cell", "lsmt", "--text", "a"], 1, "unknown cell \"lsmt\"; expected lstm"),
      (["trace", "--cell", "lstm"], 1, "nothing to run the model on; give --text"),
      (
        ["trace", "--cell", "lstm", "--input-size", "3", "--text", "a"], 1, "new lstm takes vectors"
      ),
      (
        ["trace", "--cell", "lstm", "--activation", "relu", "--text", "a"], 1,
        "the cell lstm has no φ"
      ),
      (["trace", "--cell", "lstm", "--text", ""], 64, "Error: --text is empty"),
      (
        ["trace", "--cell", "lstm", "--text", "a", "--input", "b"], 64, "Error: --text and --input"
      ),
      (["trace", "--cell", "lstm", "--hidden", "0", "--text", "a"], 64, "Error: --hidden"),
      (
        ["trace", "--cell", "lstm", "--init", "xavir", "--text", "a"], 64,
        "Error: The value 'xavir'"
      ),
      (
        ["trace", "--cell", "lstm", "--format", "xml", "--text", "a"], 64, "Error: The value 'xml'"
      ),
      (
        ["trace", "--cell", "lstm", "--hidden", "65536", "--layers", "999", "--text", "a"], 1,
        "the weights and their gradients need"
      ),
      (
        ["trace", "--cell", "gru", "--forget-bias", "1", "--text", "a"], 1,
        "the cell gru has no b_f; --forget-bias says where b_f starts"
      ),
      (["trace", "--backwards"], 64, "Error: Unknown option '--backwards'"),
      (["check", "--seq-len", "0"], 64, "Error: --seq-len"),
      (["check", "nothing"], 1, "unknown cell \"nothing\""),
      (["cells", "peephol"], 1, "unknown cell \"peephol\"; expected peephole"),
    ] as [([String], Int32, String)])
  func wrongUse(arguments: [String], status: Int32, message: String) throws {
    let line = arguments.map { "'\($0)'" }.joined(separator: " ")
    let result = try Program.shell("\"$UNROLL\" \(line)")
    #expect(result.status == status && result.out == "")
    #expect(result.err.hasPrefix(message), "\(result.err)")
    #expect(status == 64 || result.err.split(separator: "\n").count == 1, "\(result.err)")
  }

  @Test func textFileThatIsNoText() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("t.txt")
    try Data([65, 0, 66]).write(to: URL(filePath: path))
    let result = try Program.run("trace", "--cell", "lstm", "--text-file", path)
    #expect(result.status == 1)
    #expect(result.err == "\(path): byte 1: expected text, found a NUL byte\n")
  }

  @Test func theReaderOfAPipeGoesAway() throws {
    let text = String(repeating: "abc ", count: 500)
    let result = try Program.shell(
      "{ \"$UNROLL\" trace --cell lstm --text '\(text)'; echo $? >&2; } | head -c 10")
    #expect(result.out.count == 10 && result.err == "0\n")
  }

  @Test func theDiskIsFull() throws {
    let result = try Program.shell("\"$UNROLL\" trace --cell lstm --text abc > /dev/full")
    #expect(result.status == 1 && result.err.hasPrefix("standard output: cannot write"))
  }

  // MARK: cells, check, models

  @Test func cells() throws {
    let list = try Program.run("cells")
    #expect(list.status == 0)
    for name in ["rnn", "maxout-rnn", "lstm", "peephole", "peephole-diagonal", "gru", "irnn"] {
      #expect(list.out.contains("\n\(name) "))
    }
    #expect(list.out.contains("4HI + 4H² + 4H"))
    let one = try Program.run("cells", "lstm")
    #expect(one.out.contains("\nc = f ⊙ c' + i ⊙ g"))
    // What is printed is a cell file, and printing it again changes nothing.
    let folder = try TemporaryFolder()
    let again = try Program.run("cells", try folder.write(one.out, to: "lstm.cell"))
    #expect(again.out == one.out)
  }

  @Test func check() throws {
    let all = try Program.run("check", "--hidden", "3", "--input-size", "2", "--seq-len", "4")
    #expect(all.status == 0 && all.err == "")
    #expect(all.out.components(separatedBy: ": passed\n").count == 16)
    let one = try Program.run(
      "check", "rnn", "--activation", "relu", "--layers", "2", "--bidirectional")
    #expect(one.status == 0 && one.out.hasPrefix("rnn, φ = relu: passed\n"))
    #expect(one.out.contains("layer1.reverse.U  [5, 5]"))
  }

  /// Where a logarithm's argument comes close to 0, no finite difference is right.
  @Test func checkThatFails() throws {
    let folder = try TemporaryFolder()
    let cell = try folder.write("state h\nh = log(W·x + U·h')", to: "bad.cell")
    let result = try Program.run("check", cell)
    #expect(result.status == 1 && result.out.hasPrefix("bad: FAILED\n") && result.err == "")
  }

  @Test func mistakeInACellFile() throws {
    let folder = try TemporaryFolder()
    let cell = try folder.write("state h\nh = tanh(W·x + U·g')\n", to: "bad.cell")
    for arguments in [["check", cell], ["cells", cell]] {
      let result = try Program.shell("\"$UNROLL\" \(arguments.joined(separator: " "))")
      #expect(result.status == 1 && result.out == "")
      #expect(result.err.hasPrefix("\(cell):2:18: "), "\(result.err)")
      #expect(result.err.hasSuffix("^\n"))
    }
  }

  /// Bytes that are no text are refused in comments too.
  @Test(arguments: ["cell", "block"])
  func bytesThatAreNoText(ending: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("bad.\(ending)")
    try Data("# é\n# ".utf8 + [0xC3, 0x28] + "\nstate h\nh = tanh(W·x)\n".utf8)
      .write(to: URL(filePath: path))
    let result = try Program.run("check", path)
    #expect(result.status == 1 && result.out == "")
    #expect(result.err == "\(path):2:3: expected text in UTF-8, found other bytes\n")
  }

  @Test func installedModels() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("a/bert"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: Self.charlm, toPath: folder.file("a/charlm.safetensors"))
    try FileManager.default.copyItem(
      atPath: Self.charlm, toPath: folder.file("a/bert/model.safetensors"))
    _ = try folder.write("{}", to: "a/bert/config.json")
    func run(_ line: String) throws -> Program.Result {
      try Program.shell("UNROLL_MODELS='\(folder.path)' \"$UNROLL\" \(line)")
    }
    let list = try run("models").out
    #expect(list.contains("\nbert ") && list.contains("\ncharlm "))
    let trace = try run("trace charlm --vocab '\(Self.vocabulary)' --text dog --format csv")
    #expect(trace.status == 0 && trace.out.contains("\nlogits,2,30,,"))
    let bert = try run("trace bert --text dog")
    #expect(bert.status == 1 && bert.err.contains("a/bert/config.json: model_type"))
    let near = try run("trace charlmm --text dog")
    #expect(near.status == 1 && near.err.contains("expected charlm, or a .safetensors file"))
  }

  @Test func modelsAndVersion() throws {
    #expect(try Program.run("models").status == 0)
    let version = try Program.run("--version")
    #expect(version.status == 0 && version.out == "0.1.0\n")
    #expect(try Program.run("trace", "--help").out.contains("--text-file"))
  }

  /// A text may come through a pipe; a device has no end.
  @Test func textsFromPipes() throws {
    let file = try Program.run("trace", "it", "--text", "the cat drank the milk")
    for line in [
      "printf 'the cat drank the milk' | \"$UNROLL\" trace it --text-file -",
      "printf 'the cat drank the milk' | \"$UNROLL\" trace it --text-file /dev/stdin",
    ] {
      let piped = try Program.shell(line)
      #expect(piped.status == 0 && piped.out == file.out, "\(piped.err)")
    }
    let device = try Program.run("trace", "it", "--text-file", "/dev/zero")
    #expect(device.status == 1 && device.err.contains("found a device"))
  }

  /// A mistake that is found when a command runs is told in one line, with the code of wrong usage.
  @Test func mistakesOfACommandThatRuns() throws {
    for (line, message) in [
      ("compare rnn/foo lstm --updates 1", "lane rnn/foo: expected an activation"),
      ("gradients --preset nope --updates 1", "--preset nope: expected vanish"),
    ] {
      let result = try Program.shell("\"$UNROLL\" \(line)")
      #expect(result.status == 64 && result.err.contains(message))
      #expect(result.err.split(separator: "\n").count == 1, "\(result.err)")
    }
    let same = try Program.shell("\"$UNROLL\" gradients --updates 2 --svg x --out x")
    #expect(same.status == 64 && same.err.contains("--out and --svg are one file"))
  }
}
