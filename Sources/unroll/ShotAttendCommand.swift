internal import ArgumentParser
internal import Checkpoints
internal import Debugger
internal import Scenes

/// `unroll shot attend`.
struct ShotAttendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attend", abstract: "The attention of a text in a transformer.")

  @OptionGroup var options: AttendOptions
  @OptionGroup(title: "Picture") var picture: PictureOptions
  @Option(
    help: ArgumentHelp(
      "What is shown: layer=2, head=4, query=5 (or a word), key=1, view=head|layer|all|rollout, "
        + "equation=A, show=bars|ribbons|all, filter=hidden, figures, difference; by commas.",
      valueName: "place"))
  var at: String = ""
  @Option(
    name: .customLong("command"),
    help: ArgumentHelp("A command line to run first, e.g. 'ablate 2.4'.", valueName: "line"))
  var commands: [String] = []

  nonisolated func run() throws {
    try MainActor.assumeIsolated { try draw() }
  }

  @MainActor private func draw() throws {
    let scene = try options.scene()
    do throws(CommandError) {
      for command in commands { try scene.runNow(command) }
      try scene.place(at)
    } catch {
      throw ModelError.request(error.description)
    }
    try picture.write(scene)
  }
}
