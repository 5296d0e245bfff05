internal import Canvas
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

  var hints: [KeyHint] {
    [
      KeyHint(.character(" "), "Space", isPaused ? "run" : "pause"),
      KeyHint(.character("n"), "n b", "on, back"), KeyHint("d", "difference"),
      KeyHint(.down, "↑↓", "knob"), KeyHint(.right, "←→", "turn"), KeyHint(":", "command"),
      KeyHint("?", "help"), KeyHint("q", "quit"), KeyHint(.character("]"), "[ ]", "lane"),
      KeyHint("z", "zoom"), KeyHint("a", "accuracy"), KeyHint(.character("+"), "+ -", "speed"),
      KeyHint("o", "step through"), KeyHint("r", "restart"),
    ]
  }

  func handleKey(_ key: Key) -> [SceneEffect]? {
    switch key {
    case .character("+"), .character("="): changeSpeed(1)
    case .character("-"): changeSpeed(-1)
    case .character("]"): selected = lanes.indices.next(after: selected)
    case .character("["): selected = lanes.indices.next(after: selected, by: -1)
    case .character("1"), .character("2"), .character("3"), .character("4"):
      selectLane(key)
    case .character("d"): showNextPair()
    case .character("a"): prefersAccuracy.toggle()
    case .enter: mode = .command(LineEditor(prompt: ":", text: "set \(knob.rawValue) "))
    case .pageDown: moveUnits(1)
    case .pageUp: moveUnits(-1)
    case .escape:
      isZoomed = false
      pair = nil
    default: return handleLabKey(key)
    }
    return []
  }

  // MARK: Training

  func run() {
    guard let speed else {
      runner.send(.resume)
      return
    }
    watch.isTicking = true
    runner.send(.step(1))
    show(message: Self.name(ofSpeed: speed))
  }

  private static func name(ofSpeed speed: Int) -> String {
    "\(speed) update\(speed == 1 ? "" : "s") a second"
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
    show(message: new.map(Self.name(ofSpeed:)) ?? "as fast as it can")
    guard wasRunning else { return }
    watch.isTicking = new != nil
    runner.send(watch.isTicking ? .pause : .resume)
  }

  // MARK: What is shown

  private func selectLane(_ key: Key) {
    guard case .character(let digit) = key, let number = digit.wholeNumberValue else { return }
    guard number <= lanes.count else {
      show(message: "there are lanes 1 to \(lanes.count)")
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

  private func moveUnits(_ count: Int) {
    let most = snapshot?.lanes.compactMap { $0.states.first?.unitCount }.max() ?? 1
    unitOffset = min(max(unitOffset + count, 0), max(0, most - 1))
  }

  // MARK: Mouse

  func handleMouse(_ x: Int, _ y: Int, _ kind: MouseKind) -> [SceneEffect] {
    switch kind {
    case .wheelUp: moveUnits(-1)
    case .wheelDown: moveUnits(1)
    case .press: click(x, y)
    case .drag, .release: break
    }
    return []
  }

  private func click(_ x: Int, _ y: Int) {
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
  }

  private func sayState(lane: Int, unit: Int, time: Int) {
    guard let state = snapshot?.lanes[lane].states.first, time < state.seqLen,
      unit < state.unitCount
    else { return }
    let value = NumberText.text(Double(state[time, unit]), digits: 6)
    show(
      message: "\(lanes[lane].name): \(state.name)[\(unit)] at t = \(time) is \(value)")
  }
}
