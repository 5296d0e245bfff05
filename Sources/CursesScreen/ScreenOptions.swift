import CNcurses
public import Canvas
import Glibc

/// What the user asked for. What is nil is found out.
public nonisolated struct ScreenOptions: Sendable {
  /// An explicit depth wins over `NO_COLOR`; it is lowered to what the terminal can do.
  public var depth: ColorDepth?
  public var glyphs: Glyphs?
  public var plot: PlotGlyphs?
  public var theme = Theme.dark
  public var hasMouse = true

  public init() {}
}

/// The environment's say on how to draw. All of it is guesswork that options can overrule.
nonisolated enum Environment {
  static func variable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }

  /// Terminals that take xterm's private modes and true colour when they say so.
  static func isXtermFamily(_ terminal: String) -> Bool {
    let families = [
      "xterm", "tmux", "screen", "alacritty", "kitty", "foot", "wezterm", "contour", "ghostty",
      "konsole", "vte", "gnome", "iterm", "mintty", "rio", "st-",
    ]
    return families.contains { terminal.hasPrefix($0) }
  }

  /// COLORTERM says so, or the type does, or tmux is there, which translates. GNU screen drops
  /// true colours.
  static func hasTrueColor(terminal: String) -> Bool {
    guard isXtermFamily(terminal) else { return false }
    if variable("TMUX") != nil { return true }
    if variable("STY") != nil { return false }
    if terminal.hasSuffix("-direct") { return true }
    return ["truecolor", "24bit"].contains(variable("COLORTERM")?.lowercased() ?? "")
  }

  static var forbidsColor: Bool { variable("NO_COLOR") != nil }

  /// Sets the character type from the environment, and to UTF-8 if that is something else: curses
  /// would replace what the locale cannot spell by blanks.
  ///
  /// - Returns: whether the user's terminal is expected to understand UTF-8. A locale that was
  ///   never set says nothing, and terminals without UTF-8 have become rare.
  static func setLocale() -> Bool {
    unsafe setlocale(LC_CTYPE, "")
    if curses_is_utf8() != 0 { return true }
    let chosen = variable("LC_ALL") ?? variable("LC_CTYPE") ?? variable("LANG")
    unsafe setlocale(LC_CTYPE, "C.UTF-8")
    return chosen == nil && curses_is_utf8() != 0
  }
}
