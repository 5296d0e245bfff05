import Equations
import Learning
import Networks
import Tensors
import Testing

@Suite struct TranslateTrainerTests {
  private typealias Samples = TranslateSamples

  /// A language that is written backwards, sentences that were never seen included.
  @Test(arguments: [1.0, 0.5])
  func aSmallLanguageIsLearnt(teacherForcing: Double) throws {
    let model = try Samples.model()
    let trainer = Samples.trainer(model, updates: 160, teacherForcing: teacherForcing)
    let before = try #require(trainer.validate()?.mean)
    for _ in 0..<160 { _ = try trainer.step() }
    let after = try #require(trainer.validate()?.mean)
    #expect(before > 1.5 && after < 0.1, "\(before) -> \(after)")
    #expect(Samples.score(model, on: Samples.data.heldOutPairs).share == 1)
  }

  /// With a rate of 1 the decoder is given the right words, with 0 those that it holds for the
  /// likeliest after its own earlier ones: found here anew with whole passes, without any cache.
  @Test(arguments: [0.0, 1.0])
  func whatTheDecoderIsGiven(rate: Double) throws {
    let model = try Samples.model(seed: 9)
    let examples = Samples.data.training
    // One batch holds all: their order does not matter.
    let trainer = Samples.trainer(
      model, batch: examples.count, updates: 10, teacherForcing: rate)
    var inputs = examples.map { [SentenceVocabulary.start] + $0.target }
    let answers = examples.map { $0.target + [SentenceVocabulary.end] }
    let pass = EncoderDecoderPass(
      model: model, sourceLen: 3, targetLen: 4, batchSize: examples.count)
    pass.setSources(examples.map(\.source))
    func run() {
      pass.setInputs(inputs)
      pass.forward()
    }
    if rate == 0 {
      for time in 0..<3 {
        run()
        let size = model.configuration.targetVocabularySize
        for row in inputs.indices where time + 1 < inputs[row].count {
          let start = (row * 4 + time) * size
          let logits = pass.logits.array[start..<start + size]
          let best = try #require(logits.indices.max { logits[$0] < logits[$1] })
          inputs[row][time + 1] = Int32(best - start)
        }
      }
      #expect(inputs != examples.map { [SentenceVocabulary.start] + $0.target })
    }
    run()
    let wanted = pass.losses(targets: pass.rows(answers)).reduce(0, +)
    let loss = try trainer.step().loss
    #expect(abs(loss.sum - wanted) < 1e-3 * wanted, "\(loss.sum) \(wanted)")
    #expect(loss.tokenCount == answers.reduce(0) { $0 + $1.count })
  }

  /// An epoch goes through each pair once; those of a batch are of similar length.
  @Test func anEpochIsEachPairOnce() throws {
    let trainer = Samples.trainer(try Samples.model(), batch: 10, updates: 40)
    let words = Samples.data.training.reduce(0) { $0 + $1.target.count + 1 }
    #expect(trainer.learner.updatesPerEpoch == 14)
    for _ in 0..<2 {
      var count = 0
      for _ in 0..<14 { count += try trainer.step().loss.tokenCount }
      #expect(count == words)
    }
    #expect(trainer.epoch == 2 && trainer.position == 0)
  }

  /// Stopped in the middle of an epoch, and taken up by another trainer: the same weights, with
  /// coins, dropout and all.
  @Test(arguments: [false, true])
  func resumedIsUnbroken(isTransformer: Bool) throws {
    func trainer() throws -> TranslationTrainer {
      Samples.trainer(
        isTransformer ? try Samples.transformer() : try Samples.model(attention: "dot"), batch: 16,
        updates: 20, teacherForcing: 0.5, smoothing: 0.1)
    }
    let whole = try trainer(), first = try trainer(), second = try trainer()
    for _ in 0..<20 { _ = try whole.step() }
    for _ in 0..<11 { _ = try first.step() }
    try second.restore(first.snapshot())
    for _ in 0..<9 { _ = try second.step() }
    #expect(second.snapshot() == whole.snapshot())
    #expect(second.learner.parameters.array != first.learner.parameters.array)
  }

  @Test func otherSeedsGiveOtherCoins() throws {
    func firstLoss(_ seed: UInt64) throws -> Double {
      let model = try Samples.model()
      let learner = TranslationLearner(
        model: model, data: Samples.data,
        options: TranslationLearner.Options(
          batchSize: Samples.data.training.count, seed: seed, teacherForcing: 0.5))
      let trainer = TranslationTrainer(
        learner, optimizer: Adam(count: model.parameters.count),
        schedule: LearningRateSchedule(initialRate: 0.01, totalUpdates: 1))
      return try trainer.step().loss.sum
    }
    #expect(try firstLoss(1) == firstLoss(1))
    #expect(try abs(firstLoss(1) - firstLoss(2)) > 1e-3)
  }
}
