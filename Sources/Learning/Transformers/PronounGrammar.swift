internal import Tensors

/// Puts sentences together from the lexicon.
struct PronounGrammar {
  private typealias Lexicon = PronounLexicon
  let part: PronounSentence.Part

  /// A noun with its kind, the place in the sentence yet unknown.
  private struct Noun {
    let word: String
    let kind: PronounLexicon.Kind
  }

  /// What is said, before it is put in order.
  private struct Story {
    /// The clause without "it", and the one with it.
    var main = Words()
    var pronounClause = Words()
    var referent: Noun
    var connective: String
  }

  /// Words with marks on those that matter.
  private struct Words {
    enum Mark {
      case plain, noun, content, pronoun
    }
    var items: [(word: String, mark: Mark)] = []

    mutating func add(_ words: [String], _ mark: Mark = .plain) {
      items += words.map { ($0, mark) }
    }
    mutating func add(_ word: String, _ mark: Mark = .plain) { items.append((word, mark)) }
  }

  /// A sentence, or nil where what was drawn does not go together.
  func sentence(_ random: inout SeededRandom) -> PronounSentence? {
    let story = random.below(8) == 0 ? sizeStory(&random) : actionStory(&random)
    guard let story else { return nil }
    var words = Words()
    let isCausal = story.connective != "so" && story.connective != "but"
    if isCausal, random.below(4) == 0 {
      words.add(story.connective)
      words.items += story.pronounClause.items
      words.add(",")
      words.items += story.main.items
    } else {
      words.items = story.main.items
      if random.below(isCausal ? 4 : 2) == 0 { words.add(",") }
      words.add(story.connective)
      words.items += story.pronounClause.items
    }
    if random.below(6) > 0 { words.add(".") }
    return finished(words, referent: story.referent)
  }

  private func finished(_ words: Words, referent: Noun) -> PronounSentence {
    var sentence = PronounSentence()
    for (place, item) in words.items.enumerated() {
      sentence.words.append(item.word)
      switch item.mark {
      case .plain: break
      case .noun:
        sentence.nouns.append(place)
        sentence.content.append(place)
        if item.word == referent.word { sentence.referent = place }
      case .content: sentence.content.append(place)
      case .pronoun: sentence.pronoun = place
      }
    }
    return sentence
  }

  // MARK: Somebody does something to something

  private func actionStory(_ random: inout SeededRandom) -> Story? {
    let frame = Lexicon.frames[random.below(Lexicon.frames.count)]
    guard let subject = noun(frame.subject, &random), let object = noun(frame.object, &random),
      belongs(subject, object)
    else { return nil }
    let isSubject = random.below(2) == 0
    let (referent, other) = isSubject ? (subject, object) : (object, subject)
    let isResult = frame.subject == .creature && random.below(5) == 0
    let fitting = (isResult ? Lexicon.results : Lexicon.reasons).filter {
      $0.kinds.contains(referent.kind) && !$0.kinds.contains(other.kind)
    }
    guard let property = pick(fitting, &random) else { return nil }
    let connective = isResult ? "so" : Self.any(Lexicon.connectives, &random)
    var story = Story(referent: referent, connective: connective)
    guard let verb = pick(frame.verbs, &random) else { return nil }
    story.main = clause(subject, verb, object, canDeny: !isResult, &random)
    story.main = placed(story.main, subject, object, &random)
    story.pronounClause.add("it", .pronoun)
    if property.isGraded, random.below(3) == 0 {
      story.pronounClause.add(property.words.dropLast() + [])
      story.pronounClause.add(Self.any(Lexicon.degrees, &random))
      story.pronounClause.add(property.words.suffix(1) + [], .content)
    } else {
      for word in property.words {
        story.pronounClause.add(word, word == "was" ? .plain : .content)
      }
    }
    return story
  }

  /// `The cat drank the milk`, `The milk was drunk by the cat`, `The cat did not drink the milk`.
  private func clause(
    _ subject: Noun, _ verb: [String], _ object: Noun, canDeny: Bool, _ random: inout SeededRandom
  ) -> Words {
    var words = Words()
    let adverb = random.below(6) == 0 ? [Self.any(Lexicon.adverbs, &random)] : []
    if random.below(4) == 0 {
      add(object, to: &words, &random)
      words.add("was")
      words.add(adverb)
      words.add(verb[2], .content)
      words.add("by")
      add(subject, to: &words, &random)
      return words
    }
    add(subject, to: &words, &random)
    if canDeny, random.below(4) == 0 {
      words.add(Lexicon.denials[random.below(Lexicon.denials.count)])
      words.add(verb[0], .content)
    } else {
      words.add(adverb)
      words.add(verb[1], .content)
    }
    add(object, to: &words, &random)
    return words
  }

  /// Sometimes with a place or a time, which "it" has nothing to do with.
  private func placed(
    _ main: Words, _ first: Noun, _ second: Noun, _ random: inout SeededRandom
  ) -> Words {
    var words = Words()
    switch random.below(8) {
    case 0, 1:
      guard let place = noun(.place, &random), belongs(place, first), belongs(place, second) else {
        return main
      }
      var setting = Words()
      setting.add("in")
      setting.add(random.below(4) == 0 ? "a" : "the")
      setting.add(place.word, .noun)
      if random.below(2) == 0 {
        words = setting
        words.add(",")
        words.items += main.items
      } else {
        words.items = main.items + setting.items
      }
    case 2:
      words.add(Self.any(Lexicon.times, &random))
      words.add(",")
      words.items += main.items
    default: words = main
    }
    return words
  }

  // MARK: Something does not go into something

  /// `The ball did not fit into the box because it was too big`: here the nouns' parts in the story
  /// decide, and both may be containers.
  private func sizeStory(_ random: inout SeededRandom) -> Story? {
    guard let content = noun(random.below(4) == 0 ? .container : .item, &random),
      let container = noun(.container, &random), content.word != container.word,
      belongs(content, container)
    else { return nil }
    let isContent = random.below(2) == 0
    var story = Story(
      referent: isContent ? content : container,
      connective: Self.any(["because", "because", "since", "as"], &random))
    if random.below(3) == 0 {
      add(container, to: &story.main, &random)
      story.main.add(Self.anyList([["could", "not"], ["couldn't"], ["did", "not"]], &random))
      story.main.add("hold", .content)
      add(content, to: &story.main, &random)
    } else {
      add(content, to: &story.main, &random)
      story.main.add(
        Self.anyList([["did", "not"], ["does", "not"], ["would", "not"], ["didn't"]], &random))
      story.main.add("fit", .content)
      story.main.add(Self.any(["into", "in", "inside"], &random))
      add(container, to: &story.main, &random)
    }
    story.pronounClause.add("it", .pronoun)
    story.pronounClause.add("was")
    story.pronounClause.add("too")
    story.pronounClause.add(
      Self.any(isContent ? Lexicon.large : Lexicon.small, &random), .content)
    return story
  }

  // MARK: Parts

  private func noun(_ kind: PronounLexicon.Kind, _ random: inout SeededRandom) -> Noun? {
    pick(Lexicon.nouns[kind] ?? [], &random).map { Noun(word: $0, kind: kind) }
  }

  /// Whether two nouns may stand together in this part.
  private func belongs(_ first: Noun, _ second: Noun) -> Bool {
    PronounSentence.isHeldOut(first.word, second.word) == (part == .heldOut)
  }

  private func add(_ noun: Noun, to words: inout Words, _ random: inout SeededRandom) {
    words.add(Self.any(Lexicon.determiners, &random))
    if random.below(6) == 0 { words.add(Self.any(Lexicon.colours, &random)) }
    words.add(noun.word, .noun)
  }

  private func pick<Element>(
    _ elements: [Element], _ random: inout SeededRandom
  ) -> Element? {
    elements.isEmpty ? nil : elements[random.below(elements.count)]
  }

  private static func any(_ words: [String], _ random: inout SeededRandom) -> String {
    words[random.below(words.count)]
  }

  private static func anyList(_ lists: [[String]], _ random: inout SeededRandom) -> [String] {
    lists[random.below(lists.count)]
  }
}
