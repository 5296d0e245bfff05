internal import Equations

/// Where each parameter of a transformer is in one flat buffer.
///
/// Names are those of the block files, e.g. `layer0.W_Q`, and `embedding.weight`; matrices of blocks
/// are `[in, out]`.
public struct TransformerLayout: ParameterPlaces {
  public enum Role: Hashable, Sendable {
    /// Tables: `[rows, D]`.
    case tokens, positions, tokenTypes
    /// A parameter of a block program; `isGain`: a layer norm multiplies by it.
    case matrix
    case vector(isGain: Bool)
    /// `[V, D]` and `[V]`.
    case outputWeight, outputBias
  }

  public let table: ParameterTable<Role>
  /// Per stage the offsets of its program's parameters.
  let offsets: [[Int]]

  public init(_ configuration: TransformerConfiguration) {
    var table = ParameterTable<Role>()
    let width = configuration.modelSize
    if let vocabulary = configuration.vocabularySize {
      table.add("embedding.weight", [vocabulary, width], .tokens)
    }
    if case .learned(let count) = configuration.positions {
      table.add("position.weight", [count, width], .positions)
    }
    if configuration.tokenTypeCount > 0 {
      table.add("tokenType.weight", [configuration.tokenTypeCount, width], .tokenTypes)
    }
    var offsets: [[Int]] = []
    for (stage, block) in configuration.stages {
      let first = table.entries.count
      let gains = block.gains
      for parameter in block.parameters {
        table.add(
          "\(stage.prefix).\(parameter.name)", parameter.shape(configuration.sizes),
          parameter.isMatrix ? .matrix : .vector(isGain: gains.contains(parameter.name)))
      }
      offsets.append(table.entries[first...].map(\.offset))
    }
    if let vocabulary = configuration.vocabularySize {
      switch configuration.head {
      case .none: break
      case .tied(let hasBias): if hasBias { table.add("output.bias", [vocabulary], .outputBias) }
      case .linear(let hasBias):
        table.add("output.weight", [vocabulary, width], .outputWeight)
        if hasBias { table.add("output.bias", [vocabulary], .outputBias) }
      case .maskedLM: table.add("output.bias", [vocabulary], .outputBias)
      }
    }
    self.table = table
    self.offsets = offsets
  }

  /// The table that gives the logits: its own, or the embedding's; nil without a head.
  func outputTable(_ head: TransformerConfiguration.Head) -> Entry? {
    switch head {
    case .none: nil
    case .linear: self[.outputWeight]
    case .tied, .maskedLM: self[.tokens]
    }
  }
}
