internal import ArgumentParser
internal import Checkpoints
internal import Debugger
internal import Scenes

/// `unroll shot translate`.
struct ShotTranslateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "translate", abstract: "A sentence being translated.")

  @Argument(
    help: ArgumentHelp(
      "A shipped or installed model's name, or a file (default: \(TranslationModel.defaultName)).",
      valueName: "model"))
  var model: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The sentence (default: \(TranslateRun.defaultText)).", valueName: "text"))
  var text: String?

  @Option(help: ArgumentHelp("The word that is being written.", valueName: "n")) var step: Int?
  @Flag(help: "The way back, from the loss of that word.") var backward = false
  @OptionGroup(title: "Picture") var picture: PictureOptions
  @Option(
    help: ArgumentHelp(
      "What is shown: step=3, start, equation=A, key=2, layer=1, head=0, unit=17, beam, program, "
        + "mask, own, backward, at=4; by commas.",
      valueName: "place"))
  var at: String = ""
  @Option(
    name: .customLong("command"),
    help: ArgumentHelp("A command line to run first, e.g. 'force rouge'.", valueName: "line"))
  var commands: [String] = []

  nonisolated func run() throws {
    try MainActor.assumeIsolated { try draw() }
  }

  @MainActor private func draw() throws {
    let scene = try TranslateRun.scene(
      try TranslateModel(model), text: text ?? TranslateRun.defaultText)
    do throws(CommandError) {
      var place = step.map { ["step=\($0)"] } ?? []
      for command in commands { try scene.runNow(command) }
      if backward { place.append("backward") }
      try scene.place((place + [at]).joined(separator: ","))
    } catch {
      throw ModelError.request(error.description)
    }
    try picture.write(scene)
  }
}
