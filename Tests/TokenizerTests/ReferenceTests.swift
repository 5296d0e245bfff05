import Checkpoints
import TestSupport
import Testing

/// Ids, tokens and offsets against Hugging Face's tokenizers.
@Suite struct ReferenceTests {
  private func check(_ tokenizer: Tokenizer, _ reference: ReferenceText) {
    let tokens = tokenizer.encode(reference.text)
    #expect(tokens.map(\.id) == reference.ids, "\(reference.text)")
    #expect(tokens.map { [$0.start, $0.end] } == reference.offsets, "\(reference.text)")
    // By scalars: Swift takes canonically equivalent strings for equal.
    #expect(
      tokens.map { Array($0.text.unicodeScalars) }
        == reference.tokens.map { Array($0.unicodeScalars) }, "\(reference.text)")
  }

  @Test func gpt2() throws {
    let tokenizer = try Tokenizer(folder: Fixtures.path("gpt2-tiny"))
    let texts = try ReferenceText.read("gpt2-tiny.cases.json")
    #expect(texts.count == 2)
    for text in texts {
      check(tokenizer, text)
      #expect(tokenizer.decode(text.ids) == text.text)
    }
    #expect(tokenizer.kind == .byteLevelBPE)
    #expect(tokenizer.vocabularySize == 360)
    #expect(tokenizer.special.end == 0)
    #expect(tokenizer.encode("").isEmpty)
  }

  /// `vocab.json` and `merges.txt` are what `tokenizer.json` was made of.
  @Test func gpt2FromItsOlderFiles() throws {
    let folder = try TemporaryFolder()
    try folder.copy("gpt2-tiny/vocab.json", as: "vocab.json")
    try folder.copy("gpt2-tiny/merges.txt", as: "merges.txt")
    let tokenizer = try Tokenizer(folder: folder.path)
    for text in try ReferenceText.read("gpt2-tiny.cases.json") { check(tokenizer, text) }
    let tokens = tokenizer.encode("the<|endoftext|>end")
    #expect(tokens.map(\.isSpecial) == [false, true, false, false])
  }

  @Test(.enabled(if: MiniLM.folder != nil, Comment(rawValue: MiniLM.missing)))
  func miniLM() throws {
    let tokenizer = try Tokenizer(folder: try #require(MiniLM.folder))
    let texts = try ReferenceText.read("minilm.cases.json")
    #expect(texts.count == 32)
    for text in texts { check(tokenizer, text) }
    #expect(tokenizer.vocabularySize == 30522)
    #expect(tokenizer.special.mask == 103)
    #expect(tokenizer.special.padding == 0)
    #expect(tokenizer.special.ids == [0, 100, 101, 102, 103])
    #expect(tokenizer.decode([101, 7592, 2088, 999, 102], skippingSpecial: true) == "hello world!")
  }

  /// `vocab.txt` alone says the same.
  @Test(.enabled(if: MiniLM.folder != nil, Comment(rawValue: MiniLM.missing)))
  func miniLMFromItsVocabulary() throws {
    let folder = try TemporaryFolder()
    let source = try #require(MiniLM.folder)
    try folder.write(try TextFile.readAny("\(source)/vocab.txt"), to: "vocab.txt")
    let tokenizer = try Tokenizer(folder: folder.path)
    for text in try ReferenceText.read("minilm.cases.json") { check(tokenizer, text) }
  }
}
