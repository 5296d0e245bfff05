internal import Equations
internal import Networks
internal import Tensors

/// Multi-head attention, and a sentence encoder of MiniLM's size with random weights.
enum AttentionBenchmark {
  private static let (modelSize, headCount, feedForwardSize, layerCount) = (384, 12, 1536, 6)

  static func run(_ options: BenchmarkOptions) throws {
    let attention = try configuration(layers: 1, block: "attention", input: .vectors)
    let miniLM = try configuration(
      layers: layerCount, block: "encoder-post", input: .tokens(vocabularySize: 30_522))
    let table = Table([
      ("network", 16), ("tokens", 7), ("min ms", 8), ("median ms", 9), ("GFLOP/s", 8),
    ])
    for (name, configuration) in [("attention", attention), ("MiniLM, 6 layers", miniLM)] {
      let transformer = Transformer<Float>(configuration)
      transformer.initialize(seed: 1)
      for seqLen in [16, 128, 512] {
        let samples = measure(transformer, seqLen: seqLen, options)
        let flops = self.flops(configuration, seqLen: seqLen)
        table.row([
          name, "\(seqLen)", Report.milliseconds(samples.min),
          Report.milliseconds(samples.median), Report.number(flops / samples.min / 1e9, 0),
        ])
      }
    }
  }

  private static func configuration(
    layers: Int, block name: String, input: TransformerConfiguration.Input
  ) throws -> TransformerConfiguration {
    guard let block = try Block.shipped(name) else {
      throw BenchmarkError("no shipped block \(name)")
    }
    return TransformerConfiguration(
      input: input, modelSize: modelSize, headCount: headCount, feedForwardSize: feedForwardSize,
      blocks: Array(repeating: block, count: layers),
      positions: input == .vectors ? .none : .learned(count: 512),
      normalizesEmbedding: input != .vectors)
  }

  private static func measure(
    _ transformer: Transformer<Float>, seqLen: Int, _ options: BenchmarkOptions
  ) -> Samples {
    let pass = TransformerPass(transformer: transformer, seqLen: seqLen)
    var random = SeededRandom(seed: 1)
    if transformer.configuration.vocabularySize == nil {
      pass.setInput((0..<seqLen * modelSize).map { _ in Float(random.normal()) })
    } else {
      pass.setTokens([(0..<seqLen).map { _ in Int32(random.below(30_000)) }])
    }
    return Samples(
      Timing.runs(seconds: options.isQuick ? 0.1 : 1, atLeast: 5) { pass.forward() })
  }

  /// Of the products only.
  private static func flops(_ configuration: TransformerConfiguration, seqLen: Int) -> Double {
    let size = Double(modelSize), rows = Double(seqLen)
    let feedForward =
      configuration.vocabularySize == nil ? 0 : 4 * rows * size * Double(feedForwardSize)
    let layer = 8 * rows * size * size + 4 * rows * rows * size + feedForward
    return layer * Double(configuration.layerCount)
  }
}
