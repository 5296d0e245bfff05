/// How many translations are right word for word, by the length of the source sentence.
public struct ExactMatch: Sendable, Equatable {
  /// The sentences of one length.
  public struct Length: Sendable, Equatable {
    /// In tokens of the source.
    public let length: Int
    public var count = 0
    public var matched = 0

    /// 0…1.
    public var share: Double { Double(matched) / Double(count) }
  }

  private var lengths: [Int: Length] = [:]

  public init() {}

  /// Counts a translation. Only words matter, not capitals and blanks.
  public mutating func add(_ pair: SentencePair, translation: String) {
    let wanted = SentenceTokens.split(pair.target, .french)
    add(
      length: SentenceTokens.split(pair.source, .english).count,
      isMatch: SentenceTokens.split(translation, .french) == wanted)
  }

  public mutating func add(length: Int, isMatch: Bool) {
    lengths[length, default: Length(length: length)].count += 1
    if isMatch { lengths[length]?.matched += 1 }
  }

  /// In ascending order; lengths without sentences are left out.
  public var byLength: [Length] { lengths.values.sorted { $0.length < $1.length } }

  public var count: Int { lengths.values.reduce(0) { $0 + $1.count } }
  public var matched: Int { lengths.values.reduce(0) { $0 + $1.matched } }
  /// 0…1; nil where nothing was counted.
  public var share: Double? { count == 0 ? nil : Double(matched) / Double(count) }
}
