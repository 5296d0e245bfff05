internal import Equations
internal import Networks
internal import Tensors

/// A recurrent encoder and decoder run on vectors, with every named value, and after a backward pass
/// every gradient of L, half the sum of squares of the decoder's output.
public struct VectorRecurrentTrace {
  public let model: VectorRecurrentModel
  private let encoder: NetworkPass<Float>
  private let decoder: NetworkPass<Float>
  private var gradients: (encoder: Buffer<Float>, decoder: Buffer<Float>)?

  /// - Parameters:
  ///   - model: both halves.
  ///   - source: `[T_in, I]`, row-major.
  ///   - target: `[T_out, I']`: what the decoder is given.
  ///   - isBackward: whether the gradients are wanted.
  /// - Throws: numbers that make no rows, inputs too long for this machine's memory.
  public init(
    model: VectorRecurrentModel, source: [Float], target: [Float], isBackward: Bool = false
  ) throws(ModelError) {
    func pass(
      _ half: Model, _ vectors: [Float], _ side: String
    ) throws(ModelError) -> NetworkPass<Float> {
      let size = half.configuration.input.inputSize
      guard !vectors.isEmpty, vectors.count.isMultiple(of: size) else {
        throw .request("expected [T, \(size)] numbers as \(side), found \(vectors.count)")
      }
      let seqLen = vectors.count / size
      try Trace.checkMemory(half.network, seqLen: seqLen, isBackward: isBackward)
      let pass = NetworkPass(network: half.network, seqLen: seqLen)
      pass.setInput(vectors)
      return pass
    }
    self.model = model
    encoder = try pass(model.encoder, source, "source")
    decoder = try pass(model.decoder, target, "target")
    let handover = StateHandover(encoder: encoder, decoder: decoder)
    encoder.forward()
    handover.forward()
    decoder.forward()
    guard isBackward else { return }
    let gradients = (
      encoder: Buffer<Float>(count: model.encoder.network.layout.count),
      decoder: Buffer<Float>(count: model.decoder.network.layout.count)
    )
    decoder.backward(.sumOfSquares, gradients: gradients.decoder, wantsInputGradient: true)
    encoder.backward(
      .outputGradient(Buffer(count: encoder.output.count)), gradients: gradients.encoder,
      wantsInputGradient: true
    ) {
      handover.backward()
    }
    self.gradients = gradients
  }

  /// As of `EncoderDecoderTrace`, without words; `logits` where there is an output layer, which has no
  /// part in L; `loss` `[T_out]`.
  public var arrays: [NamedArray] {
    var arrays = encoder.arrays("encoder.") + decoder.arrays("decoder.")
    if let head = decoder.head {
      arrays.append(
        NamedArray(
          name: "logits", shape: [decoder.seqLen, head.outputSize], data: BufferView(head.logits)))
    }
    arrays.append(lossArray(decoder.output, decoder.seqLen))
    guard let gradients else { return arrays }
    arrays += encoder.gradientArrays("grad.encoder.") + decoder.gradientArrays("grad.decoder.")
    for (half, buffer) in [(model.encoder, gradients.encoder), (model.decoder, gradients.decoder)] {
      arrays += half.bindings.map {
        NamedArray(name: "grad.param.\($0.name)", shape: $0.shape, data: $0.gradient(from: buffer))
      }
    }
    return arrays
  }

  /// Everything, ready for a file.
  public var export: TraceExport {
    TraceExport(
      model: model.name, tokens: (0..<encoder.seqLen).map(String.init),
      metadata: [
        ("architecture", model.architecture), ("loss_kind", LossKind.sumOfSquares.rawValue),
      ], values: arrays)
  }
}
