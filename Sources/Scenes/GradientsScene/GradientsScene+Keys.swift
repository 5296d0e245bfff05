public import Canvas
internal import Debugger
internal import Equations
internal import Learning

extension GradientsScene {
  static let keyHelp: [KeyHelp] = [
    KeyHelp(keys: "Space", action: "pause, or train on"),
    KeyHelp(keys: "n  N", action: "one update, ten; then pause"),
    KeyHelp(keys: "b  B", action: "one update back, ten: bit for bit"),
    KeyHelp(keys: "↑ k   ↓ j", action: "the knob above, below"),
    KeyHelp(keys: "← h   → l", action: "turn it down, up"),
    KeyHelp(keys: "Enter", action: "type the knob's exact value"),
    KeyHelp(keys: "o", action: "stop here and step through this update"),
    KeyHelp(keys: "r", action: "restart with these settings"),
    KeyHelp(keys: "Tab", action: "next panel;  z zooms it"),
    KeyHelp(keys: ":", action: "command line: break loss < 0.5, set lr 0.01 (Tab completes)"),
    KeyHelp(keys: "T  M", action: "light or dark; mouse on or off (to select text)"),
    KeyHelp(keys: "?", action: "this help;  :help COMMAND explains one"),
    KeyHelp(keys: "q", action: "quit"),
  ]

  public func handle(_ event: Event) -> [SceneEffect] {
    switch event {
    case .key(let key): return handle(key) + takeNextScene()
    case .mouse(let x, let y, let kind): return handleMouse(x, y, kind)
    case .paste(let text):
      paste(text)
      return []
    case .wake: return takeNews() + takeNextScene()
    case .timeout: return takeNextScene()
    case .resize, .signal, .hangup: return []
    }
  }

  private func handle(_ key: Key) -> [SceneEffect] {
    if isTooSmall { return handleTooSmall(key) }
    switch mode {
    case .help, .commandHelp:
      mode = .watching
      return []
    case .command(var editor): return handleCommand(key, &editor)
    case .value(var editor): return handleValue(key, &editor)
    case .watching: return handleWatching(key)
    }
  }

  /// Nothing is to be seen, so that keys could only do harm; but one can leave.
  private func handleTooSmall(_ key: Key) -> [SceneEffect] {
    switch key {
    case .character("q"), .control("c"): [.quit]
    case .control("l"): [.redraw]
    case .control("z"): [.suspend]
    default: []
    }
  }

  private func handleWatching(_ key: Key) -> [SceneEffect] {
    message = nil
    switch key {
    case .character(" "):
      runner.send(snapshot?.state.isPaused == false ? .pause : .resume)
    case .character("n"): runner.send(.step(1))
    case .character("N"): runner.send(.step(10))
    case .character("b"): runner.send(.back(1))
    case .character("B"): runner.send(.back(10))
    case .up, .character("k"): selectKnob(-1)
    case .down, .character("j"): selectKnob(1)
    case .right, .character("l"): turn(1)
    case .left, .character("h"): turn(-1)
    case .enter: startValue()
    case .character("o"): open()
    case .character("r"): runner.send(.restart)
    case .tab: moveFocus(1)
    case .backTab: moveFocus(-1)
    case .character("z"): isZoomed.toggle()
    case .escape: isZoomed = false
    case .character(":"): mode = .command(LineEditor(prompt: ":", history: commandHistory))
    case .character("?"), .function(1): mode = .help
    case .character("T"): return [.toggleTheme]
    case .character("M"):
      hasMouse.toggle()
      show(message: hasMouse ? "mouse on" : "mouse off: the terminal selects text again")
      return [.setMouse(hasMouse)]
    case .control("l"): return [.redraw]
    case .control("z"): return [.suspend]
    case .character("q"), .control("c"): return [.quit]
    default: if key != .unknown { show(message: "no such key here; ? lists them") }
    }
    return []
  }

  private func moveFocus(_ direction: Int) {
    let all = Panel.allCases
    let place = focus.rawValue + direction
    focus = all[(place + all.count) % all.count]
  }

  // MARK: Knobs

  private func selectKnob(_ direction: Int) {
    let all = Knob.allCases
    guard let place = all.firstIndex(of: knob) else { return }
    knob = all[(place + direction + all.count) % all.count]
  }

  func turn(_ direction: Int) {
    if let new = knob.turned(settings, direction) {
      change(new)
    } else if knob.text(settings) == nil {
      show(message: "\(settings.cell.name) has no \(knob.title)")
    } else {
      show(
        message: "the \(direction > 0 ? "largest" : "smallest") notch of \(knob.title); "
          + "Enter types any value")
    }
  }

  private func startValue() {
    guard knob.text(settings) != nil else {
      show(message: "\(settings.cell.name) has no \(knob.title)")
      return
    }
    mode = .value(LineEditor(prompt: "\(knob.title):"))
  }

  private func handleValue(_ key: Key, _ editor: inout LineEditor) -> [SceneEffect] {
    let names = knob.names
    let outcome = editor.handle(key) { text in
      let found = names.filter { $0.hasPrefix(text) }
      return found.isEmpty ? nil : (0, found)
    }
    switch outcome {
    case .accepted:
      mode = .watching
      let text = editor.string.filter { $0 != " " }
      guard !text.isEmpty else { return [] }
      do throws(CommandError) {
        change(try knob.set(settings, to: text))
      } catch {
        show(message: error.description, isError: true)
      }
    case .cancelled: mode = .watching
    case .editing, .changed: mode = .value(editor)
    }
    return []
  }

  private func paste(_ text: String) {
    let line = text.filter { !$0.isNewline }
    switch mode {
    case .command(var editor):
      editor.insert(line)
      mode = .command(editor)
    case .value(var editor):
      editor.insert(line)
      mode = .value(editor)
    default: show(message: ": starts a line to paste into")
    }
  }

  // MARK: Mouse

  private func handleMouse(_ x: Int, _ y: Int, _ kind: MouseKind) -> [SceneEffect] {
    guard !isTooSmall else { return [] }
    guard case .watching = mode else {
      switch mode {
      case .help, .commandHelp: if kind == .press { mode = .watching }
      default: break
      }
      return []
    }
    let isOnKnobs = places.knobs.contains { $0.columns.contains(x) && $0.row == y }
    switch kind {
    case .wheelUp: if isOnKnobs { turn(1) } else { selectKnob(-1) }
    case .wheelDown: if isOnKnobs { turn(-1) } else { selectKnob(1) }
    case .press: return click(x, y)
    case .drag, .release: break
    }
    return []
  }

  private func click(_ x: Int, _ y: Int) -> [SceneEffect] {
    if let hint = places.hints.first(where: { $0.row == y && $0.columns.contains(x) }) {
      return handleWatching(hint.key)
    }
    if let place = places.knobs.first(where: { $0.row == y && $0.columns.contains(x) }) {
      knob = place.knob
    } else if let place = places.panels.first(where: { $0.rect.contains(x: x, y: y) }) {
      // A second click on a panel makes it large.
      if focus == place.panel { isZoomed.toggle() } else { focus = place.panel }
    }
    return []
  }
}
