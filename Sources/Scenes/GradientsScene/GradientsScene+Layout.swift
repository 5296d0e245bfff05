internal import Canvas
internal import Learning

/// The layout: title, verdict, knobs on the left, curves and heatmaps beside them, status and hints
/// at the bottom.
extension GradientsScene {
  func drawPicture(in grid: inout Grid) {
    let bounds = grid.bounds
    let rows = bounds.splitRows([
      .fixed(1), .fixed(verdictRows(bounds.width)), .flexible(), .fixed(1), .fixed(1),
    ])
    drawTitle(in: &grid, rows[0])
    drawVerdict(in: &grid, rows[1])
    drawBody(in: &grid, rows[2])
    drawStatus(in: &grid, rows[3])
    drawHints(in: &grid, rows[4])
  }

  // MARK: Title

  private func drawTitle(in grid: inout Grid, _ rect: Rect) {
    grid.fill(rect, " ", style: Style(.title, [.reverse]))
    let style = Style(.title, [.reverse, .bold])
    let dot = grid.medium.isUnicode ? " · " : " | "
    var left = rect.width >= 100 ? " unroll gradients  " : " gradients  "
    left += Self.name(of: settings)
    left += "  \(settings.task.kind.rawValue), T \(settings.seqLen)"
    if rect.width >= 110, let lane { left += "  \(lane.parameterCount) parameters" }
    let place = progress(dot) + " "
    let width = grid.columns(of: place) + 1
    _ = grid.drawText(
      spelled(left, grid), x: rect.x, y: rect.y, style: style, width: rect.width - width - 1)
    _ = grid.drawText(place, x: rect.maxX - width, y: rect.y, style: style, width: width)
  }

  /// "update 123 · 512/s · running".
  private func progress(_ dot: String) -> String {
    guard let snapshot else { return "measuring" }
    var parts = ["update \(snapshot.updateCount)"]
    if let rate = snapshot.updatesPerSecond { parts.append("\(NumberText.text(rate))/s") }
    switch snapshot.state {
    case .paused: parts.append(lane?.stop == nil ? "paused" : "stopped")
    case .running: parts.append("running")
    case .stepping(let left): parts.append("\(left) to go")
    }
    return parts.joined(separator: dot)
  }

  // MARK: Body

  private func drawBody(in grid: inout Grid, _ rect: Rect) {
    if isZoomed {
      draw(focus, in: &grid, rect)
      return
    }
    let knobWidth = rect.width < 100 ? 27 : 36
    let columns = rect.splitColumns([.fixed(knobWidth), .flexible()])
    let knobRows = min(Knob.allCases.count + 2, rect.height)
    let left = columns[0].splitRows([.fixed(knobRows), .flexible()])
    drawKnobs(in: &grid, left[0])
    let hasHistograms = left[1].height >= 6
    if hasHistograms { draw(.histograms, in: &grid, left[1]) }
    drawPanels(in: &grid, columns[1], hasHistograms: hasHistograms)
  }

  private func drawPanels(in grid: inout Grid, _ rect: Rect, hasHistograms: Bool) {
    let count = rect.width >= 150 ? 3 : rect.width >= 80 ? 2 : 1
    let depth = max(1, min(count == 1 ? 7 : 3, rect.height / 7))
    var stacks: [[Panel]]
    switch count {
    case 3: stacks = [[.flow, .updates], [.loss, .accuracy], [.matrix, .norms]]
    case 2: stacks = [[.flow, .updates, .matrix], [.loss, .accuracy, .norms]]
    default: stacks = [[.flow, .loss, .updates, .matrix, .accuracy, .norms, .histograms]]
    }
    if hasHistograms { stacks[0].removeAll { $0 == .histograms } }
    let home = stacks.firstIndex { $0.contains(focus) } ?? count - 1
    stacks = stacks.map { Array($0.prefix(depth)) }
    let isElsewhere = focus == .verdict || focus == .histograms && hasHistograms
    // What has the focus is shown, in place of the last panel where there is no room.
    if !isElsewhere, !stacks.contains(where: { $0.contains(focus) }) {
      stacks[home][stacks[home].count - 1] = focus
    }
    let columns = rect.splitColumns(Array(repeating: .flexible(), count: count))
    for (stack, column) in zip(stacks, columns) {
      let rows = column.splitRows(stack.map { .flexible($0 == .flow ? 1.25 : 1) })
      for (panel, row) in zip(stack, rows) { draw(panel, in: &grid, row) }
    }
  }

  private func draw(_ panel: Panel, in grid: inout Grid, _ rect: Rect) {
    places.panels.append((panel, rect))
    switch panel {
    case .flow: drawFlow(in: &grid, rect)
    case .updates: drawUpdates(in: &grid, rect)
    case .matrix: drawMatrix(in: &grid, rect)
    case .loss: drawLoss(in: &grid, rect)
    case .accuracy: drawAccuracy(in: &grid, rect)
    case .norms: drawNorms(in: &grid, rect)
    case .histograms: drawHistograms(in: &grid, rect)
    case .verdict: drawFigures(in: &grid, rect)
    }
  }

  // MARK: Status and hints

  private func drawStatus(in grid: inout Grid, _ rect: Rect) {
    switch mode {
    case .command(let editor), .value(let editor):
      var shown = editor
      shown.prompt = spelled(editor.prompt, grid)
      let x = shown.draw(in: &grid, rect)
      setTextCursor(x: x, y: rect.y)
    case .watching, .help, .commandHelp:
      if let message {
        _ = grid.drawText(
          " " + spelled(message.text, grid), x: rect.x, y: rect.y,
          style: message.isError ? Style(.error, [.bold]) : Style(.accent), width: rect.width)
        return
      }
      let dot = grid.medium.isUnicode ? " · " : " | "
      var parts = ["\(knob.title): \(knob.help)"]
      if let conditions = snapshot?.conditions, !conditions.isEmpty {
        parts.append("break " + conditions.map(\.text).joined(separator: ", "))
      }
      if snapshot != nil { parts.append(undoText) }
      _ = grid.drawText(
        " " + spelled(parts.joined(separator: dot), grid), x: rect.x, y: rect.y,
        style: Style(.dim), width: rect.width)
    }
  }

  private func drawHints(in grid: inout Grid, _ rect: Rect) {
    let arrows = grid.medium.isUnicode
    let hints: [(Key, String, String)]
    switch mode {
    case .command:
      hints = [(.tab, "Tab", "complete"), (.enter, "Enter", "run"), (.escape, "Esc", "back")]
    case .value:
      hints = [(.tab, "Tab", "complete"), (.enter, "Enter", "set"), (.escape, "Esc", "back")]
    case .watching, .help, .commandHelp:
      let isPaused = snapshot?.state.isPaused ?? false
      hints = [
        (.character(" "), "Space", isPaused ? "run" : "pause"),
        (.down, arrows ? "↑↓" : "Up/Down", "knob"), (.right, arrows ? "←→" : "Left/Right", "turn"),
        (.character("n"), "n", "next"), (.character("b"), "b", "back"),
        (.character("o"), "o", "open"), (.character("?"), "?", "help"),
        (.character("q"), "q", "quit"), (.tab, "Tab", "panel"), (.character("z"), "z", "zoom"),
        (.enter, "Enter", "exact value"), (.character(":"), ":", "command"),
        (.character("r"), "r", "restart"),
      ]
    }
    var x = rect.x + 1
    for (key, label, action) in hints {
      let start = x
      guard x + grid.columns(of: label) + action.count + 1 < rect.maxX else { break }
      x = grid.drawText(
        label, x: x, y: rect.y, style: Style(.keyHint, [.bold]), width: rect.maxX - x)
      x = grid.drawText(" \(action)", x: x, y: rect.y, style: Style(.dim), width: rect.maxX - x)
      places.hints.append((key, rect.y, start..<x))
      x += 2
    }
  }

  /// Text as the terminal can show it.
  func spelled(_ text: String, _ grid: Grid) -> String {
    grid.medium.isUnicode ? text : Spelling.ascii(text)
  }
}
