internal import ArgumentParser
internal import Learning
internal import Scenes

/// `unroll shot compare`.
struct ShotCompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "The screen of nets side by side after some updates.")

  @OptionGroup var race: LabRaceOptions
  @OptionGroup var shot: LabShotOptions

  nonisolated func run() throws {
    try MainActor.assumeIsolated { try draw() }
  }

  @MainActor private func draw() throws {
    let (lanes, preset) = try race.named()
    let scene = CompareScene(
      runner: try LabLive.runner(lanes), lanes: lanes, lookFor: preset?.lookFor)
    scene.train(updates: shot.updates ?? preset?.updates ?? 0)
    try shot.draw(scene)
  }
}
