import Learning
import Networks
import Testing

@Suite struct TextCorpusTests {
  /// Every token but the last is an input once, and is followed by its successor; so for lengths
  /// that fill the windows, and for those that don't.
  @Test(arguments: [
    (41, 5, 4), (38, 5, 4), (22, 5, 4), (100, 7, 3), (6, 1, 5), (2, 1, 1), (9, 8, 8),
  ])
  func windowsCoverTheText(count: Int, seqLen: Int, batchSize: Int) {
    // Ids are positions here.
    let windows = TextWindows(
      ids: (0..<Int32(count)).map { $0 }, seqLen: seqLen, batchSize: batchSize)
    var seen = [Int](repeating: 0, count: count)
    var last = [Int32](repeating: -1, count: batchSize)
    var targets = 0
    for index in 0..<windows.count {
      let window = windows[index]
      #expect(window.tokens.count == seqLen * batchSize)
      #expect(window.targetCount == window.targets.count { $0 >= 0 })
      targets += window.targetCount
      for step in 0..<seqLen {
        for column in 0..<batchSize {
          let token = window.tokens[step * batchSize + column]
          let target = window.targets[step * batchSize + column]
          guard token >= 0 else {
            #expect(target == -1)
            continue
          }
          #expect(target == token + 1)
          // A stream goes on where its last window ended.
          #expect(last[column] == -1 || token == last[column] + 1)
          last[column] = token
          seen[Int(token)] += 1
        }
      }
    }
    #expect(seen.dropLast().allSatisfy { $0 == 1 } && seen[count - 1] == 0)
    #expect(targets == count - 1 && windows.targetCount == targets)
  }

  @Test func characters() throws {
    // é is one scalar here and two there; they are different tokens.
    let corpus = try TextCorpus(text: "ba\ncab\u{E9}e\u{301}", validationShare: 0)
    #expect(corpus.vocabulary.tokens == ["\n", "a", "b", "c", "e", "\u{E9}", "\u{301}"])
    #expect(corpus.training == [2, 1, 0, 3, 1, 2, 5, 4, 6])
    #expect(corpus.validation.isEmpty)
    #expect(corpus.vocabulary.unit == .characters)
  }

  /// Texts that come with rare words replaced: a written <unk> is the token, not three.
  @Test func unknownWordsInTheText() throws {
    let text = "the <unk> owl <unk> the"
    let corpus = try TextCorpus(text: text, unit: .words, vocabularySize: 3, validationShare: 0)
    #expect(corpus.vocabulary.tokens == ["<unk>", "the", "owl"])
    #expect(corpus.training == [1, 0, 2, 0, 1])
    #expect(corpus.vocabulary.encode(text).ids == corpus.training)
  }

  @Test func words() throws {
    let text = "the owl, the hat, the owl\nzoo"
    // the 3, "," 2, owl 2, hat 1, line end 1, zoo 1
    let corpus = try TextCorpus(text: text, unit: .words, vocabularySize: 4, validationShare: 0)
    #expect(corpus.vocabulary.tokens == ["<unk>", "the", ",", "owl"])
    #expect(corpus.vocabulary.unknown == 0)
    #expect(corpus.training == [1, 3, 2, 1, 0, 2, 1, 3, 0, 0])
    // The vocabulary cuts and numbers a text as the corpus does.
    #expect(corpus.vocabulary.encode(text).ids == corpus.training)
    let all = try TextCorpus(text: text, unit: .words, validationShare: 0)
    #expect(all.vocabulary.tokens == ["<unk>", "the", ",", "owl", "\n", "hat", "zoo"])
  }

  @Test func validationIsTheEnd() throws {
    let corpus = try TextCorpus(text: "abcdefghij", validationShare: 0.3)
    #expect(corpus.training == [0, 1, 2, 3, 4, 5, 6])
    #expect(corpus.validation == [7, 8, 9])
    #expect(corpus.validationWindows(seqLen: 2, batchSize: 1)?.targetCount == 2)
    let little = try TextCorpus(text: "abcdefghij", validationShare: 0.1)
    #expect(little.validationWindows(seqLen: 2, batchSize: 1) == nil)
  }

  @Test func tooLittleText() throws {
    #expect(throws: CorpusError.empty) { try TextCorpus(text: "") }
    #expect(throws: CorpusError.empty) { try TextCorpus(text: "  ", unit: .words) }
    let corpus = try TextCorpus(text: "abcdefgh", validationShare: 0)
    #expect(throws: CorpusError.tooShort(found: 8, seqLen: 4, batchSize: 2)) {
      try corpus.trainingWindows(seqLen: 4, batchSize: 2)
    }
    #expect(throws: CorpusError.tooShort(found: 8, seqLen: .max, batchSize: 3)) {
      try corpus.trainingWindows(seqLen: .max, batchSize: 3)
    }
    #expect(try corpus.trainingWindows(seqLen: 7, batchSize: 1).count == 1)
  }
}
