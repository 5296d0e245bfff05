internal import Equations
public import Networks
internal import Tensors

/// A transformer's run as the attend scene reads it.
public struct TransformerAttention: AttentionSource {
  public let tokens: [AttentionToken]
  public let isCausal: Bool
  let run: TransformerRun
  let embedding: EmbeddingStages
  /// Per layer the equation that gives the weights.
  private let attention: [Int]
  /// How an id of the vocabulary is shown.
  private let label: @Sendable (Int) -> String

  /// Fails if a layer has no softmax over the keys.
  ///
  /// - Parameters:
  ///   - run: finished.
  ///   - tokens: one per row.
  ///   - label: how an id of the vocabulary is shown.
  public init?(
    run: TransformerRun, tokens: [AttentionToken], label: @escaping @Sendable (Int) -> String
  ) {
    precondition(tokens.count == run.seqLen, "\(tokens.count) labels for \(run.seqLen) rows")
    let found = (0..<run.layerCount).compactMap { layer -> Int? in
      guard let index = run.block(layer).attention, let value = run.attention(layer: layer),
        value.shape.count == 3, value.shape[1] == value.shape[2]
      else { return nil }
      return index
    }
    guard found.count == run.layerCount, !found.isEmpty else { return nil }
    self.run = run
    self.tokens = tokens
    self.label = label
    attention = found
    isCausal = run.configuration.isCausal
    embedding = EmbeddingStages(run)
  }

  public var layerCount: Int { run.layerCount }
  public var headCount: Int { run.headCount }
  public var predicts: Bool { run.probabilities != nil }

  // MARK: The program

  public func lines(_ part: ProgramPart) -> [ProgramLine] {
    switch part {
    case .embedding: embedding.lines
    case .layer(let layer):
      run.block(layer).lines.filter { !$0.code.hasPrefix("#") && !$0.code.isEmpty }.map { line in
        ProgramLine(
          code: line.code, note: line.note, equation: line.equation,
          name: line.equation.map { run.block(layer).equations[$0].name.text } ?? "")
      }
    case .output:
      outputLines.enumerated().map { index, line in
        ProgramLine(code: line.code, note: line.note, equation: index, name: line.stage.rawValue)
      }
    }
  }

  /// What follows the last layer.
  private enum OutputStage: String {
    case norm = "Y"
    case transform = "T"
    case logits = "logits"
    case probabilities = "p"
  }

  private var outputLines: [(stage: OutputStage, code: String, note: String)] {
    var lines: [(OutputStage, String, String)] = []
    let configuration = run.configuration
    if configuration.normalizesOutput {
      lines.append((.norm, "Y = layernorm(X, γ, β, ε)", "the last hidden state"))
    }
    var rows = configuration.normalizesOutput ? "Y" : "X"
    switch configuration.head {
    case .none: return lines
    case .maskedLM:
      let function = "φ"
      lines.append(
        (.transform, "T = layernorm(\(function)(\(rows)·W + b), γ, β, ε)", "the head's dense layer")
      )
      rows = "T"
      lines.append((.logits, "logits = \(rows)·Eᵀ + b", "E: the embedding's table"))
    case .tied(let hasBias):
      lines.append(
        (.logits, "logits = \(rows)·Eᵀ\(hasBias ? " + b" : "")", "E: the embedding's table"))
    case .linear(let hasBias):
      lines.append((.logits, "logits = \(rows)·W\(hasBias ? " + b" : "")", "a score per token"))
    }
    lines.append((.probabilities, "p = softmax(logits)", "probability of each token"))
    return lines
  }

  // MARK: Values

  public func value(_ place: ProgramPlace) -> ProgramValue? {
    switch place.part {
    case .embedding: return embedding.value(place.equation)
    case .layer(let layer):
      let equations = run.block(layer).equations
      guard equations.indices.contains(place.equation) else { return nil }
      return value(layer, equations[place.equation].name)
    case .output:
      guard outputLines.indices.contains(place.equation) else { return nil }
      switch outputLines[place.equation].stage {
      case .norm: return rows(run.lastHiddenState)
      case .transform: return nil
      case .logits: return run.logits.map { rows($0) }
      case .probabilities: return run.probabilities.map { rows($0) }
      }
    }
  }

  func value(_ layer: Int, _ name: Identifier) -> ProgramValue? {
    guard let matrix = run.value(layer: layer, name) else { return nil }
    if matrix.shape.count == 3 {
      return ProgramValue(
        matrix.view, heads: matrix.shape[0], rows: matrix.shape[1], columns: matrix.shape[2],
        isOverTokens: true)
    }
    return ProgramValue(
      matrix.view, heads: matrix.headCount, rows: matrix.shape[0],
      columns: matrix.shape[1] / matrix.headCount, isOverTokens: false)
  }

  func rows(_ view: BufferView<Float>) -> ProgramValue {
    ProgramValue(
      view, heads: 1, rows: run.seqLen, columns: view.count / run.seqLen, isOverTokens: false)
  }

  public func attentionEquation(layer: Int) -> Int { attention[layer] }

  public func attention(layer: Int) -> ProgramValue {
    guard let value = value(layer, run.block(layer).equations[attention[layer]].name) else {
      preconditionFailure("layer \(layer) has no weights")
    }
    return value
  }

  public func stream(after layers: Int) -> ProgramValue {
    rows(layers == 0 ? run.embeddings : run.output(ofLayer: layers - 1))
  }

  public func predictions(at token: Int, count: Int) -> [TokenPrediction] {
    guard let view = run.probabilities, tokens.indices.contains(token) else { return [] }
    let size = view.count / run.seqLen
    let start = view.offset + token * size
    let row = view.buffer.array(start..<start + size)
    return TopTokens.indices(row, count: count).map {
      TokenPrediction(id: $0, label: label($0), probability: row[$0])
    }
  }

  public func numbers(
    _ place: ProgramPlace, head: Int, row: Int, column: Int, number: @escaping (Double) -> String
  ) -> Substitution? {
    switch place.part {
    case .embedding:
      return embedding.numbers(place.equation, row: row, column: column, number: number)
    case .layer(let layer):
      let block = run.block(layer)
      guard block.equations.indices.contains(place.equation) else { return nil }
      return BlockNumbers(source: self, layer: layer, head: head).substitution(
        block.equations[place.equation], row: row, column: column, number: number)
    case .output:
      return nil
    }
  }
}
