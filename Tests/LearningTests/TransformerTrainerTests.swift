import Equations
import Learning
import Networks
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct TransformerTrainerTests {
  private func trainer(
    updates: Int = 60, dropout: Double = 0.2, seed: UInt64 = 1, learningRate: Double = 0.003,
    maximumNorm: Double? = 1, epochLength: Int = 7
  ) throws -> TransformerTrainer {
    let task = InductionTask(seqLen: 32)
    let block = try #require(try Block.shipped("encoder-pre"))
    let transformer = Transformer<Float>(
      TransformerConfiguration(
        input: .tokens(vocabularySize: task.vocabulary.count), modelSize: 16, headCount: 2,
        feedForwardSize: 24, blocks: [block, block], positions: .sinusoidal,
        scalesEmbedding: true, normalizesOutput: true, isCausal: true,
        head: .linear(hasBias: true), dropout: dropout))
    transformer.initialize(seed: seed)
    return TransformerTrainer(
      TransformerLearner(
        transformer: transformer, task: task,
        options: TransformerLearner.Options(
          batchSize: 4, seed: seed, labelSmoothing: 0.1, epochLength: epochLength,
          validationCount: 12)),
      optimizer: Adam(count: transformer.parameters.count, weightDecay: 0.01),
      schedule: LearningRateSchedule(
        initialRate: learningRate, decay: .cosine, totalUpdates: updates, warmupUpdates: 5),
      maximumNorm: maximumNorm)
  }

  /// Taken up again in the middle of an epoch, and of a group of batches, with dropout.
  @Test func resumedIsUnbroken() throws {
    let whole = try trainer(), first = try trainer(), second = try trainer()
    for _ in 0..<30 { _ = try whole.step() }
    for _ in 0..<18 { _ = try first.step() }
    _ = first.validate()
    try second.restore(first.snapshot())
    for _ in 18..<30 { _ = try second.step() }
    #expect(second.snapshot() == whole.snapshot())
    #expect(second.validate() == whole.validate())
    #expect(whole.epoch == 4 && whole.position == 2)
    let other = try trainer(seed: 2)
    for _ in 0..<30 { _ = try other.step() }
    #expect(
      other.learner.transformer.parameters.array != whole.learner.transformer.parameters.array)
    // A snapshot of another network changes nothing.
    var wrong = whole.snapshot()
    wrong.arrays[1] = .init(name: "adam.m", values: [1])
    #expect(throws: SnapshotError.self) { try second.restore(wrong) }
    #expect(second.snapshot() == whole.snapshot())
  }

  /// A new network knows nothing: its loss is that of a fair guess, ln 95. Dropout is off where it is
  /// measured.
  @Test func measuring() throws {
    let trainer = try trainer()
    let loss = try #require(trainer.validate()?.mean)
    #expect(abs(loss - log(95)) < 0.5)
    #expect(trainer.validate() == trainer.validate())
    // Twelve sequences of 32 characters; of each, fifteen successors can be known.
    #expect(trainer.validate()?.tokenCount == 12 * 15)
    #expect(trainer.validate(unless: { true }) == nil)
  }

  /// The rule is learnt from as good as no data: one character repeats over and over.
  @Test func lossFalls() throws {
    struct Cycle: TransformerTask {
      let vocabulary = Vocabulary(tokens: ["a", "b", "c", "d"])
      func example(_ random: inout SeededRandom) -> TransformerExample {
        let start = Int32(random.below(4))
        let tokens = (0..<6).map { (start + $0) % 4 }
        return TransformerExample(tokens: tokens, targets: tokens.map { ($0 + 1) % 4 })
      }
      func heldOutExample(_ random: inout SeededRandom) -> TransformerExample {
        example(&random)
      }
    }
    let block = try #require(try Block.shipped("encoder-post"))
    let transformer = Transformer<Float>(
      TransformerConfiguration(
        input: .tokens(vocabularySize: 4), modelSize: 8, headCount: 2, feedForwardSize: 8,
        blocks: [block], positions: .sinusoidal, scalesEmbedding: true, isCausal: true,
        head: .tied(hasBias: true)))
    transformer.initialize(seed: 3)
    let trainer = TransformerTrainer(
      TransformerLearner(
        transformer: transformer, task: Cycle(),
        options: TransformerLearner.Options(batchSize: 4, seed: 1)),
      optimizer: Adam(count: transformer.parameters.count),
      schedule: LearningRateSchedule(initialRate: 0.02, totalUpdates: 150), maximumNorm: 1)
    let before = try #require(trainer.validate()?.mean)
    for _ in 0..<150 { _ = try trainer.step() }
    let after = try #require(trainer.validate()?.mean)
    #expect(before > 1 && after < 0.1, "\(before) → \(after)")
  }

  @Test func clippingAndWarmUp() throws {
    let trainer = try trainer(maximumNorm: 0.01)
    let statistics = try trainer.step()
    #expect(statistics.gradientNorm > 0.01 && abs(statistics.clippedNorm - 0.01) < 1e-9)
    // By hand: the first of five updates that lead to 0.003.
    #expect(abs(statistics.learningRate - 0.003 / 6) < 1e-12)
    let schedule = LearningRateSchedule(
      initialRate: 8, decay: .linear, totalUpdates: 7, warmupUpdates: 3)
    #expect((0...8).map { schedule.rate(ofUpdate: $0) } == [2, 4, 6, 8, 6, 4, 2, 0, 0])
    let steady = LearningRateSchedule(initialRate: 8, totalUpdates: 3, warmupUpdates: 1)
    #expect((0...3).map { steady.rate(ofUpdate: $0) } == [4, 8, 8, 8])
  }

  @Test func stopsAtTheFirstNonFiniteLoss() throws {
    let trainer = try trainer()
    _ = try trainer.step()
    let entry = try #require(trainer.learner.transformer.layout["layer1.W_V"])
    trainer.learner.transformer.parameters[entry.offset + 3] = .nan
    let error = try #require(throws: TrainingError.self) { try trainer.step() }
    #expect(error.update == 2 && error.parameter == "layer1.W_V" && error.index == 3)
    #expect(trainer.updateCount == 1)
  }

  /// A sequence that begins at position 5 is what stands behind five others: sines and table alike.
  @Test(arguments: [
    TransformerConfiguration.Positions.sinusoidal, .learned(count: 9),
  ])
  func firstPosition(positions: TransformerConfiguration.Positions) throws {
    let transformer = Transformer<Float>(
      TransformerConfiguration(
        input: .tokens(vocabularySize: 3), modelSize: 4, headCount: 1, feedForwardSize: 4,
        blocks: [], positions: positions))
    transformer.initialize(seed: 4)
    let long = TransformerPass(transformer: transformer, seqLen: 9)
    let short = TransformerPass(transformer: transformer, seqLen: 4)
    let tokens: [Int32] = [0, 1, 2, 0, 1, 2, 2, 0, 1]
    long.setTokens([tokens])
    long.forward()
    short.setTokens([Array(tokens[5...])], firstPosition: 5)
    short.forward()
    #expect(short.embeddings.array == Array(long.embeddings.array[(5 * 4)...]))
    // And back at the start.
    short.setTokens([Array(tokens[..<4])])
    short.forward()
    #expect(short.embeddings.array == Array(long.embeddings.array[..<(4 * 4)]))
  }

  /// What is dropped depends on the seed of the call alone.
  @Test func dropoutSeeds() throws {
    let trainer = try trainer(dropout: 0.5)
    let batch = try #require(
      trainer.learner.task.heldOutBatches(seed: 5, count: 3, size: 3).first)
    let objective = TransformerObjective(transformer: trainer.learner.transformer)
    func loss(_ seed: UInt64?) -> Double {
      objective.loss(
        batch, gradients: Buffer(count: trainer.learner.transformer.layout.count), dropoutSeed: seed
      ).sum
    }
    let first = loss(1)
    #expect(loss(2) != first && loss(1) == first && loss(nil) != loss(nil))
  }
}
