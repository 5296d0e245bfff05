/// Training went to where no number is. The trainer is as it was before the update.
public struct TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Quantity: String, Sendable {
    case loss, gradient
  }

  /// The update that failed, counted from 1.
  public let update: Int
  public let quantity: Quantity
  /// The first parameter whose gradient is not finite; for a loss, the first parameter that is not
  /// finite itself, or nil where all are.
  public let parameter: String?
  /// The index in that parameter, row-major.
  public let index: Int?

  public var description: String {
    var text = "update \(update): the \(quantity.rawValue)"
    if quantity == .gradient, let parameter { text += " of \(parameter)" }
    text += " is not finite"
    if quantity == .loss, let parameter { text += "; the first such weight is in \(parameter)" }
    if let index { text += " (element \(index))" }
    return text + "; a lower learning rate or clipping may help"
  }
}
