internal import Canvas
internal import Debugger
internal import Learning

/// The layout: title, curves, heatmaps of states, figures, knobs, status and hints.
extension CompareScene {
  func drawPicture(in grid: inout Grid) {
    places = ComparePlaces()
    let inner = drawFrame(
      title: title(grid), place: progress(grid.medium), status: status(grid), in: &grid)
    let words = grid.height < 30 ? 0 : lookFor == nil ? 1 : 2
    let rows = inner.splitRows([.fixed(words), .flexible(), .fixed(1)])
    if words > 0 { drawTask(in: &grid, rows[0]) }
    drawBody(in: &grid, rows[1])
    drawKnobs(in: &grid, rows[2])
  }

  // MARK: Title and status

  private func title(_ grid: Grid) -> String {
    let dot = grid.medium.dot
    let settings = lanes[0].settings
    let title = " unroll compare  \(settings.task.kind.rawValue)\(dot)T = \(settings.seqLen)"
    guard grid.width >= 100 else { return title }
    return title + "\(dot)batch \(settings.batchSize)\(dot)seed \(settings.seed)"
  }

  private func progress(_ medium: Medium) -> String {
    var parts: [String] = []
    if let pair { parts.append("lane \(pair.second + 1) less lane \(pair.first + 1)") }
    parts.append(isPaused ? "paused" : "running")
    parts.append("update \(snapshot?.updateCount ?? 0)")
    if let rate = snapshot?.updatesPerSecond, !isPaused {
      parts.append("\(NumberText.text(rate, glyphs: medium.glyphs))/s")
    }
    return parts.joined(separator: medium.dot)
  }

  /// Where there is no room for the verdicts, the selected lane's; else what is watched for, and
  /// how far back one can go.
  private func status(_ grid: Grid) -> String {
    if grid.height < 30 && !(isZoomed && focus == .figures) {
      return "\(tag(selected)) \(sentence(selected))"
    }
    let conditions = snapshot?.conditions.map { "break \($0.text)" } ?? []
    let limit = speed.map { ["\($0) a second at most"] } ?? []
    let undo = snapshot == nil ? [] : [undoText]
    return (conditions + limit + undo).joined(separator: grid.medium.dot)
  }

  /// What is learnt, or what to look for.
  private func drawTask(in grid: inout Grid, _ rect: Rect) {
    let task = snapshot?.lanes[0].task.summary ?? ""
    var spans: [TextSpan] = []
    if let lookFor { spans.append(TextSpan(spelled(lookFor, grid) + " ", Style(.accent))) }
    spans.append(TextSpan(spelled(task, grid), Style(.dim)))
    grid.drawParagraph(spans, in: rect.inset(dx: 1))
  }

  // MARK: Body

  private func drawBody(in grid: inout Grid, _ rect: Rect) {
    guard snapshot != nil else {
      grid.drawText(" measuring the start …", x: rect.x, y: rect.y, style: Style(.dim))
      return
    }
    if isZoomed {
      switch focus {
      case .curves: drawLosses(in: &grid, rect)
      case .norms: drawNorms(in: &grid, rect)
      case .states: drawStates(in: &grid, rect)
      case .figures: drawFigures(in: &grid, rect, sentences: shownLanes.count)
      }
      return
    }
    let lines = shownLanes.count + (pair == nil ? 0 : 1)
    let sentences = sentenceCount(rect.height)
    let figures = 1 + lines + sentences * (rect.width < 150 ? 2 : 1)
    // The heading, the axis, and a row a strip at least.
    let rest = rect.height - figures
    let perLane = max(1, (rest * 9 / 20 - 2) / max(1, lines))
    let states = 2 + lines * perLane
    let rows = rect.splitRows([.flexible(), .fixed(states), .fixed(figures)])
    let plots = rows[0].splitColumns(
      rect.width >= 108
        ? [.flexible(), .flexible(), .flexible(1.2)] : [.flexible(), .flexible(1.1)])
    if plots.count == 3 {
      drawCurve(.loss, in: &grid, plots[0])
      drawCurve(.accuracy, in: &grid, plots[1])
    } else {
      drawCurve(prefersAccuracy ? .accuracy : .loss, in: &grid, plots[0])
    }
    drawNorms(in: &grid, plots[plots.count - 1])
    drawStates(in: &grid, rows[1])
    drawFigures(in: &grid, rows[2], sentences: sentences)
  }

  /// How many lanes' verdicts there is room for.
  private func sentenceCount(_ height: Int) -> Int {
    height < 26 ? 0 : height < 44 ? 1 : shownLanes.count
  }

  /// Zoomed: both, one below the other.
  private func drawLosses(in grid: inout Grid, _ rect: Rect) {
    let halves = rect.splitRows([.flexible(1.4), .flexible()])
    drawCurve(.loss, in: &grid, halves[0])
    drawCurve(.accuracy, in: &grid, halves[1])
  }

  // MARK: Lanes

  /// The lanes that are shown: all, or the pair.
  var shownLanes: [Int] { pair.map { [$0.first, $0.second] } ?? Array(lanes.indices) }

  func style(ofLane lane: Int) -> Style { Style(.series(lane)) }

  /// "1" to "4", as curves and rows are labelled.
  func tag(_ lane: Int) -> String { "\(lane + 1)" }

  /// What stands beside a lane's name: it leads, or it has stopped.
  func mark(_ lane: Int, _ medium: Medium) -> String {
    guard let snapshot else { return " " }
    if snapshot.lanes[lane].stop != nil { return medium.isUnicode ? "✗" : "x" }
    return snapshot.leader == lane ? medium.isUnicode ? "★" : "*" : " "
  }

  /// A lane's name; where there is no room for it, without what all lanes have in common.
  func name(_ lane: Int, room: Int, _ grid: Grid) -> String {
    let name = lanes[lane].name
    guard grid.columns(of: name) > room else { return name }
    let all = lanes.map { $0.name.split(separator: "/") }
    var parts = [String(all[lane][0])]
    for part in all[lane].dropFirst() {
      if !all.allSatisfy({ $0.dropFirst().contains(part) }) {
        parts.append(String(part))
      } else if parts.last != "…" {
        parts.append("…")
      }
    }
    return spelled(parts.joined(separator: "/"), grid)
  }

  // MARK: Knobs

  private func drawKnobs(in grid: inout Grid, _ rect: Rect) {
    let all = shownKnobs
    let isUnicode = grid.medium.isUnicode
    let pieces = all.map { knob -> String in
      let turned = lanesTurned(by: knob)
      var values: [String] = []
      for lane in turned {
        if let text = knob.text(lanes[lane].settings), !values.contains(text) {
          values.append(text)
        }
      }
      let shown = turned.isEmpty ? "by lane" : values.joined(separator: "/")
      return spelled("\(knob.title) \(shown)", grid)
    }
    // The chosen one is in sight: the row starts where it still is.
    let place = all.firstIndex(of: knob) ?? 0
    var first = 0
    while first < place,
      pieces[first...place].reduce(4, { $0 + grid.columns(of: $1) + 2 }) > rect.width
    {
      first += 1
    }
    var x = rect.x + 1
    if first > 0 {
      x = grid.drawText(
        isUnicode ? "‹ " : "< ", x: x, y: rect.y, style: Style(.keyHint, [.bold]))
    }
    for index in first..<all.count {
      let width = grid.columns(of: pieces[index])
      guard x + width + 2 < rect.maxX else {
        grid.drawText(
          isUnicode ? "›" : ">", x: rect.maxX - 2, y: rect.y,
          style: Style(.keyHint, [.bold]), width: 1)
        break
      }
      let isChosen = all[index] == knob
      let style = isChosen ? Style(.accent, [.bold, .reverse]) : Style(.dim)
      let end = grid.drawText(pieces[index], x: x, y: rect.y, style: style)
      places.knobs.append((all[index], rect.y, x..<end))
      x = end + 2
    }
  }
}
