public import Equations
public import Tensors

/// A transformer run on a batch of sequences: the embedding, every value of every block, logits,
/// losses, and after `backward` the gradients of all of them.
///
/// One pass is used by one thread at a time; its buffers are allocated once and used again.
public final class TransformerPass<Scalar: TensorScalar> {
  public let transformer: Transformer<Scalar>
  /// T, the longest sequence; shorter ones are padded at their end.
  public let seqLen: Int
  public let batchSize: Int
  /// Whether values are dropped out.
  public let isTraining: Bool
  /// Of each sequence how many rows are real.
  public private(set) var lengths: [Int]
  /// T_E, the rows of the longest context; 0 where no block attends to one.
  public let contextLen: Int
  /// Of each sequence how many rows of its context are real.
  public internal(set) var contextLengths: [Int]
  /// What `setContext` was given.
  var context: BufferView<Scalar>?
  var contextGradientBuffer: Buffer<Scalar>?
  let stages: [BlockPass<Scalar>]
  let embedding: TransformerEmbedding<Scalar>
  let head: OutputLayer<Scalar>?
  private var random: SeededRandom
  var firstGradient: Buffer<Scalar>?

  var configuration: TransformerConfiguration { transformer.configuration }
  var layout: TransformerLayout { transformer.layout }

  /// - Parameters:
  ///   - transformer: what is run.
  ///   - seqLen: T, at least 1, and no more than there are learned positions.
  ///   - contextLen: T_E, the rows of the longest context; nil where no block attends to one.
  ///   - batchSize: B, at least 1.
  ///   - isTraining: whether values are dropped out, each run others.
  ///   - seed: of what is dropped.
  public init(
    transformer: Transformer<Scalar>, seqLen: Int, contextLen: Int? = nil, batchSize: Int = 1,
    isTraining: Bool = false, seed: UInt64 = 1
  ) {
    let configuration = transformer.configuration
    precondition(
      seqLen > 0 && batchSize > 0 && seqLen <= configuration.longestSequence ?? .max,
      "T = \(seqLen), B = \(batchSize), at most \(configuration.longestSequence ?? .max) positions")
    precondition(
      configuration.takesContext == (contextLen != nil) && contextLen ?? 1 > 0,
      "T_E = \(contextLen ?? 0) for blocks that "
        + (configuration.takesContext ? "attend to a context" : "have X alone"))
    self.transformer = transformer
    self.seqLen = seqLen
    self.contextLen = contextLen ?? 0
    self.batchSize = batchSize
    self.isTraining = isTraining && configuration.dropout > 0
    lengths = Array(repeating: seqLen, count: batchSize)
    contextLengths = Array(repeating: contextLen ?? 0, count: batchSize)
    random = SeededRandom(seed: seed)
    stages = transformer.plans(isTraining: self.isTraining).map {
      BlockPass(
        plan: $0, rowCounts: $0.block.inputs.indices.map { $0 == 0 ? seqLen : contextLen ?? 0 },
        batchSize: batchSize)
    }
    embedding = TransformerEmbedding(
      configuration, transformer.layout, seqLen: seqLen, batchSize: batchSize)
    if configuration.head != .none, let vocabulary = configuration.vocabularySize {
      head = OutputLayer(
        rows: batchSize * seqLen, inputSize: configuration.modelSize, outputSize: vocabulary)
    } else {
      head = nil
    }
    setMasks()
  }

  // MARK: Input

  /// Sets the input to tokens.
  ///
  /// - Parameters:
  ///   - sequences: B of them, of at most T tokens each; −1 enters as zeros.
  ///   - tokenTypes: one per token; empty for type 0 throughout.
  ///   - firstPosition: where the sequences begin. Training at drawn positions makes a model that does
  ///     not mind where it stands.
  public func setTokens(
    _ sequences: [[Int32]], tokenTypes: [[Int32]] = [], firstPosition: Int = 0
  ) {
    precondition(
      sequences.count == batchSize && sequences.allSatisfy { $0.count <= seqLen },
      "sequences of \(sequences.map(\.count)) tokens for [\(batchSize), \(seqLen)]")
    let most = Int32(configuration.vocabularySize ?? 0)
    precondition(
      sequences.allSatisfy { $0.allSatisfy { $0 < most } }, "a token beyond the \(most) known ones")
    let types = Int32(max(1, configuration.tokenTypeCount))
    precondition(
      tokenTypes.allSatisfy { $0.allSatisfy { $0 >= 0 && $0 < types } },
      "a token type beyond the \(types) known ones")
    precondition(
      firstPosition >= 0 && firstPosition + seqLen <= configuration.longestSequence ?? .max,
      "\(seqLen) rows from position \(firstPosition) on")
    embedding.set(
      tokens: sequences.flatMap { padded($0, with: -1) },
      tokenTypes: tokenTypes.flatMap { padded($0, with: 0) }, firstPosition: firstPosition)
    setLengths(sequences.map(\.count))
  }

  private func padded(_ row: [Int32], with filling: Int32) -> [Int32] {
    row + Array(repeating: filling, count: seqLen - row.count)
  }

  /// Sets the input to vectors `[B, T, D]`; of each sequence the first rows are real, as many as
  /// `lengths` says, or all.
  public func setInput(_ vectors: [Scalar], lengths: [Int]? = nil) {
    embedding.set(vectors: vectors)
    setLengths(lengths ?? Array(repeating: seqLen, count: batchSize))
  }

  func setLengths(_ new: [Int]) {
    guard new != lengths else { return }
    lengths = new
    setMasks()
  }

  func setMasks() {
    for stage in stages {
      stage.setMask(isCausal: configuration.isCausal, lengths: [lengths, contextLengths])
    }
  }

  // MARK: Forward

  /// Makes what is dropped out from now on depend on this seed alone.
  public func seedDropout(_ seed: UInt64) { random = SeededRandom(seed: seed) }

  /// Runs the embedding, all blocks and the head.
  ///
  /// - Parameter interventions: values set by hand, by layer.
  public func forward(interventions: [Int: [BlockIntervention]] = [:]) {
    embedding.forward(transformer.parameters)
    if isTraining {
      for stage in stages { stage.drawDropout(rate: configuration.dropout, &random) }
    }
    for (index, stage) in stages.enumerated() {
      stage.forward(
        inputs: inputs(ofStage: index), parameters: slice(index, transformer.parameters),
        interventions: self.interventions(interventions, index))
    }
    head?.forward(
      input: input(ofStage: stages.count), weights: headWeights(transformer.parameters))
  }

  /// What a stage is given: the output of the one before it.
  func input(ofStage index: Int) -> BufferView<Scalar> {
    index == 0 ? BufferView(embedding.output) : stages[index - 1].output
  }

  func slice(_ stage: Int, _ buffer: Buffer<Scalar>) -> ParameterSlice<Scalar> {
    ParameterSlice(buffer: buffer, offsets: layout.offsets[stage])
  }

  func interventions(_ all: [Int: [BlockIntervention]], _ stage: Int) -> [BlockIntervention] {
    guard !all.isEmpty, case .layer(let layer) = transformer.stages[stage] else { return [] }
    return all[layer] ?? []
  }

  func headWeights(_ buffer: Buffer<Scalar>) -> OutputLayer<Scalar>.Weights? {
    layout.outputTable(configuration.head).map {
      OutputLayer.Weights(
        buffer: buffer, weight: $0.offset, bias: layout[.outputBias]?.offset)
    }
  }

  // MARK: Backward

  /// Backpropagation from a loss through the head, all blocks and the embedding.
  ///
  /// - Parameters:
  ///   - loss: where the gradient starts; for cross-entropy `losses` was asked for the same targets.
  ///     The sum of squares is over the last hidden state's real rows.
  ///   - gradients: laid out as the parameters; are added to.
  ///   - scale: multiplies the loss, e.g. one over the number of targets for its mean.
  ///   - labelSmoothing: what `losses` was given.
  ///   - interventions: what `forward` was given.
  public func backward(
    _ loss: LossTarget<Scalar>, gradients: Buffer<Scalar>, scale: Scalar = 1,
    labelSmoothing: Double = 0, interventions: [Int: [BlockIntervention]] = [:]
  ) {
    precondition(gradients.count == layout.count, "gradients of another transformer")
    let inputGradient = firstGradient ?? Buffer(count: embedding.output.count)
    firstGradient = inputGradient
    beginContextGradient()
    let last = seed(loss, gradients, scale, labelSmoothing)
    for index in stride(from: last, through: 0, by: -1) {
      stages[index].backward(
        inputs: inputs(ofStage: index), parameters: slice(index, transformer.parameters),
        parameterGradients: slice(index, gradients), inputGradients: inputGradients(ofStage: index),
        interventions: self.interventions(interventions, index))
    }
    embedding.backward(BufferView(inputGradient), gradients: gradients)
  }

  /// Where ∂L/∂(output of a stage) is; of stage −1 that of the embedding's sum.
  func outputGradient(_ stage: Int) -> BufferView<Scalar> {
    if stage >= 0 { return stages[stage].outputGradient }
    guard let firstGradient else { preconditionFailure("backward has not begun") }
    return BufferView(firstGradient)
  }

  /// Writes the gradient that the loss gives.
  ///
  /// - Returns: the stage whose output it is of.
  private func seed(
    _ loss: LossTarget<Scalar>, _ gradients: Buffer<Scalar>, _ scale: Scalar,
    _ labelSmoothing: Double
  ) -> Int {
    let hidden = (stage(.transform) ?? stages.count) - 1
    let target = outputGradient(hidden)
    switch loss {
    case .sumOfSquares:
      let size = configuration.modelSize
      unsafe target.pointer.update(repeating: 0, count: target.count)
      for (sequence, length) in lengths.enumerated() {
        let first = sequence * seqLen * size
        unsafe Scalar.addScaled(
          length * size, alpha: scale, x: lastHiddenState.pointer + first,
          to: target.pointer + first)
      }
      return hidden
    case .outputGradient(let given):
      precondition(given.count == target.count, "\(given.count) for \(target.count) elements")
      unsafe target.pointer.update(repeating: 0, count: target.count)
      unsafe Scalar.addScaled(target.count, alpha: scale, x: given.base, to: target.pointer)
      return hidden
    case .crossEntropy:
      guard let head, let weights = headWeights(transformer.parameters),
        let weightGradients = headWeights(gradients)
      else { preconditionFailure("cross-entropy without a head") }
      let input = outputGradient(stages.count - 1)
      unsafe input.pointer.update(repeating: 0, count: input.count)
      head.backward(
        loss, scale: scale, labelSmoothing: labelSmoothing,
        input: self.input(ofStage: stages.count), weights: weights, gradients: weightGradients,
        inputGradient: input)
      return stages.count - 1
    case .squaredError: preconditionFailure("a transformer predicts tokens, not numbers")
    }
  }
}
