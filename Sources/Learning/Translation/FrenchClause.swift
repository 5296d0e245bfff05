extension FrenchSentence {
  /// What the verb and its adjective take over from the subject.
  struct Agreement {
    var person: Person
    var gender: Gender
    var isPlural: Bool

    init(person: Person, gender: Gender, isPlural: Bool) {
      self.person = person
      self.gender = gender
      self.isPlural = isPlural
    }

    init(_ subject: Subject) {
      self.init(person: subject.person, gender: subject.gender, isPlural: subject.isPlural)
    }
  }

  func words(_ clause: Clause) -> [Word] {
    words(clause.subject) + words(clause.verbPhrase, Agreement(clause.subject))
  }

  func words(_ subject: Subject) -> [Word] {
    switch subject {
    case .nounPhrases(let phrases): joined(phrases, isUnderNegation: false)
    case .pronoun(let pronoun):
      switch pronoun {
      case .i: [Word("je", beforeVowel: "j'")]
      case .you: [Word("vous")]
      case .he: [Word("il")]
      case .she: [Word("elle")]
      case .we: [Word("nous")]
      case .they: [Word("ils")]
      }
    }
  }

  private func joined(_ phrases: [NounPhrase], isUnderNegation: Bool) -> [Word] {
    Array(
      phrases.map { words($0, isUnderNegation: isUnderNegation) }.joined(separator: [Word("et")]))
  }

  /// Negation goes around the conjugated verb, a pronoun before the verb that it belongs to.
  func words(_ phrase: VerbPhrase, _ agreement: Agreement) -> [Word] {
    let verb = phrase.predicate.verb
    let clitic = clitic(phrase.predicate)
    let isNegated = phrase.polarity != .positive
    var words = isNegated ? [Self.ne] : []
    if phrase.modal == nil { words += clitic }
    words.append(Word((phrase.modal ?? verb).french[agreement.person.rawValue]))
    switch phrase.polarity {
    case .positive: break
    case .not: words.append(Word("pas"))
    case .never: words.append(Word("jamais"))
    }
    switch phrase.frequency {
    case nil: break
    case .often: words.append(Word("souvent"))
    case .always: words.append(Word("toujours"))
    }
    if phrase.modal != nil { words += clitic + [Word(verb.infinitive)] }
    words += complement(phrase, agreement, isNegated)
    for place in phrase.places { words += self.words(place) }
    switch phrase.ending {
    case nil: break
    case .today: words.append(Word("aujourd'hui"))
    case .now: words.append(Word("maintenant"))
    case .here: words.append(Word("ici"))
    }
    return words
  }

  /// What stands behind the verb.
  private func complement(
    _ phrase: VerbPhrase, _ agreement: Agreement, _ isNegated: Bool
  ) -> [Word] {
    switch phrase.predicate {
    case .intransitive, .transitive(_, .pronoun), .transitive(_, .gap): []
    case .transitive(_, .nounPhrases(let phrases)): joined(phrases, isUnderNegation: isNegated)
    case .oblique(let verb, let other):
      (verb.preposition.map { [Self.preposition($0)] } ?? []) + words(other)
    case .giving(_, let gift, let receiver):
      words(gift, isUnderNegation: isNegated) + [Word("à")] + words(receiver)
    case .adjective(let attribute):
      words(attribute, agreement.gender, isPlural: agreement.isPlural)
    case .place(let place): words(place)
    case .saying(_, let clause): [Self.que] + words(clause)
    }
  }

  private func clitic(_ predicate: Predicate) -> [Word] {
    guard case .transitive(_, .pronoun(let pronoun)) = predicate else { return [] }
    return switch pronoun {
    case .i: [Word("me", beforeVowel: "m'")]
    case .you: [Word("vous")]
    case .he: [Word("le", beforeVowel: "l'")]
    case .she: [Word("la", beforeVowel: "l'")]
    case .we: [Word("nous")]
    case .they: [Word("les")]
    }
  }
}
