public import Equations
internal import Tensors

/// What a pass computed.
extension TransformerPass {
  func stage(_ wanted: TransformerStage) -> Int? { transformer.stages.firstIndex(of: wanted) }

  /// The pass of a layer's block.
  public func layer(_ index: Int) -> BlockPass<Scalar> {
    guard let stage = stage(.layer(index)) else { preconditionFailure("no layer \(index)") }
    return stages[stage]
  }

  /// What enters the first block, `[B, T, D]`: with positions, and normalised where the model does.
  public var embeddings: BufferView<Scalar> {
    stage(.embedding).map { stages[$0].output } ?? BufferView(embedding.output)
  }

  /// The residual stream after a block, `[B, T, D]`.
  public func output(ofLayer layer: Int) -> BufferView<Scalar> { self.layer(layer).output }

  /// What leaves the last norm, `[B, T, D]`.
  public var lastHiddenState: BufferView<Scalar> {
    if let final = stage(.final) { return stages[final].output }
    return configuration.layerCount > 0
      ? output(ofLayer: configuration.layerCount - 1) : embeddings
  }

  /// The mean of the last hidden state over the real rows of a sequence, `[D]`.
  public func pooled(sequence: Int = 0) -> [Scalar] {
    let size = configuration.modelSize
    let hidden = lastHiddenState
    let sums = Buffer<Scalar>(count: size)
    unsafe Scalar.addColumnSums(
      rows: lengths[sequence], n: size, x: hidden.pointer + sequence * seqLen * size, ldx: size,
      into: sums.base)
    return sums.array.map { $0 / Scalar(max(1, lengths[sequence])) }
  }

  /// What the head's transform makes of the last hidden state, `[B, T, D]`; nil for other heads.
  public var transformed: BufferView<Scalar>? { stage(.transform).map { stages[$0].output } }

  /// `[B, T, V]`; nil without a head.
  public var logits: BufferView<Scalar>? { head.map { BufferView($0.logits) } }

  /// softmax(logits) `[B, T, V]`, of the last call of `losses`.
  public var probabilities: BufferView<Scalar>? { head.map { BufferView($0.probabilities) } }

  /// ∂L/∂(sum of the embeddings) `[B, T, D]`; nil before `backward`.
  public var inputGradient: BufferView<Scalar>? { firstGradient.map { BufferView($0) } }

  /// The losses in nats, one per row `[B, T]`, 0 where there is no target; makes the probabilities.
  ///
  /// - Parameters:
  ///   - targets: `[B, T]`, −1 for none.
  ///   - labelSmoothing: ε of Szegedy et al. 2016.
  /// - Returns: one loss per row.
  /// - Precondition: there is a head.
  public func losses(targets: [Int32], labelSmoothing: Double = 0) -> [Double] {
    guard let head else { preconditionFailure("cross-entropy without a head") }
    return head.losses(targets: targets, labelSmoothing: labelSmoothing)
  }
}
