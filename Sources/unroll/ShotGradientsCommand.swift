internal import ArgumentParser
internal import Learning
internal import Scenes

/// `unroll shot gradients`.
struct ShotGradientsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradients", abstract: "A training's screen after some updates.")

  @OptionGroup var net: LabNetOptions
  @OptionGroup var shot: LabShotOptions

  nonisolated func run() throws {
    try MainActor.assumeIsolated { try draw() }
  }

  @MainActor private func draw() throws {
    let (settings, preset) = try net.settings()
    let runner = try LabLive.runner([(LabCommand.name(of: settings), settings)])
    let scene = GradientsScene(runner: runner, settings: settings, lookFor: preset?.lookFor)
    scene.performNow(.step(shot.updates ?? preset?.updates ?? 0))
    try shot.draw(scene)
  }
}
