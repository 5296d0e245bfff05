public import Equations

/// A transformer: tokens → embedding with positions → a stack of blocks → a head.
///
/// Encoder-only (BERT); with a causal mask decoder-only (GPT-2); with blocks that attend to a context
/// the decoder of an encoder-decoder.
public struct TransformerConfiguration: Sendable {
  /// What comes in.
  public enum Input: Hashable, Sendable {
    /// Token k is row k of a trained table.
    case tokens(vocabularySize: Int)
    /// There are no tokens: the input is given as vectors of the model's size.
    case vectors
  }

  /// How a row comes to know where it stands.
  public enum Positions: Hashable, Sendable {
    /// It does not: permuted words give permuted results.
    case none
    /// Position t adds row t of a trained table of so many rows.
    case learned(count: Int)
    /// Sines and cosines of wavelengths from 2π to 20,000π (Vaswani et al. 2017, section 3.5).
    case sinusoidal
  }

  /// What is made of the last hidden state.
  public enum Head: Hashable, Sendable {
    case none
    /// Logits by the embedding's table.
    case tied(hasBias: Bool)
    /// Logits by a matrix of their own.
    case linear(hasBias: Bool)
    /// BERT's: dense layer, activation, layer norm, then logits by the embedding's table with a bias.
    case maskedLM(activation: Function)
  }

  public var input: Input
  /// D.
  public var modelSize: Int
  public var headCount: Int
  /// F.
  public var feedForwardSize: Int
  /// One program per layer.
  public var blocks: [Block]
  public var positions: Positions
  /// Rows of the table of token types (BERT's segments); 0 for none.
  public var tokenTypeCount: Int
  /// Whether the embedding is multiplied by √D (Vaswani et al. 2017, section 3.4).
  public var scalesEmbedding: Bool
  /// Whether a layer norm follows the embedding (BERT).
  public var normalizesEmbedding: Bool
  /// Whether a layer norm follows the last block (GPT-2, and wherever the blocks normalise first).
  public var normalizesOutput: Bool
  /// Whether a token sees no later token of its own sequence; the context it sees in any case.
  public var isCausal: Bool
  public var head: Head
  /// Of the norms outside of the blocks; theirs stand in their files.
  public var normEpsilon: Double
  /// The share of elements that are dropped while training: of the embedding and of what the blocks
  /// name after `dropout`.
  public var dropout: Double

  public init(
    input: Input, modelSize: Int, headCount: Int, feedForwardSize: Int, blocks: [Block],
    positions: Positions = .none, tokenTypeCount: Int = 0, scalesEmbedding: Bool = false,
    normalizesEmbedding: Bool = false, normalizesOutput: Bool = false, isCausal: Bool = false,
    head: Head = .none, normEpsilon: Double = 1e-5, dropout: Double = 0
  ) {
    self.input = input
    self.modelSize = modelSize
    self.headCount = headCount
    self.feedForwardSize = feedForwardSize
    self.blocks = blocks
    self.positions = positions
    self.tokenTypeCount = tokenTypeCount
    self.scalesEmbedding = scalesEmbedding
    self.normalizesEmbedding = normalizesEmbedding
    self.normalizesOutput = normalizesOutput
    self.isCausal = isCausal
    self.head = head
    self.normEpsilon = normEpsilon
    self.dropout = dropout
  }

  public var layerCount: Int { blocks.count }

  /// Whether blocks attend to rows of another sequence too: those of an encoder.
  public var takesContext: Bool { blocks.contains { $0.inputs.count > 1 } }

  public var sizes: BlockSizes {
    BlockSizes(
      modelSize: modelSize, headCount: headCount, feedForwardSize: feedForwardSize)
  }

  /// Rows of the token table; nil where the input is vectors.
  public var vocabularySize: Int? {
    if case .tokens(let size) = input { size } else { nil }
  }

  /// The longest sequence; nil where there is no limit.
  public var longestSequence: Int? {
    if case .learned(let count) = positions { count } else { nil }
  }
}

/// A part of a transformer that runs a block program.
enum TransformerStage: Hashable, Sendable {
  /// Norm and dropout behind the embedding.
  case embedding
  case layer(Int)
  /// The norm behind the last block.
  case final
  /// The dense layer of BERT's masked-word head.
  case transform

  /// What stands before the names of its parameters.
  var prefix: String {
    switch self {
    case .embedding: "embedding"
    case .layer(let index): "layer\(index)"
    case .final: "final"
    case .transform: "transform"
    }
  }
}

extension TransformerConfiguration {
  /// The programs in order. What a transformer does besides its blocks is written as blocks too.
  var stages: [(stage: TransformerStage, block: Block)] {
    var stages: [(TransformerStage, Block)] = []
    if normalizesEmbedding {
      stages.append((.embedding, norm("embedding", "dropout Y\n")))
    } else if dropout > 0 {
      stages.append((.embedding, program("embedding", "dropout Y\nY = X")))
    }
    for (index, block) in blocks.enumerated() { stages.append((.layer(index), block)) }
    if normalizesOutput { stages.append((.final, norm("final", ""))) }
    if case .maskedLM(let activation) = head {
      let text = "const ε = \(normEpsilon)\nH = X·W + b\nG = φ(H)\nY = layernorm(G, γ, β, ε)"
      stages.append((.transform, program("transform", text, activation)))
    }
    return stages
  }

  private func norm(_ name: String, _ before: String) -> Block {
    program(name, "const ε = \(normEpsilon)\n\(before)Y = layernorm(X, γ, β, ε)")
  }

  private func program(_ name: String, _ text: String, _ activation: Function = .gelu) -> Block {
    do {
      return try Block(name: name, text: text, activation: activation)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}
