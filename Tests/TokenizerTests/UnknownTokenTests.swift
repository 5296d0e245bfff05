import Checkpoints
import Networks
import Testing

/// What is said about a text that the vocabulary does not cover.
@Suite struct UnknownTokenTests {
  private func notice(_ text: String, _ tokens: [String]) -> String? {
    let tokenizer = Tokenizer(vocabulary: Vocabulary(tokens: tokens))
    return tokenizer.unknownNotice(tokenizer.encode(text), of: text)
  }

  @Test func nothingIsUnknown() {
    #expect(notice("abba", ["a", "b"]) == nil)
    #expect(notice("", ["a"]) == nil)
    // Written in the text, it is a token like others.
    #expect(notice("the [UNK]", ["[UNK]", "the"]) == nil)
  }

  @Test func characters() {
    #expect(
      notice("abc", ["a", "b"])
        == "1 of 3 tokens is not in the vocabulary: \"c\"; it enters as zeros")
    #expect(
      notice("cab\ncad", ["a", "b"])
        == "4 of 7 tokens are not in the vocabulary: \"c\", \"\\n\" and \"d\"; "
        + "they enter as zeros")
  }

  /// The letter and the mark are two characters, which Swift takes for one.
  @Test func combiningMarks() {
    #expect(
      notice("e\u{301}é", ["a", "b"])
        == "3 of 3 tokens are not in the vocabulary: \"e\", \"\u{301}\" and \"é\"; "
        + "they enter as zeros")
  }

  @Test func wordsWithAnUnknownToken() {
    #expect(
      notice("The dog saw one, two, three, four.", ["[UNK]", "the", ","])
        == "7 of 11 tokens are not in the vocabulary: \"dog\", \"saw\", \"one\", \"two\" and "
        + "3 others; they enter as [UNK]")
  }
}
