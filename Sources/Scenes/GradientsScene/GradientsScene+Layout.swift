internal import Canvas
internal import Learning

/// The layout: title, verdict, knobs on the left, curves and heatmaps beside them, status and hints
/// at the bottom.
extension GradientsScene {
  func drawPicture(in grid: inout Grid) {
    places = GradientsPlaces()
    let dot = grid.medium.dot
    let inner = drawFrame(
      title: title(width: grid.width), place: progress(dot) + " ", status: status(dot), in: &grid)
    let rows = inner.splitRows([.fixed(verdictRows(inner.width)), .flexible()])
    drawVerdict(in: &grid, rows[0])
    drawBody(in: &grid, rows[1])
  }

  // MARK: Title and status

  private func title(width: Int) -> String {
    var title = width >= 100 ? " unroll gradients  " : " gradients  "
    title += Self.name(of: settings)
    title += "  \(settings.task.kind.rawValue), T \(settings.seqLen)"
    if width >= 110, let lane { title += "  \(lane.parameterCount) parameters" }
    return title
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

  private func status(_ dot: String) -> String {
    // What a narrow terminal cuts off at the end can be read elsewhere: the help of a knob.
    var parts = snapshot == nil ? [] : [undoText]
    if let conditions = snapshot?.conditions, !conditions.isEmpty {
      parts.append("break " + conditions.map(\.text).joined(separator: ", "))
    }
    parts.append("\(knob.title): \(knob.help)")
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
}
