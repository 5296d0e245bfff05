public import Networks
public import Tensors

/// How well the heads of a transformer find the noun that "it" stands for.
public struct PronounScore: Sendable, Equatable {
  public let sentenceCount: Int
  /// `[layers][heads]`: in how many sentences the largest weight that the query "it" gives to a noun
  /// is on the right one.
  public let found: [[Int]]
  /// In how many sentences the word predicted where "it" stands is the noun.
  public let predicted: Int
  /// In how many sentences the right noun is the first of all: what a guess by place would get.
  public let firstNoun: Int

  /// The share of sentences in which a head finds the noun.
  public func accuracy(of head: AttentionHead) -> Double {
    Double(found[head.layer][head.head]) / Double(sentenceCount)
  }

  /// The head that finds the noun most often.
  public var bestHead: AttentionHead { AttentionHead(largestOf: found) }

  public var predictionAccuracy: Double { Double(predicted) / Double(sentenceCount) }
}

extension PronounTask {
  /// Draws held-out sentences, and looks where each head's weights go.
  ///
  /// - Precondition: the transformer's blocks have attention weights.
  public func evaluate(
    _ transformer: Transformer<Float>, sentenceCount: Int, seed: UInt64
  ) -> PronounScore {
    var random = SeededRandom(seed: seed)
    return evaluate(
      transformer,
      on: (0..<sentenceCount).map { _ in PronounSentence.random(.heldOut, &random) })
  }

  public func evaluate(
    _ transformer: Transformer<Float>, on sentences: [PronounSentence]
  ) -> PronounScore {
    let configuration = transformer.configuration
    var found = Array(
      repeating: Array(repeating: 0, count: configuration.headCount),
      count: configuration.layerCount)
    var predicted = 0, firstNoun = 0
    let batchSize = 32
    for start in stride(from: 0, to: sentences.count, by: batchSize) {
      let batch = Array(sentences[start..<min(start + batchSize, sentences.count)])
      let pass = TransformerPass(
        transformer: transformer, seqLen: batch.reduce(1) { max($0, $1.words.count) },
        batchSize: batch.count)
      pass.setTokens(batch.map(ids))
      pass.forward()
      for (index, sentence) in batch.enumerated() {
        for layer in 0..<configuration.layerCount {
          let weights = pass.attention(layer: layer, sequence: index)
          for head in 0..<configuration.headCount {
            let place = sentence.nouns.max {
              weights.weight(head, sentence.pronoun, $0)
                < weights.weight(head, sentence.pronoun, $1)
            }
            if place == sentence.referent { found[layer][head] += 1 }
          }
        }
        let word = vocabulary.id(of: sentence.words[sentence.referent])
        if pass.prediction(sequence: index, row: sentence.pronoun) == word { predicted += 1 }
        if sentence.nouns.first == sentence.referent { firstNoun += 1 }
      }
    }
    return PronounScore(
      sentenceCount: sentences.count, found: found, predicted: predicted, firstNoun: firstNoun)
  }
}
