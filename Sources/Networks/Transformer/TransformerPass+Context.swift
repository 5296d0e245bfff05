public import Equations
internal import Tensors

/// The context: rows of another sequence that blocks with cross-attention look at, such as an
/// encoder's last hidden state.
extension TransformerPass {
  /// Sets the context to memory that every `forward` reads anew, such as the last hidden state of an
  /// encoder's pass.
  ///
  /// - Parameters:
  ///   - rows: `[B, T_E, D]`.
  ///   - lengths: of each sequence how many of the first rows are real, at least one; nil for all.
  /// - Precondition: the pass was made with a `contextLen`.
  public func setContext(_ rows: BufferView<Scalar>, lengths: [Int]? = nil) {
    precondition(contextLen > 0, "a context for blocks that have X alone")
    let count = batchSize * contextLen * configuration.modelSize
    precondition(rows.count == count, "a context of \(rows.count) for \(count) elements")
    let new = lengths ?? Array(repeating: contextLen, count: batchSize)
    precondition(
      new.count == batchSize && new.allSatisfy { (1...contextLen).contains($0) },
      "contexts of \(new) rows for [\(batchSize), \(contextLen)]")
    context = rows
    guard new != contextLengths else { return }
    contextLengths = new
    setMasks()
  }

  /// Sets the context to vectors, `[B, T_E, D]`.
  public func setContext(_ vectors: [Scalar], lengths: [Int]? = nil) {
    setContext(BufferView(Buffer(vectors)), lengths: lengths)
  }

  /// ∂L/∂context `[B, T_E, D]`, summed over the layers; nil before `backward` and without a context.
  ///
  /// It is a buffer of its own: `.outputGradient(contextGradient.buffer)` goes on in the encoder.
  public var contextGradient: BufferView<Scalar>? { contextGradientBuffer.map { BufferView($0) } }

  /// What a stage's block is given: the output of the stage before it, and the context where it has
  /// two inputs.
  func inputs(ofStage index: Int) -> [BufferView<Scalar>] {
    guard stages[index].rowCounts.count > 1 else { return [input(ofStage: index)] }
    guard let context else { preconditionFailure("no context was set") }
    return [input(ofStage: index), context]
  }

  /// Where the gradients of `inputs(ofStage:)` go.
  func inputGradients(ofStage index: Int) -> [BufferView<Scalar>] {
    guard stages[index].rowCounts.count > 1, let contextGradient else {
      return [outputGradient(index - 1)]
    }
    return [outputGradient(index - 1), contextGradient]
  }

  /// Every layer adds to the gradient: it begins with zeros.
  func beginContextGradient() {
    guard contextLen > 0 else { return }
    let count = batchSize * contextLen * configuration.modelSize
    let buffer = contextGradientBuffer ?? Buffer(count: count)
    contextGradientBuffer = buffer
    unsafe buffer.base.update(repeating: 0, count: count)
  }
}
