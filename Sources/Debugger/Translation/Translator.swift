internal import Equations
public import Networks
public import Tensors

/// One side of a model that translates: its words in the order of their ids, and how a sentence is cut
/// into them.
public struct TranslatorLanguage: Sendable {
  /// Such as `english`.
  public let name: String
  public let words: [String]
  private let cut: @Sendable (String) -> [String]
  private let joined: @Sendable ([String]) -> String
  private let ids: [String: Int32]

  /// - Parameters:
  ///   - name: what the language is called.
  ///   - words: in the order of their ids.
  ///   - split: cuts a sentence into words.
  ///   - join: puts words together to a sentence.
  public init(
    name: String, words: [String], split: @escaping @Sendable (String) -> [String],
    join: @escaping @Sendable ([String]) -> String
  ) {
    self.name = name
    self.words = words
    cut = split
    joined = join
    ids = Dictionary(words.enumerated().map { ($1, Int32($0)) }) { first, _ in first }
  }

  public func split(_ text: String) -> [String] { cut(text) }
  public func join(_ words: [String]) -> String { joined(words) }
  public func id(of word: String) -> Int32? { ids[word] }

  /// A word of the vocabulary, or its number where there is no such word.
  public func word(_ id: Int32) -> String {
    words.indices.contains(Int(id)) ? words[Int(id)] : "#\(id)"
  }
}

/// An encoder-decoder with its languages: a sentence in, a translation with all its values out.
public struct Translator: Sendable {
  /// The ids that stand for no word.
  public struct SpecialIDs: Sendable, Equatable {
    public let padding: Int32
    public let start: Int32
    public let end: Int32
    public let unknown: Int32

    public init(padding: Int32, start: Int32, end: Int32, unknown: Int32) {
      self.padding = padding
      self.start = start
      self.end = end
      self.unknown = unknown
    }

    var all: [Int32] { [padding, start, end, unknown] }
  }

  public let name: String
  /// E.g. "gru with additive attention, 1 layer of 128".
  public let summary: String
  public let model: EncoderDecoder<Float>
  public let source: TranslatorLanguage
  public let target: TranslatorLanguage
  public let special: SpecialIDs
  /// The most words that are written, the end not counted.
  public let mostWords: Int

  public init(
    name: String, summary: String, model: EncoderDecoder<Float>, source: TranslatorLanguage,
    target: TranslatorLanguage, special: SpecialIDs, mostWords: Int = 40
  ) {
    precondition(mostWords > 0, "translations of \(mostWords) words")
    self.name = name
    self.summary = summary
    self.model = model
    self.source = source
    self.target = target
    self.special = special
    // The decoder is given the start and every word but the end.
    self.mostWords = max(1, min(mostWords, (model.configuration.longestTarget ?? .max) - 1))
  }

  /// Sentences beyond this are no use on a screen, and their attention would take much memory.
  public static let mostSourceWords = 200

  /// The most words that can be read.
  public var longestSource: Int {
    min(Self.mostSourceWords, model.configuration.longestSource ?? .max)
  }

  /// The ids of a sentence that is to be read, its words as they were typed, and which of them the
  /// model does not know.
  ///
  /// - Throws: no words at all, or more than can be read.
  func read(
    _ text: String
  ) throws(CommandError) -> (ids: [Int32], words: [String], unknown: Set<Int>) {
    let words = source.split(text)
    guard !words.isEmpty else {
      throw CommandError("the text holds no word; expected at least one \(source.name) word")
    }
    guard words.count <= longestSource else {
      throw CommandError(
        "the text has \(words.count) words; expected at most \(longestSource)")
    }
    var ids: [Int32] = [], unknown: Set<Int> = []
    for (index, word) in words.enumerated() {
      let id = source.id(of: word).flatMap { special.all.contains($0) ? nil : $0 }
      if id == nil { unknown.insert(index) }
      ids.append(id ?? special.unknown)
    }
    return (ids, words, unknown)
  }

  /// The ids of a sentence in the target's language, without the end.
  ///
  /// - Throws: no words, too many, or the first one that the model does not know.
  func write(_ text: String) throws(CommandError) -> [Int32] {
    let words = target.split(text)
    guard !words.isEmpty else {
      throw CommandError("expected at least one \(target.name) word")
    }
    guard words.count <= mostWords else {
      throw CommandError("\(words.count) words; expected at most \(mostWords)")
    }
    var ids: [Int32] = []
    for word in words { ids.append(try targetID(word)) }
    return ids
  }

  /// The id of a word of the target's language as it is typed.
  ///
  /// - Throws: the words that are spelled alike.
  public func targetID(_ word: String) throws(CommandError) -> Int32 {
    if let id = target.id(of: word) ?? target.id(of: word.lowercased()), !special.all.contains(id) {
      return id
    }
    let words = target.words.indices.filter { !special.all.contains(Int32($0)) }
      .map { target.words[$0] }
    let alike = Suggestion.among(words, for: word)
    // A list that breaks off is the vocabulary's beginning: no word is spelled alike.
    throw CommandError(
      "\(word) is no word of the model's \(target.name)"
        + (alike.hasSuffix("…")
          ? ": none of its \(words.count) words is spelled alike" : "; expected \(alike)"))
  }

  /// Those that the text has and the model has not.
  static func notice(_ words: [String], of count: Int) -> String {
    guard !words.isEmpty else { return "" }
    let shown = words.prefix(4).map { "\"\($0)\"" } + (words.count > 4 ? ["others"] : [])
    return "\(words.count) of \(count) words not in the vocabulary: "
      + "\(Suggestion.listed(shown, "and")), read as <unk>"
  }
}
