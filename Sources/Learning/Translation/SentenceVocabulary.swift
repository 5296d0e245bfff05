public import Networks

/// The words of one language that a translating model knows, with the special tokens first.
public struct SentenceVocabulary: Sendable, Equatable {
  /// Behind the end of a short sentence in a batch.
  public static let padding: Int32 = 0
  /// Before the first word.
  public static let start: Int32 = 1
  /// Behind the last word.
  public static let end: Int32 = 2
  public static let unknown: Int32 = 3
  /// In the order of their ids.
  public static let specialTokens = ["<pad>", "<s>", "</s>", "<unk>"]

  public let language: Language
  /// All tokens; the special ones included.
  public let vocabulary: Vocabulary

  /// A vocabulary as a model file keeps it.
  ///
  /// - Throws: `SentenceVocabularyError` where the special tokens are not the first.
  public init(tokens: [String], language: Language) throws(SentenceVocabularyError) {
    let first = Array(tokens.prefix(Self.specialTokens.count))
    guard first == Self.specialTokens else { throw SentenceVocabularyError(found: first) }
    self.init(language: language, vocabulary: Vocabulary(tokens: tokens, unit: .words))
  }

  /// The words of some sentences, in ascending order.
  public init(of texts: some Sequence<String>, language: Language) {
    var words: Set<String> = []
    for text in texts { words.formUnion(SentenceTokens.split(text, language)) }
    words.subtract(Self.specialTokens)
    let sorted = words.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    self.init(
      language: language,
      vocabulary: Vocabulary(tokens: Self.specialTokens + sorted, unit: .words))
  }

  private init(language: Language, vocabulary: Vocabulary) {
    self.language = language
    self.vocabulary = vocabulary
  }

  public var count: Int { vocabulary.count }
  public var tokens: [String] { vocabulary.tokens }

  /// A sentence's words. A full stop or exclamation mark at its end says nothing to a model that has
  /// never seen one, and is left out.
  public func split(_ text: String) -> [String] {
    var words = SentenceTokens.split(text, language)
    while words.count > 1, let last = words.last, last == "." || last == "!",
      vocabulary.id(of: last) == nil
    {
      words.removeLast()
    }
    return words
  }

  /// The id of a word of the language; nil for special tokens and unknown words.
  public func id(of word: String) -> Int32? {
    vocabulary.id(of: word).flatMap { $0 < Self.specialTokens.count ? nil : Int32($0) }
  }

  /// Whether a word is one of the language, not a special token.
  public func has(_ word: String) -> Bool { id(of: word) != nil }

  /// The ids of a sentence's words, without start and end.
  ///
  /// - Returns: with the words as the vocabulary has them, and how many it has not.
  public func encode(_ text: String) -> (ids: [Int32], tokens: [String], unknownCount: Int) {
    var ids: [Int32] = [], shown: [String] = []
    var unknownCount = 0
    for word in split(text) {
      let id = id(of: word) ?? Self.unknown
      if id == Self.unknown { unknownCount += 1 }
      ids.append(id)
      shown.append(vocabulary.tokens[Int(id)])
    }
    return (ids, shown, unknownCount)
  }

  /// The words of ids: up to the end, without start and padding.
  public func words(_ ids: some Sequence<Int32>) -> [String] {
    var words: [String] = []
    for id in ids {
      if id == Self.end { break }
      if id == Self.padding || id == Self.start { continue }
      words.append(vocabulary.tokens[Int(id)])
    }
    return words
  }

  /// The sentence of ids: up to the end, without start and padding.
  public func decode(_ ids: some Sequence<Int32>) -> String {
    SentenceTokens.join(words(ids), language)
  }
}

/// A list of tokens that is not one of sentences.
public struct SentenceVocabularyError: Error, Equatable, Sendable, CustomStringConvertible {
  let found: [String]

  public var description: String {
    "expected the tokens \(SentenceVocabulary.specialTokens.joined(separator: ", ")) first, found "
      + (found.isEmpty ? "none" : found.joined(separator: ", "))
  }
}
