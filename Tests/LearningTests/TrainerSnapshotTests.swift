import Learning
import Networks
import Tensors
import Testing

/// A training that is stopped and taken up again is, bit for bit, one that never stopped.
@Suite struct TrainerSnapshotTests {
  static func trainer(_ optimizer: OptimizerKind) throws -> LanguageModelTrainer {
    try Samples.trainer(
      cell: "lstm", numLayers: 2, optimizer: optimizer, learningRate: 0.02, decay: .cosine,
      totalUpdates: 45, maximumNorm: 0.3, validationShare: 0.1)
  }

  /// Before the first update, within an epoch, at its end (17 windows), in the next, at the last.
  @Test(arguments: OptimizerKind.allCases, [0, 1, 5, 16, 17, 18, 34, 44])
  func resumedIsUnbroken(optimizer: OptimizerKind, stop: Int) throws {
    let unbroken = try Self.trainer(optimizer)
    #expect(unbroken.learner.windows.count == 17)
    var expected: [UpdateStatistics] = []
    for _ in 0..<45 { expected.append(try unbroken.step()) }

    let first = try Self.trainer(optimizer)
    for _ in 0..<stop { _ = try first.step() }
    let snapshot = first.snapshot()
    // What comes after the snapshot is not in it.
    _ = try first.step()

    let second = try Self.trainer(optimizer)
    // Whatever it did before is gone.
    for _ in 0..<3 { _ = try second.step() }
    try second.restore(snapshot)
    #expect(second.snapshot() == snapshot)
    var found: [UpdateStatistics] = []
    for _ in stop..<45 { found.append(try second.step()) }
    #expect(found == Array(expected[stop...]))
    #expect(second.snapshot() == unbroken.snapshot())
    #expect(second.validate() == unbroken.validate())
  }

  @Test func foreignSnapshotsAreRefused() throws {
    let trainer = try Self.trainer(.adam)
    _ = try trainer.step()
    let own = trainer.snapshot()

    var error = #expect(throws: SnapshotError.self) {
      try trainer.restore(try Self.trainer(.sgd).snapshot())
    }
    #expect(error?.name == "adam.m" && error?.found == "none")
    var beyond = own
    beyond.position = 17
    error = #expect(throws: SnapshotError.self) { try trainer.restore(beyond) }
    #expect(error?.name == "position")
    var cut = own
    cut.arrays[0] = .init(name: "parameters", values: [1])
    error = #expect(throws: SnapshotError.self) { try trainer.restore(cut) }
    #expect(error?.name == "parameters" && error?.found == "1")
    #expect(trainer.snapshot() == own)
  }
}
