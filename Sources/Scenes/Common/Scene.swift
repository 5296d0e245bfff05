public import Canvas
public import Debugger

/// One screen of the program: its state, its keys, its drawing. A scene never touches a terminal
/// and never waits: what takes long it asks for as an effect.
public protocol Scene: AnyObject {
  /// What the terminal's user did.
  func handle(_ event: Event) -> [SceneEffect]

  /// The picture, a pure function of the state and the grid's size and medium.
  func draw(in grid: inout Grid)

  /// Milliseconds until the scene wants a `.timeout` event; nil while nothing moves.
  var tickMilliseconds: Int? { get }

  /// Where the text cursor is, while text is being typed.
  var textCursor: (x: Int, y: Int)? { get }

  /// A run that was asked for is done.
  func finish(_ recording: Recording, for request: Int)

  /// A line for the user, e.g. that a file was written.
  func show(message: String, isError: Bool)
}

/// What a scene asks of the program around it.
public enum SceneEffect: Sendable {
  case quit
  /// Run this off the main thread; only the newest one matters.
  case run(RecordingRequest, number: Int)
  /// Write the picture or the trace of the run to a file; the ending says which.
  case export(path: String)
  case setMouse(Bool)
  case toggleTheme
  /// Paint everything anew.
  case redraw
  /// Stop the program as the shell's Ctrl-Z does.
  case suspend
  /// The tour was seen: it does not come by itself again.
  case tourSeen
}
