/// A key, whatever bytes the terminal sends for it.
public enum Key: Sendable, Hashable {
  case character(Character)
  /// Ctrl and a lower-case letter.
  case control(Character)
  case up
  case down
  case left
  case right
  case home
  case end
  case pageUp
  case pageDown
  case insert
  case delete
  case backspace
  case tab
  case backTab
  case enter
  case escape
  /// F1 is 1.
  case function(Int)
  /// A key that has no name here; a hint may say so.
  case unknown
}

public enum MouseKind: Sendable, Hashable {
  case press
  case release
  /// The mouse moved with the button down.
  case drag
  case wheelUp
  case wheelDown
}

/// What the main loop waits for.
public enum Event: Sendable, Hashable {
  case key(Key)
  /// A cell, counted from 0 at the top left, and what happened there.
  case mouse(x: Int, y: Int, kind: MouseKind)
  /// Text that was pasted in one go, line ends as newlines.
  case paste(String)
  /// The new size. The next `present` paints everything.
  case resize(width: Int, height: Int)
  /// `Waker.wake()` was called, at least once.
  case wake
  /// SIGINT, SIGTERM or SIGHUP. To be answered by leaving with 128 + number.
  case signal(Int32)
  case timeout
  /// The terminal is gone: every later call says so again.
  case hangup
}
