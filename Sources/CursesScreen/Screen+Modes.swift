import CNcurses
import CTerminal
import Canvas
import Glibc

extension Screen {
  /// Undoes whatever this program may have switched on; unknown modes are ignored by terminals.
  nonisolated static let resetSequence =
    "\u{1B}[?2026l\u{1B}[?1000l\u{1B}[?1002l\u{1B}[?1006l\u{1B}[?2004l"
    + "\u{1B}[0m\u{1B}(B\u{1B}[?1l\u{1B}>\u{1B}[?25h\u{1B}[?1049l"

  /// Codes that curses gives back for the marks around a paste; far above its own.
  static let pasteBegin: Int32 = 60_001
  static let pasteEnd: Int32 = 60_002

  func setModes() {
    // Ctrl-C and Ctrl-Z stay signals; Enter is told from Ctrl-J.
    cbreak()
    noecho()
    nonl()
    set_escdelay(25)
    unsafe keypad(input, true)
    unsafe nodelay(input, true)
    unsafe leaveok(curses_stdscr(), false)
    curs_set(0)
    unsafe define_key("\u{1B}[200~", Screen.pasteBegin)
    unsafe define_key("\u{1B}[201~", Screen.pasteEnd)
    if takesXtermModes {
      for (sequence, key) in DirectColor.alternateKeys {
        unsafe define_key(sequence, Screen.code(key))
      }
    }
    // Presses and releases as they come, not gathered into clicks.
    mouseinterval(0)
    enterModes()
  }

  private static func code(_ key: DirectColor.Alternate) -> Int32 {
    switch key {
    case .up: KEY_UP
    case .down: KEY_DOWN
    case .left: KEY_LEFT
    case .right: KEY_RIGHT
    case .home: KEY_HOME
    case .end: KEY_END
    }
  }

  func enterModes() {
    if takesXtermModes { send("\u{1B}[?2004h") }
    if hasMouse { setMouse(true) }
  }

  func leaveModes() {
    setMouse(false)
    if takesXtermModes { send("\u{1B}[?2004l") }
  }

  func setMouse(_ on: Bool) {
    mousemask(on ? curses_all_mouse_events() : 0, nil)
    // Curses asks for presses; drags are mode 1002.
    if takesXtermModes { send(on ? "\u{1B}[?1002h" : "\u{1B}[?1002l") }
  }

  /// Writes past curses, which has nothing in its buffer between two updates.
  func send(_ sequence: String) {
    var rest = Array(sequence.utf8)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count)
      }
      if count < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        return
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Ctrl-Z: gives the terminal back, stops, and comes back when continued.
  public func suspend() {
    leaveModes()
    endwin()
    terminal_stop()
    resume()
  }

  /// After a stop: the shell may have changed modes and written anywhere.
  func resume() {
    reset_prog_mode()
    unsafe clearok(curses_curscr(), true)
    enterModes()
    let last = shown
    shown = nil
    takeSize()
    if let last, last.width == width, last.height == height { present(last) }
  }

  /// Follows the terminal's size.
  ///
  /// - Returns: whether it has changed.
  @discardableResult
  func takeSize() -> Bool {
    var columns: Int32 = 0
    var rows: Int32 = 0
    unsafe terminal_size(descriptor, &columns, &rows)
    guard columns > 0, rows > 0, columns != width || rows != height else { return false }
    resizeterm(rows, columns)
    width = Int(columns)
    height = Int(rows)
    redraw()
    return true
  }
}
