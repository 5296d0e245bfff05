/// Says a sentence in English.
struct EnglishSentence {
  static func tokens(_ sentence: Sentence) -> [String] {
    let english = EnglishSentence()
    switch sentence {
    case .phrase(let phrase): return english.words(phrase)
    case .clause(let clause): return english.words(clause)
    case .question(let clause): return english.question(clause)
    case .joined(let first, let conjunction, let second):
      return english.words(first) + [conjunction.rawValue] + english.words(second)
    case .existence(let phrase, let isNegated, let place):
      return ["there", phrase.isPlural ? "are" : "is"] + (isNegated ? ["not"] : [])
        + english.words(phrase, isUnderNegation: isNegated)
        + (place.map(english.words) ?? [])
    }
  }

  // MARK: Nouns

  func words(_ phrase: NounPhrase, isUnderNegation: Bool = false) -> [String] {
    var owner: [String] = []
    if case .owner(let other) = phrase.addition { owner = words(other) + ["'s"] }
    var core = phrase.numeral.map { ["\($0)"] } ?? []
    for (index, attribute) in phrase.attributes.enumerated() {
      // "Red and white", but "big red".
      if index > 0, !phrase.attributes[index - 1].adjective.comesFirst { core.append("and") }
      core += words(attribute)
    }
    core.append(phrase.isPlural ? phrase.noun.englishPlural : phrase.noun.english)
    // "The boy's dog": the owner stands where the article would.
    if !owner.isEmpty { return owner + core }
    return determined(phrase, core, isUnderNegation) + words(after: phrase)
  }

  private func determined(
    _ phrase: NounPhrase, _ core: [String], _ isUnderNegation: Bool
  ) -> [String] {
    switch phrase.determiner {
    case .the: ["the"] + core
    case .a where core.first == "other": ["another"] + core.dropFirst()
    case .a: [English.indefiniteArticle(before: core[0])] + core
    case .some: [isUnderNegation ? "any" : "some"] + core
    case .this: [phrase.isPlural ? "these" : "this"] + core
    case .my, .your, .his, .her, .our, .their, .every, .many: ["\(phrase.determiner)"] + core
    case .all: ["all", "the"] + core
    case .none: core
    }
  }

  private func words(_ attribute: Attribute) -> [String] {
    (attribute.isVery ? ["very"] : []) + [attribute.adjective.english]
  }

  private func words(after phrase: NounPhrase) -> [String] {
    let pronoun = phrase.noun.kinds.contains("p") ? "who" : "that"
    switch phrase.addition {
    case nil, .owner: return []
    case .place(let place): return words(place)
    case .of(let other): return ["of"] + words(other)
    case .subjectClause(let verbPhrase):
      return [pronoun] + words(verbPhrase, phrase.isPlural ? .thirdPlural : .third)
    case .objectClause(let subject, let verbPhrase):
      return ["that"] + words(subject) + words(verbPhrase, subject.person)
    }
  }

  func words(_ place: Place) -> [String] {
    let preposition =
      switch place.preposition {
      case .inFront: ["in", "front", "of"]
      case .nextTo: ["next", "to"]
      default: [place.preposition.rawValue]
      }
    return preposition + words(place.nounPhrase)
  }

  private func words(_ subject: Subject) -> [String] {
    switch subject {
    case .pronoun(let pronoun): ["\(pronoun)"]
    case .nounPhrases(let phrases): joined(phrases, isUnderNegation: false)
    }
  }

  private func joined(_ phrases: [NounPhrase], isUnderNegation: Bool) -> [String] {
    Array(phrases.map { words($0, isUnderNegation: isUnderNegation) }.joined(separator: ["and"]))
  }

  // MARK: Verbs

  private func words(_ clause: Clause) -> [String] {
    words(clause.subject) + words(clause.verbPhrase, clause.subject.person)
  }

  private func words(_ phrase: VerbPhrase, _ person: Person) -> [String] {
    verb(phrase, person) + rest(phrase)
  }

  private func verb(_ phrase: VerbPhrase, _ person: Person) -> [String] {
    let frequency = phrase.frequency.map { ["\($0)"] } ?? []
    let isNegated = phrase.polarity == .not
    let never = phrase.polarity == .never ? ["never"] : []
    if let modal = phrase.modal {
      let infinitive = [phrase.predicate.verb.english]
      switch modal.english {
      case "can": return [isNegated ? "cannot" : "can"] + never + infinitive
      case "must": return ["must"] + (isNegated ? ["not"] : never) + infinitive
      default: return finite(modal, person, isNegated, never) + ["to"] + infinitive
      }
    }
    if phrase.predicate.verb == .be {
      return [English.be(person)] + (isNegated ? ["not"] : never) + frequency
    }
    return finite(phrase.predicate.verb, person, isNegated, never + frequency)
  }

  private func finite(
    _ verb: Verb, _ person: Person, _ isNegated: Bool, _ adverbs: [String]
  ) -> [String] {
    if isNegated { return [person == .third ? "does" : "do", "not", verb.english] }
    return adverbs + [person == .third ? verb.englishThird : verb.english]
  }

  /// What stands behind the verb.
  private func rest(_ phrase: VerbPhrase) -> [String] {
    let particle = phrase.predicate.verb.particle.map { [$0] } ?? []
    var words: [String]
    switch phrase.predicate {
    case .intransitive: words = []
    case .transitive(_, let object):
      words = particle + self.words(object, isUnderNegation: phrase.polarity != .positive)
    case .oblique(_, let other): words = particle + self.words(other)
    case .giving(_, let gift, let receiver):
      words =
        self.words(gift, isUnderNegation: phrase.polarity != .positive) + ["to"]
        + self.words(receiver)
    case .adjective(let attribute): words = self.words(attribute)
    case .place(let place): words = self.words(place)
    case .saying(_, let clause): words = ["that"] + self.words(clause)
    }
    for place in phrase.places { words += self.words(place) }
    if let ending = phrase.ending { words.append("\(ending)") }
    return words
  }

  private func words(_ object: Object, isUnderNegation: Bool) -> [String] {
    switch object {
    case .gap: return []
    case .nounPhrases(let phrases): return joined(phrases, isUnderNegation: isUnderNegation)
    case .pronoun(let pronoun):
      switch pronoun {
      case .i: return ["me"]
      case .you: return ["you"]
      case .he: return ["him"]
      case .she: return ["her"]
      case .we: return ["us"]
      case .they: return ["them"]
      }
    }
  }

  /// "Does the dog sleep?", "is the dog big?", "can the dog swim?"
  private func question(_ clause: Clause) -> [String] {
    let phrase = clause.verbPhrase, person = clause.subject.person
    var front: String, inner: [String]
    if phrase.predicate.verb == .be {
      front = English.be(person)
      inner = []
    } else if let modal = phrase.modal, modal.english != "want" {
      front = modal.english
      inner = [phrase.predicate.verb.english]
    } else {
      front = person == .third ? "does" : "do"
      inner = (phrase.modal.map { [$0.english, "to"] } ?? []) + [phrase.predicate.verb.english]
    }
    inner = (phrase.frequency.map { ["\($0)"] } ?? []) + inner
    return [front] + words(clause.subject) + inner + rest(phrase) + ["?"]
  }
}

extension Predicate {
  var verb: Verb {
    switch self {
    case .intransitive(let verb), .transitive(let verb, _), .oblique(let verb, _),
      .giving(let verb, _, _), .saying(let verb, _):
      verb
    case .adjective, .place: .be
    }
  }
}
