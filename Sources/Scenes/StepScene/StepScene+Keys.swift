internal import Canvas
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
    KeyHelp(keys: "E", action: "edit the equation, and run everything anew"),
    KeyHelp(keys: ":", action: "command line (Tab completes, help lists)"),
    KeyHelp(keys: "/  n N", action: "find a token; next, previous"),
    KeyHelp(keys: "u  d", action: "undo a change; show the difference it made"),
    KeyHelp(keys: "T  M", action: "light or dark; mouse on or off (to select text)"),
    KeyHelp(keys: "?", action: "this help;  :help COMMAND explains one"),
    KeyHelp(keys: "q", action: "quit"),
  ]

  var hints: [KeyHint] {
    [
      KeyHint(.right, "←→", "time"), KeyHint(.down, "↑↓", "equation"),
      KeyHint(.character(" "), "Space", isRunning ? "pause" : "run"), KeyHint("b", "turn"),
      KeyHint("t", "text"), KeyHint(":", "command"), KeyHint("?", "help"), KeyHint("q", "quit"),
      KeyHint("e", "explain"), KeyHint(.character("["), "[ ]", "unit"), KeyHint("z", "zoom"),
    ]
  }

  func tick() -> [SceneEffect] {
    if isRunning, pendingRequest == nil { advance() }
    return []
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

  func handleKey(_ key: Key) -> [SceneEffect]? {
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
    case .enter: isZoomed.toggle()
    case .escape:
      isZoomed = false
      isRunning = false
    case .character("e"): explains.toggle()
    case .character("E"): startEditing()
    case .character("d"): toggleDifference()
    case .character("u"): return trying { () throws(CommandError) in try perform(.undo) }
    case .character("t"): startText()
    case .character("/"): mode = .line(LineEditor(prompt: "/"), .find)
    case .character("n"): find(searchText, from: cursor.time, direction: 1)
    case .character("N"): find(searchText, from: cursor.time, direction: -1)
    case .character("1"): break
    default: return nil
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

  private func startEditing() {
    guard cursor.layer != nil else {
      show(message: "the equations of the cell can be edited; move to one (k)")
      return
    }
    let text = spelled(recording.cell.text(ofEquation: cursor.equation), places.glyphs)
    mode = .command(
      LineEditor(prompt: ":", text: "edit \(text)", history: frame.commandHistory))
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
}
