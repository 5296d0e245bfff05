public import Equations
public import Tensors

/// The recurrent parts of an encoder-decoder at work: encoder, decoder, and the attention between them.
///
/// The nets have time first, `[T, B, H]`; attention and the output layer have the sentence first,
/// `[B, T, H]`.
public final class RecurrentCore<Scalar: TensorScalar> {
  public let encoder: NetworkPass<Scalar>
  public let decoder: NetworkPass<Scalar>
  /// X are the decoder's states, E the encoder's; nil for none.
  public let attention: BlockPass<Scalar>?
  /// The encoder's states `[B, T_in, H]`, and the decoder's `[B, T_out, H]`.
  let encoderStates: Buffer<Scalar>
  let decoderStates: Buffer<Scalar>
  /// Made when something is first propagated back.
  private var stateGradients: (encoder: StateGradients, decoder: StateGradients)?
  private let model: EncoderDecoder<Scalar>
  private let hiddenSize: Int

  /// ∂L/∂h of all steps of one net.
  private struct StateGradients {
    /// As the output layer and attention give them, `[B, T, H]`.
    let sentenceFirst: Buffer<Scalar>
    /// As the net takes them, `[T, B, H]`.
    let timeFirst: Buffer<Scalar>

    init(count: Int) {
      sentenceFirst = Buffer(count: count)
      timeFirst = Buffer(count: count)
    }
  }

  init(model: EncoderDecoder<Scalar>, sourceLen: Int, targetLen: Int, batchSize: Int) {
    guard case .recurrent(let encoder, let decoder, let attention) = model.parts else {
      preconditionFailure("a recurrent core of a transformer")
    }
    self.model = model
    hiddenSize = model.configuration.modelSize
    self.encoder = NetworkPass(network: encoder, seqLen: sourceLen, batchSize: batchSize)
    self.decoder = NetworkPass(network: decoder, seqLen: targetLen, batchSize: batchSize)
    self.attention = attention.map {
      BlockPass(plan: $0, rowCounts: [targetLen, sourceLen], batchSize: batchSize)
    }
    encoderStates = Buffer(count: batchSize * sourceLen * hiddenSize)
    decoderStates = Buffer(count: batchSize * targetLen * hiddenSize)
  }

  /// What the output layer reads, `[B, T_out, H]`.
  public var output: BufferView<Scalar> { attention?.output ?? BufferView(decoderStates) }

  /// ∂L/∂(encoder's states) through attention alone, `[B, T_in, H]`; nil before `backward` and without
  /// attention.
  var encoderStateGradients: Buffer<Scalar>? {
    attention == nil ? nil : stateGradients?.encoder.sentenceFirst
  }

  private var batchSize: Int { encoder.batchSize }
  private var handover: StateHandover<Scalar> { StateHandover(encoder: encoder, decoder: decoder) }

  // MARK: Input

  func setSources(_ sequences: [[Int32]]) {
    let lengths = sequences.map(\.count)
    encoder.setTokens(Self.timeFirst(sequences, seqLen: encoder.seqLen))
    encoder.setLengths(lengths)
    attention?.setMask(isCausal: false, lengths: [nil, lengths])
  }

  func setInputs(_ sequences: [[Int32]]) {
    decoder.setTokens(Self.timeFirst(sequences, seqLen: decoder.seqLen))
  }

  /// `[T, B]`; what is missing enters as zeros.
  static func timeFirst(_ sequences: [[Int32]], seqLen: Int) -> [Int32] {
    (0..<seqLen).flatMap { time in
      sequences.map { time < $0.count ? $0[time] : -1 }
    }
  }

  // MARK: Forward

  func forward() {
    encode()
    decode()
  }

  /// Runs the encoder and hands its last states to the decoder.
  func encode() {
    encoder.forward()
    Self.swapAxes(
      encoder.output, into: encoderStates, outer: encoder.seqLen, inner: batchSize, hiddenSize)
    handover.forward()
  }

  /// Runs the decoder from its first states on, and attention.
  func decode() {
    decoder.forward()
    Self.swapAxes(
      decoder.output, into: decoderStates, outer: decoder.seqLen, inner: batchSize, hiddenSize)
    attention?.forward(inputs: attentionInputs, parameters: attentionSlice(model.parameters))
  }

  /// Makes the decoder's last states its first ones: sentence b goes on from where sentence
  /// `parents[b]` was.
  func carryStates(parents: [Int]) {
    for unrolling in decoder.layers.joined() {
      for state in unrolling.plan.cell.states.indices {
        let last = unrolling.finalState(state), first = unrolling.initialState(state)
        for (row, parent) in parents.enumerated() {
          unsafe (first.pointer + row * hiddenSize).update(
            from: last.pointer + parent * hiddenSize, count: hiddenSize)
        }
      }
    }
  }

  var attentionInputs: [BufferView<Scalar>] {
    [BufferView(decoderStates), BufferView(encoderStates)]
  }

  func attentionSlice(_ buffer: Buffer<Scalar>) -> ParameterSlice<Scalar> {
    ParameterSlice(buffer: buffer, offsets: model.layout.attentionOffsets)
  }

  /// `[outer, inner, size]` becomes `[inner, outer, size]`.
  static func swapAxes(
    _ source: BufferView<Scalar>, into target: Buffer<Scalar>, outer: Int, inner: Int, _ size: Int
  ) {
    precondition(
      source.count == outer * inner * size && target.count == source.count, "another shape")
    for first in 0..<outer {
      for second in 0..<inner {
        unsafe (target.base + (second * outer + first) * size).update(
          from: source.pointer + (first * inner + second) * size, count: size)
      }
    }
  }

  // MARK: Backward

  /// Clears the gradients of what the output layer reads.
  ///
  /// - Returns: where to add ∂L/∂output, `[B, T_out, H]`.
  func beginBackward() -> BufferView<Scalar> {
    let states =
      stateGradients
      ?? (StateGradients(count: encoderStates.count), StateGradients(count: decoderStates.count))
    stateGradients = states
    states.encoder.sentenceFirst.fill(0)
    states.decoder.sentenceFirst.fill(0)
    guard let attention else { return BufferView(states.decoder.sentenceFirst) }
    let gradient = attention.outputGradient
    unsafe gradient.pointer.update(repeating: 0, count: gradient.count)
    return gradient
  }

  func backward(
    _ gradients: Buffer<Scalar>, encoderGradients: Buffer<Scalar>,
    decoderGradients: Buffer<Scalar>
  ) {
    guard let states = stateGradients else { preconditionFailure("beginBackward comes first") }
    attention?.backward(
      inputs: attentionInputs, parameters: attentionSlice(model.parameters),
      parameterGradients: attentionSlice(gradients),
      inputGradients: [
        BufferView(states.decoder.sentenceFirst), BufferView(states.encoder.sentenceFirst),
      ])
    decoder.backward(
      .outputGradient(timeFirst(states.decoder, seqLen: decoder.seqLen)),
      gradients: decoderGradients)
    encoder.backward(
      .outputGradient(timeFirst(states.encoder, seqLen: encoder.seqLen)),
      gradients: encoderGradients
    ) {
      handover.backward()
    }
  }

  private func timeFirst(_ gradients: StateGradients, seqLen: Int) -> Buffer<Scalar> {
    Self.swapAxes(
      BufferView(gradients.sentenceFirst), into: gradients.timeFirst, outer: batchSize,
      inner: seqLen, hiddenSize)
    return gradients.timeFirst
  }
}
