internal import Canvas

/// What the keyboard does in a scene of panels.
enum PanelMode<Line> {
  /// Keys do what the help lists.
  case keys
  /// A command is typed.
  case command(LineEditor)
  /// A line of the scene's own is typed, e.g. a text.
  case line(LineEditor, Line)
  case help
  /// All commands of the command line.
  case commandHelp

  /// The line that is being typed.
  var editor: LineEditor? {
    switch self {
    case .command(let editor), .line(let editor, _): editor
    case .keys, .help, .commandHelp: nil
    }
  }
}

/// The state that all scenes of panels have alike: what is typed and said, and what is waited for.
struct SceneFrame<Line> {
  var mode = PanelMode<Line>.keys
  var hasMouse = true
  /// What the status line says until the next key.
  var message: (text: String, isError: Bool)?
  var commandHistory: [String] = []
  var isZoomed = false

  /// The newest work that was asked for and has not come; what is older and comes late is dropped.
  var pendingRequest: Int?
  /// The number under which work was asked for last.
  var requestNumber = 0
  /// Which of its pictures the spinner shows.
  var spinner = 0

  // Of the last picture.
  var textCursor: (x: Int, y: Int)?
  /// Whether it was only the request for a larger terminal.
  var isTooSmall = false
  /// The hints at the bottom, which can be clicked, by the key that they stand for.
  var hints: [(key: Key, row: Int, columns: Range<Int>)] = []
}
