import Foundation
import TestSupport
import Testing

@testable import Checkpoints

@Suite struct VocabularyFileTests {
  private func read(_ text: String) throws -> [String] {
    let folder = try TemporaryFolder()
    return try VocabularyFile.read(folder.write(Array(text.utf8), to: "v.json"))
  }

  /// The error for a vocabulary, without the path.
  private func rejection(_ text: String) throws -> String? {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array(text.utf8), to: "v.json")
    let error = message { () throws(FileError) in _ = try VocabularyFile.read(path) }
    return error.map { String($0.dropFirst(path.count)) }
  }

  @Test func arraysAndObjects() throws {
    let letters = try VocabularyFile.read(Fixtures.path("charlm.vocab.json"))
    #expect(letters.count == 31 && letters[0] == "\n" && letters[2] == "a" && letters[30] == "'")
    #expect(try read(#"{"b": 1, "a": 0, "é": 3, "\u0065\u0301": 2}"#) == ["a", "b", "é", "é"])
    #expect(try read(#"["\ud83d\ude00", "\/", "\u0000"]"#) == ["😀", "/", "\0"])
    // Two tokens for a model, one string for Swift.
    #expect(try read(#"["é", "e\u0301"]"#).map(\.unicodeScalars.count) == [1, 2])
  }

  @Test func mistakes() throws {
    #expect(
      try rejection(#"["a", "b", "a"]"#)
        == ": token 2: expected every token once, found \"a\", which is token 0 already")
    #expect(try rejection(#"["a", 1]"#) == ": token 1: expected a string, found 1")
    #expect(
      try rejection(#"{"a": 0, "b": 0}"#)
        == ": token \"b\": expected an id of its own, found 0, which is \"a\" already")
    #expect(
      try rejection(#"{"a": 0, "b": 2}"#)
        == ": token \"b\": expected an id from 0 to 1, for 2 tokens, found 2")
    #expect(
      try rejection(#"{"a": -1}"#)
        == ": token \"a\": expected an id from 0 to 0, for 1 tokens, found -1")
    #expect(
      try rejection("{\"a\": 0,\n \"a\": 1}")
        == ":2:2: expected every key once, found \"a\" a second time")
    #expect(try rejection("[]") == ": expected at least one token, found none")
    #expect(
      try rejection("3")
        == ": expected an array of tokens, or an object of tokens and ids, found 3")
    #expect(try rejection("[\"é\",\n \"é\" x") == ":2:6: expected \",\" or \"]\", found \"x\"")
  }
}

@Suite struct JSONTests {
  /// Our parser says yes exactly where Foundation's does, but for duplicate keys and such.
  @Test(arguments: [
    "[1, -0.5e+3, true, false, null, {}]", "\"\\u00e9\\n\"", " [ ] ", "0", "-0", "{\"a\":}",
    "01", "1.", ".5", "+1", "1e", "--1", "\"\\x\"", "\"\\u12g4\"", "\"\\ud800\"", "\"a\nb\"", "nul",
    "[1 2]", "{a:1}", "'a'", "", "[", "\"", "{\"a\" 1}", "tru", "[1]]", "NaN", "[\"a\",\"b\"]",
    "\"\\ud83d\\ude00\"", "\"\\ude00\\ud83d\"",
  ])
  func agreesWithFoundation(text: String) {
    let ours = (try? JSONParser.parse(Array(text.utf8))) != nil
    let foundations =
      (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)) != nil
    #expect(ours == foundations)
  }

  @Test func numbers() throws {
    guard
      case .array(let values) = try JSONParser.parse(
        Array("[9223372036854775807, 9223372036854775808, 1.5e3, -2]".utf8)),
      case .integer(let largest) = values[0], case .number(let larger) = values[1],
      case .number(let fraction) = values[2], case .integer(let negative) = values[3]
    else {
      Issue.record("not the values that were written")
      return
    }
    #expect(largest == Int.max && larger == 0x1p63 && fraction == 1500 && negative == -2)
    // Foundation lets both pass.
    for text in ["1e999", "[1,]"] {
      #expect((try? JSONParser.parse(Array(text.utf8))) == nil)
    }
  }

  @Test func writerStructure() throws {
    let output = ByteOutput()
    var json = JSONWriter(to: output)
    try json.beginArray()
    try json.beginObject()
    try json.member("a", 1)
    try json.member("b", true)
    try json.key("c")
    try json.value(["x", "\u{1F}"])
    try json.endObject()
    try json.null()
    try json.value(Float.nan)
    try json.value([] as [Int])
    try json.beginObject()
    try json.endObject()
    try json.endArray()
    #expect(
      String(decoding: output.bytes, as: UTF8.self)
        == #"[{"a":1,"b":true,"c":["x","\u001f"]},null,"NaN",[],{}]"#)
  }
}

@Suite struct FileKindTests {
  private func answer(_ head: [UInt8], name: String = "model.pt") -> String? {
    let padded = head + [UInt8](repeating: 1, count: max(0, 64 - head.count))
    return message { () throws(FileError) in _ = try SafetensorsFile(bytes: padded, name: name) }
  }

  /// A zip archive's first bytes.
  private func zip(_ entry: String) -> [UInt8] {
    Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 0, count: 22) + [UInt8(entry.utf8.count), 0]
      + [0, 0] + Array(entry.utf8)
  }

  @Test func picklesAreAnsweredWithPython() {
    let expected = """
      model.pt is a PyTorch pickle, which can run code when it is opened; save it as safetensors:
        import torch; from safetensors.torch import save_file; \
      d = torch.load("model.pt", map_location="cpu", weights_only=True)
        save_file({k: v.clone().contiguous() for k, v in d.get("state_dict", d).items()}, \
      "model.safetensors")
      """
    #expect(answer(zip("model/data.pkl")) == expected)
    #expect(answer(zip("archive/.format_version")) == expected)
    #expect(answer([0x80, 2, 0x8A, 10]) == expected)
    let hostile = FileKind.conversion(of: "a/b.d/\"\\é")
    #expect(hostile.contains(#"torch.load("a/b.d/\"\\\U000000e9""#))
    #expect(hostile.contains(#""a/b.d/\"\\\U000000e9.safetensors")"#))
  }

  @Test func otherFormatsAreNamed() {
    let heads: [([UInt8], String)] = [
      (zip("h.npy"), "a NumPy archive (npz)"), (zip("config.json"), "a zip archive"),
      (Array("GGUF".utf8), "a GGUF model"), ([0x89] + Array("HDF\r\n".utf8), "an HDF5 file"),
      ([0x93] + Array("NUMPY".utf8), "a NumPy array"), ([8, 9, 0x12, 7], "an ONNX model"),
      (Array("version https://git-lfs.github.com/spec/v1\n".utf8), "a Git LFS pointer"),
      (Array("<!DOCTYPE html>".utf8), "a web page"), ([0x1F, 0x8B], "compressed by gzip"),
      (Array("{\"a\": 1}".utf8), "JSON text"),
    ]
    for (head, name) in heads {
      #expect(answer(head, name: "m")?.hasPrefix("m is \(name)") == true)
    }
  }

  /// The first two bytes of a header of 640 bytes are those of a pickle.
  @Test func aHeaderLengthIsNotAPickle() throws {
    let header = "{}" + String(repeating: " ", count: 638)
    #expect(try SafetensorsFile(bytes: frame(Array(header.utf8)), name: "m").names.isEmpty)
  }
}
