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

  @Test(arguments: ["trace", "tokens", "shot attend"])
  func knownWordsSayNothing(command: String) throws {
    let result = try Program.shell("\"$UNROLL\" \(command) it --text 'the cat drank the milk'")
    #expect(result.status == 0 && result.err == "")
  }
}
