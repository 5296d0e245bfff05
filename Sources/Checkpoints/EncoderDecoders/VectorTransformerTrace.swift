internal import Equations
internal import Networks
internal import Tensors

/// An nn.Transformer run on vectors, with every named value, and after a backward pass every gradient
/// of L, half the sum of squares of what the decoder gives.
public struct VectorTransformerTrace {
  public let model: VectorTransformerModel
  private let encoder: TransformerPass<Float>
  private let decoder: TransformerPass<Float>
  private var encoderGradients: Buffer<Float>?
  private var decoderGradients: Buffer<Float>?

  /// - Parameters:
  ///   - model: both halves.
  ///   - source: `[T_in, D]`, row-major.
  ///   - target: `[T_out, D]`: what the decoder is given.
  ///   - isBackward: whether the gradients are wanted.
  /// - Throws: numbers that make no rows, inputs too long for this machine's memory.
  public init(
    model: VectorTransformerModel, source: [Float], target: [Float], isBackward: Bool = false
  ) throws(ModelError) {
    let size = model.modelSize
    for (side, vectors) in [("source", source), ("target", target)]
    where vectors.isEmpty || !vectors.count.isMultiple(of: size) {
      throw .request("expected [T, \(size)] numbers as \(side), found \(vectors.count)")
    }
    let sourceLen = source.count / size, targetLen = target.count / size
    try TransformerTrace.checkMemory(model.encoder, seqLen: sourceLen, isBackward: isBackward)
    try TransformerTrace.checkMemory(
      model.decoder, seqLen: targetLen, contextLen: sourceLen, isBackward: isBackward)
    self.model = model
    encoder = TransformerPass(transformer: model.encoder.transformer, seqLen: sourceLen)
    decoder = TransformerPass(
      transformer: model.decoder.transformer, seqLen: targetLen, contextLen: sourceLen)
    encoder.setInput(source)
    encoder.forward()
    decoder.setInput(target)
    decoder.setContext(encoder.lastHiddenState)
    decoder.forward()
    guard isBackward else { return }
    let decoderGradients = Buffer<Float>(count: model.decoder.transformer.layout.count)
    decoder.backward(.sumOfSquares, gradients: decoderGradients)
    let encoderGradients = Buffer<Float>(count: model.encoder.transformer.layout.count)
    if let context = decoder.contextGradient {
      encoder.backward(.outputGradient(context.buffer), gradients: encoderGradients)
    }
    self.encoderGradients = encoderGradients
    self.decoderGradients = decoderGradients
  }

  /// As of `EncoderDecoderTrace`, without words and logits; `loss` is `[T_out]`, `grad.memory` is the
  /// gradient of what the encoder gives.
  public var arrays: [NamedArray] {
    var arrays = encoder.arrays("encoder.") + decoder.arrays("decoder.")
    arrays.append(lossArray(decoder.lastHiddenState, decoder.seqLen))
    guard let encoderGradients, let decoderGradients else { return arrays }
    arrays += encoder.gradientArrays("grad.encoder.") + decoder.gradientArrays("grad.decoder.")
    if let context = decoder.contextGradient {
      arrays.append(
        NamedArray(
          name: "grad.memory", shape: [encoder.seqLen, model.modelSize], data: context))
    }
    for (half, gradients) in [
      (model.encoder, encoderGradients), (model.decoder, decoderGradients),
    ] {
      arrays += half.bindings.map {
        NamedArray(
          name: "grad.param.\($0.name)", shape: $0.shape,
          data: $0.gradient(from: gradients, layout: half.transformer.layout))
      }
    }
    return arrays
  }

  /// Everything, ready for a file.
  public var export: TraceExport {
    TraceExport(
      model: model.name, tokens: (0..<encoder.seqLen).map(String.init),
      metadata: [
        ("architecture", "nn.Transformer"), ("loss_kind", LossKind.sumOfSquares.rawValue),
      ], values: arrays)
  }
}
