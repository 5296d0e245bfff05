extension FrenchSentence {
  /// Under negation, that is of what a negated verb acts on, it is pas de chien, not pas un chien.
  func words(_ phrase: NounPhrase, isUnderNegation: Bool = false) -> [Word] {
    let before = phrase.attributes.filter(\.adjective.comesFirst)
    let after = phrase.attributes.filter { !$0.adjective.comesFirst }
    var words = determiner(phrase, isUnderNegation, isBeforeAdjective: !before.isEmpty)
    if let numeral = phrase.numeral { words.append(Word(Self.name(of: numeral))) }
    for attribute in before {
      words += self.words(
        attribute, phrase.gender, isPlural: phrase.isPlural, isBeforeNoun: true)
    }
    let noun = phrase.noun
    words.append(
      Word(phrase.isPlural ? noun.frenchPlural : noun.french, isAspirated: noun.isAspirated))
    for (index, attribute) in after.enumerated() {
      if index > 0 { words.append(Word("et")) }
      words += self.words(attribute, phrase.gender, isPlural: phrase.isPlural)
    }
    return words + self.words(after: phrase)
  }

  func words(
    _ attribute: Attribute, _ gender: Gender, isPlural: Bool, isBeforeNoun: Bool = false
  ) -> [Word] {
    let adjective = attribute.adjective
    let short = isBeforeNoun && gender == .masculine && !isPlural ? adjective.beforeVowel : nil
    return (attribute.isVery ? [Word("très")] : [])
      + [Word(adjective.form(gender, isPlural: isPlural), beforeVowel: short)]
  }

  private func words(after phrase: NounPhrase) -> [Word] {
    switch phrase.addition {
    case nil: return []
    case .place(let place): return words(place)
    case .owner(let other), .of(let other): return [Self.de] + words(other)
    case .subjectClause(let verbPhrase):
      let agreement = Agreement(
        person: phrase.isPlural ? .thirdPlural : .third, gender: phrase.gender,
        isPlural: phrase.isPlural)
      return [Word("qui")] + words(verbPhrase, agreement)
    case .objectClause(let subject, let verbPhrase):
      return [Self.que] + words(subject) + words(verbPhrase, Agreement(subject))
    }
  }

  private func determiner(
    _ phrase: NounPhrase, _ isUnderNegation: Bool, isBeforeAdjective: Bool
  ) -> [Word] {
    let isFeminine = phrase.gender == .feminine, isPlural = phrase.isPlural
    let definite =
      isPlural ? Word("les") : Word(isFeminine ? "la" : "le", beforeVowel: "l'")
    /// mon, ma, mes; before a vowel mon for ma.
    func possessive(_ letter: String) -> [Word] {
      if isPlural { return [Word(letter + "es")] }
      return [
        isFeminine ? Word(letter + "a", beforeVowel: letter + "on") : Word(letter + "on")
      ]
    }
    switch phrase.determiner {
    case .the: return [definite]
    case .a, .some:
      if isUnderNegation { return [Self.de] }
      if phrase.determiner == .a { return [Word(isFeminine ? "une" : "un")] }
      if phrase.noun.isMass { return [Self.de, definite] }
      return [isBeforeAdjective ? Self.de : Word("des")]
    case .this:
      if isPlural { return [Word("ces")] }
      return [isFeminine ? Word("cette") : Word("ce", beforeVowel: "cet")]
    case .my: return possessive("m")
    case .his, .her: return possessive("s")
    case .your: return [Word(isPlural ? "vos" : "votre")]
    case .our: return [Word(isPlural ? "nos" : "notre")]
    case .their: return [Word(isPlural ? "leurs" : "leur")]
    case .every: return [Word("chaque")]
    case .all: return [Word(isFeminine ? "toutes" : "tous"), Word("les")]
    case .many: return [Word("beaucoup"), Self.de]
    case .none: return []
    }
  }

  private static func name(of numeral: Numeral) -> String {
    switch numeral {
    case .two: "deux"
    case .three: "trois"
    case .four: "quatre"
    case .five: "cinq"
    case .six: "six"
    case .seven: "sept"
    case .eight: "huit"
    case .nine: "neuf"
    case .ten: "dix"
    }
  }
}
