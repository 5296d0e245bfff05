/// Says a sentence in French.
///
/// Words are put together in their full forms; elision, the forms before a vowel and contraction are
/// applied last, when each word knows the one behind it.
struct FrenchSentence {
  /// A word that may change before a vowel.
  struct Word {
    var text: String
    /// l' for le, cet for ce, vieil for vieux.
    var beforeVowel: String?
    var startsWithVowel: Bool

    init(_ text: String, beforeVowel: String? = nil, isAspirated: Bool = false) {
      self.text = text
      self.beforeVowel = beforeVowel
      startsWithVowel = text == "y" || (!isAspirated && French.startsWithVowel(text))
    }
  }

  static let de = Word("de", beforeVowel: "d'")
  static let que = Word("que", beforeVowel: "qu'")

  static func tokens(_ sentence: Sentence) -> [String] {
    let french = FrenchSentence()
    switch sentence {
    case .phrase(let phrase): return joined(french.words(phrase))
    case .clause(let clause): return joined(french.words(clause))
    case .question(let clause):
      return joined([Word("est-ce"), que] + french.words(clause)) + ["?"]
    case .joined(let first, let conjunction, let second):
      return joined(french.words(first) + words(conjunction) + french.words(second))
    case .existence(let phrase, let isNegated, let place):
      let verb = [Word("y"), Word("a")]
      return joined(
        [Word("il")] + (isNegated ? [ne] + verb + [Word("pas")] : verb)
          + french.words(phrase, isUnderNegation: isNegated)
          + (place.map(french.words) ?? []))
    }
  }

  static let ne = Word("ne", beforeVowel: "n'")

  private static func words(_ conjunction: Conjunction) -> [Word] {
    switch conjunction {
    case .and: [Word("et")]
    case .but: [Word("mais")]
    case .because: [Word("parce"), que]
    case .when: [Word("quand")]
    case .if: [Word("si")]
    case .while: [Word("pendant"), que]
    }
  }

  /// Elides and contracts.
  static func joined(_ words: [Word]) -> [String] {
    var result: [String] = []
    for (index, word) in words.enumerated() {
      let next = index + 1 < words.count ? words[index + 1] : nil
      var text = word.text
      if let short = word.beforeVowel, next?.startsWithVowel == true { text = short }
      if text == "si", let next, ["il", "ils"].contains(next.text) { text = "s'" }
      // Blanks within a word: pomme de terre.
      let parts = text.split(separator: " ").map(String.init)
      if let last = result.last, parts.count == 1, let both = contractions["\(last) \(text)"] {
        result[result.count - 1] = both
      } else {
        result += parts
      }
    }
    return result
  }

  private static let contractions = ["de le": "du", "de les": "des", "à le": "au", "à les": "aux"]

  func words(_ place: Place) -> [Word] {
    let before: [Word] =
      switch place.preposition {
      case .in: [Word("dans")]
      case .on: [Word("sur")]
      case .under: [Word("sous")]
      case .behind: [Word("derrière")]
      case .inFront: [Word("devant")]
      case .near: [Word("près"), Self.de]
      case .nextTo: [Word("à"), Word("côté"), Self.de]
      case .with: [Word("avec")]
      case .without: [Word("sans")]
      case .for: [Word("pour")]
      }
    return before + words(place.nounPhrase)
  }

  /// The word that a verb needs before what it acts on.
  static func preposition(_ text: String) -> Word { text == "de" ? de : Word(text) }
}
