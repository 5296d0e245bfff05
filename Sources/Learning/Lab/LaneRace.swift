internal import Dispatch

/// Two to four labs that make the same number of updates on the same data, side by side.
///
/// Each lane is computed by one thread at a time, all lanes at once; what a lane computes does not
/// depend on the others.
public final class LaneRace {
  /// A lab with its name, and what became of it.
  public struct Lane {
    public let name: String
    public let lab: GradientLab
    /// The number at which it had to stop; it makes no further updates.
    public internal(set) var stop: NonFiniteValue?
  }

  public private(set) var lanes: [Lane]
  /// Updates done by the lanes that still run.
  public private(set) var updateCount = 0

  /// - Parameter lanes: all with the same task, seed, sequence length and batch size, or their data
  ///   are not the same.
  public init(_ lanes: [(name: String, lab: GradientLab)]) {
    self.lanes = lanes.map { Lane(name: $0.name, lab: $0.lab) }
  }

  /// One update of every lane that can still make one.
  ///
  /// - Returns: per lane, nil where it has stopped.
  @discardableResult
  public func step(wantsActivations: Bool = true) -> [LabUpdate?] {
    let results = concurrently { (lane) throws(NonFiniteValue) in
      try lane.step(wantsActivations: wantsActivations)
    }
    updateCount += 1
    return results
  }

  /// The verdict on every lane; nil where it has stopped or cannot be measured.
  public func verdicts() -> [LabVerdict?] {
    concurrently { (lane) throws(NonFiniteValue) in try lane.verdict() }
  }

  /// What `GradientLab.measure(lossAtLastStep:)` finds with the last step's loss alone; nil where a
  /// lane has stopped.
  public func probes() -> [LabUpdate?] {
    concurrently { (lane) throws(NonFiniteValue) in try lane.measure(lossAtLastStep: true) }
  }

  /// The sizes of every lane's recurrent matrix; nil where it has none or has stopped.
  public func spectra() -> [MatrixSpectrum?] {
    concurrently { (lane) throws(NonFiniteValue) in lane.spectrum }.map { $0 ?? nil }
  }

  /// The lane with the lowest mean loss over its last updates; nil where none has one.
  public var leader: Int? {
    func loss(_ lane: Lane) -> Double {
      let last = lane.lab.recent.suffix(20)
      guard lane.stop == nil, !last.isEmpty else { return .infinity }
      return last.reduce(0) { $0 + $1.loss } / Double(last.count)
    }
    let best = lanes.indices.min { loss(lanes[$0]) < loss(lanes[$1]) }
    return best.flatMap { loss(lanes[$0]) < .infinity ? $0 : nil }
  }

  private func concurrently<Result: Sendable>(
    _ body: @Sendable (GradientLab) throws(NonFiniteValue) -> Result
  ) -> [Result?] {
    let results = LaneResults<Result>(count: lanes.count)
    // Each index is one lane, and each lane is touched by one iteration only.
    nonisolated(unsafe) let running = lanes
    unsafe DispatchQueue.concurrentPerform(iterations: running.count) { index in
      guard unsafe running[index].stop == nil else { return }
      do throws(NonFiniteValue) {
        results.set(index, .success(try body(unsafe running[index].lab)))
      } catch {
        results.set(index, .failure(error))
      }
    }
    return lanes.indices.map { index in
      switch results[index] {
      case .success(let value): return value
      case .failure(let stop):
        lanes[index].stop = stop
        return nil
      case nil: return nil
      }
    }
  }
}

/// What the lanes of one round gave.
private final class LaneResults<Value: Sendable>: @unchecked Sendable {
  private let lock = DispatchQueue(label: "lanes")
  private var values: [Result<Value, NonFiniteValue>?]

  init(count: Int) { values = Array(repeating: nil, count: count) }

  func set(_ index: Int, _ value: Result<Value, NonFiniteValue>) {
    lock.sync { values[index] = value }
  }

  subscript(index: Int) -> Result<Value, NonFiniteValue>? { lock.sync { values[index] } }
}
