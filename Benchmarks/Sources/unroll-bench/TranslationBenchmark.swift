internal import Equations
internal import Networks
internal import Tensors

/// Decoding with a beam of 4: a sentence of 12 words into one of 14, with models of the shipped ones'
/// size and random weights. None of them ends a sentence by itself: all take as many steps.
enum TranslationBenchmark {
  private static let (sourceWords, targetWords, beam) = (12, 14, 4)
  private static let (sourceVocabulary, targetVocabulary) = (501, 858)
  private static let limit = 0.020

  static func run(_ options: BenchmarkOptions, _ verdicts: inout Verdicts) throws {
    let table = Table([
      ("model", 16), ("min ms", 8), ("median ms", 9), ("limit", 8), ("", 6),
    ])
    for (name, configuration) in try configurations() {
      let model = EncoderDecoder<Float>(configuration)
      model.initialize(InitializationOptions(seed: 1))
      var random = SeededRandom(seed: 2)
      let source = (0..<sourceWords).map { _ in Int32(4 + random.below(sourceVocabulary - 4)) }
      let samples = Samples(
        Timing.runs(seconds: options.isQuick ? 0.1 : 1, atLeast: 5) {
          let search = BeamSearch(
            model: model, source: source, start: 1, end: 2,
            options: .init(width: beam, mostWords: targetWords))
          precondition(!search.results.isEmpty, "no sentence")
        })
      table.row([
        name, Report.milliseconds(samples.min), Report.milliseconds(samples.median),
        Report.milliseconds(limit),
        verdicts.add("beam 4, \(name)", samples.median <= limit),
      ])
    }
  }

  private static func configurations() throws -> [(String, EncoderDecoderConfiguration)] {
    guard let gru = try Cell.shipped("gru"), let additive = try Block.shipped("additive"),
      let encoder = try Block.shipped("encoder-pre"), let decoder = try Block.shipped("decoder-pre")
    else { throw BenchmarkError("no shipped equations") }
    func recurrent(_ attention: Block?) -> EncoderDecoderConfiguration {
      .recurrent(
        RecurrentEncoderDecoderConfiguration(
          cell: gru, sourceVocabularySize: sourceVocabulary,
          targetVocabularySize: targetVocabulary, embeddingSize: 96, hiddenSize: 160,
          isBidirectional: true, attention: attention))
    }
    func stack(_ size: Int, _ block: Block) -> TransformerConfiguration {
      TransformerConfiguration(
        input: .tokens(vocabularySize: size), modelSize: 128, headCount: 4, feedForwardSize: 512,
        blocks: [block, block], positions: .sinusoidal, normalizesOutput: true)
    }
    var writing = stack(targetVocabulary, decoder)
    writing.isCausal = true
    writing.head = .tied(hasBias: true)
    return [
      ("gru-none", recurrent(nil)), ("gru-additive", recurrent(additive)),
      ("transformer", .transformer(encoder: stack(sourceVocabulary, encoder), decoder: writing)),
    ]
  }
}
