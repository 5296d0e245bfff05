internal import ArgumentParser
internal import Canvas
internal import Checkpoints
internal import Debugger
internal import Equations
internal import Scenes

/// `unroll shot`: a scene's picture without a terminal.
struct ShotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shot",
    abstract: "Draw a scene's picture without a terminal.",
    subcommands: [
      ShotStepCommand.self, ShotAttendCommand.self, ShotGradientsCommand.self,
      ShotCompareCommand.self, ShotTranslateCommand.self,
    ])
}

/// What all pictures have in common.
struct PictureOptions: ParsableArguments {
  @Option(help: "Columns x rows, e.g. 120x40 (least: 80x24).") var size = PictureSize(
    width: 120, height: 40)
  @Option(help: "svg, ansi or text (default: by the ending of --out, or svg).")
  var format: PictureFormat?
  @Option(help: "Colours for a dark or a light background.")
  var theme: TerminalOptions.ThemeName = .dark
  @Option(help: "Of ansi: truecolor, 256, 16 or none.")
  var colors: TerminalOptions.ColorDepthName = .truecolor
  @Flag(help: "ASCII only.") var ascii = false
  @Option(help: ArgumentHelp("Write to a file, not to stdout.", valueName: "file"))
  var out: String?

  enum PictureFormat: String, ExpressibleByArgument, CaseIterable {
    case svg, ansi, text
  }

  @MainActor private func endingOfName() throws -> String {
    guard let out else { return "svg" }
    let known = SceneExport.pictureEndings
    guard let ending = known.first(where: { out.hasSuffix(".\($0)") }) else {
      throw ModelError.request(
        "\(out): expected an ending of \(known.map { "." + $0 }.joined(separator: " ")), or --format"
      )
    }
    return ending
  }

  @MainActor func write(_ scene: any Scene) throws {
    let ending = try format.map { $0 == .text ? "txt" : $0.rawValue } ?? endingOfName()
    let text = SceneExport.picture(
      scene, width: size.width, height: size.height, ending: ending, theme: theme.theme,
      depth: colors.depth, glyphs: ascii ? .ascii : .unicode)
    try ByteOutput.write(to: out) { output throws(FileError) in try output.write(text) }
  }
}

/// "120x40".
struct PictureSize: ExpressibleByArgument {
  let width: Int
  let height: Int

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  init?(argument: String) {
    let parts = argument.lowercased().split(separator: "x").compactMap { Int($0) }
    guard parts.count == 2, (80...1000).contains(parts[0]), (24...1000).contains(parts[1]) else {
      return nil
    }
    self.init(width: parts[0], height: parts[1])
  }

  var defaultValueDescription: String { "\(width)x\(height)" }
}

/// `unroll shot step`.
struct ShotStepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step", abstract: "The debugger's screen at a given place.")

  @OptionGroup var options: ModelOptions
  @OptionGroup(title: "Picture") var picture: PictureOptions
  @Option(
    help: ArgumentHelp(
      "Where the cursor is: t=12, layer=1, reverse, equation=f (y, p, L too), unit=17, "
        + "backward; by commas.",
      valueName: "place"))
  var at: String = ""
  @Option(
    name: .customLong("command"),
    help: ArgumentHelp("A debugger command to run first, e.g. 'set f[3] = 0'.", valueName: "line"))
  var commands: [String] = []

  nonisolated func run() throws {
    try MainActor.assumeIsolated { try draw() }
  }

  @MainActor private func draw() throws {
    let model = try options.load()
    let input = try options.input(for: model, defaultText: StepRun.defaultText)
    let scene = try StepRun.scene(model: model, input: input)
    do throws(CommandError) {
      try scene.place(at)
      for command in commands { try scene.runNow(command) }
    } catch {
      throw ModelError.request(error.description)
    }
    try picture.write(scene)
  }
}
