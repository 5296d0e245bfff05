/// Reads an English sentence of the generated language: the inverse of `EnglishSentence`.
///
/// A recursive descent that keeps every way to read on. Where a sentence can be read in several
/// ways (which verb a place belongs to), they say the same in French.
struct EnglishReader {
  /// What can be read from a place on, each with the place behind it.
  typealias Readings<Value> = [(value: Value, end: Int)]

  let tokens: [String]

  /// The first reading of a whole sentence; nil where there is none.
  static func read(_ tokens: [String]) -> Sentence? {
    let reader = EnglishReader(tokens: tokens)
    return reader.sentences().first { $0.end == tokens.count }?.value
  }

  func word(_ place: Int) -> String { tokens.indices.contains(place) ? tokens[place] : "" }

  /// The place behind some words, if they stand here.
  func skip(_ words: [String], _ start: Int) -> Int? {
    tokens[min(start, tokens.count)...].starts(with: words) ? start + words.count : nil
  }

  private func sentences() -> Readings<Sentence> {
    if tokens.last == "?" { return questions().map { (.question($0.value), $0.end) } }
    if tokens.first == "there" { return existences() }
    var result: Readings<Sentence> = []
    for (phrase, end) in nounPhrases(0) { result.append((.phrase(phrase), end)) }
    for (clause, end) in clauses(0) {
      result.append((.clause(clause), end))
      guard let conjunction = Conjunction(rawValue: word(end)) else { continue }
      for (second, end) in clauses(end + 1) {
        result.append((.joined(clause, conjunction, second), end))
      }
    }
    return result
  }

  private func existences() -> Readings<Sentence> {
    guard let start = skip(["there", "is"], 0) ?? skip(["there", "are"], 0) else { return [] }
    let isNegated = word(start) == "not"
    var result: Readings<Sentence> = []
    for (phrase, end) in nounPhrases(isNegated ? start + 1 : start) {
      result.append((.existence(phrase, isNegated: isNegated, nil), end))
      for (place, end) in places(end) {
        result.append((.existence(phrase, isNegated: isNegated, place), end))
      }
    }
    return result
  }

  func clauses(_ start: Int) -> Readings<Clause> {
    subjects(start).flatMap { subject, end in
      verbPhrases(end, subject.person, hasGap: false).map {
        (Clause(subject: subject, verbPhrase: $0), $1)
      }
    }
  }

  func subjects(_ start: Int) -> Readings<Subject> {
    if let pronoun = Pronoun.allCases.first(where: { "\($0)" == word(start) }) {
      return [(.pronoun(pronoun), start + 1)]
    }
    return listed(start).map { (.nounPhrases($0), $1) }
  }

  // MARK: Nouns

  /// One noun phrase, or two with "and" between.
  func listed(_ start: Int) -> Readings<[NounPhrase]> {
    nounPhrases(start).flatMap { phrase, end -> Readings<[NounPhrase]> in
      let one: Readings<[NounPhrase]> = [([phrase], end)]
      guard word(end) == "and" else { return one }
      return nounPhrases(end + 1).map { ([phrase, $0], $1) } + one
    }
  }

  func nounPhrases(_ start: Int) -> Readings<NounPhrase> {
    determiners(start).flatMap { determiner, end in
      numbered(determiner, end).flatMap { owned($0, $1) }
    }
  }

  private func determiners(_ start: Int) -> Readings<Determiner> {
    switch word(start) {
    case "a", "an": return [(.a, start + 1)]
    // The adjective "other" is read again from "another".
    case "another": return [(.a, start)]
    case "any", "some": return [(.some, start + 1)]
    case "this", "these": return [(.this, start + 1)]
    case "all": return skip(["all", "the"], start).map { [(.all, $0)] } ?? []
    case let word where Numeral.allCases.contains { "\($0)" == word }: return [(.none, start)]
    case let word:
      let known: [Determiner] = [.the, .my, .your, .his, .her, .our, .their, .every, .many]
      return known.filter { "\($0)" == word }.map { ($0, start + 1) }
    }
  }

  /// The nouns by their forms.
  private static let nouns: [String: [(noun: Noun, isPlural: Bool)]] = {
    var nouns: [String: [(noun: Noun, isPlural: Bool)]] = [:]
    for noun in Noun.all {
      nouns[noun.english, default: []].append((noun, false))
      nouns[noun.englishPlural, default: []].append((noun, true))
    }
    return nouns
  }()

  private static let adjectives = Dictionary(
    Adjective.all.map { ($0.english, $0) }, uniquingKeysWith: { first, _ in first })

  /// A numeral, adjectives and the noun.
  private func numbered(_ determiner: Determiner, _ start: Int) -> Readings<NounPhrase> {
    let numeral = Numeral.allCases.first { "\($0)" == word(start) }
    var end = numeral == nil ? start : start + 1
    var attributes: [Attribute] = []
    var result: Readings<NounPhrase> = []
    while true {
      for (noun, isPlural) in Self.nouns[word(end)] ?? []
      where agrees(determiner, numeral, noun, isPlural, first: word(start - 1)) {
        let phrase = NounPhrase(
          determiner: determiner, numeral: numeral, isPlural: isPlural, attributes: attributes,
          noun: noun)
        result.append((phrase, end + 1))
      }
      if attributes.last?.adjective.comesFirst == false, word(end) == "and" { end += 1 }
      guard let (attribute, next) = attribute(end) else { return result }
      attributes.append(attribute)
      end = next
    }
  }

  private func agrees(
    _ determiner: Determiner, _ numeral: Numeral?, _ noun: Noun, _ isPlural: Bool, first: String
  ) -> Bool {
    if numeral != nil, !isPlural { return false }
    return switch determiner {
    case .a, .every: !isPlural
    case .all, .many, .none: isPlural
    case .some: isPlural != noun.isMass
    case .this: (first == "these") == isPlural
    default: true
    }
  }

  func attribute(_ start: Int) -> (Attribute, Int)? {
    let isVery = word(start) == "very"
    let place = isVery ? start + 1 : start
    let name = word(place) == "another" ? "other" : word(place)
    guard let adjective = Self.adjectives[name] else { return nil }
    return (Attribute(adjective: adjective, isVery: isVery), place + 1)
  }

  /// What the owner owns, or what is added behind the noun.
  private func owned(_ phrase: NounPhrase, _ start: Int) -> Readings<NounPhrase> {
    if word(start) == "'s" {
      return numbered(.the, start + 1).flatMap { core, end in
        var core = core
        core.addition = .owner(phrase)
        return owned(core, end)
      }
    }
    if phrase.hasAddition { return [(phrase, start)] }
    return additions(start, phrase.isPlural ? .thirdPlural : .third).map { addition, end in
      var longer = phrase
      longer.addition = addition
      return (longer, end)
    } + [(phrase, start)]
  }

  private func additions(_ start: Int, _ person: Person) -> Readings<Addition> {
    switch word(start) {
    case "of": return nounPhrases(start + 1).map { (.of($0), $1) }
    case "who":
      return verbPhrases(start + 1, person, hasGap: false).map { (.subjectClause($0), $1) }
    case "that":
      let ofSubject = verbPhrases(start + 1, person, hasGap: false).map {
        (value: Addition.subjectClause($0), end: $1)
      }
      return ofSubject
        + subjects(start + 1).flatMap { subject, end in
          verbPhrases(end, subject.person, hasGap: true).map { (.objectClause(subject, $0), $1) }
        }
    default: return places(start).map { (.place($0), $1) }
    }
  }

  func places(_ start: Int) -> Readings<Place> {
    let found: (Preposition, Int)? =
      if let end = skip(["in", "front", "of"], start) {
        (.inFront, end)
      } else if let end = skip(["next", "to"], start) {
        (.nextTo, end)
      } else {
        Preposition(rawValue: word(start)).map { ($0, start + 1) }
      }
    guard let (preposition, end) = found else { return [] }
    return nounPhrases(end).map { (Place(preposition: preposition, nounPhrase: $0), $1) }
  }
}
