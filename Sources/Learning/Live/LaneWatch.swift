internal import Networks

/// What is known of one lane beyond the figures that every update gives.
struct LaneWatch {
  var activations: ActivationFigures?
  var spectrum: MatrixSpectrum?
  /// The updates that its matrix had seen.
  var spectrumUpdate: Int?
  /// Of a task with many losses.
  var probe: LabUpdate?
  var verdict: LabVerdict?
  var verdictUpdate = 0
  var lossMatrix: LossMatrix?
  var histograms: [ValueHistogram] = []
  var states: [StateMap] = []
}

/// How seldom what is costly is renewed while a training runs: together within 4% of its time.
struct RefreshBudgets {
  var activations = RefreshBudget(share: 0.007)
  var spectrum = RefreshBudget(share: 0.015)
  var probe = RefreshBudget(share: 0.006)
  var lossMatrix = RefreshBudget(share: 0.004)
  var values = RefreshBudget(share: 0.004)

  /// The settings have changed: what was known is of another net.
  mutating func reset() { self = RefreshBudgets() }
}

extension LabEngine {
  /// Renews what is due, after an update that was made.
  func refreshWhileRunning() {
    // First what looks into the pass of the update: the others compute in it.
    renew(\.activations) { engine in
      let all = engine.race.concurrently { (lab) throws(NonFiniteValue) in
        ActivationFigures(unrolling: lab.pass.layers[0][0], roles: lab.roles)
      }
      for (index, one) in all.enumerated() where one != nil {
        engine.watches[index].activations = one
      }
    }
    renew(\.values) { $0.refreshValues() }
    renew(\.probe) { engine in
      guard engine.hasManyLosses else { return }
      for (index, probe) in engine.race.probes().enumerated() where probe != nil {
        engine.watches[index].probe = probe
      }
    }
    renew(\.spectrum) { $0.refreshSpectra() }
    renew(\.lossMatrix) { $0.refreshLossMatrices() }
    for (index, lane) in race.lanes.enumerated() where lane.stop == nil {
      guard let update = lane.lab.recent.last else { continue }
      let watch = watches[index]
      watches[index].verdict = lane.lab.verdict(
        measured: update, probe: watch.probe ?? update, spectrum: watch.spectrum,
        activations: watch.activations)
      watches[index].verdictUpdate = update.update - 1
    }
  }

  /// Renews a figure if it is due, or always; either way it is not due again for a while.
  func renew(
    _ budget: WritableKeyPath<RefreshBudgets, RefreshBudget>, always: Bool = false,
    _ body: (LabEngine) -> Void
  ) {
    let start = Seconds.now
    guard always || budgets[keyPath: budget].isDue(start) else { return }
    body(self)
    budgets[keyPath: budget].spend(from: start, to: Seconds.now)
  }

  /// Everything that the present weights do on the batch of the next update.
  func measure() {
    let spectra = watches.map(\.spectrum)
    let lanes = race.concurrently { (lab) throws(NonFiniteValue) -> (LabUpdate, LabUpdate) in
      // The probe last, unless both are one: the screen shows the whole loss.
      let probe = lab.task.lossSteps.count > 1 ? try lab.measure(lossAtLastStep: true) : nil
      let measured = try lab.measure()
      return (measured, probe ?? measured)
    }
    for (index, figures) in lanes.enumerated() {
      guard let (measured, probe) = figures else { continue }
      let lab = race.lanes[index].lab
      watches[index].activations = measured.activations
      watches[index].probe = probe
      watches[index].verdict = lab.verdict(
        measured: measured, probe: probe, spectrum: spectra[index])
      watches[index].verdictUpdate = lab.updateCount
    }
    refreshValues()
  }

  /// The spectra, and the verdicts that speak of them.
  func refreshSpectra() {
    for (index, spectrum) in race.spectra().enumerated() where race.lanes[index].stop == nil {
      watches[index].spectrum = spectrum
      watches[index].spectrumUpdate = spectrum.map { _ in race.lanes[index].lab.updateCount }
      guard let old = watches[index].verdict else { continue }
      watches[index].verdict = race.lanes[index].lab.verdict(
        measured: old.measured, probe: old.probe, spectrum: spectrum, activations: old.activations)
    }
  }

  /// Tells the verdict of a lane that has stopped without its recurrent matrix: the gradients are
  /// those of weights that are gone, not those that the matrix has now.
  func forgetSpectrum(of lane: Int) {
    watches[lane].spectrum = nil
    watches[lane].spectrumUpdate = nil
    guard let old = watches[lane].verdict else { return }
    watches[lane].verdict = race.lanes[lane].lab.verdict(
      measured: old.measured, probe: old.probe, spectrum: nil, activations: old.activations)
  }

  func refreshLossMatrices() {
    let matrices = race.concurrently { (lab) throws(NonFiniteValue) in lab.lossMatrix() }
    for (index, matrix) in matrices.enumerated() where matrix != nil {
      watches[index].lossMatrix = matrix
    }
  }

  /// Of the batch that each pass holds; of a lane that has stopped too.
  private func refreshValues() {
    for (index, lane) in race.lanes.enumerated() {
      watches[index].histograms = lane.lab.histograms()
      watches[index].states = lane.lab.stateMaps()
    }
  }
}
