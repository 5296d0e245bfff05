import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing

/// Tokenizer files that are missing, malformed or of another kind: one clear line each.
@Suite struct DamagedTokenizerTests {
  /// What opening a folder with these files says; empty if it opens.
  private func message(_ files: [String: String]) throws -> String {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(text, to: name) }
    do throws(FileError) {
      _ = try Tokenizer(folder: folder.path)
      return ""
    } catch {
      #expect(error.description.hasPrefix(folder.path))
      #expect(!error.description.contains("\n"))
      return error.description.replacing(folder.path + "/", with: "")
    }
  }

  private func message(json: String) throws -> String { try message(["tokenizer.json": json]) }

  @Test func nothingThere() throws {
    #expect(
      try message([:]).hasSuffix(
        "expected tokenizer.json, vocab.txt, or vocab.json and merges.txt, found none of them"))
  }

  @Test func halfOfGPT2sFiles() throws {
    #expect(
      try message(["vocab.json": "{\"a\": 0}"]).hasSuffix(
        ": expected merges.txt beside vocab.json, found no such file"))
    #expect(
      try message(["merges.txt": "#version: 0.2"]).hasSuffix(
        ": expected vocab.json beside merges.txt, found no such file"))
  }

  @Test func otherKindsAreNamed() throws {
    let supported =
      "unroll reads WordPiece (BERT, DistilBERT) and byte-level BPE (GPT-2) tokenizers"
    let unigram = wordPieceJSON(model: #"{"type": "Unigram", "vocab": []}"#)
    #expect(
      try message(json: unigram)
        == "tokenizer.json: model.type: expected WordPiece or BPE: \(supported), "
        + "found \"Unigram\"")
    let metaspace = wordPieceJSON(preTokenizer: #"{"type": "Metaspace"}"#)
    #expect(
      try message(json: metaspace)
        == "tokenizer.json: pre_tokenizer.type: expected BertPreTokenizer: \(supported), "
        + "found \"Metaspace\"")
    let sequence = wordPieceJSON(normalizer: #"{"type": "Sequence", "normalizers": []}"#)
    #expect(try message(json: sequence).contains("normalizer.type: expected BertNormalizer"))
    let fallback = ByteLevelTests.json(model: #""byte_fallback": true,"#)
    #expect(
      try message(json: fallback)
        == "tokenizer.json: model.byte_fallback: expected false with byte-level BPE, found true")
  }

  @Test(arguments: [
    ("{", "tokenizer.json:1:2: expected a key in double quotes, found the end"),
    ("[]", "tokenizer.json: expected a JSON object, found an array"),
    ("{}", "tokenizer.json: model: expected an object, found nothing"),
    (#"{"model": 3}"#, "tokenizer.json: model: expected an object, found 3"),
    (
      #"{"model": {"type": "WordPiece"}}"#,
      "tokenizer.json: model.vocab: expected an object of tokens and ids, found nothing"
    ),
    (
      #"{"model": {"type": "WordPiece", "vocab": {}}}"#,
      "tokenizer.json: model.vocab: expected at least one token, found none"
    ),
    (
      #"{"model": {"type": "WordPiece", "vocab": {"a": -1}}}"#,
      "tokenizer.json: token \"a\": expected an id from 0 to 4194304, found -1"
    ),
    (
      #"{"model": {"type": "BPE", "vocab": {"a": 0, "b": 0}, "merges": []}}"#,
      "tokenizer.json: token \"b\": expected an id of its own, found the id of \"a\""
    ),
    (
      #"{"model": {"type": "WordPiece", "vocab": {"a": 0}}, "#
        + #""pre_tokenizer": {"type": "BertPreTokenizer"}}"#,
      "tokenizer.json: model.unk_token: expected a token of the vocabulary, found \"[UNK]\""
    ),
  ])
  func malformed(json: String, expected: String) throws {
    #expect(try message(json: json) == expected)
  }

  @Test func mergesThatDoNotFit() throws {
    let wrong = ByteLevelTests.json().replacing(#""h e""#, with: #""h zz""#)
    #expect(
      try message(json: wrong)
        == "tokenizer.json: model.merges[0]: expected tokens of the vocabulary, found \"zz\"")
    let vocabulary = #"{"a": 0, "b": 1, "ab": 2}"#
    #expect(try message(["vocab.json": vocabulary, "merges.txt": "#version: 0.2\na b\n"]) == "")
    #expect(
      try message(["vocab.json": vocabulary, "merges.txt": "#version: 0.2\na b\na b c\n"])
        == "merges.txt:3:1: expected two tokens with a blank between them, found \"a b c\"")
    #expect(
      try message(["vocab.json": vocabulary, "merges.txt": "b a"])
        == "merges.txt:1:1: expected tokens of the vocabulary, found \"ba\"")
  }

  @Test func vocabulariesThatDoNotFit() throws {
    #expect(
      try message(["vocab.txt": "[UNK]\nthe\n"])
        == "vocab.txt: expected the token [CLS], found none of this name")
    #expect(
      try message(["vocab.txt": "[UNK]\nthe\nthe\n"])
        == "vocab.txt:3:1: expected every token once, found \"the\" again")
    #expect(
      try message(["vocab.json": "[]", "merges.txt": ""])
        == "vocab.json: expected a JSON object, found an array")
  }

  @Test func postProcessorsThatDoNotFit() throws {
    let unknown = wordPieceJSON(postProcessor: #"{"type": "Other"}"#)
    #expect(
      try message(json: unknown).hasPrefix(
        "tokenizer.json: post_processor.type: expected one of TemplateProcessing,"))
    let stranger = wordPieceJSON(
      postProcessor: #"{"type": "BertProcessing", "cls": ["x", 99], "sep": ["[SEP]", 3]}"#)
    #expect(
      try message(json: stranger)
        == "tokenizer.json: post_processor.cls: expected ids of the vocabulary, found 99")
    let twice = wordPieceJSON(
      postProcessor: #"{"type": "TemplateProcessing", "single": []}"#)
    #expect(
      try message(json: twice)
        == "tokenizer.json: post_processor.single: expected the text once, found it 0 times")
  }

  /// Damaged files open or are refused in one line; none ends the program, nor does encoding.
  @Test func mutations() throws {
    let folder = try TemporaryFolder()
    let template = """
      {"type": "TemplateProcessing",
       "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                  {"Sequence": {"id": "A", "type_id": 0}}],
       "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]}}}
      """
    let added = #"[{"id": 4, "content": "[MASK]", "special": true, "normalized": false}]"#
    let sources = [
      Array(wordPieceJSON(postProcessor: template, addedTokens: added).utf8),
      Array(ByteLevelTests.json(merges: ["h e", "l l", "he ll"]).utf8),
      Array(try Data(contentsOf: URL(filePath: Fixtures.path("gpt2-tiny/tokenizer.json")))),
    ]
    var random = SeededRandom(seed: 5)
    var opened = 0, refused = 0
    for round in 0..<400 {
      var bytes = sources[round % sources.count]
      for _ in 0..<random.below(3) + 1 {
        let place = random.below(bytes.count)
        switch random.below(8) {
        case 0: bytes[place] = UInt8(random.below(256))
        case 1: bytes.swapAt(place, random.below(bytes.count))
        case 2: bytes[place] = UInt8(0x30 + random.below(10))
        case 3...5:
          // What stays JSON: another letter or digit for one.
          if (0x61...0x7A).contains(bytes[place]) { bytes[place] = UInt8(0x61 + random.below(26)) }
          if (0x30...0x39).contains(bytes[place]) { bytes[place] = UInt8(0x30 + random.below(10)) }
        case 6: bytes.removeSubrange(place..<min(bytes.count, place + random.below(40)))
        default: bytes.insert(contentsOf: Array("null".utf8), at: place)
        }
      }
      try folder.write(bytes, to: "tokenizer.json")
      do throws(FileError) {
        let tokenizer = try Tokenizer(folder: folder.path)
        opened += 1
        let tokens = tokenizer.encode("The [MASK] hell,\u{301} aé\0  x")
        #expect(tokens.allSatisfy { 0 <= $0.start && $0.start <= $0.end && $0.end <= 24 })
        _ = tokenizer.decode(tokens.map(\.id))
      } catch {
        refused += 1
        #expect(error.description.hasPrefix(folder.file("tokenizer.json")))
        #expect(!error.description.contains("\n"))
      }
    }
    #expect(opened > 20 && refused > 100)
  }
}
