extension EnglishReader {
  /// The verb with what goes with it.
  private struct VerbGroup {
    var polarity = VerbPhrase.Polarity.positive
    var modal: Verb?
    var frequency: VerbPhrase.Frequency?
    /// The word for it; "be" for all its forms.
    var verb: String
  }

  /// What agrees with a person; with a gap where the object was said before: the dog that the boy
  /// sees.
  func verbPhrases(_ start: Int, _ person: Person, hasGap: Bool) -> Readings<VerbPhrase> {
    groups(start, person).flatMap { predicates($0, $1, hasGap) }
  }

  private func predicates(
    _ group: VerbGroup, _ start: Int, _ hasGap: Bool
  ) -> Readings<VerbPhrase> {
    predicates(of: group.verb, start, hasGap).flatMap { predicate, end -> Readings<VerbPhrase> in
      var phrase = VerbPhrase(
        polarity: group.polarity, modal: group.modal, frequency: group.frequency,
        predicate: predicate)
      var result: Readings<VerbPhrase> = [(phrase, end)]
      for (place, end) in places(end) {
        phrase.places = [place]
        result.append((phrase, end))
      }
      phrase.places = []
      if let ending = VerbPhrase.Ending.allCases.first(where: { "\($0)" == word(end) }) {
        phrase.ending = ending
        result.append((phrase, end + 1))
      }
      return result
    }
  }

  /// "Does not want to eat", "is never", "often eats".
  private func groups(_ start: Int, _ person: Person) -> Readings<VerbGroup> {
    switch word(start) {
    case person == .third ? "does" : "do":
      return skip(["not"], start + 1).map { groups(infinitiveAt: $0, .not) } ?? []
    case "cannot":
      return [(VerbGroup(polarity: .not, modal: Verb.modal[0], verb: word(start + 1)), start + 2)]
    case "can", "must":
      let modal = Verb.modal.first { $0.english == word(start) }
      let isNegated = word(start + 1) == "not"
      let end = isNegated ? start + 2 : start + 1
      return [
        (VerbGroup(polarity: isNegated ? .not : .positive, modal: modal, verb: word(end)), end + 1)
      ]
    case English.be(person): return adverbs(start + 1)
    case "never":
      return finite(start + 1, person).map { name, end in
        (VerbGroup(polarity: .never, verb: name), end)
      }
    default: break
    }
    let frequency = VerbPhrase.Frequency.allCases.first { "\($0)" == word(start) }
    let place = frequency == nil ? start : start + 1
    return finite(place, person).flatMap { name, end -> Readings<VerbGroup> in
      let plain: Readings<VerbGroup> = [(VerbGroup(frequency: frequency, verb: name), end)]
      guard name == "want", let verb = skip(["to"], end) else { return plain }
      return [(VerbGroup(modal: Verb.modal[2], verb: word(verb)), verb + 1)] + plain
    }
  }

  /// Behind a form of "be".
  private func adverbs(_ start: Int) -> Readings<VerbGroup> {
    if word(start) == "not" { return [(VerbGroup(polarity: .not, verb: "be"), start + 1)] }
    if word(start) == "never" { return [(VerbGroup(polarity: .never, verb: "be"), start + 1)] }
    let frequency = VerbPhrase.Frequency.allCases.first { "\($0)" == word(start) }
    return [
      (VerbGroup(frequency: frequency, verb: "be"), frequency == nil ? start : start + 1)
    ]
  }

  private func groups(
    infinitiveAt start: Int, _ polarity: VerbPhrase.Polarity
  ) -> Readings<VerbGroup> {
    if let verb = skip(["want", "to"], start) {
      return [(VerbGroup(polarity: polarity, modal: Verb.modal[2], verb: word(verb)), verb + 1)]
    }
    return [(VerbGroup(polarity: polarity, verb: word(start)), start + 1)]
  }

  /// The verbs by their forms: of he and she, and of all others.
  private static let byForm: (third: [String: String], other: [String: String]) = {
    let tables = [Verb.intransitive, Verb.transitive, Verb.oblique, Verb.giving, Verb.saying]
    let verbs = tables.joined()
    return (
      Dictionary(verbs.map { ($0.englishThird, $0.english) }) { first, _ in first },
      Dictionary(verbs.map { ($0.english, $0.english) }) { first, _ in first }
    )
  }()

  private func finite(_ start: Int, _ person: Person) -> Readings<String> {
    let forms = person == .third ? Self.byForm.third : Self.byForm.other
    return forms[word(start)].map { [($0, start + 1)] } ?? []
  }

  // MARK: What stands behind the verb

  private func predicates(
    of name: String, _ start: Int, _ hasGap: Bool
  ) -> Readings<Predicate> {
    if name == "be" {
      if hasGap { return [] }
      let adjective = attribute(start).map { [(value: Predicate.adjective($0.0), end: $0.1)] } ?? []
      return adjective + places(start).map { (.place($0), $1) }
    }
    var result: Readings<Predicate> = []
    for verb in Verb.transitive where verb.english == name {
      guard let end = skip(verb.particle.map { [$0] } ?? [], start) else { continue }
      if hasGap {
        result.append((.transitive(verb, .gap), end))
      } else {
        result += objects(end).map { (.transitive(verb, $0), $1) }
      }
    }
    if hasGap { return result }
    for verb in Verb.oblique where verb.english == name {
      guard let end = skip(verb.particle.map { [$0] } ?? [], start) else { continue }
      result += nounPhrases(end).map { (.oblique(verb, $0), $1) }
    }
    for verb in Verb.giving where verb.english == name {
      for (gift, end) in nounPhrases(start) where word(end) == "to" {
        result += nounPhrases(end + 1).map { (.giving(verb, gift, to: $0), $1) }
      }
    }
    for verb in Verb.saying where verb.english == name && word(start) == "that" {
      result += clauses(start + 1).map { (.saying(verb, $0), $1) }
    }
    for verb in Verb.intransitive where verb.english == name {
      result.append((.intransitive(verb), start))
    }
    return result
  }

  private func objects(_ start: Int) -> Readings<Object> {
    let pronouns: [String: Pronoun] = [
      "me": .i, "you": .you, "him": .he, "her": .she, "us": .we, "them": .they,
    ]
    let pronoun = pronouns[word(start)].map { [(value: Object.pronoun($0), end: start + 1)] } ?? []
    return listed(start).map { (.nounPhrases($0), $1) } + pronoun
  }

  // MARK: Questions

  /// The subject stands behind the first verb.
  func questions() -> Readings<Clause> {
    let front = word(0)
    return subjects(1).flatMap { subject, end -> Readings<Clause> in
      var groups: Readings<VerbGroup>
      switch front {
      case English.be(subject.person): groups = adverbs(end)
      case subject.person == .third ? "does" : "do", "can", "must":
        let frequency = VerbPhrase.Frequency.allCases.first { "\($0)" == word(end) }
        groups = self.groups(infinitiveAt: frequency == nil ? end : end + 1, .positive)
        for index in groups.indices {
          groups[index].value.frequency = frequency
          if !front.hasPrefix("do") {
            groups[index].value.modal = Verb.modal.first { $0.english == front }
          }
        }
      default: groups = []
      }
      return groups.flatMap { predicates($0, $1, false) }.compactMap { phrase, end in
        guard end == tokens.count - 1 else { return nil }
        return (Clause(subject: subject, verbPhrase: phrase), tokens.count)
      }
    }
  }
}
