internal import ArgumentParser

/// `unroll train it`: an encoder in whose heads "it" finds its noun.
struct TrainItCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "it",
    abstract: "Learn which noun \"it\" stands for.",
    usage: "unroll train it [options] --out FILE.safetensors [--resume]",
    discussion: """
      Sentences are generated: two nouns, a verb between them, and a clause with \"it\" that fits only \
      one of them, in every order: The cat drank the milk because it was hungry (or: fresh). To be \
      predicted is, where \"it\" stands, the noun's word; in other sentences masked words. Nothing \
      tells the network where to look.

      At the end it is measured on sentences whose nouns never stood together in training: how often \
      the largest weight that one head gives from \"it\" to a noun is on the right one.

      \(TrainTransformerText.standards(PronounRecipe.standards)) \(TrainTransformerText.resuming)
      """)

  @OptionGroup(title: "Training") var training: TrainTransformerOptions
  @OptionGroup(title: "Output") var output: TrainOutputOptions

  func run() throws {
    try TrainSession<TrainTransformerJob<PronounRecipe>>.run([training.settings], output)
  }
}
