internal import Checkpoints
internal import Learning
internal import Scenes

/// Opens the live scene of one or more nets that learn.
enum LabLive {
  /// Makes the scene of a training from its runner, the lanes' settings and what to look for.
  typealias MakeScene = @MainActor @Sendable (LabRunner, [LabSettings], String?) -> any Scene

  /// - Parameters:
  ///   - lanes: settings without a mistake.
  ///   - lookFor: of a preset.
  ///   - terminal: how the terminal is used.
  ///   - title: the command, for an error.
  ///   - makeScene: the scene that watches the training.
  /// - Throws: `ModelError` where there is no terminal or no such training.
  static func run(
    _ lanes: [(name: String, settings: LabSettings)], lookFor: String?,
    terminal: TerminalOptions, title: String,
    makeScene: MakeScene
  ) throws {
    let runner = try runner(lanes)
    let screen = try terminal.open(insteadOf: "\(title) --updates N")
    SceneRun.show(makeScene(runner, lanes.map(\.settings), lookFor), on: screen)
  }

  /// A training of the lanes that has not started yet.
  nonisolated static func runner(
    _ lanes: [(name: String, settings: LabSettings)]
  ) throws -> LabRunner {
    for (_, settings) in lanes { try LabCommand.check(settings) }
    do throws(TaskError) {
      return try LabRunner(lanes)
    } catch {
      throw ModelError.request(error.description)
    }
  }

  /// The scene of a single net.
  nonisolated static let gradients: MakeScene = { runner, settings, lookFor in
    GradientsScene(runner: runner, settings: settings[0], lookFor: lookFor)
  }
}
