public import Networks
public import Tensors

/// Sentences with "it" (`PronounSentence`), from which two things are learnt: the noun that "it"
/// stands for, as the word to predict where "it" stands; and words that are masked.
///
/// Nothing tells the model where to look: attention is not supervised.
public struct PronounTask: TransformerTask {
  public static let unknownToken = "[UNK]"
  public static let maskToken = "[MASK]"

  public let vocabulary: Vocabulary
  private let unknown: Int32
  private let mask: Int32

  /// The share of sentences that ask for masked words; the others ask for the noun.
  static let maskedShare = 0.4

  public init() {
    let tokens = [Self.unknownToken, Self.maskToken] + PronounSentence.vocabulary
    vocabulary = Vocabulary(tokens: tokens, unit: .words)
    unknown = 0
    mask = 1
  }

  public func example(_ random: inout SeededRandom) -> TransformerExample {
    let sentence = PronounSentence.random(.training, &random)
    var example = referentExample(sentence)
    if random.uniform() < Self.maskedShare {
      example.targets[sentence.pronoun] = -1
      for _ in 0...random.below(2) {
        let place = sentence.content[random.below(sentence.content.count)]
        guard example.targets[place] < 0 else { continue }
        example.targets[place] = example.tokens[place]
        example.tokens[place] = mask
      }
    }
    // Users type words that the model does not know.
    if random.below(10) == 0 {
      let place = random.below(sentence.words.count)
      if place != sentence.pronoun, !sentence.content.contains(place) {
        example.tokens[place] = unknown
      }
    }
    return example
  }

  public func heldOutExample(_ random: inout SeededRandom) -> TransformerExample {
    referentExample(PronounSentence.random(.heldOut, &random))
  }

  /// A sentence that asks for the noun that "it" stands for.
  public func referentExample(_ sentence: PronounSentence) -> TransformerExample {
    let tokens = ids(sentence)
    var targets = [Int32](repeating: -1, count: tokens.count)
    targets[sentence.pronoun] = tokens[sentence.referent]
    return TransformerExample(tokens: tokens, targets: targets)
  }

  /// The ids of a sentence's words.
  public func ids(_ sentence: PronounSentence) -> [Int32] {
    sentence.words.map { Int32(vocabulary.id(of: $0) ?? Int(unknown)) }
  }
}
