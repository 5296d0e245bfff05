public import Equations
public import Tensors

/// A model with what it learns from: all that a `Trainer` needs to be told of them.
///
/// What an update learns from is determined by its place alone, or by its place and the carried
/// states: a training that is stopped and resumed asks again for the places that come.
public protocol Learner: AnyObject {
  /// All weights, in one buffer; an update changes them in place.
  var parameters: Buffer<Float> { get }
  /// Which parameter an element of `parameters` belongs to, and its index there, row-major; nil for
  /// padding. Messages name it.
  func parameter(at element: Int) -> (name: String, index: Int)?

  /// Updates of an epoch, which is what lies between two measurements; at least 1.
  var updatesPerEpoch: Int { get }
  /// Forward and backward on the batch of a place.
  ///
  /// - Parameters:
  ///   - place: the update that is to be made.
  ///   - gradients: zeros, laid out as `parameters`; the gradient of the loss to follow downwards,
  ///     usually the mean over the batch's targets, is added to it. Where the loss is not finite it
  ///     is not looked at.
  /// - Returns: the summed loss of the present weights, in nats, and its number of targets.
  func loss(at place: TrainingPlace, gradients: Buffer<Float>) -> LossMean
  /// The weights have been changed with the last gradients: states are carried on.
  func didUpdate()

  /// The loss of what is not learnt from, with the present weights.
  ///
  /// - Parameter shouldStop: asked now and then; true gives up.
  /// - Returns: nil where there is nothing to measure by, or it was given up.
  func validate(unless shouldStop: () -> Bool) -> LossMean?

  /// What the next update depends on besides the weights and its place, by the name that it has in
  /// a file.
  var carriedStates: [(name: String, view: BufferView<Float>)] { get }
}

extension Learner {
  public func didUpdate() {}
  public var carriedStates: [(name: String, view: BufferView<Float>)] { [] }
}

/// Where a training is.
public struct TrainingPlace: Sendable, Equatable {
  /// Updates done.
  public internal(set) var update = 0
  /// Epochs done.
  public internal(set) var epoch = 0
  /// Updates done since the epoch began.
  public internal(set) var position = 0
}
