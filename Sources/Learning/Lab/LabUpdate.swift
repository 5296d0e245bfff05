/// What one update did, or what a measurement found.
public struct LabUpdate: Sendable, Equatable {
  /// The updates that were done when the figures were taken: of an update, itself included.
  public let update: Int
  /// Mean loss per target, of the weights before the update; in nats, or a squared error.
  public let loss: Double
  /// The share of right predictions at the steps that need memory.
  public let accuracy: Double
  /// The norm of all parameter gradients together, before and after clipping.
  public let gradientNorm: Double
  public let clippedNorm: Double
  /// ‖∂L/∂h_t‖ over batch and units, `[T]`, t = 0 first; L is the mean loss per target.
  public let gradientNorms: [Double]
  /// ‖∂L/∂c_t‖ of a cell with a second state; else empty.
  public let memoryGradientNorms: [Double]
  /// Nil where they were not asked for.
  public let activations: ActivationFigures?

  public var isClipped: Bool { clippedNorm < gradientNorm }
}

/// The first number of a training that is not finite. The network is as it was before the update.
public struct NonFiniteValue: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Place: Equatable, Sendable {
    /// A value on the way forward, at a step, of a sequence of the batch and a unit.
    case value(time: Int, sequence: Int, unit: Int)
    /// A gradient on the way back.
    case gradient(time: Int, sequence: Int, unit: Int)
    /// An element of a parameter's gradient, row-major.
    case parameterGradient(index: Int)
    /// An element of a parameter, row-major.
    case parameter(index: Int)
    /// All of these are finite, but not the loss.
    case loss
  }

  /// The update that was not made, counted from 1.
  public let update: Int
  /// The equation's name, `logits`, or the parameter's.
  public let name: String
  public let place: Place

  public var description: String {
    let what =
      switch place {
      case .value(let time, let sequence, let unit):
        "\(name)[\(unit)] at step \(time) of sequence \(sequence)"
      case .gradient(let time, let sequence, let unit):
        "the gradient of \(name)[\(unit)] at step \(time) of sequence \(sequence)"
      case .parameterGradient(let index): "the gradient of \(name), element \(index),"
      case .parameter(let index): "\(name), element \(index),"
      case .loss: "the loss"
      }
    return "update \(update): \(what) is not finite"
  }
}
