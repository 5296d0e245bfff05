import Equations
import Learning
import Networks
import Tensors
import Testing

/// Determinism, going back, turning knobs, and the stop at what is no number.
@Suite struct LabRunTests {
  private func bits(_ lab: GradientLab) -> [UInt32] {
    lab.network.parameters.array.map(\.bitPattern)
  }

  /// Undone updates, made again, give the same bits.
  @Test(arguments: ["optimizer=adam", "optimizer=sgd"]) func undoIsExact(kind: String) throws {
    let settings = try LabSamples.settings("lstm/\(kind)", seqLen: 12, hiddenSize: 8)
    let lab = try LabSamples.lab(settings)
    var weights = [bits(lab)]
    var updates: [LabUpdate] = []
    for _ in 0..<8 {
      updates.append(try lab.step())
      weights.append(bits(lab))
    }
    #expect(Set(weights).count == 9)
    for count in (3..<8).reversed() {
      #expect(lab.undo())
      #expect(lab.updateCount == count && bits(lab) == weights[count])
      #expect(lab.history.loss.count == count && lab.recent.count == count)
    }
    for index in 3..<8 {
      #expect(try lab.step() == updates[index])
      #expect(bits(lab) == weights[index + 1])
    }
  }

  /// Within its budget, and not further.
  @Test func undoBudget() throws {
    let settings = try LabSamples.settings("rnn", seqLen: 4, hiddenSize: 8)
    let size = try LabSamples.lab(settings).network.layout.count * 3 * 4
    let lab = try GradientLab(settings, undoBudget: 5 * size + 1)
    #expect(lab.undoCapacity == 5)
    for _ in 0..<20 { _ = try lab.step() }
    #expect(lab.undoCount == 5 && lab.undoByteCount == 5 * size)
    for _ in 0..<5 { #expect(lab.undo()) }
    #expect(!lab.undo() && lab.updateCount == 15)
    #expect(lab.undoByteCount == 5 * size)
  }

  /// A lane of a race computes what it computes alone, and all lanes see the same data.
  @Test func lockstep() throws {
    let names = ["rnn/tanh", "rnn/relu/identity", "gru", "lstm/forget-bias=2"]
    let settings = try names.map { try LabSamples.settings($0, seqLen: 15, hiddenSize: 12) }
    let race = LaneRace(try zip(names, settings).map { ($0, try LabSamples.lab($1)) })
    let alone = try settings.map { try LabSamples.lab($0) }
    for _ in 0..<10 {
      let together = race.step()
      for (index, lab) in alone.enumerated() { #expect(together[index] == (try lab.step())) }
      let batches = race.lanes.map { $0.lab.shownBatch?.batch }
      #expect(batches.allSatisfy { $0 != nil && $0 == batches[0] })
    }
    #expect(race.updateCount == 10 && race.lanes.allSatisfy { $0.lab.updateCount == 10 })
    for (lane, lab) in zip(race.lanes, alone) { #expect(bits(lane.lab) == bits(lab)) }
    #expect(race.verdicts() == (try alone.map { try $0.verdict() }))
  }

  /// The first number that is not finite is named, and nothing is lost.
  @Test func stopsAtNonFinite() throws {
    // 20³⁰ · 10⁻²: over the largest float on the way.
    let settings = try LabSamples.settings(
      "rnn/relu/identity/gain=20", seqLen: 60, hiddenSize: 8)
    let lab = try LabSamples.lab(settings)
    let before = bits(lab)
    let stop = try #require(throws: NonFiniteValue.self) { try lab.step() }
    guard case .value(let time, let sequence, let unit) = stop.place else {
      Issue.record("\(stop)")
      return
    }
    #expect(stop.name == "h" && stop.update == 1)
    let values = lab.pass.layers[0][0].values(of: 0)
    for index in 0..<(time * 16 + sequence) * 8 + unit { #expect(values[index].isFinite) }
    #expect(!values[(time * 16 + sequence) * 8 + unit].isFinite)
    #expect(stop.description.contains("h[\(unit)] at step \(time)"))
    #expect(lab.updateCount == 0 && bits(lab) == before)

    var milder = settings
    milder.gain = 1
    #expect(try lab.apply(milder) == .restarts)
    _ = try lab.step()
  }

  /// A weight that is not finite is named too.
  @Test func stopsAtWeight() throws {
    let lab = try LabSamples.lab(try LabSamples.settings("rnn", seqLen: 5, hiddenSize: 4))
    let entry = try #require(lab.network.layout["layer0.U"])
    lab.network.parameters[entry.offset + 6] = .nan
    let stop = try #require(throws: NonFiniteValue.self) { try lab.step() }
    #expect(stop.name == "layer0.U" && stop.place == .parameter(index: 6))
  }

  @Test func knobs() throws {
    let settings = try LabSamples.settings("rnn/tanh", seqLen: 10, hiddenSize: 8)
    let lab = try LabSamples.lab(settings)
    for _ in 0..<3 { _ = try lab.step() }
    func turn(_ change: (inout LabSettings) throws -> Void) throws -> LabSettings.ChangeEffect {
      var new = lab.settings
      try change(&new)
      return try lab.apply(new)
    }
    let weights = bits(lab)
    #expect(try turn { $0.learningRate = 0.1 } == .none)
    #expect(try turn { $0.maximumNorm = nil } == .none)
    #expect(try turn { $0.seqLen = 20 } == .keepsTraining)
    #expect(try turn { $0.batchSize = 3 } == .keepsTraining)
    let relu = try #require(try Cell.shipped("rnn", activation: .relu))
    #expect(try turn { $0.cell = relu } == .keepsTraining)
    #expect(lab.undoCount == 3 && bits(lab) == weights && lab.updateCount == 3)
    #expect(try turn { $0.optimizer = .sgd } == .keepsWeights)
    #expect(lab.undoCount == 0 && bits(lab) == weights && lab.updateCount == 3)
    #expect(try lab.step().gradientNorms.count == 20)
    for change: (inout LabSettings) -> Void in [
      { $0.gain = 2 }, { $0.seed = 9 }, { $0.hiddenSize = 6 }, { $0.inputScale = 1 },
      { $0.initializer = .identity(gain: 1) }, { $0.task.symbolCount = 5 },
    ] {
      _ = try lab.step()
      #expect(try turn(change) == .restarts)
      #expect(lab.updateCount == 0 && lab.recent.isEmpty && lab.history.loss.count == 0)
    }
    // A task that cannot be made changes nothing.
    #expect(throws: TaskError.self) { try turn { $0.seqLen = 1 } }
    #expect(lab.settings.seqLen == 20)
  }

  @Test func restartIsTheStart() throws {
    let lab = try LabSamples.lab(try LabSamples.settings("gru", seqLen: 8, hiddenSize: 6))
    let first = try lab.step()
    _ = try lab.step()
    lab.restart()
    #expect(lab.updateCount == 0 && lab.undoCount == 0)
    #expect(try lab.step() == first)
  }
}
