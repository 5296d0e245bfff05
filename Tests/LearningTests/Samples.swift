import Equations
import Learning
import Networks
import Tensors
import Testing

/// Small texts and trainers.
enum Samples {
  /// `count` letters of a made-up sentence with a few surprises.
  static func text(count: Int, seed: UInt64 = 5) -> String {
    var random = SeededRandom(seed: seed)
    let words = ["the ", "owl ", "sat ", "on ", "a ", "hat. ", "\n"]
    var text = ""
    while text.unicodeScalars.count < count { text += words[random.below(words.count)] }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(count)))
  }

  static func trainer(
    cell: String = "lstm", text: String = text(count: 600), seqLen: Int = 8, batchSize: Int = 4,
    hiddenSize: Int = 6, numLayers: Int = 1, optimizer: OptimizerKind = .adam,
    learningRate: Double = 0.01, decay: LearningRateSchedule.Decay = .none, totalUpdates: Int = 100,
    maximumNorm: Double? = nil, validationShare: Double = 0, seed: UInt64 = 1
  ) throws -> LanguageModelTrainer {
    let corpus = try TextCorpus(text: text, validationShare: validationShare)
    let size = corpus.vocabulary.count
    let network = Network<Float>(
      NetworkConfiguration(
        input: .embedding(vocabularySize: size, size: 5),
        cell: try #require(try Cell.shipped(cell)), hiddenSize: hiddenSize, numLayers: numLayers,
        outputSize: size))
    network.initialize(InitializationOptions(forgetBias: 1, seed: seed))
    return LanguageModelTrainer(
      network: network,
      windows: try corpus.trainingWindows(seqLen: seqLen, batchSize: batchSize),
      validation: corpus.validationWindows(seqLen: seqLen, batchSize: batchSize),
      optimizer: optimizer.make(count: network.parameters.count),
      schedule: LearningRateSchedule(
        initialRate: learningRate, decay: decay, totalUpdates: totalUpdates),
      maximumNorm: maximumNorm)
  }
}
