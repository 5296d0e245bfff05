public import Equations
public import Networks
public import Tensors

/// The program of a translation and what its equations gave.
extension Translation {
  /// Whether encoder and decoder are recurrent.
  public var isRecurrent: Bool { if case .recurrent = pass.core { true } else { false } }

  public var decoderLayerCount: Int {
    switch pass.core {
    case .recurrent(let core): core.decoder.layers.count
    case .transformer(_, let decoder): decoder.transformer.configuration.layerCount
    }
  }

  /// The encoder's layers with their directions.
  public var encoderLayers: [LayerID] {
    switch pass.core {
    case .recurrent(let core): core.encoder.layerIDs
    case .transformer(let encoder, _):
      (0..<encoder.transformer.configuration.layerCount).map { LayerID(layer: $0) }
    }
  }

  /// What is run for each word that is written, in order.
  public var parts: [TranslationPart] {
    (0..<decoderLayerCount).map { .decoder($0) }
      + (isRecurrent && !alignments.isEmpty ? [.attention] : []) + [.output]
  }

  // MARK: Lines

  /// A recurrent part's cell.
  public func cell(of part: TranslationPart) -> Cell? {
    guard case .recurrent(let core) = pass.core else { return nil }
    switch part {
    case .encoder: return core.encoder.network.configuration.cell
    case .decoder: return core.decoder.network.configuration.cell
    case .attention, .output: return nil
    }
  }

  /// The pass of a part that is a block.
  public func block(of part: TranslationPart) -> BlockPass<Float>? {
    switch (pass.core, part) {
    case (.recurrent(let core), .attention): core.attention
    case (.transformer(let encoder, _), .encoder(let id)): encoder.layer(id.layer)
    case (.transformer(_, let decoder), .decoder(let layer)): decoder.layer(layer)
    default: nil
    }
  }

  /// The lines of a part as they are shown.
  public func lines(_ part: TranslationPart) -> [ProgramLine] {
    if let cell = cell(of: part) {
      return cell.equations.enumerated().map { index, equation in
        ProgramLine(
          code: "\(equation.name) = \(equation.expression)", note: equation.note, equation: index,
          name: equation.name.text)
      }
    }
    if let block = block(of: part)?.plan.block {
      return block.lines.filter { !$0.code.hasPrefix("#") && !$0.code.isEmpty }.map { line in
        ProgramLine(
          code: line.code, note: line.note, equation: line.equation,
          name: line.equation.map { block.equations[$0].name.text } ?? "")
      }
    }
    return OutputEquation.allCases.map { line in
      ProgramLine(
        code: code(of: line), note: note(of: line), equation: line.rawValue, name: line.name)
    }
  }

  private func code(of line: OutputEquation) -> String {
    switch line {
    case .logits:
      switch pass.core {
      case .recurrent(let core): core.attention == nil ? "y = W·h + b" : "y = W·Y + b"
      case .transformer(_, let decoder):
        decoder.transformer.configuration.normalizesOutput
          ? "y = W·layernorm(Y) + b" : "y = W·Y + b"
      }
    case .probabilities: "p = softmax(y)"
    case .loss: "L = -log p[word]"
    }
  }

  private func note(of line: OutputEquation) -> String {
    switch line {
    case .logits: "scores: how well each word would fit here"
    case .probabilities: "prediction: the scores as probabilities"
    case .loss: "loss: the surprise at the word that is right here"
    }
  }

  public func equationCount(_ part: TranslationPart) -> Int {
    cell(of: part)?.equations.count ?? block(of: part)?.plan.block.equations.count
      ?? OutputEquation.allCases.count
  }

  /// The line of a part's equation.
  public func line(_ part: TranslationPart, _ equation: Int) -> ProgramLine? {
    lines(part).first { $0.equation == equation }
  }

  // MARK: Values

  private func unrolling(_ part: TranslationPart) -> Unrolling<Float>? {
    guard case .recurrent(let core) = pass.core else { return nil }
    switch part {
    case .encoder(let id): return core.encoder[id]
    case .decoder(let layer): return core.decoder[LayerID(layer: layer)]
    case .attention, .output: return nil
    }
  }

  /// What an equation gave, a row for each word.
  public func value(_ part: TranslationPart, _ equation: Int) -> ProgramValue {
    if let unrolling = unrolling(part) {
      return rows(unrolling.values(of: equation), unrolling.seqLen)
    }
    if let block = block(of: part) { return ProgramValue(block, equation) }
    switch OutputEquation(rawValue: equation) {
    case .probabilities: return rows(pass.probabilities, output.count)
    case .loss: return rows(BufferView(Buffer(losses.map { Float($0) })), output.count)
    case .logits, nil: return rows(pass.logits, output.count)
    }
  }

  /// ∂L/∂value; nil for what is not kept.
  public func gradient(_ part: TranslationPart, _ equation: Int) -> ProgramValue? {
    if let unrolling = unrolling(part) {
      return unrolling.gradients(of: equation).map { rows($0, unrolling.seqLen) }
    }
    if let block = block(of: part) { return ProgramValue(gradientOf: equation, block) }
    guard equation == OutputEquation.logits.rawValue, let gradients = pass.head.logitGradients
    else { return nil }
    return rows(BufferView(gradients), output.count)
  }

  private func rows(_ view: BufferView<Float>, _ count: Int) -> ProgramValue {
    ProgramValue(view, heads: 1, rows: count, columns: view.count / count, isOverTokens: false)
  }

  /// The encoder's states as attention sees them, a row for each word of the source.
  public var encoderStates: ProgramValue { rows(pass.encoderStates, sourceWords.count) }

  /// ∂L/∂(the encoder's states) through attention alone; nil without attention.
  public var encoderGradientsThroughAttention: ProgramValue? {
    alignments.isEmpty ? nil : pass.encoderStateGradients.map { rows($0, sourceWords.count) }
  }

  /// The equations of a part that matter most: a cell's states, a block's output.
  public func states(_ part: TranslationPart) -> [Int] {
    if let cell = cell(of: part) { return cell.states.compactMap { cell.equationIndex(of: $0) } }
    return [equationCount(part) - 1]
  }

  /// The equation of a part that gives the context vector: the weighted sum of what is looked at.
  public func contextEquation(_ part: TranslationPart) -> Int? {
    guard let block = block(of: part)?.plan.block, let name = alignments.first?.name else {
      return nil
    }
    return block.equations.indices.first { index in
      guard
        case .binary(.matrixProduct, .name(let left, _), .name, _) =
          block.equations[index].expression
      else { return false }
      return left.text == name
    }
  }

  // MARK: Building

  static func ownAttention(_ pass: EncoderDecoderPass<Float>) -> [AlignmentMap] {
    guard case .transformer(_, let decoder) = pass.core else { return [] }
    return (0..<decoder.transformer.configuration.layerCount).compactMap { layer in
      let block = decoder.layer(layer)
      let equation = block.plan.block.equations.indices.first { index in
        guard case .call(.softmax, _, _) = block.plan.block.equations[index].expression else {
          return false
        }
        return block.plan.keyInput(ofEquation: index) == 0
      }
      return equation.map { AlignmentMap(block, $0) }
    }
  }

  static func timeline(
    _ pass: EncoderDecoderPass<Float>, lossStep: Int?
  ) -> TranslationTimeline {
    let output = (part: TranslationPart.output, count: OutputEquation.allCases.count)
    switch pass.core {
    case .recurrent(let core):
      let count = core.decoder.network.configuration.cell.equations.count
      var decoder: TranslationTimeline.Program = core.decoder.layers.indices.map {
        (.decoder($0), count)
      }
      if let block = core.attention?.plan.block {
        decoder.append((.attention, block.equations.count))
      }
      return TranslationTimeline(
        encoder: reading(core.encoder, pass.sourceLengths[0], equationCount: count),
        decoder: decoder + [output], targetLen: pass.targetLen, lossStep: lossStep,
        isRecurrent: true)
    case .transformer(let encoder, let decoder):
      func parts(
        _ pass: TransformerPass<Float>, _ part: (Int) -> TranslationPart
      ) -> TranslationTimeline.Program {
        (0..<pass.transformer.configuration.layerCount).map {
          (part($0), pass.layer($0).plan.block.equations.count)
        }
      }
      return TranslationTimeline(
        encoder: [(parts(encoder) { .encoder(LayerID(layer: $0)) }, 0)],
        decoder: parts(decoder) { .decoder($0) } + [output], targetLen: pass.targetLen,
        lossStep: lossStep, isRecurrent: false)
    }
  }

  /// One-way layers are read word by word, all layers of a word; two-way ones layer by layer, each
  /// direction from its first word to its last.
  private static func reading(
    _ encoder: NetworkPass<Float>, _ length: Int, equationCount: Int
  ) -> [(program: TranslationTimeline.Program, time: Int)] {
    let ids = encoder.layerIDs
    func program(_ ids: [LayerID]) -> TranslationTimeline.Program {
      ids.map { (TranslationPart.encoder($0), equationCount) }
    }
    let times = Array(0..<length)
    guard encoder.network.configuration.isBidirectional else {
      return times.map { (program(ids), $0) }
    }
    return ids.flatMap { id in
      (id.direction == .forward ? times : times.reversed()).map { (program([id]), $0) }
    }
  }
}

extension NetworkPass {
  fileprivate var layerIDs: [LayerID] {
    layers.indices.flatMap { layer in
      network.configuration.directions.map { LayerID(layer: layer, direction: $0) }
    }
  }
}
