import Learning
import Networks
import Tensors
import Testing

/// The data that the shipped transformers are trained on.
@Suite struct TransformerTaskTests {
  private func sentences(
    _ part: PronounSentence.Part, count: Int, seed: UInt64
  ) -> [PronounSentence] {
    var random = SeededRandom(seed: seed)
    return (0..<count).map { _ in PronounSentence.random(part, &random) }
  }

  private func nounPairs(_ sentence: PronounSentence) -> Set<Set<String>> {
    let nouns = sentence.nouns.map { sentence.words[$0] }
    var pairs: Set<Set<String>> = []
    for (index, first) in nouns.enumerated() {
      for second in nouns[(index + 1)...] { pairs.insert([first, second]) }
    }
    return pairs
  }

  /// No two nouns of a held-out sentence stand together in any training sentence.
  @Test func heldOutPairsAreNeverTrained() {
    let trained = sentences(.training, count: 6000, seed: 1)
      .reduce(into: Set<Set<String>>()) { $0.formUnion(nounPairs($1)) }
    let heldOut = sentences(.heldOut, count: 1500, seed: 2)
    for sentence in heldOut {
      let pairs = nounPairs(sentence)
      #expect(pairs.count >= 1)
      #expect(pairs.isDisjoint(with: trained), "\(sentence.text)")
    }
    // Not because there are few of either.
    #expect(trained.count > 2500)
    #expect(heldOut.reduce(into: Set<Set<String>>()) { $0.formUnion(nounPairs($1)) }.count > 500)
  }

  /// Every noun is known from training, and every place of the marks is what it says.
  @Test func sentencesAreMarked() {
    let trained = sentences(.training, count: 4000, seed: 3)
    let known = Set(trained.flatMap { $0.words })
    let vocabulary = Set(PronounSentence.vocabulary)
    for sentence in trained + sentences(.heldOut, count: 1000, seed: 4) {
      #expect(sentence.words[sentence.pronoun] == "it")
      #expect(sentence.words.count { $0 == "it" } == 1)
      #expect(sentence.nouns.contains(sentence.referent))
      #expect((2...3).contains(sentence.nouns.count))
      #expect(Set(sentence.nouns).isSubset(of: sentence.content))
      for word in sentence.words { #expect(vocabulary.contains(word), "\(word)") }
      for noun in sentence.nouns { #expect(known.contains(sentence.words[noun])) }
    }
    #expect(PronounSentence.vocabulary.count == vocabulary.count)
  }

  /// Where a noun stands tells nothing: first or second, subject or object, near or far.
  @Test func placeTellsNothing() {
    let drawn = sentences(.training, count: 4000, seed: 5).filter { $0.nouns.count == 2 }
    let first = drawn.count { $0.referent == $0.nouns[0] }
    #expect(abs(Double(first) / Double(drawn.count) - 0.5) < 0.03)
    let isBefore = drawn.filter { $0.pronoun < $0.nouns[0] }
    #expect(isBefore.count > drawn.count / 10)
    let firstBefore = isBefore.count { $0.referent == $0.nouns[0] }
    #expect(abs(Double(firstBefore) / Double(isBefore.count) - 0.5) < 0.07)
    // The referent is the word "it" could not be told from by its kind alone, either.
    for noun in ["cat", "milk", "car", "box"] {
      let with = drawn.filter { sentence in
        sentence.nouns.contains { sentence.words[$0] == noun }
      }
      let meant = with.count { $0.words[$0.referent] == noun }
      #expect(meant > with.count / 5 && meant < with.count * 4 / 5, "\(noun)")
    }
  }

  @Test func textAndTokensAgree() {
    let task = PronounTask()
    for sentence in sentences(.heldOut, count: 200, seed: 6) {
      #expect(sentence.text.first?.isUppercase == true)
      #expect(task.vocabulary.encode(sentence.text).ids == task.ids(sentence))
      let example = task.referentExample(sentence)
      #expect(example.targets.count { $0 >= 0 } == 1)
      #expect(example.targets[sentence.pronoun] == example.tokens[sentence.referent])
    }
    #expect(task.vocabulary.encode("The zebra DRANK [").ids.contains(0))
  }

  /// A masked word is asked for; the noun of "it" then is not.
  @Test func masking() throws {
    let task = PronounTask()
    let mask = try #require(task.vocabulary.id(of: PronounTask.maskToken))
    let pronoun = try #require(task.vocabulary.id(of: "it"))
    var random = SeededRandom(seed: 7)
    var maskedCount = 0
    for _ in 0..<1000 {
      let example = task.example(&random)
      let masked = example.tokens.indices.filter { example.tokens[$0] == Int32(mask) }
      let asked = example.targets.indices.filter { example.targets[$0] >= 0 }
      if masked.isEmpty {
        #expect(asked.map { example.tokens[$0] } == [Int32(pronoun)])
      } else {
        maskedCount += 1
        #expect(asked == masked)
        for place in masked { #expect(example.targets[place] > 1) }
      }
    }
    #expect((300...500).contains(maskedCount))
  }

  /// The same group of updates has the same sequences, whatever came before; lengths are alike.
  @Test func batchesAreDetermined() {
    let task = PronounTask()
    let first = TransformerBatches(task: task, seed: 9, group: 3, batchSize: 8)
    let again = TransformerBatches(task: task, seed: 9, group: 3, batchSize: 8)
    let other = TransformerBatches(task: task, seed: 10, group: 3, batchSize: 8)
    #expect(first.batches.map(\.sequences) == again.batches.map(\.sequences))
    #expect(first.batches.map(\.targets) == again.batches.map(\.targets))
    #expect(first.batches.map(\.sequences) != other.batches.map(\.sequences))
    #expect(first.batches.count == TransformerBatches.groupSize)
    for batch in first.batches {
      #expect(batch.sequences.count == 8)
    }
    // Padding to the longest of a batch costs little.
    let padded = first.batches.reduce(0) { sum, batch in
      sum + 8 * (batch.sequences.map(\.count).max() ?? 0)
    }
    let real = first.batches.reduce(0) { $0 + $1.sequences.reduce(0) { $0 + $1.count } }
    #expect(Double(padded) < 1.1 * Double(real))
  }

  /// By hand: after the first round, a character's successor is that of its last occurrence.
  @Test func inductionSequences() {
    let task = InductionTask(seqLen: 32)
    var random = SeededRandom(seed: 11)
    let sequence = task.sequence(period: 5, length: 12, &random)
    #expect(sequence.tokens.count == 12)
    #expect(Array(sequence.tokens[5..<10]) == Array(sequence.tokens[..<5]))
    #expect(sequence.targets[..<5].allSatisfy { $0 == -1 } && sequence.targets[11] == -1)
    #expect(Array(sequence.targets[5..<11]) == Array(sequence.tokens[6...]))
    var lengths: Set<Int> = []
    for _ in 0..<200 {
      let example = task.example(&random)
      lengths.insert(example.tokens.count)
      #expect(example.targets.contains { $0 >= 0 })
      #expect(example.tokens.allSatisfy { (0..<95).contains($0) })
    }
    #expect(lengths == [8, 16, 24, 32])
    let heldOut = task.heldOutExample(&random)
    #expect(heldOut.tokens.prefix(16) == heldOut.tokens.suffix(16))
    #expect(task.vocabulary.encode(" a~").ids == [0, 65, 94])
  }
}
