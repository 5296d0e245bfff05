internal import Checkpoints
internal import Equations
internal import Learning

/// A training of one or more lanes without a terminal, with everything that is written about it.
nonisolated struct LabRun {
  /// One update with its figures.
  struct Entry {
    let update: LabUpdate
    let fit: GradientFit
    let spectrum: MatrixSpectrum?
  }

  /// One lane, from its start to its end.
  struct Lane {
    let name: String
    let lab: GradientLab
    var loss: [Double] = []
    var accuracy: [Double] = []
    var gradientNorm: [Double] = []
    var clippedNorm: [Double] = []
    /// The updates that are given in full.
    var entries: [Entry] = []
    var verdict: LabVerdict?
    var stop: NonFiniteValue?

    /// The verdict's line; of a lane that could not be measured any more that of its last update.
    var fit: GradientFit? { verdict?.fit ?? entries.last?.fit }
    var lastUpdate: LabUpdate? { verdict?.measured ?? entries.last?.update }
    var gradientNorms: [Double] {
      verdict?.probe.gradientNorms ?? entries.last?.update.gradientNorms ?? []
    }
    var spectrum: MatrixSpectrum? { verdict?.spectrum ?? entries.last?.spectrum }
    var activations: ActivationFigures? {
      verdict?.activations ?? entries.last?.update.activations
    }
    var memoryGradientNorms: [Double] {
      verdict?.probe.memoryGradientNorms ?? entries.last?.update.memoryGradientNorms ?? []
    }
  }

  let updates: Int
  private(set) var lanes: [Lane]
  let task: any SequenceTask
  /// The lane with the lowest loss.
  private(set) var leader: Int?
  /// What to look for, if the run is a preset.
  let lookFor: String?

  /// Trains all lanes.
  ///
  /// - Parameters:
  ///   - lanes: with different names.
  ///   - updates: how many each makes.
  ///   - every: all figures of every n-th update are kept.
  ///   - lookFor: what to look for.
  /// - Throws: `ModelError` for settings or a task that no training can have.
  init(
    _ lanes: [(name: String, settings: LabSettings)], updates: Int, every: Int, lookFor: String?
  ) throws {
    var labs: [(name: String, lab: GradientLab)] = []
    for (name, settings) in lanes {
      try LabCommand.check(settings)
      do throws(TaskError) {
        // Nothing is undone without a terminal.
        labs.append((name, try GradientLab(settings, undoBudget: 0)))
      } catch {
        throw ModelError.request(error.description)
      }
    }
    guard let first = labs.first else { throw ModelError.request("nothing to train") }
    task = first.lab.task
    self.updates = updates
    self.lookFor = lookFor
    self.lanes = labs.map { Lane(name: $0.name, lab: $0.lab) }
    train(LaneRace(labs), every: every)
  }

  private mutating func train(_ race: LaneRace, every: Int) {
    for update in 1...max(1, updates) where update <= updates {
      let isKept = update % every == 0 || update == updates
      // The figures belong to the weights that the loss is of: those before the update.
      let spectra = isKept ? race.spectra() : []
      // Of many losses the last step's alone tells how far its gradient reaches.
      let probes = isKept && task.lossSteps.count > 1 ? race.probes() : []
      for (index, done) in race.step(wantsActivations: isKept).enumerated() {
        guard let done else { continue }
        lanes[index].add(done)
        guard isKept else { continue }
        let probe = probes.isEmpty ? done : probes[index] ?? done
        lanes[index].entries.append(
          Entry(
            update: done, fit: GradientFit(norms: probe.gradientNorms), spectrum: spectra[index]))
      }
    }
    leader = race.leader
    for (index, verdict) in race.verdicts().enumerated() { lanes[index].verdict = verdict }
    for (index, lane) in race.lanes.enumerated() { lanes[index].stop = lane.stop }
  }
}

extension LabRun.Lane {
  nonisolated fileprivate mutating func add(_ update: LabUpdate) {
    loss.append(update.loss)
    accuracy.append(update.accuracy)
    gradientNorm.append(update.gradientNorm)
    clippedNorm.append(update.clippedNorm)
  }
}
