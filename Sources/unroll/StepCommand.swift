internal import ArgumentParser
internal import Checkpoints
internal import CursesScreen
internal import Networks
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
    let alternatives = "unroll trace and unroll shot"
    try screenOptions.require(insteadOf: alternatives)
    // Before the screen is opened, so that Ctrl-C ends a long run.
    if StepRun.isLong(model, input) {
      Console.warn("running \(input.seqLen) steps forward and back")
    }
    let scene = try StepRun.scene(
      model: model, input: input, showsTour: tour || !TourState.wasSeen)
    let screen = try screenOptions.open(insteadOf: alternatives)
    scene.hasMouse = screen.hasMouse
    SceneRun.show(scene, model: model, on: screen)
  }
}
