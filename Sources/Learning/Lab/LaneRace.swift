internal import Dispatch
internal import Tensors

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
  public var updateCount: Int { lanes.map(\.lab.updateCount).max() ?? 0 }

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
    concurrently { (lane) throws(NonFiniteValue) in
      try lane.step(wantsActivations: wantsActivations)
    }
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

  // MARK: Going back, turning knobs

  /// How many updates can be undone now in all lanes that made the last one.
  public var undoCount: Int { lanesInStep.map { lanes[$0].lab.undoCount }.min() ?? 0 }

  /// The lanes that made the last update.
  private var lanesInStep: [Int] {
    let count = updateCount
    return lanes.indices.filter { lanes[$0].lab.updateCount == count }
  }

  /// Takes the last update of all lanes back, bit for bit; one that has stopped further back stays.
  ///
  /// - Returns: false where it is not remembered.
  @discardableResult
  public func undo() -> Bool {
    guard undoCount > 0 else { return false }
    for lane in lanesInStep {
      lanes[lane].lab.undo()
      lanes[lane].stop = nil
    }
    return true
  }

  /// Goes on with other settings. Where one lane has to restart all do, or their data would differ.
  ///
  /// - Parameter settings: one per lane, without a mistake.
  /// - Returns: the effect on all lanes together.
  /// - Throws: `TaskError` where a task cannot be made; nothing is changed then.
  public func apply(_ settings: [LabSettings]) throws(TaskError) -> LabSettings.ChangeEffect {
    precondition(settings.count == lanes.count, "\(settings.count) for \(lanes.count) lanes")
    for new in settings { _ = try new.task.make(seqLen: new.seqLen) }
    let inStep = lanesInStep
    var effects: [LabSettings.ChangeEffect] = []
    for (lane, new) in zip(lanes, settings) { effects.append(try lane.lab.apply(new)) }
    let effect = effects.max() ?? .none
    if effect == .restarts {
      for index in lanes.indices where effects[index] < .restarts { lanes[index].lab.restart() }
    }
    for index in effect == .restarts ? Array(lanes.indices) : inStep { lanes[index].stop = nil }
    return effect
  }

  /// Begins anew with the present settings.
  public func restart() {
    for index in lanes.indices {
      lanes[index].lab.restart()
      lanes[index].stop = nil
    }
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

  /// Does the same with every lane that has not stopped, on as many threads as there are cores.
  ///
  /// - Returns: per lane what came of it; nil where it has stopped, now or before.
  func concurrently<Result: Sendable>(
    _ body: @Sendable (GradientLab) throws(NonFiniteValue) -> Result
  ) -> [Result?] {
    let results = LaneResults<Result>(count: lanes.count)
    // The largest first, so that no core waits for one that was begun last.
    let order = lanes.indices.sorted {
      lanes[$0].lab.gradients.count > lanes[$1].lab.gradients.count
    }
    // Each index is one lane, and each lane is touched by one iteration only.
    nonisolated(unsafe) let running = lanes
    unsafe DispatchQueue.concurrentPerform(iterations: running.count) { place in
      let index = order[place]
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
