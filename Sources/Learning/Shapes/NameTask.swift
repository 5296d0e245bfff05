public import Networks
public import Tensors

/// Many to many, aligned: for each word whether it is a person's name, an organisation's, a place's,
/// or none.
///
/// What stands left of a name seldom tells which it is: "He said, Teddy bears are on sale", "He
/// said, Teddy Roosevelt was a great President". So a network that reads from both sides knows more.
///
/// - Source: the two sentences are Ng's, Sequence Models, week 1.
public struct NameTask: ShapeTask {
  public init() {}

  public var kind: ShapeKind { .names }
  public var unit: String { "words" }
  public let classes = ["other", "person", "organisation", "place"]
  public var input: TokenInput { .embedding(vocabularySize: Self.tokens.count, size: 16) }
  public var vocabulary: Vocabulary? { Vocabulary(tokens: Self.tokens, unit: .words) }

  enum Tag: Int32 {
    case other, person, organisation, place
  }

  /// Names of people, companies, places and plain things alike.
  static let ambiguous = words(
    "Teddy Washington Jordan Ford Rose Lincoln Virginia Amazon Apple Turkey Florence Sydney "
      + "Victoria Jackson Austin Orange Chelsea Brooklyn")
  private static let surnames = words(
    "Roosevelt Smith Brown Miller Taylor Clark Walker Young Hall Wright")
  private static let suffixes = words("Bank Company Records Airlines")
  private static let goods = words(
    "bears pies bushes sandwiches jackets cars sauces shirts perfumes lamps")
  static let people = words("Mary John Anna Peter Susan Paul Emma Robert")
  static let places = words("London Rome Berlin Canada Tokyo Paris Egypt Chicago")
  static let companies = words("Google Siemens Toyota Reuters Nokia Boeing")
  private static let personVerbs = words("smiled laughed wrote met married visited sang")
  private static let companyVerbs = words("hired opened bought published sells makes")

  private static let phrases = words(
    "<unk> , . he she they I we said wrote told us yesterday today heard that know the was were born "
      + "in a great president good famous doctor teacher letter to lives works for new factory "
      + "results its is are on sale cheap large beautiful city country far from lies river has many "
      + "people here again there old books phones taste")

  private static let tokens: [String] =
    phrases + personVerbs + companyVerbs + goods + ambiguous + surnames + suffixes + people
    + places + companies

  /// Sentences that are shown, and so never trained on.
  public static let shown = [
    "he said , Teddy bears are on sale", "he said , Teddy Roosevelt was a great president",
  ]

  // MARK: Sentences

  typealias Tagged = [(word: String, tag: Tag)]

  public func example(_ random: inout SeededRandom) -> ShapeExample {
    let (sentence, hard) = sentence(&random)
    let text = sentence.map(\.word).joined(separator: " ")
    let isHeldOut = Self.shown.contains(text) || stableHash(text.utf8) >> 20 & 7 == 0
    let vocabulary = Vocabulary(tokens: Self.tokens, unit: .words)
    return ShapeExample(
      input: RunInput(
        source: .tokens(sentence.map { Int32(vocabulary.id(of: $0.word) ?? 0) }),
        labels: sentence.map(\.word)),
      targets: sentence.map(\.tag.rawValue), isHeldOut: isHeldOut, hardSteps: [hard])
  }

  private func plain(_ text: String) -> Tagged { words(text).map { ($0, .other) } }

  /// A sentence, and the place of the word whose kind only what follows tells.
  private func sentence(_ random: inout SeededRandom) -> (Tagged, Int) {
    let beginnings = [
      "", "he said ,", "she said ,", "they said ,", "he said that", "she wrote that",
      "yesterday they told us that", "we heard that", "I know that", "today we heard that",
      "they know that",
    ]
    let beginning = plain(random.pick(beginnings))
    let tag = random.pick([Tag.other, .person, .organisation, .place])
    let name: String
    switch tag {
    case .person where random.chance(0.25): name = random.pick(Self.people)
    case .organisation where random.chance(0.25): name = random.pick(Self.companies)
    case .place where random.chance(0.25): name = random.pick(Self.places)
    default: name = random.pick(Self.ambiguous)
    }
    var sentence = beginning + [(name, tag)]
    switch tag {
    case .other: sentence += plain(random.pick(Self.goods)) + ofGoods(&random)
    case .person:
      if random.chance(0.5) { sentence.append((random.pick(Self.surnames), .person)) }
      sentence += ofPerson(&random)
    case .organisation:
      if random.chance(0.5) { sentence.append((random.pick(Self.suffixes), .organisation)) }
      sentence += ofCompany(&random)
    case .place: sentence += ofPlace(&random)
    }
    return (sentence, beginning.count)
  }

  private func ofGoods(_ random: inout SeededRandom) -> Tagged {
    plain(
      random.pick([
        "are on sale", "are cheap", "are cheap here", "taste good", "were on sale yesterday",
        "are on sale today", "are beautiful", "were cheap again",
      ]))
  }

  private func ofPerson(_ random: inout SeededRandom) -> Tagged {
    switch random.below(6) {
    case 0: return plain("was a \(random.pick(words("great good famous")))") + plain(role(&random))
    case 1: return plain("was born in") + [place(&random)]
    case 2: return plain(random.pick(words("smiled laughed sang"))) + plain(when(&random))
    case 3: return plain(random.pick(words("met married visited"))) + [person(&random)]
    case 4: return plain("lives in") + [place(&random)]
    default: return plain("works for") + [company(&random)]
    }
  }

  private func ofCompany(_ random: inout SeededRandom) -> Tagged {
    switch random.below(5) {
    case 0: return plain("hired") + [person(&random)]
    case 1: return plain("opened a new factory in") + [place(&random)]
    case 2: return plain("bought") + [company(&random)]
    case 3: return plain("published its results") + plain(when(&random))
    default:
      let verb = random.pick(words("sells makes"))
      return plain("\(verb) \(random.pick(words("phones books")))")
    }
  }

  private func ofPlace(_ random: inout SeededRandom) -> Tagged {
    switch random.below(4) {
    case 0:
      let kind = random.pick(words("large beautiful old famous"))
      return plain("is a \(kind) \(random.pick(words("city country")))")
    case 1: return plain("is far from") + [place(&random)]
    case 2: return plain("lies on a river")
    default: return plain("has many people") + plain(random.pick(["", "there", "today"]))
    }
  }

  private func role(_ random: inout SeededRandom) -> String {
    random.pick(words("president doctor teacher"))
  }

  private func when(_ random: inout SeededRandom) -> String {
    random.pick(["", "yesterday", "today", "again"])
  }

  private func person(_ random: inout SeededRandom) -> (String, Tag) {
    (random.pick(random.chance(0.7) ? Self.people : Self.ambiguous), .person)
  }

  private func place(_ random: inout SeededRandom) -> (String, Tag) {
    (random.pick(random.chance(0.7) ? Self.places : Self.ambiguous), .place)
  }

  private func company(_ random: inout SeededRandom) -> (String, Tag) {
    (random.pick(random.chance(0.7) ? Self.companies : Self.ambiguous), .organisation)
  }

  // MARK: Reading

  /// The kinds of the words of a text, by the words beside each name.
  ///
  /// - Returns: nil where a name may be anything.
  public func targets(ofTokens tokens: [String]) -> [Int32]? {
    var targets: [Int32] = []
    for (index, word) in tokens.enumerated() {
      guard let tag = tag(of: word, at: index, in: tokens) else { return nil }
      targets.append(tag.rawValue)
    }
    return targets
  }

  private func tag(of word: String, at index: Int, in tokens: [String]) -> Tag? {
    if Self.people.contains(word) || Self.surnames.contains(word) { return .person }
    if Self.places.contains(word) { return .place }
    if Self.companies.contains(word) || Self.suffixes.contains(word) { return .organisation }
    guard Self.ambiguous.contains(word) else { return .other }
    let before = index > 0 ? tokens[index - 1] : ""
    if ["in", "from"].contains(before) { return .place }
    if ["for", "bought"].contains(before) { return .organisation }
    if ["met", "married", "visited", "hired"].contains(before) { return .person }
    switch index + 1 < tokens.count ? tokens[index + 1] : "" {
    case let next where Self.goods.contains(next): return .other
    case let next where Self.surnames.contains(next): return .person
    case let next where Self.suffixes.contains(next): return .organisation
    case let next where Self.companyVerbs.contains(next): return .organisation
    case let next where Self.personVerbs.contains(next): return .person
    case "was", "lives", "works": return .person
    case "is", "lies", "has": return .place
    default: return nil
    }
  }
}
