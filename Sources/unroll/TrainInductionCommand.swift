internal import ArgumentParser
internal import Learning

/// `unroll train induction`: a decoder with an induction head.
struct TrainInductionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "induction",
    abstract: "Learn to continue random characters that repeat.",
    usage: "unroll train induction [options] --out FILE.safetensors [--resume]",
    discussion: """
      Random characters come again after a while; from then on each next one can be copied from what \
      followed its last occurrence. The network must find it: a head that looks there is an \
      induction head (Olsson et al. 2022).

      At the end it is measured on random sequences that are repeated once, of the longest length \
      learnt from (--seq-len) and up to twice that.

      \(TrainTransformerText.standards(InductionRecipe.standards)) \(TrainTransformerText.resuming)
      """)

  @OptionGroup(title: "Training") var training: TrainTransformerOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The longest sequences to learn from.", valueName: "n"))
  var seqLen: Int?

  @OptionGroup(title: "Output") var output: TrainOutputOptions

  func validate() throws {
    if let seqLen, !(InductionTask.shortestSeqLen...4096).contains(seqLen) {
      throw ValidationError(
        "--seq-len: expected a number from "
          + "\(InductionTask.shortestSeqLen) to 4096, found \(seqLen)")
    }
  }

  func run() throws {
    let own: [TrainSettings.Option: String?] = [.seqLen: seqLen.map { "\($0)" }]
    try TrainSession<TrainTransformerJob<InductionRecipe>>.run([training.settings, own], output)
  }
}
