internal import ArgumentParser
internal import Canvas
internal import Checkpoints
internal import Debugger
internal import Learning
internal import Scenes

/// `unroll shot gradients`.
struct ShotGradientsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradients", abstract: "A training's screen after some updates.")

  @OptionGroup var net: LabNetOptions
  @OptionGroup(title: "Picture") var picture: PictureOptions
  @Option(
    help: ArgumentHelp(
      "How many updates to make first. (default: the preset's, or 0)", valueName: "n"))
  var updates: Int?
  @Option(help: ArgumentHelp("A panel to show large, e.g. loss.", valueName: "panel"))
  var zoom: String?
  @Option(
    name: .customLong("command"),
    help: ArgumentHelp("A command line to run then, e.g. 'set lr 0.01'.", valueName: "line"))
  var commands: [String] = []

  func validate() throws {
    if let updates, !(0...1 << 30).contains(updates) {
      throw ValidationError("--updates: expected a number from 0 on, found \(updates)")
    }
  }

  nonisolated func run() throws {
    try MainActor.assumeIsolated { try draw() }
  }

  @MainActor private func draw() throws {
    let (settings, preset) = try net.settings()
    let runner = try LabLive.runner([(LabCommand.name(of: settings), settings)])
    let scene = GradientsScene(runner: runner, settings: settings, lookFor: preset?.lookFor)
    scene.performNow(.step(updates ?? preset?.updates ?? 0))
    do throws(CommandError) {
      for command in commands { try scene.runNow(command) }
      if let zoom { try scene.zoom(zoom) }
    } catch {
      throw ModelError.request(error.description)
    }
    try picture.write(scene)
  }
}
