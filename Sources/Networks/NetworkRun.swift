public import Equations
public import Tensors

/// What a network is run on: a sequence of tokens or of vectors.
public struct RunInput: Sendable {
  public enum Source: Sendable {
    /// −1 where a token is unknown and has no id: it enters as zeros.
    case tokens([Int32])
    /// `[T, inputSize]`.
    case vectors([Float])
  }

  public let source: Source
  /// How each step is labelled: its token, or its number.
  public let labels: [String]
  /// Tokens of the text that the vocabulary does not know.
  public let unknownCount: Int

  public init(source: Source, labels: [String], unknownCount: Int = 0) {
    self.source = source
    self.labels = labels
    self.unknownCount = unknownCount
  }

  public var seqLen: Int { labels.count }

  /// The tokens; nil where the input is vectors.
  public var ids: [Int32]? { if case .tokens(let ids) = source { ids } else { nil } }

  /// Puts the input into a pass of the right length.
  public func set<Scalar>(in pass: NetworkPass<Scalar>) {
    switch source {
    case .tokens(let ids): pass.setTokens(ids)
    case .vectors(let vectors): pass.setInput(vectors.map { Scalar($0) })
    }
  }
}

/// What is added up over the steps to the L that gradients are taken of.
public enum LossKind: String, CaseIterable, Sendable {
  /// Cross-entropy in nats: step t predicts token t + 1, the last step nothing.
  case nextToken = "next-token"
  /// ½‖y_t‖² of what the last layer gives.
  case sumOfSquares = "sum-squares"
}

/// A network run over one sequence, forward and if wanted back: every named value, the losses, and
/// every gradient. It is complete when it is made and never changed again.
public final class NetworkRun: @unchecked Sendable {
  public let network: Network<Float>
  public let input: RunInput
  public let lossKind: LossKind
  /// Values that were set by hand, by layer.
  public let overrides: [LayerID: [Override]]
  public let pass: NetworkPass<Float>
  /// One per step; 0 where a step has no target.
  public let losses: [Double]
  /// The token that each step should predict, −1 for none; empty without next-token loss.
  public let targets: [Int32]
  /// ∂L/∂parameters, laid out as the parameters; nil without a backward pass.
  public let parameterGradients: Buffer<Float>?

  /// - Precondition: next-token loss needs tokens and an output layer.
  public init(
    network: Network<Float>, input: RunInput, loss: LossKind,
    overrides: [LayerID: [Override]] = [:], isBackward: Bool = true
  ) {
    self.network = network
    self.input = input
    self.overrides = overrides
    lossKind = loss
    let pass = NetworkPass(network: network, seqLen: input.seqLen)
    input.set(in: pass)
    pass.forward(overrides: overrides)
    let target: LossTarget<Float>
    switch loss {
    case .nextToken:
      guard let ids = input.ids, let head = pass.head else {
        preconditionFailure("next-token loss of a network that predicts no tokens")
      }
      targets = ids.dropFirst() + [-1]
      losses = head.losses(targets: targets)
      target = .crossEntropy(targets: targets)
    case .sumOfSquares:
      targets = []
      losses = Self.halfSquares(pass.output, seqLen: input.seqLen)
      target = .sumOfSquares
    }
    self.pass = pass
    guard isBackward else {
      parameterGradients = nil
      return
    }
    let gradients = Buffer<Float>(count: network.layout.count)
    pass.backward(target, gradients: gradients, wantsInputGradient: true, overrides: overrides)
    parameterGradients = gradients
  }

  private static func halfSquares(_ output: BufferView<Float>, seqLen: Int) -> [Double] {
    let size = output.count / seqLen
    return (0..<seqLen).map { time in
      let start = output.offset + time * size
      return 0.5 * output.buffer.sumOfSquares(start..<start + size)
    }
  }
}
