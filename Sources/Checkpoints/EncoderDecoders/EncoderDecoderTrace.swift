internal import Equations
public import Networks
public import Tensors

/// What an encoder-decoder is run on: a sentence and what is written from it.
public struct EncoderDecoderInput: Sendable {
  /// Token ids `[T_in]`.
  public let source: [Int32]
  /// What the decoder is given `[T_out]`: the start, then the words up to the last but one.
  public let inputs: [Int32]
  /// What each of its steps should say `[T_out]`; −1 for nothing.
  public let targets: [Int32]
  /// The source's tokens in words.
  public let labels: [String]

  public init(source: [Int32], inputs: [Int32], targets: [Int32], labels: [String]) {
    precondition(inputs.count == targets.count, "\(targets.count) targets for \(inputs.count) rows")
    self.source = source
    self.inputs = inputs
    self.targets = targets
    self.labels = labels
  }
}

extension TranslationModel {
  /// Refuses what the model can't take: nothing, too many tokens, or unknown ids.
  public func check(_ input: EncoderDecoderInput) throws(ModelError) {
    let sides: [(String, [Int32], Int, Int?)] = [
      ("source", input.source, configuration.sourceVocabularySize, configuration.longestSource),
      ("target", input.inputs, configuration.targetVocabularySize, configuration.longestTarget),
    ]
    for (side, ids, size, longest) in sides {
      guard !ids.isEmpty else { throw .request("the \(side) is empty; expected at least one word") }
      try checkLength(ids.count, side, longest)
      if let wrong = ids.first(where: { !(0..<size).contains(Int($0)) }) {
        throw .request("expected token ids of the \(side) from 0 to \(size - 1), found \(wrong)")
      }
    }
  }

  /// Refuses a sentence that is longer than a model's table of positions.
  public func checkLength(_ count: Int, _ side: String, _ longest: Int?) throws(ModelError) {
    guard let longest, count > longest else { return }
    throw .request(
      "the \(side) has \(count) tokens; \(shownName) takes at most \(longest), one per position")
  }
}

/// An encoder-decoder run on a pair, with every named value, and after a backward pass every gradient.
///
/// Every `grad.NAME` is the total derivative ∂L/∂NAME of L, the sum of the losses of all words.
public struct EncoderDecoderTrace {
  public let model: TranslationModel
  public let input: EncoderDecoderInput
  public let pass: EncoderDecoderPass<Float>
  /// In nats, `[T_out]`; 0 where there is no target.
  public let losses: [Double]
  /// Nil without a backward pass.
  public let parameterGradients: Buffer<Float>?

  /// Runs the forward pass, and the backward pass if wanted.
  ///
  /// - Throws: an input that the model can't take, or that is too long for this machine's memory.
  public init(
    model: TranslationModel, input: EncoderDecoderInput, isBackward: Bool = false
  ) throws(ModelError) {
    try model.check(input)
    try Self.checkMemory(model.configuration, input, isBackward: isBackward)
    self.model = model
    self.input = input
    pass = EncoderDecoderPass(
      model: model.model, sourceLen: input.source.count, targetLen: input.inputs.count)
    pass.setSources([input.source])
    pass.setInputs([input.inputs])
    pass.forward()
    losses = pass.losses(targets: input.targets)
    guard isBackward else {
      parameterGradients = nil
      return
    }
    let gradients = Buffer<Float>(count: model.model.layout.count)
    pass.backward(targets: input.targets, gradients: gradients)
    parameterGradients = gradients
  }

  /// Refuses what could not be allocated: every value of every layer is kept.
  private static func checkMemory(
    _ configuration: EncoderDecoderConfiguration, _ input: EncoderDecoderInput, isBackward: Bool
  ) throws(ModelError) {
    let read = Double(input.source.count), written = Double(input.inputs.count)
    var numbers = 2 * written * Double(configuration.targetVocabularySize)
    switch configuration {
    case .recurrent(let recurrent):
      let named = Double(recurrent.cell.equations.count * recurrent.numLayers + 4)
      numbers += named * Double(recurrent.hiddenSize) * (read + written) + 3 * read * written
    case .transformer(let encoder, let decoder):
      for (part, own, others) in [(encoder, read, 0.0), (decoder, written, read)] {
        let width = Double(max(part.feedForwardSize, part.modelSize))
        numbers += Double(part.blocks.reduce(0) { $0 + $1.equations.count }) * own * width
        numbers += 4 * Double(part.layerCount * part.headCount) * own * (own + others)
      }
    }
    try MachineMemory.check(
      floats: numbers * (isBackward ? 2 : 1),
      for: "\(input.source.count) and \(input.inputs.count) tokens", advice: "give a shorter text")
  }

  /// Everything, ready for a file.
  public var export: TraceExport {
    TraceExport(
      model: model.name, tokens: input.labels,
      metadata: [
        ("architecture", model.architecture), ("loss_kind", LossKind.nextToken.rawValue),
      ], values: arrays)
  }
}
