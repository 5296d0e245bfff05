#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The learning rate of each update.
public struct LearningRateSchedule: Sendable, Equatable {
  /// How the rate falls from its first value to zero.
  public enum Decay: String, Sendable, CaseIterable {
    /// It does not fall.
    case none
    /// In a straight line.
    case linear
    /// Along half a cosine wave: slowly, fast, slowly. Loshchilov & Hutter 2017, without restarts.
    case cosine
  }

  public var initialRate: Double
  public var decay: Decay
  /// The number of updates after which the rate is zero.
  public var totalUpdates: Int

  public init(initialRate: Double, decay: Decay = .none, totalUpdates: Int) {
    self.initialRate = initialRate
    self.decay = decay
    self.totalUpdates = totalUpdates
  }

  /// The rate of an update; they count from 0, and the last one's is still above zero.
  public func rate(ofUpdate update: Int) -> Double {
    let done = min(1, Double(update) / Double(max(1, totalUpdates)))
    return switch decay {
    case .none: initialRate
    case .linear: initialRate * (1 - done)
    case .cosine: initialRate * (1 + cos(.pi * done)) / 2
    }
  }
}
