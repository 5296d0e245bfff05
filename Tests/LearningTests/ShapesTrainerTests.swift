import Equations
import Learning
import Networks
import Tensors
import Testing

@Suite struct ShapesTrainerTests {
  private func network(_ task: any ShapeTask, isBidirectional: Bool = false) throws -> Network<
    Float
  > {
    let cell = try #require(try Cell.shipped("lstm"))
    let network = Network<Float>(
      NetworkConfiguration(
        input: task.input, cell: cell, hiddenSize: 12, isBidirectional: isBidirectional,
        outputSize: task.classes.count))
    network.initialize(InitializationOptions(forgetBias: 1, seed: 3))
    return network
  }

  private func trainer(
    _ network: Network<Float>, _ task: any ShapeTask, updates: Int, batchSize: Int
  ) -> ShapeTrainer {
    ShapeTrainer(
      ShapeLearner(network: network, task: task, updates: updates, batchSize: batchSize),
      optimizer: Adam(count: network.parameters.count),
      schedule: LearningRateSchedule(initialRate: 1e-2, decay: .cosine, totalUpdates: updates),
      maximumNorm: 1)
  }

  private func train(_ network: Network<Float>, _ task: any ShapeTask, updates: Int) throws
    -> [Double]
  {
    let trainer = trainer(network, task, updates: updates, batchSize: 8)
    return try (0..<updates).map { _ in try trainer.step().loss.mean ?? .nan }
  }

  @Test(arguments: ShapeKind.allCases)
  func theSameSeedGivesTheSameWeights(kind: ShapeKind) throws {
    let first = try network(kind.task), second = try network(kind.task)
    #expect(try train(first, kind.task, updates: 5) == train(second, kind.task, updates: 5))
    #expect(first.parameters.array == second.parameters.array)
  }

  /// Taken up again in the middle, its batches are drawn again as they were.
  @Test func resumedIsUnbroken() throws {
    let task = SentimentTask()
    func trainer() throws -> ShapeTrainer {
      self.trainer(try network(task), task, updates: 12, batchSize: 4)
    }
    let whole = try trainer(), first = try trainer(), second = try trainer()
    for _ in 0..<12 { _ = try whole.step() }
    for _ in 0..<7 { _ = try first.step() }
    // What it has done before is gone.
    for _ in 0..<9 { _ = try second.step() }
    try second.restore(first.snapshot())
    for _ in 7..<12 { _ = try second.step() }
    #expect(second.snapshot() == whole.snapshot())
  }

  /// A batch's loss is the mean of those of its sequences: what is side by side does not mix, in
  /// either direction.
  @Test func aBatchIsTheMeanOfItsSequences() throws {
    let task = NameTask()
    let network = try network(task, isBidirectional: true)
    var random = SeededRandom(seed: 8)
    var batch: [ShapeExample] = []
    while batch.count < 4 {
      let example = task.example(&random)
      if example.seqLen == 7 { batch.append(example) }
    }
    let together = NetworkPass(network: network, seqLen: 7, batchSize: 4)
    var tokens = [Int32](repeating: -1, count: 28), targets = tokens
    for (column, example) in batch.enumerated() {
      for time in 0..<7 {
        tokens[time * 4 + column] = example.input.ids?[time] ?? -1
        targets[time * 4 + column] = example.targets[time]
      }
    }
    together.setTokens(tokens)
    together.forward()
    let sum = try #require(together.head).losses(targets: targets).reduce(0, +)
    let alone = batch.map { example in
      var input = example.input
      input = RunInput(
        source: input.source, labels: input.labels, targets: .classes(example.targets))
      return NetworkRun(network: network, input: input, loss: .targets, isBackward: false)
        .losses.reduce(0, +)
    }
    #expect(abs(sum - alone.reduce(0, +)) < 1e-4)
  }

  /// Most words of a sentence are no names; what is learnt must be more than that.
  @Test func learningLowersTheLoss() throws {
    let task = NameTask()
    let network = try network(task, isBidirectional: true)
    let before = ShapeScore(network, on: task, examples: 100, seed: 5)
    let losses = try train(network, task, updates: 300)
    let after = ShapeScore(network, on: task, examples: 100, seed: 5)
    let early = losses.prefix(20).reduce(0, +), late = losses.suffix(20).reduce(0, +)
    #expect(late < early * 0.3)
    #expect(before.accuracy < 0.8)
    #expect(after.accuracy > 0.93)
  }

  /// Greedy decoding by hand: each prefix is run anew, and the likeliest word is put behind it.
  @Test func decodingTakesTheLikeliestWordEachTime() throws {
    let task = CaptionTask()
    let network = try network(task)
    _ = try train(network, task, updates: 60)
    var picture = CaptionTask.shown
    let decoded = CaptionDecoder(network: network).words(of: picture.pixels)
    picture.words = []
    while picture.words.count < CaptionTask.maximumLength - 1 {
      let input = task.input(of: picture)
      let pass = NetworkPass(network: network, seqLen: input.seqLen)
      input.set(in: pass)
      pass.forward()
      let logits = try #require(pass.head).logits.array.suffix(task.classes.count)
      let best = try #require(logits.indices.max { logits[$0] < logits[$1] })
      let word = task.classes[best - logits.startIndex]
      if word == CaptionTask.end { break }
      picture.words.append(word)
    }
    #expect(decoded == picture.words)
  }
}
