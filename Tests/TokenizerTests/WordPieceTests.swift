import Checkpoints
import TestSupport
import Testing

/// WordPiece with a small vocabulary; what is expected follows from BERT's rules by hand.
@Suite struct WordPieceTests {
  private func tokenizer(_ json: String) throws -> Tokenizer {
    let folder = try TemporaryFolder()
    try folder.write(json, to: "tokenizer.json")
    return try Tokenizer(folder: folder.path)
  }

  private func pieces(_ text: String, _ json: String = wordPieceJSON()) throws -> [String] {
    try tokenizer(json).encode(text).map(\.text)
  }

  @Test func longestPieceFirst() throws {
    #expect(try pieces("unaffable cats") == ["un", "##aff", "##able", "cat", "##s"])
    // "ab" is a token; "aba" goes on with "##a", not with "a".
    #expect(try pieces("ab aba abx") == ["ab", "ab", "##a", "[UNK]"])
  }

  @Test func punctuationStandsAlone() throws {
    #expect(try pieces("don't.the,") == ["don", "'", "t", ".", "the", ","])
  }

  @Test func offsetsCountScalarsOfTheOriginal() throws {
    // The accent is a scalar of its own and is dropped; the soft hyphen too.
    let tokens = try tokenizer(wordPieceJSON()).encode("E\u{301} c\u{AD}at")
    #expect(tokens.map(\.text) == ["e", "cat"])
    #expect(tokens.map { [$0.start, $0.end] } == [[0, 1], [3, 7]])
  }

  @Test func sigmaKeepsItsForm() throws {
    // Lower case scalar by scalar: a capital sigma at the end of a word becomes σ, not ς.
    #expect(try pieces("ΣΣ σς") == ["σ", "##σ", "σ", "##ς"])
  }

  @Test func caseAndAccentsCanBeKept() throws {
    let cased = #"{"type": "BertNormalizer", "lowercase": false, "strip_accents": null}"#
    #expect(try pieces("é The", wordPieceJSON(normalizer: cased)) == ["é", "[UNK]"])
    let accents = #"{"type": "BertNormalizer", "lowercase": true, "strip_accents": false}"#
    #expect(try pieces("É The", wordPieceJSON(normalizer: accents)) == ["é", "the"])
  }

  @Test func longWordsAreUnknown() throws {
    let word = String(repeating: "a", count: 101)
    let tokens = try tokenizer(wordPieceJSON()).encode(word)
    #expect(tokens == [TextToken(id: 1, text: "[UNK]", start: 0, end: 101)])
    #expect(try pieces(String(word.dropLast())).count == 100)
  }

  @Test func specialTokensAroundTheText() throws {
    let template = """
      {"type": "TemplateProcessing",
       "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                  {"Sequence": {"id": "A", "type_id": 0}},
                  {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
       "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                          "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}}
      """
    let bert = #"{"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]}"#
    for processor in [template, bert] {
      let tokens = try tokenizer(wordPieceJSON(postProcessor: processor)).encode(" the")
      #expect(tokens.map(\.text) == ["[CLS]", "the", "[SEP]"])
      #expect(tokens.map { [$0.start, $0.end] } == [[0, 0], [1, 4], [0, 0]])
      #expect(tokens.map(\.isSpecial) == [true, false, true])
    }
  }

  @Test func addedTokensAreFoundInTheText() throws {
    let added = """
      [{"id": 4, "content": "[MASK]", "special": true, "lstrip": true},
       {"id": 6, "content": "cat", "single_word": true},
       {"id": 27, "content": "T.", "normalized": true}]
      """
    let tokens = try tokenizer(wordPieceJSON(addedTokens: added)).encode("the [MASK]t. cats cat")
    #expect(tokens.map(\.id) == [5, 4, 27, 6, 7, 6])
    #expect(tokens[1].start == 3 && tokens[1].end == 10 && tokens[1].isSpecial)
    #expect(tokens[2].start == 10 && tokens[2].end == 12)
  }

  @Test func vocabularyFile() throws {
    let folder = try TemporaryFolder()
    try folder.write(smallVocabulary.joined(separator: "\n") + "\n", to: "vocab.txt")
    #expect(
      try Tokenizer(folder: folder.path).encode("É").map(\.text) == ["[CLS]", "e", "[SEP]"])
    try folder.write(#"{"do_lower_case": false}"#, to: "tokenizer_config.json")
    let cased = try Tokenizer(folder: folder.path)
    #expect(cased.encode("é").map(\.text) == ["[CLS]", "é", "[SEP]"])
    #expect(cased.encode("[MASK]").map(\.id) == [2, 4, 3])
    #expect(cased.vocabularySize == smallVocabulary.count)
  }
}
