public import Equations
public import Networks

/// A transformer run over an input, with every named value, and after a backward pass every gradient.
///
/// Every `grad.NAME` is the total derivative ∂L/∂NAME of L, the sum of the losses of all rows.
public struct TransformerTrace: Sendable {
  public let model: TransformerModel
  public let input: TransformerInput
  public let run: TransformerRun

  /// A run that was made already.
  public init(model: TransformerModel, input: TransformerInput, run: TransformerRun) {
    self.model = model
    self.input = input
    self.run = run
  }

  /// Runs the forward pass, and the backward pass if wanted.
  ///
  /// - Parameters:
  ///   - model: the transformer and the names of its tensors.
  ///   - input: of this model.
  ///   - loss: by default next-token where the model predicts the next token, else sum-squares of
  ///     the last hidden state.
  ///   - isBackward: whether the gradients are wanted.
  ///   - interventions: values that are set by hand, by layer.
  /// - Throws: a loss that the model can't have, an input too long for this machine's memory.
  public init(
    model: TransformerModel, input: TransformerInput, loss: LossKind? = nil,
    isBackward: Bool = false, interventions: [Int: [BlockIntervention]] = [:]
  ) throws(ModelError) {
    if loss == .nextToken, !model.predictsNextToken || input.run.ids == nil {
      throw .request(
        "--loss next-token needs a model that predicts the next token; "
          + (model.configuration.head == .none
            ? "\(model.shownName) has no output layer" : "\(model.shownName) sees both sides"))
    }
    if loss == .targets { throw .request("--loss targets is for tasks, not for a trace") }
    try Self.checkMemory(
      model, seqLen: input.seqLen, contextLen: input.memory.count / model.configuration.modelSize,
      isBackward: isBackward)
    let standard = model.predictsNextToken ? LossKind.nextToken : .sumOfSquares
    self.init(
      model: model, input: input,
      run: TransformerRun(
        transformer: model.transformer, input: input.run, context: input.memory,
        loss: isBackward || loss != nil ? loss ?? standard : nil, interventions: interventions))
  }

  /// Refuses what could not be allocated: every value of every layer is kept.
  public static func checkMemory(
    _ model: TransformerModel, seqLen: Int, contextLen: Int = 0, isBackward: Bool
  ) throws(ModelError) {
    let configuration = model.configuration
    let rows = Double(seqLen)
    var perRow = Double(2 * (configuration.vocabularySize ?? 0))
    for block in configuration.blocks {
      // Each value of T by T in each head, and at most the feed-forward net's width in others.
      perRow += Double(block.equations.count * max(configuration.feedForwardSize, 1))
      perRow += Double(4 * configuration.headCount) * (rows + Double(contextLen))
    }
    // Keys and values of the context, and the context itself.
    let context = Double((2 * configuration.layerCount + 1) * configuration.modelSize * contextLen)
    try MachineMemory.check(
      floats: (perRow * rows + context) * (isBackward ? 2 : 1), for: "\(seqLen) tokens",
      advice: "give a shorter text")
  }
}

extension TransformerTrace {
  /// Every named value, and every gradient after a backward pass.
  ///
  /// - `ids` `[T]` and `offsets` `[T, 2]`: the tokens, and their places in the text.
  /// - `embeddings` `[T, D]` (`input` where vectors were given): what enters the first block.
  /// - `memory` `[T_E, D]`: the encoder's rows that a decoder attends to.
  /// - `layerN.NAME`: each equation's value, `[T, columns]`, or `[heads, T, T]`; `attention`,
  ///   `scores` (scaled and masked), `q`, `k`, `v` (heads side by side), and `output`, the residual
  ///   stream after the block. Of cross-attention: `layerN.cross.attention` `[heads, T, T_E]`,
  ///   `cross.scores`, `cross.q`, `cross.k`, `cross.v`.
  /// - `last_hidden_state` `[T, D]`: what leaves the last norm; `pooled` `[D]`: its mean over the
  ///   tokens, for encoders; `head.transform` `[T, D]`, what a masked-word head makes of the last
  ///   hidden state; `logits` `[T, V]` where there is a head; `loss` where one was asked for.
  /// - `grad.layerN.NAME`, and `grad.param.TENSOR` in the layout of the checkpoint.
  public var arrays: [NamedArray] { values + (run.lossKind == nil ? [] : gradients) }

  private var configuration: TransformerConfiguration { model.configuration }

  private func rows(_ name: String, _ elements: BufferView<Float>) -> NamedArray {
    NamedArray(name: name, shape: [run.seqLen, elements.count / run.seqLen], data: elements)
  }

  private func memoryRows(_ name: String, _ elements: BufferView<Float>) -> NamedArray {
    let size = configuration.modelSize
    return NamedArray(name: name, shape: [elements.count / size, size], data: elements)
  }

  /// What there is of each equation of each layer.
  private func layerArrays(
    prefix: String, _ matrix: (Int, Identifier) -> BlockMatrix<Float>?
  ) -> [NamedArray] {
    (0..<run.layerCount).flatMap { layer in
      let block = run.block(layer)
      return block.equations.enumerated().compactMap { index, equation in
        matrix(layer, equation.name).map {
          NamedArray(
            name: "\(prefix)layer\(layer).\(block.traceName(ofEquation: index))", shape: $0.shape,
            data: $0.view)
        }
      }
    }
  }

  private var takesTokens: Bool { configuration.vocabularySize != nil }

  private var values: [NamedArray] {
    var arrays: [NamedArray] = []
    if let ids = run.input.ids {
      arrays.append(NamedArray(name: "ids", shape: [ids.count], data: ids.map(Int.init)))
    }
    if !input.tokens.isEmpty {
      arrays.append(
        NamedArray(
          name: "offsets", shape: [input.tokens.count, 2],
          data: input.tokens.flatMap { [$0.start, $0.end] }))
    }
    arrays.append(rows(takesTokens ? "embeddings" : "input", run.embeddings))
    if let memory = run.context { arrays.append(memoryRows("memory", memory)) }
    arrays += layerArrays(prefix: "", run.value)
    arrays.append(rows("last_hidden_state", run.lastHiddenState))
    if takesTokens, !configuration.isCausal {
      arrays.append(
        NamedArray(name: "pooled", shape: [configuration.modelSize], data: run.pooled))
    }
    if let transformed = run.transformed { arrays.append(rows("head.transform", transformed)) }
    if let logits = run.logits { arrays.append(rows("logits", logits)) }
    if run.lossKind != nil {
      arrays.append(
        NamedArray(name: "loss", shape: [losses.count], data: losses.map { Float($0) }))
    }
    return arrays
  }

  /// Per row, in nats for next-token: `[T]`, and `[T-1]` for that.
  public var losses: [Double] {
    run.lossKind == .nextToken ? run.losses.dropLast() : run.losses
  }

  private var gradients: [NamedArray] {
    var arrays: [NamedArray] = []
    // A norm behind the embedding makes what is added up there another value.
    if let gradient = run.inputGradient, !configuration.normalizesEmbedding {
      arrays.append(rows(takesTokens ? "grad.embeddings" : "grad.input", gradient))
    }
    if let gradient = run.contextGradient { arrays.append(memoryRows("grad.memory", gradient)) }
    arrays += layerArrays(prefix: "grad.", run.gradient)
    guard let parameters = run.parameterGradients else { return arrays }
    for binding in model.bindings {
      arrays.append(
        NamedArray(
          name: "grad.param.\(binding.name)", shape: binding.shape,
          data: binding.gradient(from: parameters, layout: model.transformer.layout)))
    }
    return arrays
  }

  /// Everything, ready for a file.
  public var export: TraceExport {
    var metadata = [("architecture", model.architecture)]
    if let loss = run.lossKind { metadata.append(("loss_kind", loss.rawValue)) }
    return TraceExport(
      model: model.name, tokens: run.input.labels, metadata: metadata, values: arrays)
  }
}
