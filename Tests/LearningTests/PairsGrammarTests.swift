import Testing

@testable import Learning

@Suite struct PairsGrammarTests {
  /// Sentences of the grammar with the translation that a person would write.
  @Test func translationsAreThoseWrittenByHand() {
    #expect(PairsTranslations.all.count > 150)
    for (english, french) in PairsTranslations.all {
      #expect(PairGenerator.translation(of: english) == french, "\(english)")
    }
  }

  @Test(arguments: [
    "", "?", "dog", "the", "the dog sleep", "the dogs sleeps", "a dogs", "an red dog the",
    "I is big",
    "the dog that", "very", "he sees and", "'s", "the tall man", "the zebra sleeps", "two dog",
  ])
  func whatIsNoSentenceIsNotTranslated(text: String) {
    #expect(PairGenerator.translation(of: text) == nil)
  }

  /// What is generated is read back and said the same way: no sentence has two translations.
  @Test(arguments: PairGenerator.Part.allCases)
  func everySentenceHasOneTranslation(part: PairGenerator.Part) {
    for pair in PairGenerator().pairs(part, count: 300, seed: 77) {
      #expect(PairGenerator.translation(of: pair.source) == pair.target, "\(pair.source)")
    }
  }

  /// No French sentence keeps a word that must be shortened, or shortens one that must not.
  @Test func elisionAndContractionAreComplete() {
    let full: Set = ["le", "la", "de", "je", "ne", "que", "me", "ce", "ma", "sa"]
    let aspirated = ["hibou", "héros", "haricot", "hérisson", "hache"]
    for pair in PairGenerator().pairs(.training, count: 600, seed: 5) {
      // Negated, two such objects would need ni: "not any dogs and any cats".
      #expect(!pair.source.contains("and any "))
      let words = SentenceTokens.split(pair.target, .french)
      for (word, next) in zip(words, words.dropFirst()) {
        let isAspirated = aspirated.contains { next.hasPrefix($0) }
        let isVowel = "aàâeéèêiîoôuyœh".contains(next.first ?? " ") && !isAspirated
        #expect(!(full.contains(word) && isVowel), "\(pair.target)")
        #expect(!(word.hasSuffix("'") && word != "s'" && !isVowel), "\(pair.target)")
        #expect(!(["de", "à"].contains(word) && ["le", "les"].contains(next)), "\(pair.target)")
        #expect(!(["beau", "vieux", "nouveau"].contains(word) && isVowel && next == "homme"))
      }
    }
  }
}
