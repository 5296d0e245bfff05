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

  /// What is asked for at the steps, where that is not the next token.
  public enum Targets: Sendable, Equatable {
    /// `[T]`, −1 where a step has none.
    case classes([Int32])
    /// `[T, V]`, NaN where a step has none.
    case values([Float])
  }

  public let source: Source
  /// How each step is labelled: its token, or its number.
  public let labels: [String]
  /// Tokens of the text that the vocabulary does not know.
  public let unknownCount: Int
  /// For the loss `.targets`.
  public let targets: Targets?

  public init(
    source: Source, labels: [String], unknownCount: Int = 0, targets: Targets? = nil
  ) {
    self.source = source
    self.labels = labels
    self.unknownCount = unknownCount
    self.targets = targets
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
  /// Of the targets that come with the input: cross-entropy in nats of classes, (y − target)² of
  /// values.
  case targets
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
  /// The token or class that each step should predict, −1 for none; empty without such a loss.
  public let targets: [Int32]
  /// How many steps have a loss.
  public let lossCount: Int
  /// ∂L/∂parameters, laid out as the parameters; nil without a backward pass.
  public let parameterGradients: Buffer<Float>?

  /// - Precondition: next-token loss needs tokens and an output layer; `.targets` an input with
  ///   targets and an output layer.
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
      losses = pass.output.halfSquares(rows: input.seqLen)
      target = .sumOfSquares
    case .targets:
      guard let wanted = input.targets, let head = pass.head else {
        preconditionFailure("no targets, or no output layer")
      }
      switch wanted {
      case .classes(let classes):
        targets = classes
        losses = head.losses(targets: classes)
        target = .crossEntropy(targets: classes)
      case .values(let values):
        targets = []
        losses = head.squaredErrors(targets: values)
        target = .squaredError(targets: values)
      }
    }
    lossCount = Self.lossCount(loss, input, targets)
    self.pass = pass
    guard isBackward else {
      parameterGradients = nil
      return
    }
    let gradients = Buffer<Float>(count: network.layout.count)
    pass.backward(target, gradients: gradients, wantsInputGradient: true, overrides: overrides)
    parameterGradients = gradients
  }

  private static func lossCount(_ loss: LossKind, _ input: RunInput, _ targets: [Int32]) -> Int {
    if !targets.isEmpty { return targets.count { $0 >= 0 } }
    guard loss == .targets, case .values(let values)? = input.targets else { return input.seqLen }
    let size = values.count / input.seqLen
    return (0..<input.seqLen).count { step in
      values[step * size..<(step + 1) * size].contains { !$0.isNaN }
    }
  }
}
