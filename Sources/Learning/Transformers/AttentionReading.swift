internal import Equations
internal import Networks
internal import Tensors

/// The attention weights of one sequence, `[heads, T, T]`.
struct AttentionWeights {
  private let values: [Float]
  private let seqLen: Int

  init(_ matrix: BlockMatrix<Float>) {
    seqLen = matrix.shape[1]
    values = matrix.view.array
  }

  func weight(_ head: Int, _ query: Int, _ key: Int) -> Float {
    values[(head * seqLen + query) * seqLen + key]
  }

  /// The key that gets most of a query's weight.
  func largestKey(_ head: Int, _ query: Int) -> Int {
    let start = (head * seqLen + query) * seqLen
    var largest = 0
    for key in 0..<seqLen where values[start + key] > values[start + largest] { largest = key }
    return largest
  }
}

extension TransformerPass where Scalar == Float {
  /// - Precondition: the layer's block has attention weights.
  func attention(layer: Int, sequence: Int) -> AttentionWeights {
    guard let equation = transformer.configuration.blocks[layer].attention else {
      preconditionFailure("layer \(layer) has no attention")
    }
    return AttentionWeights(self.layer(layer).matrix(of: equation, sequence: sequence))
  }

  /// The token with the largest logit.
  ///
  /// - Precondition: the transformer has a head.
  func prediction(sequence: Int, row: Int) -> Int {
    guard let logits, let size = transformer.configuration.vocabularySize else {
      preconditionFailure("a prediction without a head")
    }
    let start = logits.offset + (sequence * seqLen + row) * size
    let row = logits.buffer.array(start..<start + size)
    var largest = 0
    for token in 0..<size where row[token] > row[largest] { largest = token }
    return largest
  }
}
