/// Trains the lanes as it is told and knows what there is to show. One thread at a time uses it.
final class LabEngine {
  let race: LaneRace
  var watches: [LaneWatch]
  var budgets = RefreshBudgets()
  private(set) var state = LabState.paused
  private(set) var notice: LabNotice?
  private(set) var conditions: [LabCondition] = []
  /// The conditions that hold already, by number and lane: they stop when they become true.
  private var holding: Set<[Int]> = []
  /// What still has to be computed of the present weights, while nothing else is to be done.
  private(set) var pending = Refresh.all
  var rate = UpdateRate()
  private var capture: LabCapture?

  /// In the order in which it is done.
  struct Refresh: OptionSet {
    let rawValue: Int

    static let measure = Refresh(rawValue: 1)
    static let spectrum = Refresh(rawValue: 2)
    static let lossMatrix = Refresh(rawValue: 4)
    static let all: Refresh = [.measure, .spectrum, .lossMatrix]
  }

  init(
    _ lanes: [(name: String, settings: LabSettings)], undoBudget: Int
  ) throws(TaskError) {
    var labs: [(name: String, lab: GradientLab)] = []
    for (name, settings) in lanes {
      labs.append(
        (name, try GradientLab(settings, undoBudget: undoBudget / max(1, lanes.count))))
    }
    race = LaneRace(labs)
    watches = lanes.map { _ in LaneWatch() }
  }

  var hasManyLosses: Bool { (race.lanes.first?.lab.task.lossSteps.count ?? 0) > 1 }

  // MARK: Orders

  func perform(_ order: LabOrder) {
    switch order {
    case .pause: pause()
    case .resume: start(.running)
    case .step(let count): if count > 0 { start(.stepping(state.stepsLeft.adding(count))) }
    case .back(let count): goBack(count)
    case .restart:
      race.restart()
      settingsChanged()
      tell("training begins anew")
    case .change(let settings): change(settings)
    case .addCondition(let condition):
      conditions.append(condition)
      holding = holding.filter { $0[0] != condition.number }
    case .deleteConditions(let number):
      conditions.removeAll { number == nil || $0.number == number }
    case .capture(let lane, let sequence): capture(lane, sequence)
    }
  }

  private func pause() {
    guard state != .paused else { return }
    state = .paused
    rate = UpdateRate()
    pending = .all
  }

  private func start(_ new: LabState) {
    guard race.lanes.contains(where: { $0.stop == nil }) else {
      let why = race.lanes.first?.stop.map { "\($0)" } ?? "there is no lane"
      tell("\(why): go back, turn a knob or restart", isError: true)
      return
    }
    if state.isPaused { rate = UpdateRate() }
    state = new
  }

  private func goBack(_ count: Int) {
    pause()
    var done = 0
    while done < count, race.undo() { done += 1 }
    pending = .all
    holding = []
    if done > 0 {
      tell("\(done) update\(done == 1 ? "" : "s") taken back, weights and optimiser bit for bit")
    } else {
      tell(
        race.updateCount == 0
          ? "this is the start: there is nothing to take back"
          : "no earlier update is remembered", isError: true)
    }
  }

  private func change(_ settings: [LabSettings]) {
    do throws(TaskError) {
      let effect = try race.apply(settings)
      guard effect > .none else { return }
      settingsChanged()
      switch effect {
      case .none, .keepsTraining: break
      case .keepsWeights: tell("the weights stay; the optimiser starts afresh")
      case .restarts: tell("training begins anew")
      }
    } catch {
      tell(error.description, isError: true)
    }
  }

  private func settingsChanged() {
    watches = watches.map { _ in LaneWatch() }
    budgets.reset()
    pending = .all
    holding = []
    rate = UpdateRate()
  }

  private func capture(_ lane: Int, _ sequence: Int?) {
    guard race.lanes.indices.contains(lane) else { return }
    pause()
    let lab = race.lanes[lane].lab
    let wanted = sequence ?? race.lanes[lane].stop?.place.sequence ?? 0
    capture = lab.capture(lane: lane, sequence: min(max(wanted, 0), lab.settings.batchSize - 1))
  }

  /// What was captured since the last call.
  func takeCapture() -> LabCapture? {
    defer { capture = nil }
    return capture
  }

  func tell(_ text: String, isError: Bool = false, lane: Int? = nil, isBreak: Bool = false) {
    notice = LabNotice(
      number: (notice?.number ?? 0) + 1, text: text, isError: isError,
      lane: race.lanes.count > 1 ? lane : nil, isBreak: isBreak)
  }

  // MARK: Training

  /// One update of all lanes, and what follows from it.
  func advance() {
    let before = race.lanes.map { $0.stop != nil }
    let updates = race.step(wantsActivations: false)
    if case .stepping(let left) = state { state = left > 1 ? .stepping(left - 1) : .paused }
    checkConditions(updates, newlyStopped: before)
    for (index, stop) in newStops(before) {
      // The other lanes, where there are any, go on.
      let isLast = race.lanes.allSatisfy { $0.stop != nil }
      tell("\(isLast ? "paused" : "stopped") before \(stop)", isError: true, lane: index)
      if isLast { state = .paused }
    }
    if state.isPaused {
      rate = UpdateRate()
      pending = .all
    }
  }

  /// The lanes that have stopped since, whose verdicts are told anew.
  private func newStops(_ before: [Bool]) -> [(lane: Int, stop: NonFiniteValue)] {
    let stops = race.lanes.indices.compactMap { index in
      before[index] ? nil : race.lanes[index].stop.map { (lane: index, stop: $0) }
    }
    for (lane, _) in stops { forgetSpectrum(of: lane) }
    return stops
  }

  private func checkConditions(_ updates: [LabUpdate?], newlyStopped before: [Bool]) {
    guard !conditions.isEmpty else { return }
    for (index, lane) in race.lanes.enumerated() where !before[index] {
      let update = updates[index]
      for condition in conditions {
        let key = [condition.number, index]
        let holds = condition.holds(
          lane.lab, loss: update?.loss ?? .nan, accuracy: update?.accuracy ?? .nan,
          update: lane.lab.updateCount)
        if holds, !holding.contains(key) {
          state = .paused
          tell(
            "break \(condition.number): \(condition.text) at update \(lane.lab.updateCount)",
            lane: index, isBreak: true)
        }
        if holds { holding.insert(key) } else { holding.remove(key) }
      }
    }
  }

  /// Computes one of the figures that are missing while nothing is trained.
  ///
  /// - Returns: false where all are known.
  func refreshWhilePaused() -> Bool {
    if pending.contains(.measure) {
      pending.remove(.measure)
      let before = race.lanes.map { $0.stop != nil }
      measure()
      for (index, stop) in newStops(before) {
        tell("the next \(stop)", isError: true, lane: index)
      }
    } else if pending.contains(.spectrum) {
      pending.remove(.spectrum)
      renew(\.spectrum, always: true) { $0.refreshSpectra() }
    } else if pending.contains(.lossMatrix) {
      pending.remove(.lossMatrix)
      renew(\.lossMatrix, always: true) { $0.refreshLossMatrices() }
    } else {
      return false
    }
    return true
  }
}

extension LabState {
  /// Updates that were asked for and not made yet.
  fileprivate var stepsLeft: Int { if case .stepping(let left) = self { left } else { 0 } }
}

extension Int {
  /// The sum, or the largest number.
  fileprivate func adding(_ other: Int) -> Int {
    let (sum, isTooLarge) = addingReportingOverflow(other)
    return isTooLarge ? .max : sum
  }
}

extension NonFiniteValue.Place {
  /// The sequence of the batch that it is in.
  fileprivate var sequence: Int? {
    switch self {
    case .value(_, let sequence, _), .gradient(_, let sequence, _): sequence
    case .parameterGradient, .parameter, .loss: nil
    }
  }
}
