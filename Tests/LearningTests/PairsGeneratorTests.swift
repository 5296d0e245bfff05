import Testing

@testable import Learning

@Suite struct PairsGeneratorTests {
  @Test func aSeedGivesTheSamePairs() {
    let generator = PairGenerator()
    let pairs = generator.pairs(.training, count: 200, seed: 3)
    #expect(pairs == generator.pairs(.training, count: 200, seed: 3))
    #expect(Array(pairs.prefix(50)) == generator.pairs(.training, count: 50, seed: 3))
    #expect(pairs != generator.pairs(.training, count: 200, seed: 4))
    #expect(pairs != generator.pairs(.heldOut, count: 200, seed: 3))
  }

  @Test func lengthsAreAsAskedFor() {
    let lengths = PairGenerator(lengths: 4...9).pairs(.heldOut, count: 100, seed: 1)
      .map { SentenceTokens.split($0.source, .english).count }
    #expect(lengths.allSatisfy { (4...9).contains($0) })
    let all = PairGenerator().pairs(.training, count: 1000, seed: 1)
      .map { SentenceTokens.split($0.source, .english).count }
    for length in 2...16 { #expect(all.count { $0 == length } > 15, "length \(length)") }
  }

  /// The sentences themselves are searched for an adjective beside its noun, in both languages.
  @Test func noHeldOutPhraseIsTrained() {
    var english: Set<String> = [], french: Set<String> = []
    for adjective in Adjective.all {
      // An orange cake is no orange, a pomme de terre no pomme.
      for noun in Noun.all
      where noun.french != "pomme" && noun.english != "orange"
        && PhraseSampler.Combination(adjective: adjective, noun: noun).isHeldOut
      {
        for form in [noun.english, noun.englishPlural] {
          english.insert("\(adjective.english) \(form)")
        }
        for (isPlural, form) in [(false, noun.french), (true, noun.frenchPlural)] {
          let said = adjective.form(noun.gender, isPlural: isPlural)
          french.insert(adjective.comesFirst ? "\(said) \(form)" : "\(form) \(said)")
        }
      }
    }
    func phrases(_ text: String, _ language: Language) -> [String] {
      let words = SentenceTokens.split(text, language)
      return zip(words, words.dropFirst()).map { "\($0) \($1)" }
    }
    for pair in PairGenerator().pairs(.training, count: 1000, seed: 11) {
      #expect(!phrases(pair.source, .english).contains(where: english.contains), "\(pair.source)")
      #expect(!phrases(pair.target, .french).contains(where: french.contains), "\(pair.target)")
    }
    let held = PairGenerator().pairs(.heldOut, count: 200, seed: 11)
    #expect(Set(held.map(\.source)).count == held.count)
    // The others say it with "is", or with another adjective between.
    let beside = held.count { phrases($0.source, .english).contains(where: english.contains) }
    #expect(beside > held.count * 6 / 10)
  }

  /// A word that is held out with one noun is trained with others.
  @Test func everyWordIsInTheVocabulary() {
    for language in Language.allCases {
      let vocabulary = PairGenerator.vocabulary(language)
      for part in PairGenerator.Part.allCases {
        for pair in PairGenerator().pairs(part, count: 300, seed: 2) {
          let text = language == .english ? pair.source : pair.target
          let (ids, words, unknown) = vocabulary.encode(text)
          #expect(unknown == 0, "\(text)")
          #expect(vocabulary.decode(ids + [SentenceVocabulary.end, 7]) == text)
          #expect(words == SentenceTokens.split(text, language))
        }
      }
    }
  }

  @Test func exactMatchIsCountedByLength() {
    var score = ExactMatch()
    #expect(score.share == nil && score.byLength.isEmpty)
    let dog = SentencePair(source: "the dog", target: "le chien")
    let tree = SentencePair(source: "the tree", target: "l'arbre")
    let big = SentencePair(source: "the big dog", target: "le gros chien")
    score.add(dog, translation: "Le  chien")
    score.add(tree, translation: "l\u{2019}arbre")
    score.add(dog, translation: "le chat")
    score.add(big, translation: "le chien gros")
    #expect(score.count == 4 && score.matched == 2 && score.share == 0.5)
    #expect(score.byLength.map(\.length) == [2, 3])
    #expect(score.byLength.map(\.count) == [3, 1] && score.byLength.map(\.matched) == [2, 0])
  }
}
