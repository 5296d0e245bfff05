internal import Equations
internal import Tensors

/// Decoding one token after another: each row is computed once, and what later rows read of it, the
/// keys and values of attention, is kept where the pass has it anyway.
extension TransformerPass {
  /// Runs one more row of every sequence: its embedding, all blocks and the head.
  ///
  /// Row `row` of every value and of `logits` is then what `forward()` gives for the tokens so far,
  /// which all count as real. Row 0 begins new sequences, and reads the context that was set before.
  ///
  /// - Parameters:
  ///   - tokens: one per sequence, at position `row`; −1 enters as zeros.
  ///   - row: 0 first, then the next, or one that was run before; after `forward()` any.
  /// - Precondition: the transformer is causal and its input tokens, its head none of hidden words;
  ///   the pass does not train.
  /// - Complexity: O(B·(L·D·(D + F + row) + D·V)).
  public func forward(tokens: [Int32], row: Int) {
    precondition(
      configuration.isCausal && !isTraining && stage(.transform) == nil,
      "rows one by one, of a transformer that is not causal, that trains, or predicts hidden words")
    precondition(
      tokens.count == batchSize && (0..<seqLen).contains(row),
      "\(tokens.count) tokens at row \(row) for [\(batchSize), \(seqLen)]")
    let most = Int32(configuration.vocabularySize ?? 0)
    precondition(tokens.allSatisfy { $0 < most }, "a token beyond the \(most) known ones")
    setLengths(Array(repeating: seqLen, count: batchSize))
    embedding.forward(transformer.parameters, tokens: tokens, row: row)
    for (index, stage) in stages.enumerated() {
      stage.forward(
        row: row, inputs: inputs(ofStage: index), parameters: slice(index, transformer.parameters))
    }
    predict(row)
  }

  /// The logits of one row of each sequence.
  private func predict(_ row: Int) {
    guard let logits, let table = layout.outputTable(configuration.head) else { return }
    let size = configuration.modelSize, vocabularySize = table.shape[0]
    let parameters = transformer.parameters
    let target = unsafe logits.pointer + row * vocabularySize
    let bias = layout[.outputBias]
    if let bias {
      for sequence in 0..<batchSize {
        unsafe (target + sequence * seqLen * vocabularySize)
          .update(from: parameters.base + bias.offset, count: vocabularySize)
      }
    }
    unsafe Scalar.gemm(
      transposeA: false, transposeB: true, m: batchSize, n: vocabularySize, k: size, alpha: 1,
      a: input(ofStage: stages.count).pointer + row * size, lda: seqLen * size,
      b: parameters.base + table.offset, ldb: size, beta: bias == nil ? 0 : 1, c: target,
      ldc: seqLen * vocabularySize)
  }

  /// Makes each sequence go on from the first rows of another one, as beam search does.
  ///
  /// What later rows read is moved: tokens, keys and values. Logits, attention weights and other
  /// values of these rows stay where they are; so does the context, and what was made of it: a parent
  /// must have the same context.
  ///
  /// - Parameters:
  ///   - parents: for each sequence the one whose rows it gets.
  ///   - rows: how many of the first rows.
  /// - Precondition: the rows were run.
  public func reorder(parents: [Int], rows: Int) {
    for (index, stage) in stages.enumerated() {
      stage.reorder(parents: parents, rows: rows, inputs: inputs(ofStage: index))
    }
    embedding.reorder(parents: parents, rows: rows)
  }
}
