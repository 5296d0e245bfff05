import Equations
import Learning
import Networks
import Tensors
import Testing

/// The figures of the shipped transformers count what single runs show, also where sequences of
/// several lengths are measured at once.
@Suite struct TransformerScoreTests {
  private func transformer(
    _ vocabulary: Vocabulary, block: String, isCausal: Bool
  ) throws -> Transformer<Float> {
    let block = try #require(try Block.shipped(block))
    let transformer = Transformer<Float>(
      TransformerConfiguration(
        input: .tokens(vocabularySize: vocabulary.count), modelSize: 16, headCount: 2,
        feedForwardSize: 8, blocks: [block, block], positions: .sinusoidal,
        scalesEmbedding: true, isCausal: isCausal, head: .tied(hasBias: true)))
    transformer.initialize(seed: 8)
    return transformer
  }

  private func largest(_ values: [Float]) -> Int {
    values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
  }

  /// The token predicted by a row of a run.
  private func prediction(_ run: TransformerRun, _ row: Int) throws -> Int {
    let logits = try #require(run.logits)
    let size = logits.count / run.seqLen
    return largest(Array(logits.array[row * size..<(row + 1) * size]))
  }

  @Test func pronouns() throws {
    let task = PronounTask()
    let transformer = try transformer(
      task.vocabulary, block: "encoder-post", isCausal: false)
    var random = SeededRandom(seed: 12)
    let sentences = (0..<70).map { _ in PronounSentence.random(.heldOut, &random) }
    var found = [[0, 0], [0, 0]]
    var predicted = 0
    for sentence in sentences {
      let run = TransformerRun(
        transformer: transformer,
        input: RunInput(source: .tokens(task.ids(sentence)), labels: sentence.words))
      for layer in 0..<2 {
        let attention = try #require(run.attention(layer: layer))
        for head in 0..<2 {
          let row = attention.head(head)[(sentence.pronoun * run.seqLen)...].prefix(run.seqLen)
          let weights = Array(row)
          let place = sentence.nouns[largest(sentence.nouns.map { weights[$0] })]
          if place == sentence.referent { found[layer][head] += 1 }
        }
      }
      let word = try prediction(run, sentence.pronoun)
      if task.vocabulary.tokens[word] == sentence.words[sentence.referent] { predicted += 1 }
    }
    let score = task.evaluate(transformer, on: sentences)
    #expect(score.found == found && score.predicted == predicted)
    #expect(score.sentenceCount == 70)
    let best = score.bestHead
    #expect(score.found[best.layer][best.head] == found.joined().max())
    #expect(score.accuracy(of: best) == Double(found.joined().max() ?? 0) / 70)
    // An untrained network guesses.
    #expect(score.accuracy(of: best) < 0.8 && score.predicted < 10)
  }

  @Test func induction() throws {
    let task = InductionTask(seqLen: 32)
    let transformer = try transformer(task.vocabulary, block: "encoder-pre", isCausal: true)
    var random = SeededRandom(seed: 13)
    var found = [[0, 0], [0, 0]]
    var correct = 0, count = 0
    for _ in 0..<25 {
      let tokens = task.sequence(period: 6, length: 12, &random).tokens
      let run = TransformerRun(
        transformer: transformer,
        input: RunInput(source: .tokens(tokens), labels: tokens.map { "\($0)" }))
      for row in 6..<11 {
        count += 1
        if try prediction(run, row) == Int(tokens[row + 1]) { correct += 1 }
        for layer in 0..<2 {
          let attention = try #require(run.attention(layer: layer))
          for head in 0..<2 {
            let weights = Array(attention.head(head)[(row * 12)..<(row * 12 + 12)])
            // What followed the character six rows before.
            if largest(weights) == row - 5 { found[layer][head] += 1 }
          }
        }
      }
    }
    let score = task.evaluate(transformer, length: 12, sequenceCount: 25, seed: 13)
    #expect(score.count == count && score.correct == correct && score.found == found)
    #expect(score.accuracy == Double(correct) / 125)
  }
}
