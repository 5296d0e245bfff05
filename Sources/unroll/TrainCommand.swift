internal import ArgumentParser

/// `unroll train`: alone it lists the tasks.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a new model on a task.",
    discussion: "Every task writes a model that all other commands open.",
    subcommands: [
      TrainTextCommand.self, TrainItCommand.self, TrainInductionCommand.self,
      TrainSentimentCommand.self, TrainNamesCommand.self, TrainCaptionsCommand.self,
      TrainPairsCommand.self, TrainTranslateCommand.self,
    ])
}
