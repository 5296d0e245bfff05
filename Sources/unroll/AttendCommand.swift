internal import ArgumentParser
internal import Checkpoints
internal import CursesScreen
internal import Equations
internal import Scenes

/// `unroll attend`: what each head of a transformer looks at.
struct AttendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attend",
    abstract: "Show what each head of a transformer attends to, for a text that you type.",
    discussion: """
      MODEL is a shipped or installed name, a Hugging Face folder (BERT or GPT-2 family), a file of \
      unroll's own, or a state dict of nn.MultiheadAttention, nn.TransformerEncoder or, with \
      --memory, nn.TransformerDecoder. \
      Keys: arrows choose the word and step the program, ? lists the others, q leaves.
      """)

  @OptionGroup var options: AttendOptions
  @OptionGroup(title: "Screen") var screenOptions: TerminalOptions

  nonisolated func run() throws {
    try MainActor.assumeIsolated { try start() }
  }

  @MainActor private func start() throws {
    let scene = try options.scene()
    let screen = try screenOptions.open(insteadOf: "unroll trace and unroll shot attend")
    scene.hasMouse = screen.hasMouse
    SceneRun.show(scene, on: screen)
  }
}

/// The transformer and what it is run on.
struct AttendOptions: ParsableArguments {
  @Argument(
    help: "A shipped or installed model, a Hugging Face folder, or a file. (default: it)")
  var model: String?

  @OptionGroup(title: "Input") var text: InputOptions
  @OptionGroup(title: "State dicts") var stateDict: StateDictOptions
  @Option(help: "Of a state dict: the feed-forward net's activation, e.g. relu or gelu.")
  var activation: Function?
  @Option(help: "The module to open, where a state dict has several.") var prefix: String?

  /// Opens the model and runs it once.
  @MainActor func scene() throws -> AttendScene {
    let model = try TransformerCommand.load(
      model ?? AttendRun.defaultModel, stateDict: stateDict, activation: activation, prefix: prefix)
    let fallback = model.tokenizer == nil ? nil : AttendRun.defaultText
    let input = try TransformerCommand.input(
      text, memory: stateDict.memory, for: model, defaultText: fallback)
    let given = text.input == nil ? try text.rawContent() ?? fallback : nil
    return try AttendRun.scene(model: model, input: input, text: given)
  }
}
