internal import Tensors

/// Draws sentences at random. What is said makes sense as far as the kinds of nouns tell.
struct PhraseSampler {
  var random: SeededRandom
  /// 0…1: how much is added to what must be there.
  var richness = 0.5
  /// Every adjective that was said of a noun.
  var combinations: [Combination] = []

  /// An adjective that is said of a noun, before it, behind it or with "is".
  struct Combination {
    let adjective: Adjective
    let noun: Noun

    /// One combination in eight is held out. It is told from the French words, so that a
    /// combination that English says in two ways (small, little) is held out in both.
    var isHeldOut: Bool {
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for byte in "\(adjective.masculine) \(noun.french)".utf8 {
        hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
      }
      return (hash >> 32) % 8 == 0
    }
  }

  init(random: SeededRandom) { self.random = random }

  // MARK: Choosing

  mutating func chance(_ probability: Double) -> Bool { random.uniform() < probability }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[random.below(elements.count)]
  }

  /// One of several, by their weights.
  mutating func pick<Element>(_ weighted: KeyValuePairs<Element, Double>) -> Element {
    var rest = random.uniform() * weighted.reduce(0) { $0 + $1.value }
    for (element, weight) in weighted {
      rest -= weight
      if rest < 0 { return element }
    }
    return weighted[weighted.count - 1].key
  }

  /// The nouns of some kinds; they are looked for once.
  private var nouns: [String: [Noun]] = [:]

  mutating func noun(_ kinds: String) -> Noun {
    if let known = nouns[kinds] { return pick(known) }
    let found = Noun.all.filter { !$0.kinds.isDisjoint(with: kinds) }
    nouns[kinds] = found
    return pick(found)
  }

  /// The adjectives of each noun.
  static let adjectives: [String: [Adjective]] = Dictionary(
    Noun.all.map { noun in (noun.english, Adjective.all.filter { $0.suits(noun) }) }
  ) { first, _ in first }

  // MARK: Sentences

  /// Draws a sentence; `combinations` are its own afterwards.
  mutating func sentence() -> Sentence {
    combinations = []
    richness = random.uniform()
    enum Form { case phrase, clause, question, joined, existence }
    let form = pick(
      [
        Form.phrase: 0.25, .clause: 0.45, .question: 0.08, .joined: 0.25 * richness,
        .existence: 0.05,
      ])
    switch form {
    case .phrase: return .phrase(nounPhrase("patrclvnfd"))
    case .clause: return .clause(clause())
    case .question: return .question(question())
    case .joined:
      richness /= 2
      let first = clause()
      var conjunction = pick(Conjunction.allCases)
      let second = clause()
      // "He sees a cat and a dog and a boy sleep": nobody can tell what the cat belongs to.
      if case .nounPhrases(let phrases) = second.subject, phrases.count > 1, conjunction == .and {
        conjunction = .while
      }
      return .joined(first, conjunction, second)
    case .existence:
      let isNegated = chance(0.25)
      let phrase = nounPhrase(
        "patrcvnfd", determiners: isNegated ? [.a, .some] : [.a, .some, .many, .none])
      return .existence(phrase, isNegated: isNegated, chance(0.6) ? place(.around) : nil)
    }
  }

  /// A clause to ask for. Its subject has no addition: of "is the cat on the table in the kitchen"
  /// nobody can tell where the subject ends.
  private mutating func question() -> Clause {
    while true {
      combinations = []
      var clause = clause()
      if case .nounPhrases(let phrases) = clause.subject, phrases.contains(where: \.hasAddition) {
        continue
      }
      clause.verbPhrase.polarity = .positive
      return clause
    }
  }

  mutating func clause(depth: Int = 0) -> Clause {
    if chance(0.35) {
      let pronoun = pick(Pronoun.allCases)
      let subject = Subject.pronoun(pronoun)
      return Clause(subject: subject, verbPhrase: verbPhrase(of: subject, "p", depth: depth))
    }
    let kind = pick(["p": 0.6, "a": 0.25, "tcrvnlf": 0.15] as KeyValuePairs<String, Double>)
    var phrases = [nounPhrase(kind, depth: depth)]
    // What follows "and" would be taken for a part of the addition.
    if !phrases[0].hasAddition, chance(0.1 + 0.2 * richness) {
      phrases.append(nounPhrase(kind, depth: depth + 1))
    }
    let subject = Subject.nounPhrases(phrases)
    return Clause(subject: subject, verbPhrase: verbPhrase(of: subject, nil, depth: depth))
  }

  // MARK: Nouns

  /// A noun of some kinds with what belongs to it. All determiners fit where none are given; `depth`
  /// is how many phrases it stands in: deep ones are short.
  mutating func nounPhrase(
    _ kinds: String, determiners: Set<Determiner>? = nil, depth: Int = 0
  ) -> NounPhrase {
    let noun = noun(kinds)
    var phrase = NounPhrase(determiner: .the, noun: noun)
    setDeterminer(&phrase, determiners)
    addAttributes(&phrase)
    if depth < 2, chance(0.06 + 0.34 * richness / Double(depth + 1)) {
      phrase.addition = addition(&phrase, depth: depth)
    }
    return phrase
  }

  private mutating func setDeterminer(_ phrase: inout NounPhrase, _ allowed: Set<Determiner>?) {
    repeat {
      phrase.determiner = pick(
        [
          .the: 0.42, .a: 0.16, .some: 0.1, .this: 0.07, .my: 0.04, .your: 0.03, .his: 0.03,
          .her: 0.03, .our: 0.03, .their: 0.03, .every: 0.02, .all: 0.03, .many: 0.03, .none: 0.03,
        ])
    } while !(allowed?.contains(phrase.determiner) ?? true)
      || (phrase.noun.isMass && [.a, .every, .all, .many, .none].contains(phrase.determiner)
        && !(allowed.map { !$0.contains(.the) && !$0.contains(.some) } ?? false))
    switch phrase.determiner {
    case .a, .every: phrase.isPlural = false
    case .all, .many, .none: phrase.isPlural = true
    case .some: phrase.isPlural = !phrase.noun.isMass
    case .the, .this, .my, .your, .his, .her, .our, .their:
      phrase.isPlural = !phrase.noun.isMass && chance(0.3)
    }
    let takesNumeral = ![.some, .all, .many].contains(phrase.determiner)
    if phrase.determiner == .none || (takesNumeral && phrase.isPlural && chance(0.15)) {
      phrase.numeral = pick(Numeral.allCases)
    }
  }

  private mutating func addAttributes(_ phrase: inout NounPhrase) {
    let noun = phrase.noun
    var wanted = chance(0.3 + 0.4 * richness) ? 1 : 0
    if wanted == 1, chance(0.35 * richness) { wanted = 2 }
    if wanted == 2, chance(0.2 * richness) { wanted = 3 }
    let fitting = Self.adjectives[noun.english] ?? []
    for _ in 0..<wanted {
      let adjective = pick(fitting)
      guard phrase.attributes.allSatisfy({ $0.adjective.goes(with: adjective) }) else { continue }
      let isVery = adjective.isGradable && chance(0.1)
      phrase.attributes.append(Attribute(adjective: adjective, isVery: isVery))
      combinations.append(Combination(adjective: adjective, noun: noun))
    }
    phrase.attributes.sort { $0.adjective.rank.rawValue < $1.adjective.rank.rawValue }
  }

  private mutating func addition(_ phrase: inout NounPhrase, depth: Int) -> Addition {
    enum Form { case place, owner, of, subjectClause, objectClause }
    let noun = phrase.noun
    let isOpen = noun.kinds.contains("o") || noun.kinds.contains("r")
    let form = pick(
      [
        Form.place: 0.3, .owner: phrase.determiner == .the ? 0.3 : 0, .of: isOpen ? 0.3 : 0,
        .subjectClause: 0.25, .objectClause: 0.2,
      ])
    switch form {
    case .place: return .place(place(.noun, depth: depth + 1))
    case .owner: return .owner(nounPhrase("pa", determiners: Self.afterDe, depth: depth + 2))
    case .of:
      let kinds = noun.kinds.contains("r") ? "pal" : "lv"
      return .of(nounPhrase(kinds, determiners: Self.afterDe, depth: depth + 1))
    case .subjectClause:
      let subject = Subject.nounPhrases([phrase])
      return .subjectClause(verbPhrase(of: subject, nil, depth: depth + 1))
    case .objectClause:
      let subject: Subject =
        chance(0.4)
        ? .pronoun(pick(Pronoun.allCases)) : .nounPhrases([nounPhrase("p", depth: depth + 2)])
      let verb = pick(Verb.transitive.filter { !$0.objects.isDisjoint(with: noun.kinds) })
      var verbPhrase = VerbPhrase(predicate: .transitive(verb, .gap))
      if chance(0.15) { verbPhrase.polarity = .not }
      return .objectClause(subject, verbPhrase)
    }
  }

  /// Those that French keeps behind de.
  static let afterDe: Set<Determiner> = [
    .the, .a, .this, .my, .your, .his, .her, .our, .their, .every, .all, .none,
  ]

  // MARK: Places

  enum Surroundings {
    /// Of an action.
    case action
    /// Of a thing that is named.
    case noun
    /// Of what is there.
    case around
  }

  mutating func place(_ surroundings: Surroundings, depth: Int = 1) -> Place {
    let preposition: Preposition =
      surroundings == .action
      ? pick(
        [
          .in: 0.3, .with: 0.2, .without: 0.08, .behind: 0.08, .inFront: 0.12, .near: 0.12,
          .nextTo: 0.1,
        ])
      : pick(
        [
          .in: 0.25, .on: 0.2, .under: 0.12, .behind: 0.1, .inFront: 0.1, .near: 0.12,
          .nextTo: 0.11,
        ])
    let isDe = [.near, .nextTo].contains(preposition)
    return Place(
      preposition: preposition,
      nounPhrase: nounPhrase(
        preposition.kinds, determiners: isDe ? Self.afterDe : nil, depth: depth + 1))
  }
}
