import Checkpoints
import Learning
import Networks
import Tensors
import Testing

/// What README and the metadata say of the shipped transformers, measured with other sentences and
/// sequences than those that the figures were taken from.
@Suite struct ShippedTransformerTests {
  private func model(_ name: String) throws -> TransformerModel {
    let model = try TransformerLoader.load(TransformerRequest(model: name))
    #expect(model.warnings.isEmpty)
    let size = try #require(ModelCatalog.byteCount(ofShipped: name))
    #expect(size < 8_000_000)
    return model
  }

  /// The head that the metadata name, "layer 1, head 0".
  private func head(_ model: TransformerModel) throws -> AttentionHead {
    let text = try #require(model.metadata["attend"])
    let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
    #expect(numbers.count == 2)
    let head = AttentionHead(layer: numbers[0], head: numbers[1])
    #expect(head.description == text)
    return head
  }

  private func figure(_ model: TransformerModel, _ key: String) throws -> Double {
    try #require(model.metadata[key].flatMap { Double($0) })
  }

  @Test func itFindsItsNoun() throws {
    let model = try model("it")
    let score = PronounTask().evaluate(model.transformer, sentenceCount: 500, seed: 20_261)
    let accuracy = score.accuracy(of: try head(model))
    #expect(accuracy >= 0.95)
    #expect(score.predictionAccuracy >= 0.95)
    let stated = try figure(model, "heldOutAccuracy")
    #expect(abs(accuracy - stated) < 0.02)
    // A guess by place is as good as a coin.
    #expect(abs(Double(score.firstNoun) / 500 - 0.5) < 0.1)
  }

  /// Sentences as users type them: with and without a capital and a full stop, in either order.
  @Test(arguments: [
    ("The cat drank the milk because it was hungry.", "cat", ["milk"]),
    ("The cat drank the milk because it was fresh.", "milk", ["cat"]),
    ("the dog drank the water because it was thirsty", "dog", ["water"]),
    ("the dog drank the water because it was salty", "water", ["dog"]),
    ("The animal didn't cross the street because it was too tired.", "animal", ["street"]),
    ("The animal didn't cross the street because it was too wide.", "street", ["animal"]),
    ("The trophy did not fit in the suitcase because it was too big.", "trophy", ["suitcase"]),
    ("The trophy did not fit in the suitcase because it was too small.", "suitcase", ["trophy"]),
    ("Because it was ripe, the monkey ate the banana.", "banana", ["monkey"]),
    ("Because it was greedy, the monkey ate the banana.", "monkey", ["banana"]),
    ("The cake was eaten by the fox since it was delicious.", "cake", ["fox"]),
    ("My cake was eaten by the fox since it was hungry", "fox", ["cake"]),
  ])
  func typedSentences(text: String, noun: String, others: [String]) throws {
    let model = try model("it")
    let head = try head(model)
    let input = try model.input(text: text)
    #expect(input.run.unknownCount == 0, "\(text)")
    let run = TransformerRun(transformer: model.transformer, input: input.run, loss: nil)
    let labels = input.run.labels
    let query = try #require(labels.firstIndex(of: "it"))
    let weights = try #require(run.attention(layer: head.layer))
    let attention = weights.head(head.head)
    func weight(_ word: String) throws -> Float {
      let key = try #require(labels.firstIndex(of: word))
      return attention[query * labels.count + key]
    }
    let right = try weight(noun)
    for other in others {
      let wrong = try weight(other)
      #expect(right > wrong, "\(text): \(noun) and \(other)")
    }
  }

  @Test(arguments: [(64, UInt64(77)), (96, 78), (128, 79)])
  func inductionContinues(length: Int, seed: UInt64) throws {
    let model = try model("induction")
    let trained = try #require(model.metadata["trainedLength"].flatMap { Int($0) })
    #expect(trained == 64)
    let task = InductionTask(seqLen: trained)
    let score = task.evaluate(model.transformer, length: length, sequenceCount: 200, seed: seed)
    #expect(score.count == 200 * (length / 2 - 1))
    #expect(score.accuracy >= 0.95, "\(length): \(score.accuracy)")
    let stated = try figure(model, "heldOutAccuracy.\(length)")
    #expect(abs(score.accuracy - stated) < 0.02)
    // It looks at what it copies.
    let looked = score.accuracy(of: try head(model))
    #expect(looked >= 0.8)
  }
}
