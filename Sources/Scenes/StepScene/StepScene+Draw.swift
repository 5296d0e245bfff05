internal import Canvas
internal import Debugger
internal import Equations
internal import Networks

/// The layout: title, tokens, equations and prediction on the left, heatmaps on the right, status
/// and hints at the bottom.
extension StepScene {
  func drawPicture(in grid: inout Grid) {
    places = StepPlaces()
    places.glyphs = grid.medium.glyphs
    var title = " unroll  \(modelName)"
    if grid.width >= 110 { title += "  \(modelSummary)" }
    let inner = drawFrame(
      title: title, place: positionInWords(grid), status: status(grid.medium), in: &grid)
    let rows = inner.splitRows([.fixed(grid.height >= 30 ? 2 : 1), .flexible()])
    drawTokens(in: &grid, rows[0])
    drawBody(in: &grid, rows[1])
    drawTour(in: &grid)
  }

  // MARK: Title and status

  /// "forward · t = 12 of 63 'a' · layer 0 · f".
  private func positionInWords(_ grid: Grid) -> String {
    let glyphs = grid.medium.glyphs
    let dot = grid.medium.dot
    let token = Grid.visibleToken(recording.request.input.labels[cursor.time], glyphs: glyphs)
    let part =
      cursor.layer.map { id in
        "layer \(id.layer)\(id.direction == .reverse ? " reverse" : "")\(dot)\(equations[cursor.equation].name)"
      } ?? "output\(dot)\(OutputEquation(rawValue: cursor.equation)?.name ?? "")"
    let pass =
      cursor.pass == .forward
      ? glyphs == .unicode ? "forward →" : "forward >"
      : glyphs == .unicode ? "← backward" : "< backward"
    return "\(pass)\(dot)t = \(cursor.time) of \(recording.seqLen - 1) \"\(token)\"\(dot)\(part) "
  }

  private func status(_ medium: Medium) -> String {
    var parts = ["unit \(unit) of \(recording.configuration.hiddenSize)"]
    if let loss = recording.meanLoss, !recording.targets.isEmpty {
      parts.append("mean loss \(NumberText.text(loss)) nats")
    }
    if isRunning { parts.append("running, \(interval) ms per equation") }
    if !session.changes.isEmpty {
      parts.append("changed: \(session.changes.joined(separator: "; "))")
    }
    if !session.breakpoints.isEmpty {
      parts.append(
        "\(session.breakpoints.count) breakpoint\(session.breakpoints.count == 1 ? "" : "s")")
    }
    return parts.joined(separator: medium.dot)
  }

  // MARK: Tokens

  private func drawTokens(in grid: inout Grid, _ rect: Rect) {
    var options = TokenStripOptions(current: cursor.time)
    options.dimsFuture = cursor.pass == .forward
    let drawn = grid.drawTokenStrip(recording.request.input.labels, in: rect, options: options)
    places.tokens = drawn.map { ($0.index, $0.columns, rect.y..<rect.maxY) }
  }

  // MARK: Body

  private func drawBody(in grid: inout Grid, _ rect: Rect) {
    if isZoomed {
      switch focus {
      case .heatmap(let equation):
        drawHeatmap(equation, of: session.layer, in: &grid, rect, isLarge: true)
        return
      case .prediction:
        drawOutcome(in: &grid, rect)
        return
      case .equations: break
      }
    }
    let leftWidth = isZoomed ? rect.width : leftWidth(of: rect.width)
    let columns = rect.splitColumns([.fixed(leftWidth), .flexible()], gap: isZoomed ? 0 : 1)
    drawLeft(in: &grid, columns[0])
    if !isZoomed { drawHeatmaps(in: &grid, columns[1]) }
  }

  /// The equations' part of the screen: what the heatmaps of a short text leave on a wide one too.
  private func leftWidth(of width: Int) -> Int {
    let least = min(70, max(44, width * 45 / 100))
    guard !recording.configuration.isBidirectional else { return least }
    // Ten columns fewer may give every step another column.
    let smallest = width >= 160 ? least - 10 : least
    let zoom = min(
      Self.widestCell, (width - smallest - 1 - Self.heatmapMargin) / recording.seqLen)
    guard zoom >= 1 else { return least }
    let rest = width - 1 - Self.heatmapMargin - max(zoom * recording.seqLen, 56)
    return min(max(rest, smallest), 100)
  }

  private func drawLeft(in grid: inout Grid, _ rect: Rect) {
    let lines = lineCount
    let substitution = rect.height >= 28 ? 3 : 2
    let watches = min(session.watches.count, max(0, rect.height - lines - 8))
    // Long equations get a second line where no panel below has to give way.
    let seconds = min(secondLines(width: rect.width - 2, grid), max(0, rect.height - lines - 20))
    let equationHeight = min(lines + seconds + substitution + 2 + watches, rect.height)
    var rest = rect.height - equationHeight
    var explanationHeight = 0
    if explains, rest >= 11 {
      explanationHeight = rest >= 20 ? 9 : rest >= 15 ? 7 : 5
      rest -= explanationHeight
    } else if explains, rest >= 5 {
      explanationHeight = rest
      rest = 0
    }
    let rows = rect.splitRows([
      .fixed(equationHeight), .fixed(explanationHeight), .fixed(rest),
    ])
    drawEquations(in: &grid, rows[0], substitutionRows: substitution, watchRows: watches)
    if explanationHeight > 0 { drawExplanation(in: &grid, rows[1]) }
    if rest >= 3 { drawOutcome(in: &grid, rows[2]) }
  }

  private func drawExplanation(in grid: inout Grid, _ rect: Rect) {
    let glyphs = grid.medium.glyphs
    let explanation = Explanation(session: session, unit: unit) {
      NumberText.text($0, glyphs: glyphs)
    }
    let inner = grid.drawPanel(title: explanation.title, trailing: "e", in: rect)
    let spans = explanation.sentences.enumerated().map { index, sentence in
      TextSpan(spelled(sentence, grid) + " ", index == 0 ? Style.plain : Style(.accent))
    }
    if grid.drawParagraph(spans, in: inner) > inner.height {
      // The numbers are what changes from step to step: they come first where there is little room.
      grid.fill(inner, " ", style: .plain)
      let isCut = grid.drawParagraph(spans.reversed(), in: inner) > inner.height
      guard isCut else { return }
      let more = grid.medium.isUnicode ? "…" : ">"
      _ = grid.drawText(
        more, x: inner.maxX - 1, y: inner.maxY - 1, style: Style(.accent, [.bold]), width: 1)
    }
  }
}
