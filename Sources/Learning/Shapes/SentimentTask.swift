public import Networks
public import Tensors

/// Many to one: whether a review praises or blames, asked for at its last word.
///
/// The order of the words decides: "good but boring" blames, "boring but good" praises; "although"
/// takes weight off what follows it, and negations turn what they belong to.
public struct SentimentTask: ShapeTask {
  public init() {}

  public var kind: ShapeKind { .sentiment }
  public var unit: String { "sentences" }
  public let classes = ["negative", "positive"]
  public var input: TokenInput { .embedding(vocabularySize: Self.tokens.count, size: 16) }
  public var vocabulary: Vocabulary? { Vocabulary(tokens: Self.tokens, unit: .words) }

  private static let things = words(
    "film movie story book play show music acting ending plot food room service concert game song")
  private static let verbsOfBeing = ["was", "is", "seemed"]
  private static let strong = words("very really quite so truly")
  private static let adjectives: [[String]] = [
    words(
      "bad boring terrible awful dull poor ugly stupid horrible weak disappointing sad annoying"),
    words(
      "good great wonderful funny brilliant beautiful excellent lovely moving clever amazing nice"),
  ]
  private static let verbs: [[String]] = [
    words("hated disliked regretted"), words("loved enjoyed liked admired"),
  ]
  private static let plainVerbs: [[String]] = [
    words("hate dislike regret"), words("love enjoy like admire"),
  ]
  private static let negations = ["not", "never", "hardly"]
  /// What makes the opposite of everything behind it in its clause.
  private static let turners: Set<String> = ["not", "never", "hardly", "nobody", "without"]

  private static let tokens: [String] = {
    let others = words(
      "<unk> the this a I did do it think that said believe everybody nobody and but although "
        + "what at all , .")
    let lists = [things, verbsOfBeing, strong, negations]
    return others + (lists + adjectives + verbs + plainVerbs).flatMap { $0 }
  }()

  // MARK: Sentences

  public func example(_ random: inout SeededRandom) -> ShapeExample {
    let isPositive = random.chance(0.5)
    let sentence = sentence(isPositive, &random)
    let isHeldOut = stableHash(sentence.joined(separator: " ").utf8) >> 20 & 7 == 0
    // Some words are unknown, as some typed ones will be.
    let shown = sentence.map { word in
      Self.things.contains(word) && random.chance(0.05) ? "<unk>" : word
    }
    let encoded = Vocabulary(tokens: Self.tokens, unit: .words)
    let ids = shown.map { Int32(encoded.id(of: $0) ?? 0) }
    var targets = [Int32](repeating: -1, count: ids.count)
    targets[ids.count - 1] = isPositive ? 1 : 0
    return ShapeExample(
      input: RunInput(source: .tokens(ids), labels: shown), targets: targets, isHeldOut: isHeldOut,
      hardSteps: sentence.contains { ["but", "although"].contains($0) } ? [ids.count - 1] : [])
  }

  private func sentence(_ isPositive: Bool, _ random: inout SeededRandom) -> [String] {
    switch random.below(10) {
    case 0..<4: return clause(isPositive, &random)
    case 4, 5: return clause(!isPositive, &random) + ["but"] + clause(isPositive, &random)
    case 6: return clause(isPositive, &random) + ["although"] + clause(!isPositive, &random)
    case 7: return ["although"] + clause(!isPositive, &random) + [","] + clause(isPositive, &random)
    case 8: return clause(isPositive, &random) + ["and"] + clause(isPositive, &random)
    default:
      let isTurned = random.chance(0.5)
      let frame =
        isTurned
        ? random.pick([words("nobody said that"), words("I do not think that")])
        : random.pick([words("everybody said that"), words("I think that")])
      return frame + clause(isPositive != isTurned, &random)
    }
  }

  /// A clause that praises or blames, perhaps by denying the opposite.
  private func clause(_ isPositive: Bool, _ random: inout SeededRandom) -> [String] {
    let isNegated = random.chance(0.4)
    let said = (isPositive != isNegated) ? 1 : 0
    let thing = [random.pick(["the", "this"]), random.pick(Self.things)]
    let degree = random.chance(0.3) ? [random.pick(Self.strong)] : []
    switch random.below(10) {
    case 0..<7:
      let negation = isNegated ? [random.pick(Self.negations)] : []
      let end = negation == ["not"] && random.chance(0.2) ? ["at", "all"] : []
      return thing + [random.pick(Self.verbsOfBeing)] + negation + degree
        + [random.pick(Self.adjectives[said])] + end
    case 7, 8:
      let verb =
        isNegated
        ? ["did", "not", random.pick(Self.plainVerbs[said])] : [random.pick(Self.verbs[said])]
      return ["I"] + verb + thing
    default:
      let kind = random.pick(Self.things)
      return (isNegated ? ["not"] : ["what"]) + ["a"] + degree
        + [random.pick(Self.adjectives[said]), kind]
    }
  }

  // MARK: Reading

  /// The judgement of a text, at its last word: of the clause that counts, turned by each negation
  /// in it.
  public func targets(ofTokens tokens: [String]) -> [Int32]? {
    var clause = tokens[...]
    if let but = clause.lastIndex(of: "but") {
      clause = clause[(but + 1)...]
    } else if tokens.first == "although", let comma = clause.firstIndex(of: ",") {
      clause = clause[(comma + 1)...]
    } else if let although = clause.firstIndex(of: "although"), although > 0 {
      clause = clause[..<although]
    }
    if let and = clause.firstIndex(of: "and"), and > clause.startIndex { clause = clause[..<and] }
    let judgements = clause.compactMap { word in
      (0..<2).first { side in
        [Self.adjectives, Self.verbs, Self.plainVerbs].contains { $0[side].contains(word) }
      }
    }
    guard let judgement = judgements.last, !tokens.isEmpty else { return nil }
    let isTurned = clause.count { Self.turners.contains($0) } % 2 == 1
    return [Int32](repeating: -1, count: tokens.count - 1)
      + [Int32(isTurned ? 1 - judgement : judgement)]
  }
}
