internal import ArgumentParser
internal import Canvas
internal import Checkpoints
internal import CursesScreen
internal import Debugger
internal import Glibc
internal import Scenes

/// `unroll step`: the debugger's screen.
struct StepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step",
    abstract: "Step a network through a text, equation by equation, forward and back.",
    discussion: """
      Without a model it opens the shipped one with a shipped sentence; with --cell a network of \
      that cell with random weights. Keys: arrows step, ? lists the others, q leaves.
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup(title: "Screen") var screenOptions: TerminalOptions
  @Flag(help: "Show the newcomer's tour again.") var tour = false

  nonisolated func run() throws {
    try MainActor.assumeIsolated { try start() }
  }

  @MainActor private func start() throws {
    let model = try ModelLoader.load(try options.request())
    let input = try options.input(for: model, defaultText: StepRun.defaultText)
    let screen = try screenOptions.open(insteadOf: "unroll trace and unroll shot")
    let scene = StepRun.scene(
      model: model, input: input, showsTour: tour || !TourState.wasSeen)
    scene.hasMouse = screen.hasMouse
    let loop = SceneLoop(screen: screen, scene: scene) { path in
      try SceneExport.write(scene, model: model, to: path, screen: screen)
    }
    let code = loop.run()
    screen.close()
    if code != 0 { throw ExitCode(code) }
  }
}
