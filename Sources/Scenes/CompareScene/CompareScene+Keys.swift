public import Canvas
internal import Debugger
internal import Learning

extension CompareScene {
  static let keyHelp: [KeyHelp] = [
    KeyHelp(keys: "Space", action: "pause, or train on"),
    KeyHelp(keys: "n  N", action: "one update of all lanes, or ten"),
    KeyHelp(keys: "b  B", action: "one back, or ten: bit for bit"),
    KeyHelp(keys: "+  -", action: "faster, slower, in updates a second"),
    KeyHelp(keys: "1 to 4  [ ]", action: "another lane"),
    KeyHelp(keys: "d", action: "the next pair of lanes as a difference"),
    KeyHelp(keys: "↑ k   ↓ j", action: "another knob"),
    KeyHelp(keys: "← h   → l", action: "turn it, for all lanes but those that set it"),
    KeyHelp(keys: "Enter", action: "type the knob's exact value"),
    KeyHelp(keys: "a", action: "accuracy in place of the loss"),
    KeyHelp(keys: "PgUp PgDn", action: "other units in the heatmaps"),
    KeyHelp(keys: "o", action: "stop and step through the lane's update"),
    KeyHelp(keys: "r", action: "restart with these settings"),
    KeyHelp(keys: "Tab", action: "next panel;  z zooms it"),
    KeyHelp(keys: ":", action: "command line, e.g. break loss < 0.5"),
    KeyHelp(keys: "T  M", action: "light or dark; mouse on or off"),
    KeyHelp(keys: "?", action: "this help;  :help COMMAND explains one"),
    KeyHelp(keys: "q", action: "quit"),
  ]

  public func handle(_ event: Event) -> [SceneEffect] {
    switch event {
    case .key(let key): return handle(key) + takeNextScene()
    case .mouse(let x, let y, let kind): return handleMouse(x, y, kind)
    case .paste(let text):
      if case .command(var editor) = mode {
        editor.insert(text.filter { !$0.isNewline })
        mode = .command(editor)
      } else {
        show(message: ": starts a line to paste into", isError: false)
      }
      return []
    case .wake: return takeNews() + takeNextScene()
    case .timeout:
      let effects = takeNews() + takeNextScene()
      // One that takes longer than a tick is waited for.
      if isTicking, snapshot?.state.isPaused ?? false { runner.send(.step(1)) }
      return effects
    case .resize, .signal, .hangup: return []
    }
  }

  private func handle(_ key: Key) -> [SceneEffect] {
    if isTooSmall { return handleAnywhere(key) ?? [] }
    switch mode {
    case .help, .commandHelp:
      mode = .watching
      return []
    case .command(var editor): return handleCommand(key, &editor)
    case .watching: return handleWatching(key)
    }
  }

  /// What one can do even where nothing is to be seen.
  private func handleAnywhere(_ key: Key) -> [SceneEffect]? {
    switch key {
    case .control("l"): [.redraw]
    case .control("z"): [.suspend]
    case .character("q"), .control("c"): [.quit]
    default: nil
    }
  }

  func handleWatching(_ key: Key) -> [SceneEffect] {
    message = nil
    if let effects = handleAnywhere(key) { return effects }
    switch key {
    case .character(" "): runOrPause()
    case .character("n"): step(1)
    case .character("N"): step(10)
    case .character("b"): goBack(1)
    case .character("B"): goBack(10)
    case .character("+"), .character("="): changeSpeed(1)
    case .character("-"): changeSpeed(-1)
    case .character("]"): selected = (selected + 1) % lanes.count
    case .character("["): selected = (selected + lanes.count - 1) % lanes.count
    case .character("1"), .character("2"), .character("3"), .character("4"):
      selectLane(key)
    case .character("d"): showNextPair()
    case .character("a"): prefersAccuracy.toggle()
    case .up, .character("k"): moveKnob(-1)
    case .down, .character("j"): moveKnob(1)
    case .left, .character("h"): turn(knob, -1)
    case .right, .character("l"): turn(knob, 1)
    case .enter: mode = .command(LineEditor(prompt: ":", text: "set \(knob.rawValue) "))
    case .character("o"): open(sequence: nil)
    case .pageDown: moveUnits(1)
    case .pageUp: moveUnits(-1)
    case .tab: moveFocus(1)
    case .backTab: moveFocus(-1)
    case .character("z"): isZoomed.toggle()
    case .escape:
      isZoomed = false
      pair = nil
    case .character("r"): restart()
    case .character(":"): mode = .command(LineEditor(prompt: ":", history: commandHistory))
    case .character("?"), .function(1): mode = .help
    case .character("T"): return [.toggleTheme]
    case .character("M"):
      hasMouse.toggle()
      show(
        message: hasMouse ? "mouse on" : "mouse off: the terminal selects text again",
        isError: false)
      return [.setMouse(hasMouse)]
    default:
      if key != .unknown { show(message: "no such key here; ? lists them", isError: false) }
    }
    return []
  }

  // MARK: Training

  func runOrPause() { if isPaused { run() } else { pause() } }

  func run() {
    guard let speed else {
      runner.send(.resume)
      return
    }
    isTicking = true
    runner.send(.step(1))
    show(message: "\(speed) update\(speed == 1 ? "" : "s") a second", isError: false)
  }

  func pause() {
    isTicking = false
    runner.send(.pause)
  }

  func step(_ count: Int) {
    isTicking = false
    runner.send(.step(count))
  }

  func goBack(_ count: Int) {
    isTicking = false
    runner.send(.back(count))
  }

  func restart() {
    isTicking = false
    runner.send(.restart)
  }

  private static let speeds = [1, 2, 5, 10, 20, 50]

  /// Behind the fastest limit there is none.
  private func changeSpeed(_ direction: Int) {
    let all = Self.speeds
    guard let speed else {
      limitSpeed(direction < 0 ? all.last : nil)
      return
    }
    let next = direction > 0 ? all.first { $0 > speed } : all.last { $0 < speed } ?? all.first
    limitSpeed(next)
  }

  func limitSpeed(_ new: Int?) {
    let wasRunning = !isPaused
    speed = new
    show(
      message: new.map { "\($0) update\($0 == 1 ? "" : "s") a second" } ?? "as fast as it can",
      isError: false)
    guard wasRunning else { return }
    isTicking = new != nil
    runner.send(isTicking ? .pause : .resume)
  }

  // MARK: What is shown

  private func selectLane(_ key: Key) {
    guard case .character(let digit) = key, let number = digit.wholeNumberValue else { return }
    guard number <= lanes.count else {
      show(message: "there are lanes 1 to \(lanes.count)", isError: false)
      return
    }
    selected = number - 1
  }

  /// None, then every pair.
  private func showNextPair() {
    let pairs = lanes.indices.flatMap { a in lanes.indices.filter { $0 > a }.map { (a, $0) } }
    let index = pair.flatMap { shown in pairs.firstIndex { $0 == (shown.first, shown.second) } }
    let next = index.map { $0 + 1 } ?? (pair == nil ? 0 : pairs.count)
    pair = next < pairs.count ? (pairs[next].0, pairs[next].1) : nil
  }

  private func moveFocus(_ direction: Int) {
    let all = Panel.allCases
    focus = all[(focus.rawValue + direction + all.count) % all.count]
  }

  private func moveUnits(_ count: Int) {
    let most = snapshot?.lanes.compactMap { $0.states.first?.unitCount }.max() ?? 1
    unitOffset = min(max(unitOffset + count, 0), max(0, most - 1))
  }

  // MARK: Mouse

  private func handleMouse(_ x: Int, _ y: Int, _ kind: MouseKind) -> [SceneEffect] {
    guard case .watching = mode, !isTooSmall else {
      if kind == .press, case .command = mode { return [] }
      if kind == .press { mode = .watching }
      return []
    }
    switch kind {
    case .wheelUp: moveUnits(-1)
    case .wheelDown: moveUnits(1)
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
    }
    if let lane = places.lanes.first(where: { $0.rect.contains(x: x, y: y) }) {
      selected = lane.lane
    }
    for heatmap in places.heatmaps {
      guard let (row, time) = heatmap.layout.value(atX: x, y: y) else { continue }
      sayState(lane: heatmap.lane, unit: heatmap.units[row], time: time)
    }
    if let place = places.panels.first(where: { $0.rect.contains(x: x, y: y) }) {
      focus = place.panel
    }
    return []
  }

  private func sayState(lane: Int, unit: Int, time: Int) {
    guard let state = snapshot?.lanes[lane].states.first, time < state.seqLen,
      unit < state.unitCount
    else { return }
    let value = NumberText.text(Double(state[time, unit]), digits: 6)
    show(
      message: "\(lanes[lane].name): \(state.name)[\(unit)] at t = \(time) is \(value)",
      isError: false)
  }
}
