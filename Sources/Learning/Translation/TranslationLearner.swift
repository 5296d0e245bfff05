public import Networks
public import Tensors

/// An encoder-decoder that learns to translate.
///
/// All that is drawn depends on the seed and on the place in the training alone.
public final class TranslationLearner: Learner {
  public struct Options: Sendable, Equatable {
    public var batchSize: Int
    /// Of the order of the pairs and of what the decoder is given.
    public var seed: UInt64
    /// ε of Szegedy et al. 2016.
    public var labelSmoothing: Double
    /// How often the decoder is given the right word, 0…1; else it is given its own likeliest one.
    public var teacherForcing: Double

    public init(
      batchSize: Int, seed: UInt64, labelSmoothing: Double = 0, teacherForcing: Double = 1
    ) {
      self.batchSize = batchSize
      self.seed = seed
      self.labelSmoothing = labelSmoothing
      self.teacherForcing = teacherForcing
    }
  }

  public let model: EncoderDecoder<Float>
  public let data: TranslationData
  public let options: Options
  private var order: TranslationBatches?

  /// - Precondition: the model has the data's vocabularies; there are pairs to learn from.
  public init(model: EncoderDecoder<Float>, data: TranslationData, options: Options) {
    precondition(
      model.configuration.sourceVocabularySize == data.sourceVocabulary.count
        && model.configuration.targetVocabularySize == data.targetVocabulary.count,
      "a model of other vocabularies")
    precondition(!data.training.isEmpty && options.batchSize > 0, "nothing to learn from")
    self.model = model
    self.data = data
    self.options = options
  }

  public var parameters: Buffer<Float> { model.parameters }

  /// Once through all pairs.
  public var updatesPerEpoch: Int {
    (data.training.count + options.batchSize - 1) / options.batchSize
  }

  public func parameter(at element: Int) -> (name: String, index: Int)? {
    model.layout.parameter(at: element)
  }

  // MARK: Learning

  /// The loss that is followed downwards is the mean over the batch's words.
  public func loss(at place: TrainingPlace, gradients: Buffer<Float>) -> LossMean {
    let examples = batch(at: place)
    let pass = pass(examples)
    pass.seedDropout(TransformerBatches.mixed(~options.seed, place.update))
    pass.setInputs(inputs(examples, update: place.update))
    pass.forward()
    let targets = pass.rows(examples.map(\.answers))
    let loss = LossMean(
      sum: pass.losses(targets: targets, labelSmoothing: options.labelSmoothing).reduce(0, +),
      tokenCount: targets.count { $0 >= 0 })
    guard loss.sum.isFinite else { return loss }
    pass.backward(
      targets: targets, gradients: gradients, scale: 1 / Float(loss.tokenCount),
      labelSmoothing: options.labelSmoothing)
    return loss
  }

  func batch(at place: TrainingPlace) -> [TranslationExample] {
    if order?.epoch != place.epoch {
      order = TranslationBatches(
        data.training, seed: options.seed, epoch: place.epoch, batchSize: options.batchSize)
    }
    return order?.batches[place.position].map { data.training[$0] } ?? []
  }

  private func pass(
    _ examples: [TranslationExample], isTraining: Bool = true
  ) -> EncoderDecoderPass<Float> {
    let pass = EncoderDecoderPass(
      model: model, sourceLen: examples.map(\.source.count).max() ?? 1,
      targetLen: examples.map(\.answers.count).max() ?? 1, batchSize: examples.count,
      isTraining: isTraining)
    pass.setSources(examples.map(\.source))
    return pass
  }

  /// What the decoder is given: the right words, or where the coin says so what it has just held for
  /// the likeliest one.
  ///
  /// - Source: Bengio et al. 2015, "Scheduled sampling", with a rate that stays.
  func inputs(_ examples: [TranslationExample], update: Int) -> [[Int32]] {
    var inputs = examples.map(\.inputs)
    guard options.teacherForcing < 1 else { return inputs }
    var random = SeededRandom(
      seed: TransformerBatches.mixed(options.seed ^ Self.coinSeed, update))
    let longest = inputs.map(\.count).max() ?? 0
    let decoder = IncrementalDecoder(
      model: model, sources: examples.map(\.source), capacity: longest)
    for time in 0..<longest - 1 {
      decoder.extend(
        tokens: inputs.map { time < $0.count ? $0[time] : SentenceVocabulary.padding })
      for row in inputs.indices where time + 1 < inputs[row].count {
        if random.uniform() >= options.teacherForcing {
          inputs[row][time + 1] = decoder.likeliestWord(row: row)
        }
      }
    }
    return inputs
  }

  /// What keeps the coins apart from the order of the pairs.
  private static let coinSeed: UInt64 = 0x3C6E_F372_FE94_F82B

  // MARK: Measuring

  /// Of the held-out pairs, the right words given to the decoder.
  public func validate(unless shouldStop: () -> Bool) -> LossMean? {
    guard !data.heldOut.isEmpty else { return nil }
    var loss = LossMean()
    for batch in TranslationBatches.batches(
      of: data.heldOut.indices, data.heldOut, size: options.batchSize)
    {
      if shouldStop() { return nil }
      let examples = batch.map { data.heldOut[$0] }
      let pass = pass(examples, isTraining: false)
      pass.setInputs(examples.map(\.inputs))
      pass.forward()
      let targets = pass.rows(examples.map(\.answers))
      loss.add(
        LossMean(
          sum: pass.losses(targets: targets).reduce(0, +),
          tokenCount: targets.count { $0 >= 0 }))
    }
    return loss
  }
}

public typealias TranslationTrainer = Trainer<TranslationLearner>
