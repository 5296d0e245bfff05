internal import Canvas
internal import Debugger
internal import Equations

/// Lines that are typed: commands, and a scene's own.
extension PanelScene {
  func type(_ key: Key, in editor: LineEditor) -> [SceneEffect] {
    var editor = editor
    switch editor.handle(key, complete: completions) {
    case .accepted:
      mode = .keys
      let line = editor.string
      guard line.contains(where: { !$0.isWhitespace }) else { return [] }
      frame.commandHistory.removeAll { $0 == line }
      frame.commandHistory.append(line)
      return execute(line)
    case .cancelled: mode = .keys
    case .editing, .changed: mode = .command(editor)
    }
    return []
  }

  func type(_ key: Key, in editor: LineEditor, _ line: Line) -> [SceneEffect] {
    var editor = editor
    switch editor.handle(key, complete: { self.completions($0, for: line) }) {
    case .accepted:
      mode = .keys
      return accept(editor.string, for: line)
    case .cancelled:
      mode = .keys
      return cancel(line)
    case .editing:
      mode = .line(editor, line)
      return []
    case .changed:
      mode = .line(editor, line)
      message = nil
      return change(editor.string, for: line)
    }
  }

  func paste(_ text: String) -> [SceneEffect] {
    switch mode {
    case .command(var editor):
      editor.insert(text.filter { !$0.isNewline })
      mode = .command(editor)
    case .line(var editor, let line):
      editor.insert(text)
      mode = .line(editor, line)
      message = nil
      return change(editor.string, for: line)
    case .keys, .help, .commandHelp: show(message: Self.pasteNote)
    }
    return []
  }

  /// Runs a command line; a mistake is shown.
  func execute(_ line: String) -> [SceneEffect] {
    message = nil
    return trying { () throws(CommandError) in try perform(line) }
  }

  /// Does what may be a mistake of the user's, which is then shown.
  func trying(_ body: () throws(CommandError) -> [SceneEffect]) -> [SceneEffect] {
    do throws(CommandError) {
      return try body()
    } catch {
      show(message: error.description, isError: true)
      return []
    }
  }

  /// Explains a command, or lists all.
  func help(_ word: String?) throws(CommandError) {
    guard let word else {
      mode = .commandHelp
      return
    }
    show(message: try CommandWord.named(word, in: Self.commands).explanation)
  }

  /// The candidates that begin as the word does that starts at `start`; each once.
  func candidates(
    _ known: [String], for text: String, from start: Int
  ) -> (start: Int, candidates: [String])? {
    let word = String(text.dropFirst(start))
    var found: [String] = []
    for name in known where name.hasPrefix(word) && !found.contains(name) { found.append(name) }
    return found.isEmpty ? nil : (start, found)
  }
}

extension CommandError {
  /// A command of which nothing would come where there is but a picture.
  init(terminalOnly line: String) {
    self.init("\(line): works in a terminal only; a picture shows what other commands do")
  }
}

/// The scene without a keyboard, for `unroll shot` and tests.
extension PanelScene {
  /// Runs a command line and waits for what it asks for.
  ///
  /// - Precondition: the scene has not appeared.
  /// - Throws: what was expected; a command that needs a terminal.
  func runAndWait(_ line: String) throws(CommandError) {
    for effect in execute(line) {
      switch effect {
      case .run(let work, let number): finish(work.run(), for: number)
      case .quit, .open, .export, .suspend: throw CommandError(terminalOnly: line)
      case .setMouse, .toggleTheme, .redraw, .tourSeen: break
      }
    }
    settle()
    if let message, message.isError { throw CommandError(message.text) }
  }

  /// Shows a panel large.
  ///
  /// - Throws: the names of the panels.
  func zoom(on name: String) throws(CommandError) {
    guard let panel = panels.first(where: { "\($0)" == name }) else {
      let known = panels.map { "\($0)" }
      throw CommandError("expected a panel: \(Suggestion.among(known, for: name)); found \(name)")
    }
    focus = panel
    isZoomed = true
  }
}
