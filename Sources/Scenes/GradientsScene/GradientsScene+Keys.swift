internal import Canvas
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

  var hints: [KeyHint] {
    [
      KeyHint(.character(" "), "Space", snapshot != nil && isPaused ? "run" : "pause"),
      KeyHint(.down, "↑↓", "knob"), KeyHint(.right, "←→", "turn"), KeyHint("n", "next"),
      KeyHint("b", "back"), KeyHint("o", "open"), KeyHint("?", "help"), KeyHint("q", "quit"),
      KeyHint(.tab, "Tab", "panel"), KeyHint("z", "zoom"), .enter("exact value"),
      KeyHint(":", "command"), KeyHint("r", "restart"),
    ]
  }

  func handleKey(_ key: Key) -> [SceneEffect]? {
    guard key == .enter else { return handleLabKey(key) }
    startValue()
    return []
  }

  // MARK: Knobs

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
    mode = .line(LineEditor(prompt: "\(knob.title):"), .value)
  }

  func hints(for line: Line) -> [KeyHint] { [.complete, .enter("set"), .escape("back")] }

  func completions(_ text: String, for line: Line) -> (start: Int, candidates: [String])? {
    candidates(knob.names, for: text, from: 0)
  }

  func accept(_ text: String, for line: Line) -> [SceneEffect] {
    let value = text.filter { !$0.isWhitespace }
    guard !value.isEmpty else { return [] }
    return trying { () throws(CommandError) in
      change(try knob.set(settings, to: value))
      return []
    }
  }

  // MARK: Mouse

  func handleMouse(_ x: Int, _ y: Int, _ kind: MouseKind) -> [SceneEffect] {
    let isOnKnobs = places.knobs.contains { $0.columns.contains(x) && $0.row == y }
    switch kind {
    case .wheelUp: if isOnKnobs { turn(1) } else { knob = shownKnobs.next(after: knob, by: -1) }
    case .wheelDown: if isOnKnobs { turn(-1) } else { knob = shownKnobs.next(after: knob) }
    case .press: click(x, y)
    case .drag, .release: break
    }
    return []
  }

  private func click(_ x: Int, _ y: Int) {
    if let place = places.knobs.first(where: { $0.row == y && $0.columns.contains(x) }) {
      knob = place.knob
    } else if let place = places.panels.first(where: { $0.rect.contains(x: x, y: y) }) {
      // A second click on a panel makes it large.
      if focus == place.panel { isZoomed.toggle() } else { focus = place.panel }
    }
  }
}
