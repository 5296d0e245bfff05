internal import Networks
public import Tensors

/// A sentence with two nouns and an "it" that stands for one of them.
///
/// `The cat drank the milk because it was hungry.` — or `fresh`, and then "it" is the milk. What is
/// said of "it" fits only one of the nouns; which of them comes first, which is the subject, and
/// where the reason stands, is drawn and tells nothing.
public struct PronounSentence: Sendable, Equatable {
  /// Which sentences to draw: a pair of nouns belongs to one part only.
  public enum Part: Sendable {
    case training
    /// No two of a sentence's nouns stand together in any sentence of the training part.
    case heldOut
  }

  /// In lower case, punctuation marks too.
  public var words: [String] = []
  /// The place of "it".
  public internal(set) var pronoun = 0
  /// The place of the noun that it stands for.
  public internal(set) var referent = 0
  /// The places of all nouns, in order.
  public internal(set) var nouns: [Int] = []
  /// The places of words with a meaning: nouns, verbs, and what is said of "it".
  public internal(set) var content: [Int] = []

  /// Every word that a sentence can have, each once, in alphabetical order.
  public static let vocabulary: [String] = {
    typealias Lexicon = PronounLexicon
    var all = Set([",", ".", "it", "was", "by", "in", "into", "inside", "did", "does", "not"])
    all.formUnion(["fit", "hold", "too", "could", "would", "so"])
    all.formUnion(Lexicon.nouns.values.joined())
    for frame in Lexicon.frames { all.formUnion(frame.verbs.joined()) }
    for property in Lexicon.reasons + Lexicon.results { all.formUnion(property.words) }
    for list in [
      Lexicon.large, Lexicon.small, Lexicon.determiners, Lexicon.colours, Lexicon.adverbs,
      Lexicon.degrees, Lexicon.times, Lexicon.connectives, Lexicon.denials.flatMap { $0 },
    ] {
      all.formUnion(list)
    }
    return all.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
  }()

  /// Whether sentences with both nouns are held out: about a fifth of all pairs are.
  public static func isHeldOut(_ first: String, _ second: String) -> Bool {
    let pair = [first, second].sorted {
      $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
    }
    // 64-bit FNV-1a.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in pair.joined(separator: " ").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return (hash >> 32) % 5 == 0
  }

  /// Draws a sentence.
  public static func random(_ part: Part, _ random: inout SeededRandom) -> PronounSentence {
    while true {
      if let sentence = PronounGrammar(part: part).sentence(&random) { return sentence }
    }
  }

  /// The sentence as it is written: `The cat drank the milk because it was hungry.`
  public var text: String {
    var text = ""
    for word in words {
      if !text.isEmpty, word != ",", word != "." { text += " " }
      text += word
    }
    return text.prefix(1).uppercased() + text.dropFirst()
  }
}
