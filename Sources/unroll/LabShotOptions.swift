internal import ArgumentParser
internal import Checkpoints
internal import Debugger
internal import Scenes

/// What the pictures of trainings have in common: how far to train, and what to show then.
struct LabShotOptions: ParsableArguments {
  @OptionGroup(title: "Picture") var picture: PictureOptions
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many updates to make first. (default: the preset's, or 0)", valueName: "n"))
  var updates: Int?
  @Option(
    help: ArgumentHelp("A panel to show large, by the first word of its title.", valueName: "panel")
  )
  var zoom: String?
  @Option(
    name: .customLong("command"),
    help: ArgumentHelp(
      "A command line to run then, e.g. 'set lr 0.01' or 'difference 1 2'.", valueName: "line"))
  var commands: [String] = []

  func validate() throws {
    if let updates, !(0...1 << 30).contains(updates) {
      throw ValidationError("--updates: expected a number from 0 on, found \(updates)")
    }
  }

  /// Draws a scene that has made its updates.
  ///
  /// - Throws: a command or panel that the scene does not know, the system's answer.
  @MainActor func draw(_ scene: some LabScene) throws {
    do throws(CommandError) {
      for command in commands { try scene.runNow(command) }
      if let zoom { try scene.zoom(zoom) }
    } catch {
      throw ModelError.request(error.description)
    }
    try picture.write(scene)
  }
}

/// A scene that watches trainings.
@MainActor protocol LabScene: Scene {
  func runNow(_ command: String) throws(CommandError)
  func zoom(_ panel: String) throws(CommandError)
}

extension GradientsScene: @MainActor LabScene {}
extension CompareScene: @MainActor LabScene {}
