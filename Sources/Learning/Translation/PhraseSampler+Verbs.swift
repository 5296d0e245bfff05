extension PhraseSampler {
  private enum Form {
    case intransitive, transitive, oblique, giving, adjective, place, saying
  }

  /// What a subject does or is; `kinds` is for pronouns, of nouns their own kinds tell. `depth` is as
  /// of noun phrases.
  mutating func verbPhrase(of subject: Subject, _ kinds: String?, depth: Int) -> VerbPhrase {
    var kind = Set(kinds ?? "")
    var nouns: [Noun] = []
    if case .nounPhrases(let phrases) = subject {
      nouns = phrases.map(\.noun)
      kind = nouns[0].kinds
    }
    var phrase = VerbPhrase(predicate: predicate(of: subject, kind, nouns, depth))
    if case .saying = phrase.predicate { return phrase }
    let isState = phrase.predicate.verb == .be
    if !isState, !kind.isDisjoint(with: "pa"), chance(0.12) {
      phrase.modal = pick(Verb.modal)
    }
    if chance(0.2), canBeNegated(phrase.predicate) {
      phrase.polarity = phrase.modal == nil && chance(0.3) ? .never : .not
    }
    if phrase.polarity == .positive, phrase.modal == nil, chance(0.1) {
      phrase.frequency = pick(VerbPhrase.Frequency.allCases)
    }
    let hasPlace = if case .place = phrase.predicate { true } else { false }
    if !isState, chance(0.1 + 0.3 * richness / Double(depth + 1)) {
      phrase.places = [place(.action, depth: depth + 1)]
    }
    if phrase.places.isEmpty, !hasPlace, chance(0.05 + 0.1 * richness) {
      phrase.ending = pick(VerbPhrase.Ending.allCases)
    }
    return phrase
  }

  /// Of several objects French negates an indefinite one with ni, which is left to other grammars.
  private func canBeNegated(_ predicate: Predicate) -> Bool {
    guard case .transitive(_, .nounPhrases(let phrases)) = predicate else { return true }
    return phrases.count == 1 || !phrases.contains { [.a, .some].contains($0.determiner) }
  }

  private mutating func predicate(
    of subject: Subject, _ kind: Set<Character>, _ nouns: [Noun], _ depth: Int
  ) -> Predicate {
    let isPerson = kind.contains("p"), isAlive = isPerson || kind.contains("a")
    // Of I, you and we English does not tell the gender.
    let takesAdjective: Bool
    if case .pronoun(let pronoun) = subject {
      takesAdjective = [.he, .she, .they].contains(pronoun)
    } else {
      takesAdjective = true
    }
    let form = pick(
      [
        Form.intransitive: isAlive ? 0.16 : 0, .transitive: isAlive ? 0.45 : 0,
        .oblique: isPerson ? 0.12 : 0, .giving: isPerson ? 0.08 : 0,
        .adjective: takesAdjective ? 0.14 : 0, .place: 0.05,
        .saying: isPerson && depth == 0 ? 0.08 : 0,
      ])
    func verbs(_ verbs: [Verb]) -> [Verb] {
      verbs.filter { !$0.subjects.isDisjoint(with: kind) }
    }
    switch form {
    case .intransitive: return .intransitive(pick(verbs(Verb.intransitive)))
    case .transitive:
      let verb = pick(verbs(Verb.transitive))
      return .transitive(verb, object(of: verb, subject, depth))
    case .oblique:
      let verb = pick(verbs(Verb.oblique))
      return .oblique(
        verb,
        nounPhrase(String(verb.objects.sorted()), determiners: Self.afterDe, depth: depth + 1))
    case .giving:
      let verb = pick(verbs(Verb.giving))
      let gift = nounPhrase(
        String(verb.objects.sorted()), determiners: Self.ofObjects, depth: depth + 2)
      return .giving(verb, gift, to: nounPhrase("p", determiners: Self.afterDe, depth: depth + 2))
    case .adjective:
      let fitting = Adjective.all.filter { adjective in
        adjective.rank != .other && (nouns.isEmpty ? adjective.kinds.contains("p") : true)
          && nouns.allSatisfy { adjective.suits($0) }
      }
      guard !fitting.isEmpty else { return .place(place(.around, depth: depth + 1)) }
      let adjective = pick(fitting)
      combinations += nouns.map { Combination(adjective: adjective, noun: $0) }
      return .adjective(
        Attribute(adjective: adjective, isVery: adjective.isGradable && chance(0.15)))
    case .place: return .place(place(.around, depth: depth + 1))
    case .saying: return .saying(pick(Verb.saying), clause(depth: depth + 1))
    }
  }

  /// Those that can be negated: not every dog is left to other grammars.
  private static let ofObjects: Set<Determiner> = [
    .the, .a, .some, .this, .my, .your, .his, .her, .our, .their, .none,
  ]

  private mutating func object(of verb: Verb, _ subject: Subject, _ depth: Int) -> Object {
    if verb.objects.contains("p"), chance(0.25) {
      var pronoun: Pronoun
      repeat { pronoun = pick(Pronoun.allCases) } while !Self.canMeet(subject, pronoun)
      return .pronoun(pronoun)
    }
    let kinds = String(verb.objects.sorted())
    var phrases = [nounPhrase(kinds, determiners: Self.ofObjects, depth: depth + 1)]
    if !phrases[0].hasAddition, chance(0.05 + 0.15 * richness) {
      phrases.append(nounPhrase(kinds, determiners: Self.ofObjects, depth: depth + 2))
    }
    return .nounPhrases(phrases)
  }

  /// Not I and me: that would be reflexive.
  private static func canMeet(_ subject: Subject, _ object: Pronoun) -> Bool {
    guard case .pronoun(let pronoun) = subject else { return true }
    switch (pronoun, object) {
    case (.i, .i), (.i, .we), (.we, .i), (.we, .we), (.you, .you): return false
    default: return true
    }
  }
}
