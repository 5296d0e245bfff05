/// When a costly figure is renewed: so seldom that it takes a given share of the time at most.
struct RefreshBudget {
  /// Of the time that passes.
  let share: Double
  private var nextDue = 0.0

  init(share: Double) { self.share = share }

  /// Whether the figure may be renewed at this time, in seconds.
  func isDue(_ now: Double) -> Bool { now >= nextDue }

  /// The figure was renewed.
  mutating func spend(from start: Double, to now: Double) {
    nextDue = now + (now - start) / share
  }

  /// What was known is worth nothing any more.
  mutating func reset() { nextDue = 0 }
}

/// A clock in seconds.
enum Seconds {
  private static let origin = ContinuousClock.now

  static var now: Double {
    let (seconds, attoseconds) = (ContinuousClock.now - origin).components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
