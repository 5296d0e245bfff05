public import Equations
public import Tensors

/// A transformer run over one sequence, forward and if wanted back: every value of every block, the
/// losses, and every gradient. It is complete when it is made and never changed again.
public final class TransformerRun: @unchecked Sendable {
  public let transformer: Transformer<Float>
  public let input: RunInput
  /// `[T_E, D]`: the rows that blocks with cross-attention look at; nil where the blocks have none.
  public let context: BufferView<Float>?
  /// Nil where there was no backward pass.
  public let lossKind: LossKind?
  /// Values that were set by hand, by layer.
  public let interventions: [Int: [BlockIntervention]]
  private let pass: TransformerPass<Float>
  /// One per row; 0 where a row has no target; empty without a loss.
  public let losses: [Double]
  /// The token that each row should predict, −1 for none; empty without next-token loss.
  public let targets: [Int32]
  /// ∂L/∂parameters, laid out as the parameters; nil without a loss.
  public let parameterGradients: Buffer<Float>?
  /// softmax(logits) `[T, V]`; nil without a head.
  public let probabilities: BufferView<Float>?

  /// - Parameters:
  ///   - transformer: what is run.
  ///   - input: tokens, or vectors `[T, D]`; at least one row, and no more than there are positions.
  ///   - tokenTypes: one per token; empty for type 0 throughout.
  ///   - context: `[T_E, D]`, of an encoder; empty where the blocks attend to X alone.
  ///   - loss: what is differentiated; nil for a forward pass only. The sum of squares is over the
  ///     last hidden state.
  ///   - interventions: values set by hand, by layer.
  /// - Precondition: a loss of tokens needs a head; `.targets` needs classes in the input.
  public init(
    transformer: Transformer<Float>, input: RunInput, tokenTypes: [Int32] = [],
    context: [Float] = [], loss: LossKind? = nil,
    interventions: [Int: [BlockIntervention]] = [:]
  ) {
    self.transformer = transformer
    self.input = input
    self.interventions = interventions
    lossKind = loss
    let contextLen = context.count / transformer.configuration.modelSize
    let pass = TransformerPass(
      transformer: transformer, seqLen: input.seqLen, contextLen: contextLen > 0 ? contextLen : nil)
    self.pass = pass
    if contextLen > 0 { pass.setContext(context) }
    self.context = pass.context
    switch input.source {
    case .tokens(let ids): pass.setTokens([ids], tokenTypes: tokenTypes.isEmpty ? [] : [tokenTypes])
    case .vectors(let vectors): pass.setInput(vectors)
    }
    pass.forward(interventions: interventions)
    targets = Self.targets(loss, input)
    let halfSquares =
      loss == .sumOfSquares ? pass.lastHiddenState.halfSquares(rows: input.seqLen) : []
    if pass.head != nil {
      // Makes the probabilities, with a loss or without.
      let ids = targets.isEmpty ? Array(repeating: -1, count: input.seqLen) : targets
      let crossEntropies = pass.losses(targets: ids)
      losses = loss == .sumOfSquares ? halfSquares : targets.isEmpty ? [] : crossEntropies
    } else {
      losses = halfSquares
    }
    probabilities = pass.probabilities
    guard loss != nil else {
      parameterGradients = nil
      return
    }
    let gradients = Buffer<Float>(count: transformer.layout.count)
    pass.backward(
      loss == .sumOfSquares ? .sumOfSquares : .crossEntropy(targets: targets),
      gradients: gradients, interventions: interventions)
    parameterGradients = gradients
  }

  /// The token that each row should predict; empty for a loss that has no such targets.
  private static func targets(_ loss: LossKind?, _ input: RunInput) -> [Int32] {
    switch loss {
    case .nextToken:
      guard let ids = input.ids else {
        preconditionFailure("next-token loss of a transformer that is given vectors")
      }
      return ids.dropFirst() + [-1]
    case .targets:
      guard case .classes(let classes)? = input.targets else {
        preconditionFailure("a transformer predicts tokens, not numbers")
      }
      return classes
    case .sumOfSquares, nil: return []
    }
  }

  // MARK: Reading

  public var configuration: TransformerConfiguration { transformer.configuration }
  public var layerCount: Int { configuration.layerCount }
  public var headCount: Int { configuration.headCount }
  public var seqLen: Int { input.seqLen }

  /// The program of a layer.
  public func block(_ layer: Int) -> Block { configuration.blocks[layer] }

  /// A value by the name that it has in the block's file; nil where the block has none.
  public func value(layer: Int, _ name: Identifier) -> BlockMatrix<Float>? {
    block(layer).equationIndex(of: name).map { pass.layer(layer).matrix(of: $0) }
  }

  /// ∂L/∂value; nil without a loss.
  public func gradient(layer: Int, _ name: Identifier) -> BlockMatrix<Float>? {
    guard parameterGradients != nil else { return nil }
    return block(layer).equationIndex(of: name).flatMap {
      pass.layer(layer).gradientMatrix(of: $0)
    }
  }

  /// The attention weights of a layer, `[heads, T, T]`: the first value that is a softmax.
  public func attention(layer: Int) -> BlockMatrix<Float>? {
    block(layer).attention.map { pass.layer(layer).matrix(of: $0) }
  }

  /// What enters the first block, `[T, D]`.
  public var embeddings: BufferView<Float> { pass.embeddings }

  /// The residual stream after a block, `[T, D]`.
  public func output(ofLayer layer: Int) -> BufferView<Float> { pass.output(ofLayer: layer) }

  /// What leaves the last norm, `[T, D]`.
  public var lastHiddenState: BufferView<Float> { pass.lastHiddenState }

  /// The mean of the last hidden state over the tokens, `[D]`.
  public var pooled: [Float] { pass.pooled() }

  /// What a masked-word head's transform makes of the last hidden state, `[T, D]`; nil for other heads.
  public var transformed: BufferView<Float>? { pass.transformed }

  /// `[T, V]`; nil without a head.
  public var logits: BufferView<Float>? { pass.logits }

  /// ∂L/∂(sum of the embeddings), or ∂L/∂input where vectors were given, `[T, D]`; nil without a loss.
  public var inputGradient: BufferView<Float>? { pass.inputGradient }

  /// ∂L/∂context `[T_E, D]`; nil without a context or without a loss.
  public var contextGradient: BufferView<Float>? { pass.contextGradient }

  /// Bytes of the values and their gradients.
  public var byteCount: Int { pass.stages.reduce(0) { $0 + $1.byteCount } }
}

extension Block {
  /// The equation that gives the attention weights: the first softmax.
  public var attention: Int? {
    equations.firstIndex {
      if case .call(.softmax, _, _) = $0.expression { true } else { false }
    }
  }
}
