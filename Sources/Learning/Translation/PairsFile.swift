/// Sentence pairs in a file: `source<TAB>target`, one pair per line, UTF-8.
///
/// Empty lines and lines that start with `#` are no pairs. A line may end with CR LF, the file may
/// begin with a byte order mark.
public enum PairsFile {
  /// Reads a file's bytes; `name` is what errors call it.
  ///
  /// - Throws: `PairsError` at the first line that is no pair, or a file without pairs.
  public static func parse(
    _ bytes: [UInt8], name: String
  ) throws(PairsError) -> [SentencePair] {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let content = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
    let lines = content.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var pairs: [SentencePair] = []
    for (index, line) in lines.enumerated() {
      let bytes = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      func error(_ expected: String, _ found: String) -> PairsError {
        PairsError(file: name, line: index + 1, expected: expected, found: found)
      }
      guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else {
        throw error("text in UTF-8", "other bytes")
      }
      if text.hasPrefix("#") || !text.contains(where: { !$0.isWhitespace }) { continue }
      let fields = text.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 2 else {
        throw error("one tab", fields.count == 1 ? "none" : "\(fields.count - 1)")
      }
      let sides = fields.map { trimmed($0) }
      for (side, place) in zip(sides, ["before", "behind"]) where side.isEmpty {
        throw error("a sentence \(place) the tab", "nothing")
      }
      pairs.append(SentencePair(source: sides[0], target: sides[1]))
    }
    guard !pairs.isEmpty else {
      throw PairsError(
        file: name, line: nil, expected: "pairs of sentences, with a tab between",
        found: bytes.isEmpty ? "an empty file" : "none")
    }
    return pairs
  }

  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop { $0.isWhitespace }
    guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...end])
  }

  /// The text of a file with these pairs.
  public static func text(of pairs: [SentencePair]) -> String {
    pairs.map { "\($0.source)\t\($0.target)\n" }.joined()
  }
}

/// A file is not one of sentence pairs.
public struct PairsError: Error, Equatable, Sendable, CustomStringConvertible {
  public let file: String
  /// From 1; nil where it is the whole file.
  public let line: Int?
  public let expected: String
  public let found: String

  public var description: String {
    file + (line.map { ":\($0)" } ?? "") + ": expected \(expected), found \(found)"
  }
}
