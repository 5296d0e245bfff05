internal import Equations

/// The tokens that a model knows, and how a text is cut into them.
public struct Vocabulary: Sendable, Equatable {
  public enum Unit: String, Sendable {
    case characters
    case words
  }

  public let tokens: [String]
  public let unit: Unit
  /// The token that stands for everything unknown, if the vocabulary has one.
  public let unknown: Int?
  private let ids: [Identifier: Int]
  /// The tokens that are looked for in a text, whole, before it is cut.
  private let wholeTokens: WholeTokens

  /// Spellings of the unknown token.
  public static let unknownTokens = ["<unk>", "[UNK]", "<UNK>", "�"]

  /// A nil unit is told from the tokens: characters if all are single ones, apart from special ones
  /// and from a few of several characters.
  public init(tokens: [String], unit: Unit? = nil) {
    self.tokens = tokens
    let unit = unit ?? (Self.areCharacters(tokens) ? .characters : .words)
    self.unit = unit
    ids = Dictionary(tokens.enumerated().map { (Identifier($1), $0) }) { first, _ in first }
    unknown = Self.unknownTokens.lazy.compactMap { [ids] in ids[Identifier($0)] }.first
    // Words of letters are whole already; no token of several characters comes of characters.
    wholeTokens = WholeTokens(
      tokens.filter {
        unit == .words ? WholeTokens.isBracketed($0) : $0.unicodeScalars.count > 1
      })
  }

  /// Whether most of the tokens are single characters, and the others could stand among them.
  private static func areCharacters(_ tokens: [String]) -> Bool {
    let long = tokens.filter { $0.unicodeScalars.count > 1 && !unknownTokens.contains($0) }
    guard !long.isEmpty else { return true }
    let others = long.filter { !WholeTokens.isSpecial($0) }.count
    return tokens.contains { $0.unicodeScalars.count == 1 } && others <= min(8, tokens.count / 10)
  }

  public var count: Int { tokens.count }

  public func id(of token: String) -> Int? { ids[Identifier(token)] }

  /// A text cut into tokens, as they stand in the text.
  public func split(_ text: String) -> [String] {
    wholeTokens.cut(text).flatMap { part, isWhole in
      if isWhole { return [part] }
      return switch unit {
      case .characters: part.unicodeScalars.map { String($0) }
      case .words: Self.words(of: part)
      }
    }
  }

  /// The tokens such as `<s>` or `[MASK]`, in the order of their ids.
  public var specialTokens: [String] {
    tokens.filter { WholeTokens.isBracketed($0) }
  }

  /// Words, punctuation marks and line ends; blanks separate.
  public static func words(of text: String) -> [String] {
    var words: [String] = []
    var current = String.UnicodeScalarView()
    func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "'"
        || scalar == "_" || scalar == "-" || scalar.properties.generalCategory == .nonspacingMark
    }
    func close() {
      if !current.isEmpty { words.append(String(current)) }
      current.removeAll()
    }
    for scalar in text.unicodeScalars {
      if isWordPart(scalar) {
        current.append(scalar)
      } else {
        close()
        if scalar == "\n" || !scalar.properties.isWhitespace { words.append(String(scalar)) }
      }
    }
    close()
    return words
  }

  /// The ids of a text's tokens.
  ///
  /// - Returns: −1 for what is unknown where the vocabulary has no token for it; such a token enters
  ///   the network as zeros. `unknownCount` counts everything that was not in the vocabulary.
  public func encode(_ text: String) -> (ids: [Int32], tokens: [String], unknownCount: Int) {
    var ids: [Int32] = [], shown: [String] = []
    var unknownCount = 0
    for token in split(text) {
      if let id = id(of: token) ?? (unit == .words ? id(of: token.lowercased()) : nil) {
        ids.append(Int32(id))
        shown.append(tokens[id])
      } else {
        unknownCount += 1
        ids.append(Int32(unknown ?? -1))
        shown.append(unknown.map { tokens[$0] } ?? "\u{FFFD}")
      }
    }
    return (ids, shown, unknownCount)
  }
}
