internal import Checkpoints
internal import Debugger
internal import Equations
internal import Networks
internal import Scenes
internal import Synchronization
internal import Tensors

/// Makes the attend scene of a transformer and a text.
enum AttendRun {
  /// The shipped encoder that finds the noun of "it".
  nonisolated static let defaultModel = "it"
  static let defaultText = "The cat drank the milk because it was hungry"

  /// - Parameters:
  ///   - model: opened.
  ///   - input: what it is run on first.
  ///   - text: what `input` was made of; nil for vectors or ids from a file.
  /// - Returns: the scene, its first run done.
  /// - Throws: an input that there is no memory for, or blocks without attention weights.
  static func scene(
    model: TransformerModel, input: TransformerInput, text: String?
  ) throws -> AttendScene {
    let runner = AttendRunner(model: model, fixedInput: text == nil ? input : nil)
    let attention = AttentionModel(
      name: shownName(model.name), summary: model.summary, takesText: text != nil,
      hasPositions: model.configuration.positions != .none
    ) { runner.run($0) }
    let work = AttentionWork(model: attention, request: AttentionRequest(text: text ?? ""))
    let answer = work.run()
    guard let result = answer.result else { throw ModelError.request(answer.notice) }
    return AttendScene(model: attention, result: result, warnings: model.warnings)
  }
}

extension AttendRun {
  /// The last part of a path that says something: folders are often called "model".
  private static func shownName(_ path: String) -> String {
    let parts = path.split(separator: "/").map(String.init)
    return parts.last { $0 != "model" && $0 != "." } ?? path
  }
}

/// Runs a transformer on texts, with heads ablated, another similarity, or without positions.
nonisolated final class AttendRunner: Sendable {
  private let model: TransformerModel
  /// Vectors or ids from a file, in place of texts.
  private let fixedInput: TransformerInput?
  /// The weights are copied once for each variant.
  private let variants = Mutex<[Variant: Transformer<Float>]>([:])

  /// The model with other blocks or another embedding.
  private struct Variant: Hashable {
    let similarity: Similarity?
    let hasPositions: Bool
  }

  init(model: TransformerModel, fixedInput: TransformerInput?) {
    self.model = model
    self.fixedInput = fixedInput
  }

  func run(_ request: AttentionRequest) -> AttentionOutcome {
    do {
      let input = try fixedInput ?? model.input(text: request.text)
      try checkMemory(input)
      let transformer = try transformer(
        Variant(similarity: request.similarity, hasPositions: request.hasPositions))
      let run = TransformerRun(
        transformer: transformer, input: input.run, context: input.memory,
        interventions: try interventions(request.ablated))
      let tokenizer = model.tokenizer
      let source = TransformerAttention(run: run, tokens: tokens(input)) { id in
        tokenizer?.display(id) ?? String(id)
      }
      guard let source else {
        return AttentionOutcome(
          nil, notice: "\(model.name) has a layer without attention weights over its own tokens")
      }
      return AttentionOutcome(source, notice: notice(input))
    } catch {
      return AttentionOutcome(nil, notice: "\(error)")
    }
  }

  private func checkMemory(_ input: TransformerInput) throws {
    try TransformerTrace.checkMemory(
      model, seqLen: input.seqLen, contextLen: input.memory.count / model.configuration.modelSize,
      isBackward: false)
  }

  /// What the user should know about the text.
  private func notice(_ input: TransformerInput) -> String {
    var parts: [String] = []
    if input.cutCount > 0 {
      parts.append(
        "cut at the model's limit of \(input.seqLen) tokens, \(input.cutCount) left out")
    }
    let unknown = input.run.unknownCount
    if unknown > 0 {
      parts.append("\(unknown) token\(unknown == 1 ? " is" : "s are") not in the vocabulary")
    }
    return parts.joined(separator: "; ")
  }

  /// WordPiece as its vocabulary spells it, `##ing`; bytes as the text that they stand for.
  private func tokens(_ input: TransformerInput) -> [AttentionToken] {
    guard !input.tokens.isEmpty else { return input.run.labels.map { AttentionToken($0) } }
    let tokenizer = model.tokenizer
    return input.tokens.map { token in
      let shown =
        tokenizer?.kind == .byteLevelBPE && token.id >= 0
        ? tokenizer?.display(token.id) ?? token.text : token.text
      return AttentionToken(shown, isSpecial: token.isSpecial)
    }
  }

  private func transformer(_ variant: Variant) throws -> Transformer<Float> {
    if variant == Variant(similarity: nil, hasPositions: true) { return model.transformer }
    if let known = variants.withLock({ $0[variant] }) { return known }
    var configuration = model.configuration
    if let similarity = variant.similarity {
      configuration.blocks = try configuration.blocks.map { try $0.withSimilarity(similarity) }
    }
    if !variant.hasPositions { configuration.positions = .none }
    let new = Transformer<Float>(configuration)
    for entry in new.layout.entries {
      guard let old = model.transformer.layout[entry.name] else { continue }
      new.parameters.copy(from: model.transformer.values(of: old), at: entry.offset)
    }
    variants.withLock { $0[variant] = new }
    return new
  }

  /// An ablated head's weighted sum of values is zero.
  private func interventions(_ heads: Set<HeadID>) throws -> [Int: [BlockIntervention]] {
    var result: [Int: [BlockIntervention]] = [:]
    for id in heads {
      let block = model.configuration.blocks[id.layer]
      guard let equation = block.weightedSum else {
        throw ModelError.request("layer \(id.layer) has no weighted sum of a head to set to zero")
      }
      result[id.layer, default: []].append(
        BlockIntervention(equation: equation, heads: id.head..<id.head + 1))
    }
    return result
  }
}

nonisolated extension Block {
  /// The equation of a head's result: the last that each head has for itself.
  fileprivate var weightedSum: Int? { equations.lastIndex { $0.isPerHead } }
}
