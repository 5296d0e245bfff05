public import Equations
public import Tensors

/// A network unrolled over a batch of sequences: inputs, every layer's values, logits, losses, and
/// after `backward` the gradients of all of them.
///
/// One pass is used by one thread at a time; its buffers are allocated once and used again.
public final class NetworkPass<Scalar: TensorScalar> {
  public let network: Network<Scalar>
  public let seqLen: Int
  public let batchSize: Int
  /// Layers in order, each with its directions.
  public let layers: [[Unrolling<Scalar>]]
  /// What layer 0 is given, `[T, B, inputSize]`.
  public let input: Buffer<Scalar>
  /// The directions side by side, of layers with two of them.
  private let joined: [Buffer<Scalar>]
  private var joinedGradients: [Buffer<Scalar>] = []
  public private(set) var inputGradient: Buffer<Scalar>?
  /// The tokens, `[T, B]`; empty where the input is vectors.
  public private(set) var tokenIDs: [Int32] = []
  public let head: OutputLayer<Scalar>?

  var configuration: NetworkConfiguration { network.configuration }
  var rows: Int { seqLen * batchSize }

  public init(network: Network<Scalar>, seqLen: Int, batchSize: Int = 1) {
    self.network = network
    self.seqLen = seqLen
    self.batchSize = batchSize
    let configuration = network.configuration
    layers = network.plans.map { plan in
      configuration.directions.map { direction in
        Unrolling(
          plan: plan, seqLen: seqLen, batchSize: batchSize, isReversed: direction == .reverse)
      }
    }
    let rows = seqLen * batchSize
    input = Buffer(count: rows * configuration.input.inputSize)
    joined =
      configuration.isBidirectional
      ? network.plans.map { _ in Buffer(count: rows * configuration.layerOutputSize) } : []
    head = configuration.outputSize.map {
      OutputLayer(rows: rows, inputSize: configuration.layerOutputSize, outputSize: $0)
    }
  }

  public subscript(id: LayerID) -> Unrolling<Scalar> { layers[id.layer][id.direction.rawValue] }

  /// What a layer gives, `[T, B, D]`: its state, the directions side by side.
  public func output(ofLayer layer: Int) -> BufferView<Scalar> {
    configuration.isBidirectional ? BufferView(joined[layer]) : layers[layer][0].output
  }

  /// What the last layer gives, `[T, B, D]`.
  public var output: BufferView<Scalar> { output(ofLayer: layers.count - 1) }

  public func outputGradient(ofLayer layer: Int) -> BufferView<Scalar> {
    configuration.isBidirectional
      ? BufferView(joinedGradients[layer]) : layers[layer][0].outputGradient
  }

  // MARK: Forward

  /// Says how many of the first tokens of each sequence are real; nil for all. Behind its end a
  /// sequence's states stay what they were, and no gradient comes from there.
  public func setLengths(_ lengths: [Int]?) {
    for unrolling in layers.joined() { unrolling.setLengths(lengths) }
  }

  /// Sets the input to tokens `[T, B]`; −1 enters as zeros.
  public func setTokens(_ ids: [Int32]) {
    precondition(ids.count == rows, "\(ids.count) tokens for [\(seqLen), \(batchSize)]")
    tokenIDs = ids
    let size = configuration.input.inputSize
    switch configuration.input {
    case .vectors: preconditionFailure("this network takes vectors")
    case .oneHot:
      input.fill(0)
      for (row, id) in ids.enumerated() where id >= 0 { input[row * size + Int(id)] = 1 }
    case .embedding:
      guard let table = network.layout[.embedding] else { return }
      for (row, id) in ids.enumerated() {
        let target = unsafe input.base + row * size
        if id >= 0 {
          unsafe target.update(
            from: network.parameters.base + table.offset + Int(id) * size, count: size)
        } else {
          unsafe target.update(repeating: 0, count: size)
        }
      }
    }
  }

  /// Sets the input to vectors `[T, B, inputSize]`.
  public func setInput(_ vectors: [Scalar]) {
    tokenIDs = []
    input.copy(from: vectors)
  }

  /// Runs all layers and the output layer.
  ///
  /// - Parameter overrides: values set by hand, by layer.
  @_specialize(where Scalar == Float)
  public func forward(overrides: [LayerID: [Override]] = [:]) {
    var layerInput = BufferView(input)
    for (layer, directions) in layers.enumerated() {
      for (index, unrolling) in directions.enumerated() {
        let id = LayerID(layer: layer, direction: index == 0 ? .forward : .reverse)
        unrolling.forward(
          input: layerInput, parameters: network.layout.slice(id, in: network.parameters),
          overrides: overrides[id] ?? [])
      }
      if configuration.isBidirectional { join(directions, into: joined[layer]) }
      layerInput = output(ofLayer: layer)
    }
    head?.forward(input: output, weights: headWeights(network.parameters))
  }

  private func join(_ directions: [Unrolling<Scalar>], into buffer: Buffer<Scalar>) {
    let size = configuration.hiddenSize
    for (index, unrolling) in directions.enumerated() {
      let source = unrolling.output
      for row in 0..<rows {
        unsafe (buffer.base + (row * directions.count + index) * size).update(
          from: source.pointer + row * size, count: size)
      }
    }
  }

  func headWeights(_ buffer: Buffer<Scalar>) -> OutputLayer<Scalar>.Weights? {
    network.layout[.outputWeight].map { weight in
      OutputLayer.Weights(
        buffer: buffer, weight: weight.offset, bias: network.layout[.outputBias]?.offset)
    }
  }

  // MARK: Backward

  /// Backpropagation from a loss through the output layer, all layers and the embedding.
  ///
  /// - Parameters:
  ///   - loss: where the gradient starts; `forward` must have run.
  ///   - gradients: laid out as the parameters; are added to.
  ///   - scale: multiplies the loss, e.g. 1/(T·B) for its mean.
  ///   - wantsInputGradient: whether ∂L/∂input is wanted; a trained embedding needs it.
  ///   - overrides: what `forward` was given.
  ///   - addFinalStateGradients: called before the first step back, to add what reaches the last
  ///     states from outside: see `Unrolling.finalStateGradient`.
  @_specialize(where Scalar == Float)
  public func backward(
    _ loss: LossTarget<Scalar>, gradients: Buffer<Scalar>, scale: Scalar = 1,
    wantsInputGradient: Bool = false, overrides: [LayerID: [Override]] = [:],
    addFinalStateGradients: () -> Void = {}
  ) {
    precondition(gradients.count == network.layout.count, "gradients of another network")
    beginBackward()
    addFinalStateGradients()
    seed(loss, gradients, scale)
    let needsInput: Bool
    if case .embedding = configuration.input {
      needsInput = true
    } else {
      needsInput = wantsInputGradient
    }
    if needsInput {
      inputGradient = inputGradient ?? Buffer(count: input.count)
      inputGradient?.fill(0)
    }
    for layer in layers.indices.reversed() {
      if configuration.isBidirectional { splitGradient(layer) }
      let below: BufferView<Scalar>? =
        layer > 0
        ? outputGradient(ofLayer: layer - 1)
        : needsInput ? inputGradient.map { BufferView($0) } : nil
      for (index, unrolling) in layers[layer].enumerated() {
        let id = LayerID(layer: layer, direction: index == 0 ? .forward : .reverse)
        unrolling.backward(
          input: layer == 0 ? BufferView(input) : output(ofLayer: layer - 1),
          parameters: network.layout.slice(id, in: network.parameters),
          parameterGradients: network.layout.slice(id, in: gradients), inputGradient: below,
          overrides: overrides[id] ?? [])
      }
    }
    addEmbeddingGradients(to: gradients)
  }

  private func beginBackward() {
    for unrolling in layers.joined() { unrolling.beginBackward() }
    guard configuration.isBidirectional else { return }
    if joinedGradients.isEmpty { joinedGradients = joined.map { Buffer(count: $0.count) } }
    for buffer in joinedGradients { buffer.fill(0) }
  }

  private func seed(_ loss: LossTarget<Scalar>, _ gradients: Buffer<Scalar>, _ scale: Scalar) {
    let target = outputGradient(ofLayer: layers.count - 1)
    switch loss {
    case .sumOfSquares:
      unsafe Scalar.addScaled(
        target.count, alpha: scale, x: output.pointer, to: target.pointer)
    case .outputGradient(let given):
      precondition(given.count == target.count, "\(given.count) for \(target.count) elements")
      unsafe Scalar.addScaled(target.count, alpha: scale, x: given.base, to: target.pointer)
    case .crossEntropy, .squaredError:
      guard let head, let weights = headWeights(network.parameters),
        let weightGradients = headWeights(gradients)
      else { preconditionFailure("this loss needs an output layer") }
      head.backward(
        loss, scale: scale, input: output, weights: weights, gradients: weightGradients,
        inputGradient: target)
    }
  }

  /// Hands the joined gradient to the directions; their last states may have one already.
  private func splitGradient(_ layer: Int) {
    let size = configuration.hiddenSize
    let joined = joinedGradients[layer]
    for (index, unrolling) in layers[layer].enumerated() {
      let target = unrolling.outputGradient
      for row in 0..<rows {
        unsafe Scalar.addScaled(
          size, alpha: 1, x: joined.base + (row * layers[layer].count + index) * size,
          to: target.pointer + row * size)
      }
    }
  }

  private func addEmbeddingGradients(to gradients: Buffer<Scalar>) {
    guard let table = network.layout[.embedding], let inputGradient, !tokenIDs.isEmpty else {
      return
    }
    let size = configuration.input.inputSize
    for (row, id) in tokenIDs.enumerated() where id >= 0 {
      unsafe Scalar.addScaled(
        size, alpha: 1, x: inputGradient.base + row * size,
        to: gradients.base + table.offset + Int(id) * size)
    }
  }

  // MARK: States

  /// Makes the states after the last step those before the first: truncated BPTT.
  public func carryStates() {
    for unrolling in layers.joined() where !unrolling.isReversed {
      for state in unrolling.plan.cell.states.indices {
        unrolling.setInitialState(state, to: unrolling.finalState(state))
      }
    }
  }

  public func resetStates() {
    for unrolling in layers.joined() { unrolling.resetInitialStates() }
  }
}

/// What the gradient of a network starts from.
public enum LossTarget<Scalar: TensorScalar> {
  /// L = ½ Σ ‖y‖² over the last layer's output.
  case sumOfSquares
  /// L = Σ −log p(target): a target `[T, B]` for each row, −1 for none.
  case crossEntropy(targets: [Int32])
  /// L = Σ (y − target)² over the output layer's numbers `[T, B, V]`; NaN where there is no target.
  case squaredError(targets: [Scalar])
  /// ∂L/∂output is given, `[T, B, D]`.
  case outputGradient(Buffer<Scalar>)
}
