public import Equations
public import Tensors

/// An encoder-decoder run on a batch of pairs: the source is read, the target's words are given to the
/// decoder one step late (teacher forcing), and each of its steps says what comes next. After `backward`
/// there is the gradient of every value, from the losses back through attention into the encoder.
///
/// One pass is used by one thread at a time; its buffers are allocated once and used again.
public final class EncoderDecoderPass<Scalar: TensorScalar> {
  /// The passes of the parts.
  public enum Core {
    case recurrent(RecurrentCore<Scalar>)
    case transformer(encoder: TransformerPass<Scalar>, decoder: TransformerPass<Scalar>)
  }

  public let model: EncoderDecoder<Scalar>
  /// T_in and T_out, the longest sentences; shorter ones are padded at their end.
  public let sourceLen: Int
  public let targetLen: Int
  public let batchSize: Int
  public let core: Core
  /// Of each source how many rows are real.
  public private(set) var sourceLengths: [Int]
  /// Gives the logits, `[B·T_out, V]`.
  public let head: OutputLayer<Scalar>

  /// - Parameters:
  ///   - model: what is run.
  ///   - sourceLen: T_in, at least 1, and no more than there are learned positions.
  ///   - targetLen: T_out, likewise.
  ///   - batchSize: B, at least 1.
  ///   - isTraining: whether values are dropped out (transformers), each run others.
  ///   - seed: of what is dropped.
  public init(
    model: EncoderDecoder<Scalar>, sourceLen: Int, targetLen: Int, batchSize: Int = 1,
    isTraining: Bool = false, seed: UInt64 = 1
  ) {
    self.model = model
    self.sourceLen = sourceLen
    self.targetLen = targetLen
    self.batchSize = batchSize
    sourceLengths = Array(repeating: sourceLen, count: batchSize)
    switch model.parts {
    case .recurrent:
      let core = RecurrentCore(
        model: model, sourceLen: sourceLen, targetLen: targetLen, batchSize: batchSize)
      self.core = .recurrent(core)
      head = OutputLayer(
        rows: batchSize * targetLen, inputSize: model.configuration.modelSize,
        outputSize: model.configuration.targetVocabularySize)
    case .transformer(let encoder, let decoder):
      let decoderPass = TransformerPass(
        transformer: decoder, seqLen: targetLen, contextLen: sourceLen, batchSize: batchSize,
        isTraining: isTraining, seed: seed &+ 1)
      core = .transformer(
        encoder: TransformerPass(
          transformer: encoder, seqLen: sourceLen, batchSize: batchSize, isTraining: isTraining,
          seed: seed),
        decoder: decoderPass)
      guard let head = decoderPass.head else { preconditionFailure("a decoder without a head") }
      self.head = head
    }
  }

  // MARK: Input

  /// Sets the sources: B of them, of 1 to T_in tokens each.
  public func setSources(_ sequences: [[Int32]]) {
    precondition(
      sequences.count == batchSize && sequences.allSatisfy { (1...sourceLen).contains($0.count) },
      "sources of \(sequences.map(\.count)) tokens for [\(batchSize), \(sourceLen)]")
    sourceLengths = sequences.map(\.count)
    switch core {
    case .recurrent(let core): core.setSources(sequences)
    case .transformer(let encoder, _): encoder.setTokens(sequences)
    }
  }

  /// Sets what the decoder is given: of each pair the start, then the words up to the last but one. B
  /// of them, of at most T_out tokens each.
  public func setInputs(_ sequences: [[Int32]]) {
    precondition(
      sequences.count == batchSize && sequences.allSatisfy { (1...targetLen).contains($0.count) },
      "inputs of \(sequences.map(\.count)) tokens for [\(batchSize), \(targetLen)]")
    switch core {
    case .recurrent(let core): core.setInputs(sequences)
    case .transformer(_, let decoder): decoder.setTokens(sequences)
    }
  }

  /// Makes what is dropped out from now on depend on this seed alone.
  public func seedDropout(_ seed: UInt64) {
    guard case .transformer(let encoder, let decoder) = core else { return }
    encoder.seedDropout(seed)
    decoder.seedDropout(seed &+ 1)
  }

  // MARK: Forward and back

  /// Runs the encoder, the decoder and the output layer.
  public func forward() {
    switch core {
    case .recurrent(let core):
      core.forward()
      forwardHead()
    case .transformer(let encoder, let decoder):
      encoder.forward()
      decoder.setContext(encoder.lastHiddenState, lengths: sourceLengths)
      decoder.forward()
    }
  }

  /// Runs the output layer of a recurrent model.
  func forwardHead() {
    guard case .recurrent(let core) = core else { return }
    head.forward(input: core.output, weights: headWeights(model.parameters))
  }

  /// The losses in nats, one per row `[B, T_out]`, 0 where there is no target; makes the probabilities.
  ///
  /// - Parameters:
  ///   - targets: `[B, T_out]`, −1 for none: see `rows(_:filling:)`.
  ///   - labelSmoothing: ε of Szegedy et al. 2016.
  /// - Returns: one loss per row.
  public func losses(targets: [Int32], labelSmoothing: Double = 0) -> [Double] {
    head.losses(targets: targets, labelSmoothing: labelSmoothing)
  }

  /// Backpropagation from the cross-entropy of the targets through decoder, attention and encoder.
  ///
  /// - Parameters:
  ///   - targets: what `losses` was asked for. A single target shows where one word's gradient goes.
  ///   - gradients: laid out as the parameters; are added to.
  ///   - scale: multiplies the loss, e.g. one over the number of targets for its mean.
  ///   - labelSmoothing: what `losses` was given.
  public func backward(
    targets: [Int32], gradients: Buffer<Scalar>, scale: Scalar = 1, labelSmoothing: Double = 0
  ) {
    precondition(gradients.count == model.layout.count, "gradients of another model")
    let encoderGradients = Buffer(partOf: gradients, model.layout.encoder)
    let decoderGradients = Buffer(partOf: gradients, model.layout.decoder)
    switch core {
    case .recurrent(let core):
      guard let weights = headWeights(model.parameters), let mine = headWeights(gradients) else {
        preconditionFailure("a model without an output layer")
      }
      let outputGradient = core.beginBackward()
      head.backward(
        .crossEntropy(targets: targets), scale: scale, labelSmoothing: labelSmoothing,
        input: core.output, weights: weights, gradients: mine, inputGradient: outputGradient)
      core.backward(
        gradients, encoderGradients: encoderGradients, decoderGradients: decoderGradients)
    case .transformer(let encoder, let decoder):
      decoder.backward(
        .crossEntropy(targets: targets), gradients: decoderGradients, scale: scale,
        labelSmoothing: labelSmoothing)
      guard let context = decoder.contextGradient else {
        preconditionFailure("a decoder without a context")
      }
      encoder.backward(.outputGradient(context.buffer), gradients: encoderGradients)
    }
  }

  private func headWeights(_ buffer: Buffer<Scalar>) -> OutputLayer<Scalar>.Weights? {
    model.layout[.outputWeight].map {
      OutputLayer.Weights(
        buffer: buffer, weight: $0.offset, bias: model.layout[.outputBias]?.offset)
    }
  }

  // MARK: Reading

  /// Sequences as rows `[B, T_out]`, filled up.
  public func rows(_ sequences: [[Int32]], filling: Int32 = -1) -> [Int32] {
    sequences.flatMap { $0 + Array(repeating: filling, count: targetLen - $0.count) }
  }

  /// `[B·T_out, V]`.
  public var logits: BufferView<Scalar> { BufferView(head.logits) }

  /// softmax(logits) `[B·T_out, V]`, of the last call of `losses`.
  public var probabilities: BufferView<Scalar> { BufferView(head.probabilities) }

  /// The encoder's states `[B, T_in, H]`: what attention looks at.
  public var encoderStates: BufferView<Scalar> {
    switch core {
    case .recurrent(let core): BufferView(core.encoderStates)
    case .transformer(let encoder, _): encoder.lastHiddenState
    }
  }

  /// ∂L/∂(encoder's states) through attention alone, `[B, T_in, H]`; nil before `backward` and without
  /// attention.
  public var encoderStateGradients: BufferView<Scalar>? {
    switch core {
    case .recurrent(let core): core.encoderStateGradients.map { BufferView($0) }
    case .transformer(_, let decoder): decoder.contextGradient
    }
  }

  /// The block that attends to the source, with the equation of its weights: one of a recurrent model,
  /// one per layer of a transformer; empty without attention.
  public var crossAttention: [(block: BlockPass<Scalar>, equation: Int)] {
    switch core {
    case .recurrent(let core):
      core.attention.flatMap { pass in pass.crossAttentionEquation.map { [(pass, $0)] } } ?? []
    case .transformer(_, let decoder):
      (0..<decoder.transformer.configuration.layerCount).compactMap { layer in
        let pass = decoder.layer(layer)
        return pass.crossAttentionEquation.map { (pass, $0) }
      }
    }
  }
}

extension BlockPass {
  /// The last softmax over the rows of another input.
  var crossAttentionEquation: Int? {
    plan.block.equations.indices.last { equation in
      guard case .call(.softmax, _, _) = plan.block.equations[equation].expression else {
        return false
      }
      return plan.keyInput(ofEquation: equation) ?? 0 > 0
    }
  }
}
