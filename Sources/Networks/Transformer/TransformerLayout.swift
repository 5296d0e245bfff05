internal import Equations

/// Where each parameter of a transformer is in one flat buffer.
public struct TransformerLayout: Sendable {
  public enum Role: Hashable, Sendable {
    /// Tables: `[rows, D]`.
    case tokens, positions, tokenTypes
    /// A parameter of a block program; `isGain`: a layer norm multiplies by it.
    case matrix
    case vector(isGain: Bool)
    /// `[V, D]` and `[V]`.
    case outputWeight, outputBias
  }

  public struct Entry: Sendable {
    /// E.g. `layer0.W_Q`, `embedding.weight`.
    public let name: String
    /// Row-major; matrices of blocks are `[in, out]`.
    public let shape: [Int]
    public let offset: Int
    public let role: Role

    public var count: Int { shape.reduce(1, *) }
    public var range: Range<Int> { offset..<offset + count }
  }

  public let entries: [Entry]
  /// Elements of the buffer.
  public let count: Int
  /// Per stage the offsets of its program's parameters.
  let offsets: [[Int]]
  private let index: [Identifier: Int]

  public init(_ configuration: TransformerConfiguration) {
    var entries: [Entry] = []
    var size = 0
    func add(_ name: String, _ shape: [Int], _ role: Role) {
      entries.append(Entry(name: name, shape: shape, offset: size, role: role))
      // Each parameter starts on a cache line.
      size += (shape.reduce(1, *) + 15) & ~15
    }
    let width = configuration.modelSize
    if let vocabulary = configuration.vocabularySize {
      add("embedding.weight", [vocabulary, width], .tokens)
    }
    if case .learned(let count) = configuration.positions {
      add("position.weight", [count, width], .positions)
    }
    if configuration.tokenTypeCount > 0 {
      add("tokenType.weight", [configuration.tokenTypeCount, width], .tokenTypes)
    }
    var offsets: [[Int]] = []
    for (stage, block) in configuration.stages {
      let first = entries.count
      let gains = block.gains
      for parameter in block.parameters {
        add(
          "\(stage.prefix).\(parameter.name)", parameter.shape(configuration.sizes),
          parameter.isMatrix ? .matrix : .vector(isGain: gains.contains(parameter.name)))
      }
      offsets.append(entries[first...].map(\.offset))
    }
    if let vocabulary = configuration.vocabularySize {
      switch configuration.head {
      case .none: break
      case .tied(let hasBias): if hasBias { add("output.bias", [vocabulary], .outputBias) }
      case .linear(let hasBias):
        add("output.weight", [vocabulary, width], .outputWeight)
        if hasBias { add("output.bias", [vocabulary], .outputBias) }
      case .maskedLM: add("output.bias", [vocabulary], .outputBias)
      }
    }
    self.entries = entries
    self.offsets = offsets
    count = size
    index = Dictionary(
      uniqueKeysWithValues: entries.enumerated().map { (Identifier($1.name), $0) })
  }

  public subscript(name: String) -> Entry? { index[Identifier(name)].map { entries[$0] } }

  public subscript(role: Role) -> Entry? { entries.first { $0.role == role } }

  /// The table that gives the logits: its own, or the embedding's; nil without a head.
  func outputTable(_ head: TransformerConfiguration.Head) -> Entry? {
    switch head {
    case .none: nil
    case .linear: self[.outputWeight]
    case .tied, .maskedLM: self[.tokens]
    }
  }

  /// The number of trained numbers, without the gaps between parameters.
  public var parameterCount: Int { entries.reduce(0) { $0 + $1.count } }
}
