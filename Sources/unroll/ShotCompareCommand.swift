internal import ArgumentParser
internal import Canvas
internal import Checkpoints
internal import Debugger
internal import Learning
internal import Scenes

/// `unroll shot compare`.
struct ShotCompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "The screen of nets side by side after some updates.")

  @OptionGroup var race: LabRaceOptions
  @OptionGroup(title: "Picture") var picture: PictureOptions
  @Option(
    help: ArgumentHelp(
      "How many updates to make first. (default: the preset's, or 0)", valueName: "n"))
  var updates: Int?
  @Option(
    help: ArgumentHelp("A panel to show large: curves, norms, states, figures.", valueName: "panel")
  )
  var zoom: String?
  @Option(
    name: .customLong("command"),
    help: ArgumentHelp("A command line to run then, e.g. 'difference 1 2'.", valueName: "line"))
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
    let (lanes, preset) = try race.named()
    let scene = CompareScene(
      runner: try LabLive.runner(lanes), lanes: lanes, lookFor: preset?.lookFor)
    scene.train(updates: updates ?? preset?.updates ?? 0)
    do throws(CommandError) {
      for command in commands { try scene.runNow(command) }
      if let zoom { try scene.zoom(zoom) }
    } catch {
      throw ModelError.request(error.description)
    }
    try picture.write(scene)
  }
}
