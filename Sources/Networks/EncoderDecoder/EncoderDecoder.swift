public import Equations
public import Tensors

/// An encoder-decoder with its weights.
public final class EncoderDecoder<Scalar: TensorScalar>: Sendable {
  /// What it consists of. The parts' parameters are parts of `parameters`.
  public enum Parts: Sendable {
    case recurrent(encoder: Network<Scalar>, decoder: Network<Scalar>, attention: BlockPlan?)
    case transformer(encoder: Transformer<Scalar>, decoder: Transformer<Scalar>)
  }

  public let configuration: EncoderDecoderConfiguration
  public let layout: EncoderDecoderLayout
  /// All parameters, laid out by `layout`.
  public let parameters: Buffer<Scalar>
  public let parts: Parts

  /// A model of zeros; fill it from a checkpoint or with `initialize`.
  ///
  /// - Precondition: the transformer's decoder is causal, takes a context and has a head.
  public init(_ configuration: EncoderDecoderConfiguration) {
    self.configuration = configuration
    layout = EncoderDecoderLayout(configuration)
    parameters = Buffer(count: layout.count)
    let encoderMemory = Buffer(partOf: parameters, layout.encoder)
    let decoderMemory = Buffer(partOf: parameters, layout.decoder)
    switch configuration {
    case .recurrent(let recurrent):
      parts = .recurrent(
        encoder: Network(recurrent.encoder, parameters: encoderMemory),
        decoder: Network(recurrent.decoder, parameters: decoderMemory),
        attention: recurrent.attention.map {
          BlockPlan(block: $0, sizes: recurrent.attentionSizes)
        })
    case .transformer(let encoder, let decoder):
      precondition(
        decoder.isCausal && decoder.takesContext && decoder.head != .none
          && encoder.modelSize == decoder.modelSize,
        "a decoder that could not write a sentence from what the encoder gives")
      parts = .transformer(
        encoder: Transformer(encoder, parameters: encoderMemory),
        decoder: Transformer(decoder, parameters: decoderMemory))
    }
  }

  public func values(of entry: EncoderDecoderLayout.Entry) -> [Scalar] {
    parameters.array(entry.range)
  }

  /// The same model in another precision.
  public func converted<Other: TensorScalar>(to type: Other.Type) -> EncoderDecoder<Other> {
    let other = EncoderDecoder<Other>(configuration)
    for index in 0..<parameters.count { other.parameters[index] = Other(parameters[index]) }
    return other
  }

  /// The first parameter that holds a NaN or an infinity, with the index of that element.
  public var firstNonFinite: (entry: EncoderDecoderLayout.Entry, index: Int)? {
    guard let position = parameters.firstNonFinite else { return nil }
    return layout.entries.first { $0.range.contains(position) }
      .map { ($0, position - $0.offset) }
  }

  /// Draws all weights anew. The same seed gives the same weights on every machine.
  ///
  /// Of a recurrent model the cells as `options` say, words normal with deviation 1, the attention's
  /// matrices by Glorot & Bengio's uniform form, its vector v 1, the output layer PyTorch's uniform.
  /// Of a transformer see `Transformer.initialize`.
  ///
  /// - Parameter options: how recurrent weights are drawn, and the seed of all.
  public func initialize(_ options: InitializationOptions) {
    var random = SeededRandom(seed: options.seed)
    var encoderOptions = options, decoderOptions = options
    encoderOptions.seed = random.next()
    decoderOptions.seed = random.next()
    switch parts {
    case .recurrent(let encoder, let decoder, _):
      encoder.initialize(encoderOptions)
      decoder.initialize(decoderOptions)
    case .transformer(let encoder, let decoder):
      encoder.initialize(seed: encoderOptions.seed)
      decoder.initialize(seed: decoderOptions.seed)
    }
    for entry in layout.entries {
      let bound: Double
      switch entry.role {
      case .encoder, .decoder: continue
      case .attention(_, let isGain) where entry.shape.count == 1:
        for index in entry.range { parameters[index] = isGain ? 1 : 0 }
        continue
      case .attention: bound = (6 / Double(entry.shape.reduce(0, +))).squareRoot()
      case .outputWeight, .outputBias:
        bound = 1 / Double(configuration.modelSize).squareRoot()
      }
      for index in entry.range { parameters[index] = Scalar(random.uniform(-bound, bound)) }
    }
  }
}
