import Checkpoints
import Foundation
import Networks
import TestSupport
import Testing

/// Byte-level BPE with a vocabulary that is small enough to follow by hand, and other tokenizers.
@Suite struct ByteLevelTests {
  /// Every byte's character, in the order of GPT-2's vocabulary.
  static let byteCharacters: [String] = {
    let visible = Array(33...126) + Array(161...172) + Array(174...255)
    let others = (0..<256).filter { !visible.contains($0) }
    return visible.map { String(UnicodeScalar(UInt8($0))) }
      + others.indices.map { String(UnicodeScalar(UInt32(256 + $0)).map(Character.init) ?? "?") }
  }()

  static func json(
    merges: [String] = ["h e", "l l", "he ll", "Ġ h", "a a", "aa a"],
    preTokenizer: String = #"{"type": "ByteLevel", "add_prefix_space": false}"#,
    postProcessor: String = "null", model: String = ""
  ) -> String {
    let tokens = byteCharacters + merges.map { $0.replacing(" ", with: "") }
    let vocabulary = tokens.enumerated().map { token in
      "\(JSONWriter.quote(token.element)): \(token.offset)"
    }
    let list = merges.map { JSONWriter.quote($0) }.joined(separator: ", ")
    return """
      {"normalizer": null, "pre_tokenizer": \(preTokenizer), "post_processor": \(postProcessor),
       "model": {"type": "BPE", \(model) "vocab": {\(vocabulary.joined(separator: ", "))},
                 "merges": [\(list)]}}
      """
  }

  private func tokenizer(_ json: String) throws -> Tokenizer {
    let folder = try TemporaryFolder()
    try folder.write(json, to: "tokenizer.json")
    return try Tokenizer(folder: folder.path)
  }

  @Test func mergesByRankThenFromTheLeft() throws {
    let tokenizer = try tokenizer(Self.json())
    #expect(tokenizer.encode("hello").map(\.text) == ["hell", "o"])
    // "Ġ h" comes after "h e": the h is taken already.
    #expect(tokenizer.encode(" hello").map(\.text) == ["Ġ", "hell", "o"])
    #expect(tokenizer.encode("aaaaa").map(\.text) == ["aa", "aaa"])
    #expect(tokenizer.encode("aaaaaaa").map(\.text) == ["aa", "aa", "aaa"])
  }

  @Test func wordsAsGPT2CutsThem() throws {
    let tokenizer = try tokenizer(Self.json(merges: ["' s", "Ġ Ġ", "1 2", "Ċ Ċ", "Ġ '"]))
    #expect(tokenizer.encode("x's").map(\.text) == ["x", "'s"])
    // A blank belongs to the apostrophe behind it, so the s stands alone.
    #expect(tokenizer.encode("x 's").map(\.text) == ["x", "Ġ'", "s"])
    // Of three blanks the last belongs to the word.
    #expect(tokenizer.encode("a   b").map(\.text) == ["a", "ĠĠ", "Ġ", "b"])
    #expect(tokenizer.encode("a  ").map(\.text) == ["a", "ĠĠ"])
    #expect(tokenizer.encode("\n\n12").map(\.text) == ["Ċ", "Ċ", "12"])
    #expect(tokenizer.encode("a12b").map(\.text) == ["a", "12", "b"])
  }

  @Test func partsOfACharacterCoverIt() throws {
    let tokenizer = try tokenizer(Self.json())
    let tokens = tokenizer.encode("a🍜\0")
    #expect(
      tokens.map { [$0.start, $0.end] } == [[0, 1], [1, 2], [1, 2], [1, 2], [1, 2], [2, 3]])
    #expect(tokenizer.decode(tokens.map(\.id)) == "a🍜\0")
    #expect(tokenizer.decode([tokens[1].id]) == "\u{FFFD}")
  }

  /// Bytes as they are in UTF-8: U+1F35C is F0 9F 8D 9C, é is C3 A9, U+0008 is 08.
  @Test func partsOfACharacterAreShownAsBytes() throws {
    let tokenizer = try tokenizer(Self.json(merges: ["Ã ©", "ł Ģ", "Ġ ð", "ð Ł", "Ĳ ¡"]))
    func shown(_ text: String) -> [String] {
      tokenizer.encode(text).map { tokenizer.display($0.id) }
    }
    #expect(shown("🍜") == ["<F0><9F>", "<8D>", "<9C>"])
    #expect(shown("é a") == ["é", " ", "a"])
    #expect(shown("\u{8}") == ["\u{8}"])
    // A blank and the first byte of a character; what follows is whole in no token.
    #expect(shown("x 𐀀") == ["x", " <F0>", "<90>", "<80>", "<80>"])
  }

  @Test func blanksAreTrimmedWhereTheFileSaysSo() throws {
    let trims = #"{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true}"#
    let tokens = try tokenizer(Self.json(postProcessor: trims)).encode("o hi")
    #expect(tokens.map(\.text) == ["o", "Ġh", "i"])
    #expect(tokens.map { [$0.start, $0.end] } == [[0, 1], [2, 3], [3, 4]])
  }

  @Test func prefixSpace() throws {
    let adds = #"{"type": "ByteLevel", "add_prefix_space": true}"#
    let tokens = try tokenizer(Self.json(preTokenizer: adds)).encode("hi")
    #expect(tokens.map(\.text) == ["Ġh", "i"])
    #expect(tokens.map { [$0.start, $0.end] } == [[0, 1], [1, 2]])
  }

  /// A word of n letters takes n log n steps: quadratic work would take minutes here.
  @Test func longWords() throws {
    let tokenizer = try tokenizer(Self.json())
    let text = String(repeating: "a", count: 60_001)
    let tokens = tokenizer.encode(text)
    #expect(tokens.count == 30_000)
    #expect(tokenizer.decode(tokens.map(\.id)) == text)
  }

  // MARK: Models of our own

  @Test func charactersOfAVocabulary() {
    let tokenizer = Tokenizer(vocabulary: Vocabulary(tokens: ["a", "b", " "]))
    #expect(tokenizer.kind == .characters)
    #expect(
      tokenizer.encode("ab!") == [
        TextToken(id: 0, text: "a", start: 0, end: 1),
        TextToken(id: 1, text: "b", start: 1, end: 2),
        TextToken(id: -1, text: "\u{FFFD}", start: 2, end: 3),
      ])
    #expect(tokenizer.decode([0, 2, 1]) == "a b")
    #expect(tokenizer.encode("").isEmpty)
  }

  @Test func wordsOfAVocabulary() {
    let tokenizer = Tokenizer(vocabulary: Vocabulary(tokens: ["<unk>", "the", "cat", ".", "\n"]))
    #expect(tokenizer.kind == .words)
    let tokens = tokenizer.encode("The  cat\n sat.")
    #expect(tokens.map(\.text) == ["the", "cat", "\n", "<unk>", "."])
    #expect(
      tokens.map { [$0.start, $0.end] } == [[0, 3], [5, 8], [8, 9], [10, 13], [13, 14]])
    #expect(tokenizer.special.unknown == 0)
  }

  // MARK: Files of tokens

  @Test func tokensAsJSONAndText() throws {
    let folder = try TemporaryFolder()
    let tokens = [
      TextToken(id: 101, text: "[CLS]", start: 0, end: 0, isSpecial: true),
      TextToken(id: 7, text: "\"\n", start: 2, end: 4),
    ]
    try TokenFile.write(tokens, as: .json, to: folder.file("json"))
    struct Row: Decodable, Equatable {
      let id: Int, token: String, start: Int, end: Int
    }
    let rows = try JSONDecoder().decode(
      [Row].self, from: Data(contentsOf: URL(filePath: folder.file("json"))))
    #expect(
      rows == [
        Row(id: 101, token: "[CLS]", start: 0, end: 0), Row(id: 7, token: "\"\n", start: 2, end: 4),
      ])
    try TokenFile.write(tokens, as: .text, to: folder.file("text"))
    let lines = try TextFile.readAny(folder.file("text")).split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[2].split(separator: " ") == ["7", "2", "4", "\"\\n"])
  }

  @Test func anyText() throws {
    let folder = try TemporaryFolder()
    try folder.write([0x61, 0x00, 0xC3, 0xA9], to: "text")
    #expect(try TextFile.readAny(folder.file("text")) == "a\0é")
    try folder.write([UInt8](), to: "text")
    #expect(try TextFile.readAny(folder.file("text")) == "")
    try folder.write([0x61, 0xEF, 0xBF], to: "text")
    #expect(throws: FileError.self) { try TextFile.readAny(folder.file("text")) }
    do { _ = try TextFile.readAny(folder.file("text")) } catch {
      #expect(
        "\(error)" == "\(folder.file("text")): byte 1: expected text in UTF-8, found other bytes")
    }
  }

  /// A mask that is typed is one token, not brackets and letters; what is around it keeps its place.
  @Test func maskInAVocabularyOfWords() {
    let tokenizer = Tokenizer(
      vocabulary: Vocabulary(tokens: ["[UNK]", "[MASK]", "the", "cat", "slept", "."]))
    let tokens = tokenizer.encode("the [MASK] slept. [UNK]")
    #expect(tokens.map(\.id) == [2, 1, 4, 5, 0])
    #expect(tokens.map(\.start) == [0, 4, 11, 16, 18])
    #expect(tokens.map(\.end) == [3, 10, 16, 17, 23])
    #expect(tokens.map(\.isSpecial) == [false, true, false, false, true])
    #expect(tokenizer.special.mask == 1 && tokenizer.special.unknown == 0)
  }
}
