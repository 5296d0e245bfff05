internal import Networks

// What there is to show.

extension LabEngine {
  func snapshot() -> LabSnapshot {
    if !state.isPaused { rate.note(race.updateCount, at: Seconds.now) }
    let labs = race.lanes.map(\.lab)
    return LabSnapshot(
      lanes: race.lanes.indices.map(lane), updateCount: race.updateCount,
      updatesPerSecond: rate.perSecond, state: state, undoCount: race.undoCount,
      undoCapacity: labs.map(\.undoCapacity).min() ?? 0,
      undoByteCount: labs.reduce(0) { $0 + $1.undoByteCount },
      undoBudget: labs.reduce(0) { $0 + $1.undoBudget }, leader: race.leader,
      conditions: conditions, notice: notice)
  }

  private func lane(_ index: Int) -> LaneSnapshot {
    let lane = race.lanes[index]
    let lab = lane.lab
    let watch = watches[index]
    let history = lab.history
    return LaneSnapshot(
      name: lane.name, settings: lab.settings, task: lab.task, updateCount: lab.updateCount,
      parameterCount: lab.network.layout.count, recent: history.recent, lossHistory: history.loss,
      accuracyHistory: history.accuracy, gradientNormHistory: history.gradientNorm,
      clippedNormHistory: history.clippedNorm, verdict: watch.verdict,
      verdictUpdate: watch.verdictUpdate, spectrumUpdate: watch.spectrumUpdate,
      lossMatrix: watch.lossMatrix, histograms: watch.histograms, states: watch.states,
      stop: lane.stop)
  }
}

/// Updates a second, over the last two seconds.
struct UpdateRate {
  private var samples: [(count: Int, time: Double)] = []

  mutating func note(_ count: Int, at time: Double) {
    samples.append((count, time))
    samples.removeAll { $0.time < time - 2 }
  }

  var perSecond: Double? {
    guard let first = samples.first, let last = samples.last, last.time - first.time > 0.2 else {
      return nil
    }
    return Double(last.count - first.count) / (last.time - first.time)
  }
}
