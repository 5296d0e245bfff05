internal import Canvas
internal import Debugger

/// A scene of panels between a title and a status line, with keys, a command line and help.
///
/// To write a new scene, make a folder beside this one with a `public final class` that conforms to
/// this protocol and says what is its own:
///
/// - state: `var frame = SceneFrame<Line>()`, the panels and which of them has the focus;
/// - keys: `keyHelp` for the help, `hints` for the bottom line, and `handleKey`, which returns nil
///   for keys that it does not know;
/// - commands: a table `commands`, `perform` to carry a line out, `completions` for Tab;
/// - drawing: `drawPicture`, which calls `drawFrame` for the lines around its panels.
///
/// It gets from here what all scenes have alike: `q`, `^C`, `^L`, `^Z`, `T`, `M`, `:`, `?`, `Tab`,
/// `z`, `Esc`, unknown keys, the history of commands, the help, pasting, clicks on hints, the
/// request for a larger terminal. What takes long it asks for with `ask(for:)` and receives in
/// `finish`, where `takes` says whether it is still waited for. For `unroll shot` it makes public
/// what of `runAndWait` and `zoom(on:)` it wants.
///
/// `GradientsScene` and `CompareScene` watch a training: what these two have in common is in `Lab`.
protocol PanelScene: Scene {
  /// What else than commands can be typed, e.g. a text; `Never` if there is nothing.
  associatedtype Line
  associatedtype Panel: Equatable

  var frame: SceneFrame<Line> { get set }
  /// What Tab goes through.
  var panels: [Panel] { get }
  var focus: Panel { get set }

  // MARK: Keys

  static var keyHelp: [KeyHelp] { get }
  /// The bottom line, the most important first: as many are shown as there is room for.
  var hints: [KeyHint] { get }
  /// A key that is not the same in all scenes; it may also take one that is.
  ///
  /// - Returns: nil where it means nothing here.
  func handleKey(_ key: Key) -> [SceneEffect]?
  /// A key, before anything else sees it: for cards over the picture.
  func handleOverlay(_ key: Key) -> [SceneEffect]?
  /// What the mouse does to the panels; never while something is typed, or on hints.
  func handleMouse(_ x: Int, _ y: Int, _ kind: MouseKind) -> [SceneEffect]
  /// `tickMilliseconds` have gone by.
  func tick() -> [SceneEffect]
  /// A thread of the scene's own has something to show.
  func takeNews() -> [SceneEffect]

  // MARK: Commands

  static var commands: [CommandWord] { get }
  /// Carries out a command line.
  ///
  /// - Throws: what was expected.
  func perform(_ line: String) throws(CommandError) -> [SceneEffect]
  /// What Tab makes of the text before the cursor: where the candidates start, and what they are.
  func completions(_ text: String) -> (start: Int, candidates: [String])?
  /// Carries out on this thread what was asked of others: nothing is then still to come.
  func settle()

  // MARK: Lines of its own

  func hints(for line: Line) -> [KeyHint]
  func completions(_ text: String, for line: Line) -> (start: Int, candidates: [String])?
  /// At every key that changes what is typed.
  func change(_ text: String, for line: Line) -> [SceneEffect]
  func accept(_ text: String, for line: Line) -> [SceneEffect]
  func cancel(_ line: Line) -> [SceneEffect]
  /// What is said to a paste while nothing is typed.
  static var pasteNote: String { get }

  // MARK: Drawing

  /// Draws everything but the help.
  func drawPicture(in grid: inout Grid)
}

extension PanelScene {
  func handleOverlay(_ key: Key) -> [SceneEffect]? { nil }
  func tick() -> [SceneEffect] { [] }
  func takeNews() -> [SceneEffect] { [] }
  func settle() {}
  func completions(_ text: String, for line: Line) -> (start: Int, candidates: [String])? { nil }
  func change(_ text: String, for line: Line) -> [SceneEffect] { [] }
  func cancel(_ line: Line) -> [SceneEffect] { [] }
  static var pasteNote: String { ": starts a line to paste into" }
}

extension PanelScene where Line == Never {
  func hints(for line: Never) -> [KeyHint] {}
  func accept(_ text: String, for line: Never) -> [SceneEffect] {}
}

extension PanelScene where Panel: CaseIterable {
  var panels: [Panel] { Array(Panel.allCases) }
}

// MARK: The frame's state

extension PanelScene {
  public var hasMouse: Bool {
    get { frame.hasMouse }
    set { frame.hasMouse = newValue }
  }

  public var textCursor: (x: Int, y: Int)? { frame.textCursor }

  var mode: PanelMode<Line> {
    get { frame.mode }
    set { frame.mode = newValue }
  }

  var message: (text: String, isError: Bool)? {
    get { frame.message }
    set { frame.message = newValue }
  }

  var isZoomed: Bool {
    get { frame.isZoomed }
    set { frame.isZoomed = newValue }
  }

  var pendingRequest: Int? {
    get { frame.pendingRequest }
    set { frame.pendingRequest = newValue }
  }

  public func show(message text: String, isError: Bool) { message = (text, isError) }

  func show(message text: String) { show(message: text, isError: false) }

  /// Has something computed off the main thread; what was asked for before is not waited for any
  /// more.
  func ask(for work: some BackgroundWork) -> [SceneEffect] {
    frame.requestNumber += 1
    pendingRequest = frame.requestNumber
    return [.run(work, number: frame.requestNumber)]
  }

  /// Whether what has come is what was asked for last; then it is not waited for any more.
  func takes(_ request: Int) -> Bool {
    guard request == pendingRequest else { return false }
    pendingRequest = nil
    return true
  }
}
