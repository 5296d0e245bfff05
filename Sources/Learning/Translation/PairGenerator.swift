internal import Tensors

/// Makes sentence pairs, English to French, from a grammar and a lexicon.
///
/// Noun phrases with articles, numerals, adjectives before and behind the noun, owners and relative
/// clauses; sentences in the present tense with negation, modal verbs, object pronouns, places,
/// questions and conjunctions. Every English sentence has one translation.
public struct PairGenerator: Sendable {
  public enum Part: String, Sendable, CaseIterable {
    case training
    /// Sentences that say an adjective of a noun that no training sentence says of it.
    case heldOut = "held-out"
  }

  /// Lengths of the English sentence, in tokens.
  public let lengths: ClosedRange<Int>

  public init(lengths: ClosedRange<Int> = 2...16) {
    precondition(lengths.upperBound >= 8, "of sentences this short there are few")
    self.lengths = lengths
  }

  /// Sentences of one part, as even over the lengths as they come.
  ///
  /// No held-out sentence comes twice; training sentences may. A part and a seed give the same
  /// pairs on every machine, and fewer pairs are the beginning of more.
  public func pairs(_ part: Part, count: Int, seed: UInt64) -> [SentencePair] {
    let salt: UInt64 = part == .training ? 0x7A11_5E9A : 0x0E1D_0075
    var sampler = PhraseSampler(
      random: SeededRandom(seed: (seed &* 0x9E37_79B9_7F4A_7C15) ^ salt))
    let shares = Self.lengthShares
    var pairs: [SentencePair] = []
    pairs.reserveCapacity(count)
    var seen: Set<String> = []
    while pairs.count < count {
      let sentence = sampler.sentence()
      let isHeldOut = sampler.combinations.contains(where: \.isHeldOut)
      let luck = sampler.random.uniform()
      guard isHeldOut == (part == .heldOut) else { continue }
      let english = EnglishSentence.tokens(sentence)
      guard lengths.contains(english.count) else { continue }
      // Lengths that come often are thinned out.
      guard luck * (shares[english.count] ?? 0) < Self.wantedShare else { continue }
      let source = SentenceTokens.join(english, .english)
      if part == .heldOut, !seen.insert(source).inserted { continue }
      pairs.append(
        SentencePair(
          source: source, target: SentenceTokens.join(FrenchSentence.tokens(sentence), .french)))
    }
    return pairs
  }

  /// The translation of an English sentence of the generated language.
  ///
  /// - Returns: nil where the grammar can't read it.
  public static func translation(of english: String) -> String? {
    EnglishReader.read(SentenceTokens.split(english, .english))
      .map { SentenceTokens.join(FrenchSentence.tokens($0), .french) }
  }

  /// Every word that the generated language can use, held-out sentences included.
  public static func vocabulary(_ language: Language) -> SentenceVocabulary {
    SentenceVocabulary(of: Lexicon.words(language), language: language)
  }

  /// The share above which a length is thinned out.
  private static let wantedShare = 0.03

  /// How often the grammar gives each length.
  private static let lengthShares: [Int: Double] = {
    var sampler = PhraseSampler(random: SeededRandom(seed: 1))
    let draws = 4000
    var counts: [Int: Int] = [:]
    for _ in 0..<draws { counts[EnglishSentence.tokens(sampler.sentence()).count, default: 0] += 1 }
    return counts.mapValues { Double($0) / Double(draws) }
  }()
}
