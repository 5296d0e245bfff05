import Equations
import Learning
import Networks
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct LanguageModelTrainerTests {
  /// Two windows of T with carried states compute what one of 2T does.
  @Test(arguments: ["lstm", "gru-torch"])
  func carriedStates(cell: String) throws {
    let text = Samples.text(count: 100)
    func trainer(seqLen: Int) throws -> LanguageModelTrainer {
      // A rate of zero: the weights stay.
      try Samples.trainer(
        cell: cell, text: text, seqLen: seqLen, batchSize: 3, numLayers: 2, optimizer: .sgd,
        learningRate: 0)
    }
    let short = try trainer(seqLen: 5), long = try trainer(seqLen: 10)
    let whole = try long.step()
    let expected = long.learner.pass.output.array
    let first = try short.step()
    #expect(short.learner.pass.output.array == Array(expected[..<(5 * 3 * 6)]))
    let second = try short.step()
    #expect(short.learner.pass.output.array == Array(expected[(5 * 3 * 6)...]))
    #expect(abs(first.loss.sum + second.loss.sum - whole.loss.sum) < 1e-9)
    #expect(whole.loss.tokenCount == 30)
  }

  /// States are zero again in a new epoch.
  @Test func epochsStartAfresh() throws {
    let trainer = try Samples.trainer(optimizer: .sgd, learningRate: 0)
    var losses: [[LossMean]] = [[], []]
    for epoch in 0..<2 {
      for _ in 0..<trainer.learner.windows.count {
        let statistics = try trainer.step()
        #expect(statistics.epoch == epoch)
        losses[epoch].append(statistics.loss)
      }
    }
    #expect(losses[0] == losses[1])
    #expect(losses[0].first != losses[0].last)
    #expect(trainer.epoch == 2 && trainer.position == 0)
    #expect(trainer.lastLoss.tokenCount == trainer.learner.windows.targetCount)
    #expect(losses[1].reduce(0) { $0 + $1.sum } == trainer.lastLoss.sum)
  }

  /// A new network knows nothing: its loss is about that of a fair guess, ln V.
  @Test func firstLoss() throws {
    let trainer = try Samples.trainer()
    let size = try #require(trainer.learner.network.configuration.outputSize)
    let loss = try #require(try trainer.step().loss.mean)
    #expect(abs(loss - log(Double(size))) < 0.5)
  }

  @Test(arguments: OptimizerKind.allCases)
  func lossFalls(optimizer: OptimizerKind) throws {
    // A text that one character foretells: abcabc…
    let text = String(repeating: "abc", count: 120)
    let trainer = try Samples.trainer(
      text: text, hiddenSize: 8, optimizer: optimizer,
      learningRate: optimizer == .adam ? 0.03 : 0.5, maximumNorm: 1, validationShare: 0.1)
    let first = try #require(trainer.validate()?.mean)
    #expect(abs(first - 1.1) < 0.4)
    for _ in 0..<150 { _ = try trainer.step() }
    let last = try #require(trainer.validate()?.mean)
    #expect(last < 0.1, "\(first) → \(last)")
  }

  /// The statistics are those of the gradients, and clipping keeps the step small.
  @Test func gradientNorms() throws {
    let trainer = try Samples.trainer(maximumNorm: 0.05)
    let statistics = try trainer.step()
    let norm = trainer.gradients.array.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(abs(statistics.gradientNorm - norm) < 1e-9 * norm)
    #expect(norm > 0.05 && abs(statistics.clippedNorm - 0.05) < 1e-12)
    #expect(statistics.update == 1 && statistics.learningRate == 0.01)

    let sgd = try Samples.trainer(optimizer: .sgd, learningRate: 1, maximumNorm: 0.05)
    let before = sgd.learner.network.parameters.array
    _ = try sgd.step()
    let moved = zip(sgd.learner.network.parameters.array, before).reduce(0.0) {
      $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
    }
    #expect(abs(moved.squareRoot() - 0.05) < 1e-5)
  }

  @Test func sameSeedSameBits() throws {
    func run(seed: UInt64) throws -> ([Float], [LossMean]) {
      let trainer = try Samples.trainer(decay: .cosine, maximumNorm: 0.5, seed: seed)
      let losses = try (0..<30).map { _ in try trainer.step().loss }
      return (trainer.learner.network.parameters.array, losses)
    }
    let a = try run(seed: 7), b = try run(seed: 7), other = try run(seed: 8)
    #expect(a == b)
    #expect(a.0 != other.0)
  }

  @Test func validationChangesNothing() throws {
    let a = try Samples.trainer(validationShare: 0.2)
    let b = try Samples.trainer(validationShare: 0.2)
    for _ in 0..<25 {
      _ = try a.step()
      _ = try b.step()
      _ = b.validate()
    }
    #expect(a.snapshot() == b.snapshot())
    #expect(b.validate() == b.validate())
    #expect(b.validate(unless: { true }) == nil)
    #expect(try Samples.trainer().validate() == nil)
  }

  @Test func stopsAtTheFirstNonFiniteLoss() throws {
    let trainer = try Samples.trainer()
    for _ in 0..<3 { _ = try trainer.step() }
    let entry = try #require(trainer.learner.network.layout["layer0.U_i"])
    trainer.learner.network.parameters[entry.offset + 7] = .nan
    let before = trainer.snapshot()
    let error = try #require(throws: TrainingError.self) { try trainer.step() }
    #expect(error.update == 4 && error.quantity == .loss)
    #expect(error.parameter == "layer0.U_i" && error.index == 7)
    #expect("\(error)".hasPrefix("update 4: the loss is not finite"))
    #expect(trainer.updateCount == 3 && trainer.position == before.position)
    // Mended, it goes on.
    trainer.learner.network.parameters[entry.offset + 7] = 0
    #expect(try trainer.step().update == 4)
  }

  /// A cell whose value is finite where its derivative is not: √0.
  @Test func stopsAtTheFirstNonFiniteGradient() throws {
    let cell = try Cell(
      name: "root", text: "state h\na = W·x + U·h' + b\nh = tanh(a) + √(p ⊙ p)\ninit p = 0")
    let corpus = try TextCorpus(text: Samples.text(count: 100), validationShare: 0)
    let size = corpus.vocabulary.count
    let network = Network<Float>(
      NetworkConfiguration(
        input: .oneHot(vocabularySize: size), cell: cell, hiddenSize: 4, outputSize: size))
    network.initialize(InitializationOptions())
    let trainer = LanguageModelTrainer(
      network: network, windows: try corpus.trainingWindows(seqLen: 4, batchSize: 2),
      optimizer: Adam(count: network.parameters.count),
      schedule: LearningRateSchedule(initialRate: 0.1, totalUpdates: 1))
    let weights = network.parameters.array
    let error = try #require(throws: TrainingError.self) { try trainer.step() }
    #expect(error.quantity == .gradient && error.update == 1 && error.parameter == "layer0.p")
    #expect(network.parameters.array == weights)
  }
}
