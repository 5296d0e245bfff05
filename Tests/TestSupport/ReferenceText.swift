internal import Foundation

/// A text with its tokens, as Hugging Face's tokenizers give them.
public struct ReferenceText: Decodable {
  public let text: String
  public let ids: [Int]
  public let tokens: [String]
  public let offsets: [[Int]]

  private enum CodingKeys: String, CodingKey {
    case text, ids, inputIDs = "input_ids", tokens, offsets
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    text = try values.decode(String.self, forKey: .text)
    ids =
      try values.decodeIfPresent([Int].self, forKey: .inputIDs)
      ?? values.decode([Int].self, forKey: .ids)
    tokens = try values.decode([String].self, forKey: .tokens)
    offsets = try values.decode([[Int]].self, forKey: .offsets)
  }

  /// The texts of a fixture.
  public static func read(_ name: String) throws -> [ReferenceText] {
    try JSONDecoder().decode(
      [ReferenceText].self, from: Data(contentsOf: URL(filePath: Fixtures.path(name))))
  }
}
