import CNcurses
import CTerminal
public import Canvas
import Glibc

/// The terminal, from `init` to `close`: paints grids and reads events.
///
/// One at a time, on the main actor only: curses is not thread-safe. Other threads publish what
/// they have and call `waker`. If the program exits or crashes without `close`, the terminal is
/// restored all the same.
@safe
public final class Screen {
  /// What painters should paint for.
  public let medium: Medium
  public internal(set) var width = 0
  public internal(set) var height = 0
  /// Ends `nextEvent` from other threads.
  public let waker = Waker()

  /// A change repaints everything at the next `present`.
  public var theme: Theme {
    didSet {
      if theme != oldValue {
        pairs.forgetStyles()
        shown = nil
      }
    }
  }

  /// While the mouse is on, most terminals need Shift to select text.
  public var hasMouse: Bool {
    didSet { if hasMouse != oldValue { setMouse(hasMouse) } }
  }

  let descriptor: Int32 = STDIN_FILENO
  let wakeDescriptor: Int32
  let takesXtermModes: Bool
  let pairs: ColorPairs
  /// Keys are read through a window of their own: reading through one that shows something would
  /// refresh it.
  let input: UnsafeMutablePointer<WINDOW>
  /// What is on the screen; nil if everything has to be painted.
  var shown: Grid?
  var queue: [Event] = []
  var isButtonDown = false
  var isClosed = false
  var isGone = false
  private let screen: OpaquePointer

  /// The name of the terminal that the program was started in.
  ///
  /// - Throws: no terminal, or one that can't draw at places.
  public static func terminalName() throws(ScreenError) -> String {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
    let name = Environment.variable("TERM") ?? ""
    if name.isEmpty { throw .unknownTerminal(name: "") }
    if name == "dumb" { throw .dumbTerminal(name: name) }
    return name
  }

  /// Takes over the terminal of standard input and output.
  ///
  /// - Throws: `ScreenError`; the terminal is then as it was.
  public init(options: ScreenOptions = ScreenOptions()) throws(ScreenError) {
    let terminal = try Screen.terminalName()
    let isUTF8 = Environment.setLocale()
    // A size in the environment would keep curses from seeing resizes.
    unsafe unsetenv("LINES")
    unsafe unsetenv("COLUMNS")
    let wake = terminal_open(STDIN_FILENO)
    guard wake >= 0 else { throw .failed(operation: "tcgetattr", code: errno) }
    wakeDescriptor = wake
    let isXterm = Environment.isXtermFamily(terminal)
    takesXtermModes = isXterm
    let wanted = options.depth ?? (Environment.forbidsColor ? ColorDepth.none : nil)
    let wantsDirect =
      wanted.map { $0 == .trueColor && isXterm }
      ?? Environment.hasTrueColor(terminal: terminal)
    let opened: OpaquePointer
    do {
      unsafe opened = try Screen.open(terminal, direct: wantsDirect)
    } catch {
      terminal_close()
      throw error
    }
    unsafe screen = opened
    guard let pad = unsafe newpad(1, 1) else {
      unsafe Screen.abandon(unsafe opened)
      throw .failed(operation: "newpad", code: errno)
    }
    unsafe input = pad
    let depth = min(wanted ?? .trueColor, Screen.startColor())
    pairs = ColorPairs(depth: depth)
    medium = Medium(
      depth: depth, glyphs: options.glyphs ?? (isUTF8 ? .unicode : .ascii),
      // The Linux console's fonts have no braille.
      plot: options.plot ?? (terminal == "linux" ? .blocks : .braille))
    theme = options.theme
    hasMouse = options.hasMouse
    unsafe (width, height) = (Int(getmaxx(curses_stdscr())), Int(getmaxy(curses_stdscr())))
    unsafe terminal_arm(Screen.resetSequence)
    setModes()
  }

  /// Gives the terminal back as it was. Safe to call twice.
  public func close() {
    guard !isClosed else { return }
    isClosed = true
    leaveModes()
    endwin()
    terminal_close()
    unsafe delwin(input)
    unsafe delscreen(screen)
  }

  /// Paints everything at the next `present`, for a screen that something else wrote on.
  public func redraw() {
    shown = nil
    unsafe clearok(curses_curscr(), true)
  }

  private static func open(
    _ terminal: String, direct: Bool
  ) throws(ScreenError) -> OpaquePointer {
    if direct, let screen = unsafe openDirect() { return unsafe screen }
    guard let screen = unsafe newterm(terminal, curses_stdout(), curses_stdin()) else {
      throw .unknownTerminal(name: terminal)
    }
    if !canMoveCursor() {
      endwin()
      unsafe delscreen(screen)
      throw .dumbTerminal(name: terminal)
    }
    return unsafe screen
  }

  /// Curses reads the entry from the environment, which is then put back for child processes.
  private static func openDirect() -> OpaquePointer? {
    let former = Environment.variable("TERMINFO")
    unsafe setenv("TERMINFO", DirectColor.terminfo, 1)
    defer {
      if let former { unsafe setenv("TERMINFO", former, 1) } else { unsafe unsetenv("TERMINFO") }
    }
    return unsafe newterm(DirectColor.terminalName, curses_stdout(), curses_stdin())
  }

  private static func abandon(_ screen: OpaquePointer) {
    endwin()
    unsafe delscreen(screen)
    terminal_close()
  }

  /// tigetstr gives nil for what a terminal lacks, and (char *)-1 for what is no string.
  private static func canMoveCursor() -> Bool {
    guard let sequence = unsafe tigetstr("cup") else { return false }
    return Int(bitPattern: sequence) != -1
  }

  private static func startColor() -> ColorDepth {
    guard has_colors(), start_color() != ERR else { return .none }
    // Without it the background would be painted black.
    use_default_colors()
    switch curses_colors() {
    case ..<8: return .none
    case ..<256: return .ansi16
    case 256: return .indexed256
    default: return .trueColor
    }
  }
}
