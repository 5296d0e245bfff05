internal import ArgumentParser

/// `unroll train text`: a model that predicts the next character or word of a text.
struct TrainTextCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "text",
    abstract: "Learn to predict the next character, or word, of a text.",
    usage: "unroll train text --text FILE [options] --out FILE.safetensors [--resume]",
    discussion: """
      Truncated backpropagation through time: the text is cut into --batch parallel streams, which \
      are read in windows of --seq-len tokens; the states are carried from window to window and \
      start at zero in each epoch.

      Ctrl-C (or TERM, HUP) ends the training after the update that is running, saves it, and \
      exits with 128 + the signal's number. What is needed to go on stands in OUT.training, which \
      is written once a minute and at the end, and stays there; delete it when the model is \
      good enough. --resume goes on where that file stops and gives the same bytes as a training \
      that was never stopped (on the same machine, with as many threads). Options that it \
      remembers need not be repeated; only --epochs or --updates may be changed, to train longer \
      (with --decay the rate then follows the curve of the new length).

      Without --resume a model at OUT, and OUT.training, are replaced.
      """)

  @OptionGroup(title: "Text") var text: TrainTextOptions
  @OptionGroup(title: "Network") var network: TrainNetworkOptions
  @OptionGroup(title: "Training") var training: TrainLearningOptions
  @OptionGroup(title: "Output") var output: TrainOutputOptions

  func validate() throws {
    if text.text == nil, !output.resume {
      throw ValidationError("--text FILE is missing: the text to learn (- is standard input)")
    }
  }

  func run() throws {
    try TrainSession<TrainTextJob>.run(
      [text.settings, network.settings, training.settings], output)
  }
}
