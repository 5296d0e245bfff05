/// Measured times in seconds, or rates, in ascending order.
struct Samples {
  private let sorted: [Double]

  /// - Precondition: there is at least one.
  init(_ values: [Double]) {
    precondition(!values.isEmpty, "nothing was measured")
    sorted = values.sorted()
  }

  var count: Int { sorted.count }
  var min: Double { sorted[0] }
  var max: Double { sorted[sorted.count - 1] }
  var median: Double { quantile(0.5) }

  /// The smallest value that this share of all values does not exceed.
  func quantile(_ share: Double) -> Double {
    sorted[Swift.min(sorted.count - 1, Int((share * Double(sorted.count)).rounded(.up)) - 1)]
  }
}

enum Timing {
  /// How long a piece of work takes, in seconds.
  static func time(_ work: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    try work()
    return seconds(since: start)
  }

  static func seconds(since start: ContinuousClock.Instant) -> Double {
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }

  /// Times of single runs, for at least so many seconds.
  static func runs(seconds: Double, atLeast: Int = 1, _ work: () -> Void) -> [Double] {
    var times: [Double] = []
    let start = ContinuousClock.now
    while times.count < atLeast || Timing.seconds(since: start) < seconds {
      times.append(time(work))
    }
    return times
  }
}
