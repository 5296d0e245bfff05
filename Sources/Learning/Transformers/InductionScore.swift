public import Networks
public import Tensors

/// How well a transformer continues random sequences that are repeated once.
public struct InductionScore: Sendable, Equatable {
  /// T: the random sequence is half as long.
  public let length: Int
  /// Predictions: in each sequence those of the second half from its second character on; the first
  /// one cannot be known.
  public let count: Int
  public let correct: Int
  /// `[layers][heads]`: of how many of these predictions the head's largest weight is on the
  /// character that comes next, where it stood in the first half.
  public let found: [[Int]]

  public var accuracy: Double { Double(correct) / Double(count) }

  /// The share of predictions for which a head looks at the right character.
  public func accuracy(of head: AttentionHead) -> Double {
    Double(found[head.layer][head.head]) / Double(count)
  }

  /// The head that looks at the right character most often.
  public var bestHead: AttentionHead { AttentionHead(largestOf: found) }
}

extension InductionTask {
  /// Draws random sequences, each repeated once.
  ///
  /// - Parameters:
  ///   - transformer: a decoder of the task's characters.
  ///   - length: with the repetition; even, at least 4.
  ///   - sequenceCount: how many to draw.
  ///   - seed: of the sequences.
  /// - Returns: how much of the second halves was predicted, and where the heads looked.
  public func evaluate(
    _ transformer: Transformer<Float>, length: Int, sequenceCount: Int, seed: UInt64
  ) -> InductionScore {
    let configuration = transformer.configuration
    let period = length / 2
    var random = SeededRandom(seed: seed)
    var found = Array(
      repeating: Array(repeating: 0, count: configuration.headCount),
      count: configuration.layerCount)
    var count = 0, correct = 0
    let batchSize = 20
    for start in stride(from: 0, to: sequenceCount, by: batchSize) {
      let examples = (start..<min(start + batchSize, sequenceCount)).map { _ in
        sequence(period: period, length: length, &random)
      }
      let pass = TransformerPass(
        transformer: transformer, seqLen: length, batchSize: examples.count)
      pass.setTokens(examples.map(\.tokens))
      pass.forward()
      for (index, example) in examples.enumerated() {
        let weights = (0..<configuration.layerCount).map {
          pass.attention(layer: $0, sequence: index)
        }
        for row in 0..<length where example.targets[row] >= 0 {
          count += 1
          if pass.prediction(sequence: index, row: row) == Int(example.targets[row]) {
            correct += 1
          }
          for layer in 0..<configuration.layerCount {
            for head in 0..<configuration.headCount
            where weights[layer].largestKey(head, row) == row - period + 1 {
              found[layer][head] += 1
            }
          }
        }
      }
    }
    return InductionScore(length: length, count: count, correct: correct, found: found)
  }
}
