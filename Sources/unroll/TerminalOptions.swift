internal import ArgumentParser
internal import Canvas
internal import Checkpoints
internal import CursesScreen

/// How the terminal is used.
struct TerminalOptions: ParsableArguments {
  @Flag(help: "No colour (so does NO_COLOR).") var noColor = false
  @Flag(help: "ASCII only.") var ascii = false
  @Flag(help: "Leave the mouse to the terminal.") var noMouse = false
  @Option(help: "Colours for a dark or a light background.") var theme: ThemeName = .dark
  @Option(help: "Colours: truecolor, 256, 16 or none (default: what the terminal can do).")
  var colors: ColorDepthName?

  enum ThemeName: String, ExpressibleByArgument, CaseIterable {
    case dark, light

    var theme: Theme { self == .dark ? .dark : .light }
  }

  enum ColorDepthName: String, ExpressibleByArgument, CaseIterable {
    case truecolor
    case indexed = "256"
    case ansi = "16"
    case none

    var depth: ColorDepth {
      switch self {
      case .truecolor: .trueColor
      case .indexed: .indexed256
      case .ansi: .ansi16
      case .none: .none
      }
    }
  }

  /// Says before anything long begins that there is no terminal, and which commands do without.
  @MainActor func require(insteadOf alternatives: String) throws {
    _ = try naming(alternatives) { () throws(ScreenError) in try Screen.terminalName() }
  }

  /// Opens the terminal; where there is none, says which commands do without.
  @MainActor func open(insteadOf alternatives: String) throws -> Screen {
    var options = ScreenOptions()
    if let colors { options.depth = colors.depth }
    if noColor { options.depth = ColorDepth.none }
    if ascii { options.glyphs = .ascii }
    options.hasMouse = !noMouse
    options.theme = theme.theme
    return try naming(alternatives) { () throws(ScreenError) in try Screen(options: options) }
  }

  @MainActor private func naming<Opened>(
    _ alternatives: String, _ open: () throws(ScreenError) -> Opened
  ) throws -> Opened {
    do {
      return try open()
    } catch {
      throw ModelError.request("\(error); without a terminal use \(alternatives)")
    }
  }
}
