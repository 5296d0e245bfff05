import Foundation
import TestSupport
import Testing

/// What `unroll trace --out` makes of a file's name.
@Suite struct TraceFileNameTests {
  /// The ending of a file's name, if it has one, says the format.
  @Test(arguments: ["x.", "x.foo", "x.json.bak", "X.JSON", "./.x.txt"])
  func unknownEndings(name: String) throws {
    let folder = try TemporaryFolder()
    let result = try Program.run(
      ["trace", "--cell", "gru", "--hidden", "3", "--text", "ab", "--out", name], in: folder)
    #expect(result.status == 1 && result.out == "")
    #expect(
      result.err == "\(name): expected an ending of .json .csv .npz .safetensors, or --format\n")
    #expect(!FileManager.default.fileExists(atPath: folder.file(name)))
  }

  @Test(arguments: [["trace"], ["./.hidden"], ["a.foo", "--format", "json"], ["b.json"]])
  func namesOfJSON(out: [String]) throws {
    let folder = try TemporaryFolder()
    let result = try Program.run(
      ["trace", "--cell", "gru", "--hidden", "3", "--text", "ab", "--out"] + out, in: folder)
    #expect(result.status == 0 && result.err == "" && result.out == "")
    let data = try Data(contentsOf: URL(filePath: folder.file(out[0])))
    #expect(try JSONDecoder().decode(CommandTests.Document.self, from: data).tokens == ["a", "b"])
  }
}
