/// What a sentence says, apart from the language that says it.
indirect enum Sentence: Sendable {
  case phrase(NounPhrase)
  case clause(Clause)
  /// Asked with est-ce que.
  case question(Clause)
  case joined(Clause, Conjunction, Clause)
  /// There is …
  case existence(NounPhrase, isNegated: Bool, Place?)
}

struct NounPhrase: Sendable {
  var determiner: Determiner
  var numeral: Numeral?
  var isPlural = false
  /// In English order.
  var attributes: [Attribute] = []
  var noun: Noun
  var addition: Addition?

  var gender: Gender { noun.gender }
  var hasAddition: Bool { if case .some = addition { true } else { false } }
}

/// An adjective, perhaps a very strong one.
struct Attribute: Sendable {
  var adjective: Adjective
  var isVery = false
}

enum Determiner: CaseIterable, Sendable {
  case the, a, some, this, my, your, his, her, our, their, every, all, many
  /// A numeral alone: two dogs.
  case none
}

/// The numbers that need a plural.
enum Numeral: Int, CaseIterable, Sendable {
  case two = 2
  case three, four, five, six, seven, eight, nine, ten
}

/// What follows the noun.
indirect enum Addition: Sendable {
  /// The cat on the table.
  case place(Place)
  /// The boy's dog.
  case owner(NounPhrase)
  /// The door of the house.
  case of(NounPhrase)
  /// The boy who sings.
  case subjectClause(VerbPhrase)
  /// The dog that the boy sees.
  case objectClause(Subject, VerbPhrase)
}

struct Place: Sendable {
  var preposition: Preposition
  var nounPhrase: NounPhrase
}

enum Preposition: String, CaseIterable, Sendable {
  case `in`, on, under, behind, inFront, near, nextTo, with, without, `for`
}

enum Subject: Sendable {
  case pronoun(Pronoun)
  case nounPhrases([NounPhrase])
}

enum Pronoun: CaseIterable, Sendable {
  case i, you, he, she, we, they

  var person: Person {
    switch self {
    case .i: .first
    case .you: .second
    case .he, .she: .third
    case .we: .firstPlural
    case .they: .thirdPlural
    }
  }
}

struct Clause: Sendable {
  var subject: Subject
  var verbPhrase: VerbPhrase
}

struct VerbPhrase: Sendable {
  enum Polarity: Sendable {
    case positive, not, never
  }

  enum Frequency: CaseIterable, Sendable {
    case often, always
  }

  enum Ending: CaseIterable, Sendable {
    case today, now, here
  }

  var polarity = Polarity.positive
  /// Can, must or want to.
  var modal: Verb?
  var frequency: Frequency?
  var predicate: Predicate
  var places: [Place] = []
  var ending: Ending?
}

indirect enum Predicate: Sendable {
  case intransitive(Verb)
  case transitive(Verb, Object)
  case oblique(Verb, NounPhrase)
  case giving(Verb, NounPhrase, to: NounPhrase)
  case adjective(Attribute)
  case place(Place)
  case saying(Verb, Clause)
}

enum Object: Sendable {
  /// Me, you, him, her, us, them.
  case pronoun(Pronoun)
  case nounPhrases([NounPhrase])
  /// Said before, in a relative clause: the dog that the boy sees.
  case gap
}

enum Conjunction: String, CaseIterable, Sendable {
  case and, but, because, when, `if`, `while`
}

extension Subject {
  var person: Person {
    switch self {
    case .pronoun(let pronoun): pronoun.person
    case .nounPhrases(let phrases):
      phrases.count > 1 || phrases[0].isPlural ? .thirdPlural : .third
    }
  }

  var isPlural: Bool { [.firstPlural, .thirdPlural].contains(person) }

  /// One man among them makes them all masculine.
  var gender: Gender {
    switch self {
    case .pronoun(let pronoun): pronoun == .she ? .feminine : .masculine
    case .nounPhrases(let phrases):
      phrases.allSatisfy { $0.gender == .feminine } ? .feminine : .masculine
    }
  }
}
