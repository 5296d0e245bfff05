import Foundation
import TestSupport
import Testing

/// The commands that run transformers without a terminal.
@Suite struct TransformerCommandTests {
  /// Words that a shipped model does not know are named, once, on stderr alone.
  @Test(arguments: ["trace", "tokens", "shot attend"])
  func unknownWordsAreNamed(command: String) throws {
    let result = try Program.shell(
      "\"$UNROLL\" \(command) it --text 'the cat drank the xylophone because it was zzz'")
    #expect(result.status == 0 && !result.out.isEmpty)
    #expect(
      result.err.contains(
        "tokens are not in the vocabulary: \"xylophone\" and \"zzz\"; they enter as "),
      "\(result.err)")
    #expect(result.err.split(separator: "\n").count == 1)
  }

  /// A decoder's own attention is shown; what it attends to besides comes from a file.
  @Test func decodersAreShown() throws {
    let folder = try TemporaryFolder()
    let rows = { (count: Int) in
      (0..<count).map { row in
        (0..<12).map { "\(Double((row * 5 + $0 * 3) % 7) / 7)" }.joined(separator: ",") + "\n"
      }.joined()
    }
    let decoder = [
      Fixtures.path("decoder_12_3.safetensors"), "--heads", "3", "--no-norm-first", "--activation",
      "relu", "--input", try folder.write(rows(6), to: "x.csv"),
    ]
    let memory = ["--memory", try folder.write(rows(4), to: "memory.csv")]
    let picture = try Program.run(
      ["shot", "attend"] + decoder + memory + ["--format", "text", "--size", "120x40"])
    #expect(picture.status == 0 && picture.out.contains("decoder"), "\(picture.err)")
    let without = try Program.run(["shot", "attend"] + decoder)
    #expect(without.status == 1 && without.err.contains("--memory"), "\(without.err)")
  }

  @Test(arguments: ["trace", "tokens", "shot attend"])
  func knownWordsSayNothing(command: String) throws {
    let result = try Program.shell("\"$UNROLL\" \(command) it --text 'the cat drank the milk'")
    #expect(result.status == 0 && result.err == "")
  }
}
