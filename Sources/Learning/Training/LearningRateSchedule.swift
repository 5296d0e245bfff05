#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The learning rate of each update.
public struct LearningRateSchedule: Sendable, Equatable {
  /// How the rate falls from its highest value to zero.
  public enum Decay: String, Sendable, CaseIterable {
    /// It does not fall.
    case none
    /// In a straight line.
    case linear
    /// Along half a cosine wave: slowly, fast, slowly. Loshchilov & Hutter 2017, without restarts.
    case cosine
  }

  /// The highest rate: the first one, or the one after warming up.
  public var initialRate: Double
  public var decay: Decay
  /// The number of updates after which the rate is zero.
  public var totalUpdates: Int
  /// The number of first updates in which the rate rises from zero in a straight line (Vaswani et al.
  /// 2017, section 5.3); after them it begins to fall.
  public var warmupUpdates: Int

  public init(
    initialRate: Double, decay: Decay = .none, totalUpdates: Int, warmupUpdates: Int = 0
  ) {
    self.initialRate = initialRate
    self.decay = decay
    self.totalUpdates = totalUpdates
    self.warmupUpdates = warmupUpdates
  }

  /// The rate of an update; they count from 0, and the first and the last one's are above zero.
  public func rate(ofUpdate update: Int) -> Double {
    guard update >= warmupUpdates else {
      return initialRate * Double(update + 1) / Double(warmupUpdates + 1)
    }
    let falling = max(1, totalUpdates - warmupUpdates)
    let done = min(1, Double(update - warmupUpdates) / Double(falling))
    return switch decay {
    case .none: initialRate
    case .linear: initialRate * (1 - done)
    case .cosine: initialRate * (1 + cos(.pi * done)) / 2
    }
  }
}
