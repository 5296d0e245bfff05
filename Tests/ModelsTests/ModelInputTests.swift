import Checkpoints
import Equations
import Foundation
import Networks
import TestSupport
import Testing

/// Names, texts, ids and numbers that a user could give, right and wrong.
@Suite struct ModelInputTests {
  static func failure(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)" }
    return ""
  }

  @Test func texts() throws {
    let fixture = Fixtures.path("charlm_lstm.safetensors")
    let bare = try load(fixture)
    #expect(Self.failure { _ = try bare.input(text: "a") }.contains("31 tokens with --vocab"))
    let model = try load(fixture) { $0.vocabulary = Fixtures.path("charlm.vocab.json") }
    #expect(Self.failure { _ = try model.input(text: "") }.contains("empty"))
    let input = try model.input(text: "dog!\0é")
    #expect(input.unknownCount == 3 && input.seqLen == 6)
    #expect(input.labels.last == "\u{FFFD}")
    // An unknown token is the target of no step, and enters as zeros.
    let trace = try Trace(model: model, input: input, isBackward: true)
    #expect(trace.losses.count == 5 && trace.losses[2...] == [0, 0, 0])
    let embeddings = try #require(trace.arrays.byName["embeddings"])
    #expect(embeddings.rows(3..<6, named: "").floats.allSatisfy { $0 == 0 })

    let vectors = try load(Fixtures.path("gru_5_8_1.safetensors"))
    #expect(Self.failure { _ = try vectors.input(text: "a") }.contains("vectors of 5 numbers"))
    #expect(Self.failure { _ = try vectors.input(ids: [1]) }.contains("not token ids"))
    #expect(Self.failure { _ = try model.input(vectors: [1]) }.contains("takes tokens"))
    #expect(Self.failure { _ = try model.input(ids: [0, 31]) }.contains("from 0 to 30, found 31"))
    #expect(Self.failure { _ = try model.input(ids: []) }.contains("at least one"))
  }

  @Test func oneTokenAlone() throws {
    let model = try load(Fixtures.path("charlm_lstm.safetensors"))
    let trace = try Trace(model: model, input: try model.input(ids: [4]), isBackward: true)
    #expect(trace.losses.isEmpty && trace.arrays.byName["loss"]?.shape == [0])
    #expect(trace.arrays.byName["grad.layer0.h"]?.floats.allSatisfy { $0 == 0 } == true)
  }

  @Test func numbersFromFiles() throws {
    let folder = try TemporaryFolder()
    let model = try load(Fixtures.path("gru_5_8_1.safetensors"))
    let csv = try folder.write("1,2,3,4,5\n6,7,8,9,10\n", to: "a.csv")
    let npy = folder.file("a.npy")
    try NumPyWriter.write(
      NamedArray(name: "", shape: [2, 5], data: (1...10).map { Double($0) }), to: npy)
    let a = try Trace(model: model, input: try model.input(file: csv)).arrays.byName
    let b = try Trace(model: model, input: try model.input(file: npy)).arrays.byName
    #expect(a["input"]?.floats == (1...10).map { Float($0) })
    #expect(a["output"]?.floats == b["output"]?.floats)
    let narrow = try folder.write("1,2\n", to: "b.csv")
    let error = Self.failure { _ = try model.input(file: narrow) }
    #expect(error.contains("b.csv: expected [T, 5] numbers") && error.contains("found [1, 2]"))
    #expect(
      Self.failure { _ = try model.input(file: folder.file("none.npy")) }.contains("none.npy"))
    let cube = folder.file("c.npy")
    try NumPyWriter.write(
      NamedArray(name: "", shape: [1, 1, 5], data: [Float](repeating: 0, count: 5)), to: cube)
    #expect(Self.failure { _ = try model.input(file: cube) }.contains("[1, 1, 5]"))

    let tokens = try load(Fixtures.path("charlm_lstm.safetensors"))
    let ids = folder.file("ids.npy")
    try NumPyWriter.write(NamedArray(name: "", shape: [3], data: [7, 0, 30]), to: ids)
    #expect(try tokens.input(file: ids).ids == [7, 0, 30])
    #expect(Self.failure { _ = try tokens.input(file: csv) }.contains("token ids"))
  }

  @Test func losses() throws {
    let model = try load(Fixtures.path("gru_5_8_1.safetensors"))
    let input = try model.input(vectors: [Float](repeating: 1, count: 10))
    #expect(try Trace(model: model, input: input).lossKind == .sumOfSquares)
    let error = Self.failure { _ = try Trace(model: model, input: input, loss: .nextToken) }
    #expect(error.contains("--loss next-token") && error.contains("vectors"))
  }

  @Test func textFiles() throws {
    let folder = try TemporaryFolder()
    #expect(try TextFile.read(try folder.write("é\r\n", to: "a")) == "é\r\n")
    func error(_ bytes: [UInt8]) throws -> String {
      try Data(bytes).write(to: URL(filePath: folder.file("b")))
      return Self.failure { _ = try TextFile.read(folder.file("b")) }
    }
    #expect(try error([]).contains("an empty file"))
    #expect(try error([65, 66, 0]).contains("byte 2: expected text, found a NUL byte"))
    #expect(try error([65, 0xC3, 0xA9, 0xFF, 65]).contains("byte 3: expected text in UTF-8"))
  }

  // MARK: Names

  @Test func unknownNames() throws {
    #expect(message(nil) { $0.cell = "lsmt" }.contains("unknown cell \"lsmt\"; expected lstm"))
    #expect(message("no-such-model").contains("unknown model \"no-such-model\""))
    #expect(message("./nowhere.safetensors").contains("No such file"))
    #expect(message(nil) { $0.cell = "./nowhere.cell" }.contains("No such file"))
  }

  @Test func cellFilesWithMistakes() throws {
    let folder = try TemporaryFolder()
    for (text, place) in [
      ("", "1:1"), ("h = tanh(W·x)", "1:1"), ("state h\nh = tanh(W·x", "2:13"),
      ("state h\nh = \0", "2:5"),
    ] {
      let path = try folder.write(text, to: "bad.cell")
      let error = message(nil) { $0.cell = path }
      #expect(error.hasPrefix("\(path):\(place): "), "\(error)")
      #expect(error.hasSuffix("^"), "\(error)")
    }
  }

  @Test func foldersOfOtherKinds() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("{}", to: "config.json")
    #expect(message(folder.path).contains("Hugging Face folder"))
    #expect(message(NSTemporaryDirectory() + "/").contains("a directory"))
    let pickle = try folder.write("\u{80}", to: "m.pt")
    try Data([0x80, 2, 0x63]).write(to: URL(filePath: pickle))
    #expect(message(pickle).contains("torch.load("))
  }
}
