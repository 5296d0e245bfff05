internal import ArgumentParser

/// `unroll train translate`: an encoder-decoder that translates.
struct TrainTranslateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "translate",
    abstract: "Learn to translate sentences with an encoder and a decoder.",
    usage: "unroll train translate [options] --out FILE.safetensors [--resume]",
    discussion: """
      Without --pairs it learns from generated English and French sentences (unroll train pairs \
      writes such); those that it is measured by say an adjective of a noun of which no other \
      sentence says it. With --pairs the words are those of the file.

      CELL-none has no attention: all that the decoder knows of the sentence are the encoder's \
      last states. CELL-additive (Bahdanau et al. 2015) and CELL-dot (Luong et al. 2015) look back \
      at all of them; the transformer has nothing but attention.

      Defaults, by which the shipped models are trained: with attention \
      \(standards(.recurrent(cell: "gru", attention: "additive"))); without it the same, but \
      \(own(.recurrent(cell: "gru", attention: nil))); of transformers \
      \(standards(.transformer)).

      Ctrl-C saves, and exits with 128 + the signal's number; --resume goes on with OUT.training \
      and gives the same bytes as a training that was never stopped (on the same machine, with as \
      many threads). Only --epochs or --updates may be changed then, and where the files are.
      """)

  private static func standards(_ model: TrainTranslateModel) -> String {
    text(model.standards)
  }

  /// Those of a model without attention that are not those of one with it.
  private static func own(_ model: TrainTranslateModel) -> String {
    let others = TrainTranslateModel.recurrent(cell: "gru", attention: "additive").standards
    return text(model.standards.filter { others[$0.key] != $0.value })
  }

  private static func text(_ standards: [TrainSettings.Option: String]) -> String {
    TrainSettings.Option.allCases.compactMap { option in
      guard let value = standards[option] else { return nil }
      return value == "true" ? "--\(option.rawValue)" : "--\(option.rawValue) \(value)"
    }.joined(separator: " ")
  }

  @OptionGroup(title: "Model") var model: TrainTranslateModelOptions
  @OptionGroup(title: "Training") var training: TrainTranslateLearningOptions
  @OptionGroup(title: "Output") var output: TrainOutputOptions

  func run() throws {
    try TrainSession<TrainTranslateJob>.run([model.settings, training.settings], output)
  }
}
