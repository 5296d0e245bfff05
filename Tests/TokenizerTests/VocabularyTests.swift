import Checkpoints
import Networks
import Testing

/// How a list of tokens is taken for characters or words, and how special tokens in a text are found.
@Suite struct VocabularyTests {
  private static let letters = "abcdefghijklmnopqrstuvwxyz ,.\n".map(String.init)

  @Test(arguments: [
    "<pad>", "<eos>", "<s>", "</s>", "<bos>", "[PAD]", "[MASK]", "PAD", "EOS", "<|endoftext|>",
    "<unk>", "<UNK>", "<0x0A>",
  ])
  func charactersWithASpecialToken(special: String) {
    let vocabulary = Vocabulary(tokens: [special, "a", "b", "c"])
    #expect(vocabulary.unit == .characters)
    #expect(vocabulary.encode("abc").ids == [1, 2, 3])
    #expect(vocabulary.encode("abc").unknownCount == 0)
    let written = vocabulary.encode("a\(special)\(special)cb")
    #expect(written.ids == [1, 0, 0, 3, 2] && written.unknownCount == 0)
    #expect(written.tokens == ["a", special, special, "c", "b"])
  }

  @Test func severalSpecialTokens() {
    let vocabulary = Vocabulary(tokens: ["<pad>", "<s>", "</s>", "<unk>", "a", "b"])
    #expect(vocabulary.unit == .characters)
    #expect(vocabulary.encode("<s>ab?</s>").ids == [1, 4, 5, 3, 2])
    #expect(vocabulary.encode("<s>ab?</s>").unknownCount == 1)
    // Not one of them: characters, of which the vocabulary has but one.
    #expect(vocabulary.encode("<sa").ids == [3, 3, 4])
  }

  @Test func fewLongTokensAmongCharacters() {
    let vocabulary = Vocabulary(tokens: Self.letters + ["th", "the", "qu"])
    #expect(vocabulary.unit == .characters)
    // The longest first.
    #expect(vocabulary.split("then this") == ["the", "n", " ", "th", "i", "s"])
    // Four of 34 are more than a tenth.
    #expect(Vocabulary(tokens: Self.letters + ["th", "the", "qu", "ing"]).unit == .words)
    let many = (0..<200).compactMap { Unicode.Scalar(0x4E00 + $0).map { String($0) } }
    let words = (0..<9).map { "token\($0)" }
    #expect(Vocabulary(tokens: many + words.dropLast()).unit == .characters)
    #expect(Vocabulary(tokens: many + words).unit == .words)
  }

  @Test(arguments: [
    ["[UNK]", "the", ","], ["<unk>", "the", "cat", ".", "\n"], ["the", "a"], ["<pad>", "<s>"],
    ["I", "a", "OK"], ["a", "b", "<=>"], ["a", "[]"],
  ])
  func words(tokens: [String]) {
    #expect(Vocabulary(tokens: tokens).unit == .words)
  }

  @Test func charactersAlone() {
    #expect(Vocabulary(tokens: []).unit == .characters)
    #expect(Vocabulary(tokens: ["<unk>"]).unit == .characters)
    #expect(Vocabulary(tokens: ["<", ">", "[", "s", "]"]).encode("[<s>]").ids == [2, 0, 3, 1, 4])
    // What is said of a list is not guessed.
    #expect(Vocabulary(tokens: ["<pad>", "a"], unit: .words).split("aa a") == ["aa", "a"])
  }

  @Test func specialTokensAmongWords() {
    let vocabulary = Vocabulary(tokens: ["<pad>", "<s>", "</s>", "<unk>", "the", "cat", "s"])
    #expect(vocabulary.unit == .words)
    let encoded = vocabulary.encode("<s>The cat <unk>s</s>\n<b>")
    #expect(encoded.tokens == ["<s>", "the", "cat", "<unk>", "s", "</s>"] + ["<unk>"].repeated(4))
    #expect(encoded.ids == [1, 4, 5, 3, 6, 2, 3, 3, 3, 3])
    #expect(encoded.unknownCount == 4)
  }

  /// The tokenizer cuts as the vocabulary does, and knows the places.
  @Test func tokenizer() {
    let tokenizer = Tokenizer(vocabulary: Vocabulary(tokens: ["<pad>", "[SEP]", "PAD", "a", "é"]))
    #expect(tokenizer.kind == .characters)
    #expect(
      tokenizer.encode("a<pad>éPAD[SEP]") == [
        TextToken(id: 3, text: "a", start: 0, end: 1),
        TextToken(id: 0, text: "<pad>", start: 1, end: 6, isSpecial: true),
        TextToken(id: 4, text: "é", start: 6, end: 7),
        TextToken(id: 2, text: "PAD", start: 7, end: 10),
        TextToken(id: 1, text: "[SEP]", start: 10, end: 15, isSpecial: true),
      ])
    #expect(tokenizer.special.padding == 0 && tokenizer.special.separator == 1)
    #expect(tokenizer.decode([3, 0, 4], skippingSpecial: true) == "aé")
  }
}

extension [String] {
  fileprivate func repeated(_ count: Int) -> [String] {
    (0..<count).flatMap { _ in self }
  }
}
