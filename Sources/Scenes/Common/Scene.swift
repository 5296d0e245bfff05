public import Canvas
internal import Debugger

/// One screen of the program: its state, its keys, its drawing. A scene never touches a terminal
/// and never waits: what takes long it asks for as an effect, or does on a thread of its own.
public protocol Scene: AnyObject {
  /// What the terminal's user did.
  func handle(_ event: Event) -> [SceneEffect]

  /// The picture, a pure function of the state and the grid's size and medium.
  func draw(in grid: inout Grid)

  /// Milliseconds until the scene wants a `.timeout` event; nil while nothing moves.
  var tickMilliseconds: Int? { get }

  /// Where the text cursor is, while text is being typed.
  var textCursor: (x: Int, y: Int)? { get }

  /// What was asked for is done.
  ///
  /// - Parameters:
  ///   - result: what the work gave.
  ///   - request: the number under which it was asked for.
  func finish(_ result: any Sendable, for request: Int)

  /// The scene is on the screen now, for the first time or again.
  ///
  /// - Parameter wake: paints the scene anew; for threads that have something to show.
  func appear(wake: @escaping @Sendable () -> Void)

  /// Another scene covers this one, or it was left: its threads rest.
  func disappear()

  /// A line for the user, e.g. that a file was written.
  func show(message: String, isError: Bool)

  /// Whether mouse clicks come to the scene.
  var hasMouse: Bool { get set }
}

extension Scene {
  public func finish(_ result: any Sendable, for request: Int) {}
  public func appear(wake: @escaping @Sendable () -> Void) {}
  public func disappear() {}
}

/// What a scene has computed for it off the main thread.
public nonisolated protocol BackgroundWork: Sendable {
  associatedtype Output: Sendable
  func run() -> Output
}

nonisolated extension RecordingRequest: BackgroundWork {}

/// What a scene asks of the program around it.
public enum SceneEffect {
  /// Leave this scene: for the one that opened it, or the program.
  case quit
  /// Run this off the main thread; only the newest one matters.
  case run(any BackgroundWork, number: Int)
  /// Another scene takes the screen until it is left.
  case open(any Scene)
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
