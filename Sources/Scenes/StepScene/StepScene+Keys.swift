public import Canvas
internal import Debugger
internal import Equations
internal import Networks

extension StepScene {
  static let keyHelp: [KeyHelp] = [
    KeyHelp(keys: "→ l   ← h", action: "one time step on, back"),
    KeyHelp(keys: "↓ j   ↑ k", action: "one equation on, back"),
    KeyHelp(keys: "g Home, G End", action: "to the first equation, to the end of the way back"),
    KeyHelp(keys: "b", action: "the same equation in the other pass (forward, backward)"),
    KeyHelp(keys: "Space", action: "run or pause;  + faster  - slower"),
    KeyHelp(keys: "c  C", action: "on, back to the next breakpoint"),
    KeyHelp(keys: "< >", action: "the layer or direction below, above"),
    KeyHelp(keys: "[ ]  PgUp PgDn", action: "another unit; ten at once;  m the liveliest"),
    KeyHelp(keys: "Tab", action: "next panel;  z zooms it"),
    KeyHelp(keys: "t", action: "type another text"),
    KeyHelp(keys: "e", action: "explain the equation, or stop explaining"),
    KeyHelp(keys: ":", action: "command line (Tab completes, help lists)"),
    KeyHelp(keys: "/  n N", action: "find a token; next, previous"),
    KeyHelp(keys: "u  d", action: "undo a change; show the difference it made"),
    KeyHelp(keys: "T  M", action: "light or dark; mouse on or off (to select text)"),
    KeyHelp(keys: "?", action: "this help;  :help COMMAND explains one"),
    KeyHelp(keys: "q", action: "quit"),
  ]

  public func handle(_ event: Event) -> [SceneEffect] {
    switch event {
    case .key(let key): return handle(key)
    case .mouse(let x, let y, let kind): return handleMouse(x, y, kind)
    case .paste(let text): return handlePaste(text)
    case .timeout:
      spinner += 1
      if isRunning, pendingRequest == nil { advance() }
      return []
    case .resize, .wake, .signal, .hangup: return []
    }
  }

  private func advance() {
    let before = cursor
    session.step(by: 1)
    if cursor == before {
      isRunning = false
      show(message: "the end of the backward pass")
    } else if let hit = session.breakpointHere {
      isRunning = false
      show(message: "breakpoint \(hit.number): \(hit.text)")
    }
  }

  private func handle(_ key: Key) -> [SceneEffect] {
    if isTooSmall { return handleTooSmall(key) }
    switch mode {
    case .help, .commandHelp:
      mode = .stepping
      return []
    case .tour(let page): return handleTour(key, page)
    case .command(var editor): return handleCommand(key, &editor)
    case .text(var editor, let before): return handleText(key, &editor, before)
    case .find(var editor): return handleFind(key, &editor)
    case .stepping: return handleStepping(key)
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

  private func handleStepping(_ key: Key) -> [SceneEffect] {
    message = nil
    switch key {
    case .right, .character("l"): session.next(by: 1)
    case .left, .character("h"): session.next(by: -1)
    case .down, .character("j"): session.step(by: 1)
    case .up, .character("k"): session.step(by: -1)
    case .home, .character("g"): session.moveToStart()
    case .end, .character("G"): session.moveToEnd()
    case .character("b"): session.turnAround()
    case .character("c"): run(backwards: false)
    case .character("C"): run(backwards: true)
    case .character("<"): moveLayer(-1)
    case .character(">"): moveLayer(1)
    case .character("["): selectUnit(unit - 1)
    case .character("]"): selectUnit(unit + 1)
    case .pageUp: selectUnit(unit - 10)
    case .pageDown: selectUnit(unit + 10)
    case .character("m"):
      unit = mostActiveUnit()
      show(message: "unit \(unit) of \(recording.cell.output) changes most over this text")
    case .character(" "): isRunning.toggle()
    case .character("+"), .character("="): setSpeed(interval / 2)
    case .character("-"): setSpeed(interval * 2)
    case .tab: moveFocus(1)
    case .backTab: moveFocus(-1)
    case .character("z"), .enter: isZoomed.toggle()
    case .escape:
      isZoomed = false
      isRunning = false
    case .character("e"): explains.toggle()
    case .character("d"): toggleDifference()
    case .character("u"): return perform(.undo)
    case .character("t"): startText()
    case .character(":"):
      mode = .command(LineEditor(prompt: ":", history: commandHistory))
    case .character("/"): mode = .find(LineEditor(prompt: "/"))
    case .character("n"): find(searchText, from: cursor.time, direction: 1)
    case .character("N"): find(searchText, from: cursor.time, direction: -1)
    case .character("?"), .function(1): mode = .help
    case .character("T"): return [.toggleTheme]
    case .character("M"):
      hasMouse.toggle()
      show(message: hasMouse ? "mouse on" : "mouse off: the terminal selects text again")
      return [.setMouse(hasMouse)]
    case .control("l"): return [.redraw]
    case .control("z"): return [.suspend]
    case .character("q"), .control("c"): return [.quit]
    case .character("1"): break
    default:
      if key != .unknown { show(message: "no such key here; ? lists them") }
    }
    return []
  }

  private func run(backwards: Bool) {
    if let hit = session.run(backwards: backwards) {
      show(message: "breakpoint \(hit.number): \(hit.text)")
    } else {
      show(
        message: session.breakpoints.isEmpty
          ? "no breakpoints: at the \(backwards ? "start" : "end"); :break mean(f) < 0.1 sets one"
          : "at the \(backwards ? "start" : "end")")
    }
  }

  private func setSpeed(_ milliseconds: Int) {
    interval = min(max(milliseconds, 16), 4000)
    show(message: "\(interval) ms per equation")
  }

  func toggleDifference() {
    guard session.original != nil else {
      show(message: "nothing was changed yet: \":set f[3] = 0\" makes a run to compare with")
      return
    }
    session.showsDifference.toggle()
  }

  private func moveLayer(_ direction: Int) {
    let all = (0..<recording.configuration.numLayers).flatMap { layer in
      recording.configuration.directions.map { LayerID(layer: layer, direction: $0) }
    }
    let here = cursor.layer.flatMap { all.firstIndex(of: $0) } ?? all.count
    let wanted = min(max(here + direction, 0), all.count - 1)
    session.move(
      to: Position(
        pass: cursor.pass, part: .layer(all[wanted]), time: cursor.time,
        equation: cursor.layer == nil ? 0 : cursor.equation))
  }

  /// The panels in the order of Tab.
  var panels: [Panel] { [.equations] + heatmapOrder.map { .heatmap($0) } + [.prediction] }

  private func moveFocus(_ direction: Int) {
    let all = panels
    let index = all.firstIndex(of: focus) ?? 0
    focus = all[(index + direction + all.count) % all.count]
  }

  // MARK: Find

  private func handleFind(_ key: Key, _ editor: inout LineEditor) -> [SceneEffect] {
    switch editor.handle(key) {
    case .accepted:
      mode = .stepping
      searchText = editor.string
      find(searchText, from: cursor.time, direction: 1)
    case .cancelled: mode = .stepping
    case .editing, .changed: mode = .find(editor)
    }
    return []
  }

  /// Moves to the next place where the tokens spell `text`.
  private func find(_ text: String, from time: Int, direction: Int) {
    guard !text.isEmpty else {
      show(message: "nothing to look for yet: / starts a search")
      return
    }
    let labels = recording.request.input.labels
    for offset in 1...labels.count {
      let start = ((time + direction * offset) % labels.count + labels.count) % labels.count
      var rest = Substring(text)
      var index = start
      while index < labels.count, !rest.isEmpty, rest.hasPrefix(labels[index]) {
        rest = rest.dropFirst(labels[index].count)
        index += 1
      }
      if rest.isEmpty || labels[start] == text {
        var place = cursor
        place.time = start
        session.move(to: place)
        return
      }
    }
    show(message: "\"\(text)\" is not in the text", isError: true)
  }

  // MARK: Text

  private func startText() {
    guard vocabulary != nil else {
      show(message: "this model has no vocabulary: its input is a file of numbers", isError: true)
      return
    }
    let text = recording.request.input.labels.joined(
      separator: vocabulary?.unit == .words ? " " : "")
    mode = .text(LineEditor(prompt: "text", text: text), before: session)
  }

  private func handleText(
    _ key: Key, _ editor: inout LineEditor, _ before: Session
  ) -> [SceneEffect] {
    switch editor.handle(key) {
    case .accepted:
      mode = .stepping
      return []
    case .cancelled:
      session = before
      pendingRequest = nil
      message = nil
      mode = .stepping
      return []
    case .editing:
      mode = .text(editor, before: before)
      return []
    case .changed:
      mode = .text(editor, before: before)
      return runText(editor.string, before)
    }
  }

  private func runText(_ text: String, _ before: Session) -> [SceneEffect] {
    do throws(CommandError) {
      return request(try session.requestText(text), change: nil, former: before)
    } catch {
      show(message: error.description, isError: true)
      return []
    }
  }

  private func handlePaste(_ text: String) -> [SceneEffect] {
    switch mode {
    case .text(var editor, let before):
      editor.insert(text)
      mode = .text(editor, before: before)
      return runText(editor.string, before)
    case .command(var editor):
      editor.insert(text.filter { !$0.isNewline })
      mode = .command(editor)
    case .find(var editor):
      editor.insert(text)
      mode = .find(editor)
    default: show(message: "t starts a text to paste into")
    }
    return []
  }

  // MARK: Mouse

  private func handleMouse(_ x: Int, _ y: Int, _ kind: MouseKind) -> [SceneEffect] {
    guard case .stepping = mode else {
      switch mode {
      case .help, .commandHelp: if kind == .press { mode = .stepping }
      default: break
      }
      return []
    }
    guard !isTooSmall else { return [] }
    switch kind {
    case .wheelUp: session.step(by: -1)
    case .wheelDown: session.step(by: 1)
    case .press, .drag: return click(x, y)
    case .release: break
    }
    return []
  }

  private func click(_ x: Int, _ y: Int) -> [SceneEffect] {
    if let hint = places.hints.first(where: { $0.row == y && $0.columns.contains(x) }) {
      return handleStepping(hint.key)
    }
    if let token = places.tokens.first(where: { $0.columns.contains(x) && $0.rows.contains(y) }) {
      var place = cursor
      place.time = token.index
      session.move(to: place)
    } else if let line = places.lines.first(where: { $0.row == y && $0.columns.contains(x) }) {
      session.move(to: line.position)
      focus = .equations
    } else {
      for heatmap in places.heatmaps {
        guard let (row, column) = heatmap.layout.value(atX: x, y: y) else { continue }
        select(heatmap.equation, of: heatmap.layer, unit: row, time: column)
      }
    }
    return []
  }

  /// A value that was clicked: the cursor goes there, and the status line says it exactly.
  private func select(_ equation: Int, of id: LayerID, unit: Int, time: Int) {
    focus = .heatmap(equation)
    selectUnit(unit)
    session.move(
      to: Position(pass: cursor.pass, part: .layer(id), time: time, equation: equation))
    let value =
      cursor.pass == .forward
      ? recording.value(id, equation, time: time, unit: unit)
      : recording.gradient(id, equation, time: time, unit: unit)
    let name = "\(id.name).\(equations[equation].name)[\(unit)]"
    show(
      message: cursor.pass == .forward
        ? "\(name) at t = \(time) is \(value)" : "∂L/∂\(name) at t = \(time) is \(value)")
  }
}
