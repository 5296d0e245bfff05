public import Tensors

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Changes weights along their gradient.
///
/// Weights, gradients and moments are flat buffers of one length; where the parameters are in them
/// does not matter.
public protocol Optimizer {
  /// What the optimiser remembers from update to update: one buffer per moment, laid out as the
  /// weights. They begin as zeros.
  var moments: [Moment] { get }
  /// The number of updates so far.
  var stepCount: Int { get set }

  /// Updates the weights once. The gradients are multiplied by `scale` first: 1, or less where they
  /// are clipped.
  mutating func update(
    _ weights: Buffer<Float>, gradients: Buffer<Float>, scale: Double, learningRate: Double)
}

/// One of an optimiser's buffers.
public struct Moment {
  public let name: String
  public let buffer: Buffer<Float>
}

/// Adam: each weight moves by the mean of its gradient over the root of the mean of its square.
///
/// With weight decay each weight shrinks by rate · decay first, whatever its gradient (AdamW).
///
/// - Source: Kingma & Ba 2015; Loshchilov & Hutter 2019. ε stands outside the root, as in
///   `torch.optim.Adam` and `torch.optim.AdamW`.
public struct Adam: Optimizer {
  public let beta1: Double
  public let beta2: Double
  public let epsilon: Double
  public let weightDecay: Double
  public var stepCount = 0
  private let first: Buffer<Float>
  private let second: Buffer<Float>

  public var moments: [Moment] {
    [Moment(name: "adam.m", buffer: first), Moment(name: "adam.v", buffer: second)]
  }

  /// An optimiser of `count` weights.
  public init(
    count: Int, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0
  ) {
    self.weightDecay = weightDecay
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    first = Buffer(count: count)
    second = Buffer(count: count)
  }

  public mutating func update(
    _ weights: Buffer<Float>, gradients: Buffer<Float>, scale: Double, learningRate: Double
  ) {
    stepCount += 1
    if weightDecay > 0 { weights.shrink(by: Float(learningRate * weightDecay)) }
    weights.adam(
      gradients: gradients, first: first, second: second, scale: Float(scale),
      rate: Float(learningRate), beta1: Float(beta1), beta2: Float(beta2),
      epsilon: Float(epsilon), correction1: Float(1 - pow(beta1, Double(stepCount))),
      correction2: Float(1 - pow(beta2, Double(stepCount))))
  }
}

/// Stochastic gradient descent with momentum, as in `torch.optim.SGD` without dampening.
public struct SGD: Optimizer {
  public let momentum: Double
  public var stepCount = 0
  private let velocity: Buffer<Float>

  public var moments: [Moment] { [Moment(name: "sgd.velocity", buffer: velocity)] }

  /// An optimiser of `count` weights.
  public init(count: Int, momentum: Double = 0.9) {
    self.momentum = momentum
    velocity = Buffer(count: count)
  }

  public mutating func update(
    _ weights: Buffer<Float>, gradients: Buffer<Float>, scale: Double, learningRate: Double
  ) {
    stepCount += 1
    weights.gradientDescent(
      gradients: gradients, velocity: velocity, scale: Float(scale), rate: Float(learningRate),
      momentum: Float(momentum))
  }
}

/// An optimiser as it is chosen on a command line.
public enum OptimizerKind: String, Sendable, CaseIterable {
  case adam
  case sgd

  /// An optimiser of this kind for `count` weights; the decay is Adam's.
  public func make(count: Int, weightDecay: Double = 0) -> any Optimizer {
    switch self {
    case .adam: Adam(count: count, weightDecay: weightDecay)
    case .sgd: SGD(count: count)
    }
  }
}
