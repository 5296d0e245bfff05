internal import Equations
internal import Learning
internal import Networks
internal import Tensors

/// Updates of a character model, as `unroll train text` makes them.
enum TrainingBenchmark {
  private static let (embedding, hidden, vocabulary, batch, steps) = (64, 128, 96, 32, 64)

  static func run(_ options: BenchmarkOptions) throws {
    let table = Table([("threads", 8), ("min ms", 8), ("median ms", 9), ("tokens/s", 9)])
    for threads in [1, 2] {
      BLAS.threads = threads
      defer { BLAS.threads = 1 }
      let trainer = try makeTrainer()
      var times: [Double] = []
      let start = ContinuousClock.now
      while times.count < 5 || Timing.seconds(since: start) < (options.isQuick ? 0.3 : 2) {
        times.append(try Timing.time { _ = try trainer.step() })
      }
      let samples = Samples(times)
      table.row([
        "\(threads)", Report.milliseconds(samples.min), Report.milliseconds(samples.median),
        Report.number(Double(batch * steps) / samples.median, 0),
      ])
    }
  }

  private static func makeTrainer() throws -> LanguageModelTrainer {
    guard let cell = try Cell.shipped("lstm") else { throw BenchmarkError("no shipped cell lstm") }
    let network = Network<Float>(
      .init(
        input: .embedding(vocabularySize: vocabulary, size: embedding), cell: cell,
        hiddenSize: hidden, outputSize: vocabulary))
    network.initialize(.init())
    var random = SeededRandom(seed: 2)
    let text = (0...batch * steps * 16).map { _ in Int32(random.below(vocabulary)) }
    return LanguageModelTrainer(
      network: network, windows: TextWindows(ids: text, seqLen: steps, batchSize: batch),
      optimizer: Adam(count: network.layout.count),
      schedule: LearningRateSchedule(initialRate: 1e-3, totalUpdates: 1_000_000), maximumNorm: 1)
  }
}
