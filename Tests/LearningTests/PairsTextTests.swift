import Learning
import Testing

@Suite struct PairsTextTests {
  @Test(arguments: [
    ("The big red dog", Language.english, ["the", "big", "red", "dog"]),
    ("He doesn\u{2019}t sleep.", .english, ["he", "does", "not", "sleep", "."]),
    ("I can't", .english, ["i", "cannot"]),
    ("the boy's dog", .english, ["the", "boy", "'s", "dog"]),
    ("the boys' dogs", .english, ["the", "boys", "'s", "dogs"]),
    ("L\u{2019}homme qu'elle voit", .french, ["l'", "homme", "qu'", "elle", "voit"]),
    (
      "Est-ce qu'il dort aujourd'hui ?", .french,
      ["est-ce", "qu'", "il", "dort", "aujourd'hui", "?"]
    ),
    ("l'", .french, ["l'"]), ("", .french, []), (" \t\n", .english, []),
  ])
  func sentencesAreCut(text: String, language: Language, words: [String]) {
    #expect(SentenceTokens.split(text, language) == words)
  }

  @Test(arguments: [
    (["l'", "homme", "n'", "a", "pas", "d'", "amis"], Language.french, "l'homme n'a pas d'amis"),
    (["est-ce", "qu'", "il", "dort", "?"], .french, "est-ce qu'il dort ?"),
    (["the", "boys", "'s", "dog"], .english, "the boys' dog"),
    (["the", "boy", "'s", "dog", "."], .english, "the boy's dog."),
    (["i", "sleep"], .english, "I sleep"), ([], .english, ""),
  ])
  func wordsArePutTogether(words: [String], language: Language, text: String) {
    #expect(SentenceTokens.join(words, language) == text)
  }

  @Test func specialTokensComeFirst() throws {
    let vocabulary = SentenceVocabulary(of: ["the dog", "the <s> cat"], language: .english)
    #expect(vocabulary.tokens == ["<pad>", "<s>", "</s>", "<unk>", "cat", "dog", "the"])
    let (ids, words, unknown) = vocabulary.encode("the Dog sleeps")
    #expect(ids == [6, 5, 3] && words == ["the", "dog", "<unk>"] && unknown == 1)
    #expect(vocabulary.decode([1, 6, 0, 4, 2, 5]) == "the cat")
    #expect(
      try SentenceVocabulary(tokens: vocabulary.tokens, language: .english) == vocabulary)
    let error = #expect(throws: SentenceVocabularyError.self) {
      try SentenceVocabulary(tokens: ["a", "b"], language: .french)
    }
    #expect(
      error?.description == "expected the tokens <pad>, <s>, </s>, <unk> first, found a, b")
  }

  /// A mark that the model has never seen is left out at the end, and special tokens are no words.
  @Test func whatIsNoWord() throws {
    let plain = SentenceVocabulary(of: ["the dog <unk>"], language: .english)
    #expect(
      plain.split("The dog.") == ["the", "dog"] && plain.split("the dog!!") == ["the", "dog"])
    #expect(plain.split(".") == ["."] && plain.split("dog. the") == ["dog", ".", "the"])
    #expect(plain.encode("the <pad> <s> dog").ids == [5, 3, 3, 4])
    #expect(plain.encode("the <pad> <s> dog").unknownCount == 2)
    #expect(!plain.has("<unk>") && !plain.has("cat") && plain.has("dog"))
    let marked = SentenceVocabulary(of: ["the dog."], language: .english)
    #expect(marked.split("the dog.") == ["the", "dog", "."])
  }

  // MARK: Files

  @Test func aFileIsReadAndWritten() throws {
    let text = "\u{FEFF}# comment\nthe dog\tle chien\r\n\n   \nthe  tree \t l'arbre\n"
    let pairs = try PairsFile.parse(Array(text.utf8), name: "p.tsv")
    #expect(
      pairs == [
        SentencePair(source: "the dog", target: "le chien"),
        SentencePair(source: "the  tree", target: "l'arbre"),
      ])
    let written = PairsFile.text(of: pairs)
    #expect(written == "the dog\tle chien\nthe  tree\tl'arbre\n")
    #expect(try PairsFile.parse(Array(written.utf8), name: "p.tsv") == pairs)
  }

  @Test(arguments: [
    ("a\tb\nthe dog le chien\n", "p.tsv:2: expected one tab, found none"),
    ("a\tb\n\n#\nx\ty\tz\n", "p.tsv:4: expected one tab, found 2"),
    ("\tb\n", "p.tsv:1: expected a sentence before the tab, found nothing"),
    ("a\t \r\n", "p.tsv:1: expected a sentence behind the tab, found nothing"),
    ("a\tb\nc\u{0}\td", "p.tsv:2: expected text in UTF-8, found other bytes"),
    ("", "p.tsv: expected pairs of sentences, with a tab between, found an empty file"),
    ("# only this\n", "p.tsv: expected pairs of sentences, with a tab between, found none"),
  ])
  func aMistakeIsNamedWithItsLine(text: String, message: String) {
    let error = #expect(throws: PairsError.self) {
      try PairsFile.parse(Array(text.utf8), name: "p.tsv")
    }
    #expect(error?.description == message)
  }

  @Test func otherEncodingsAreRefused() {
    let latin1: [UInt8] = Array("a\tb\ntree\t".utf8) + [0xE9, 0x0A]
    let error = #expect(throws: PairsError.self) { try PairsFile.parse(latin1, name: "p.tsv") }
    #expect(error?.line == 2)
  }
}
