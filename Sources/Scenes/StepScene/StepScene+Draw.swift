internal import Canvas
internal import Debugger
internal import Equations
internal import Networks

/// The layout: title, tokens, equations and prediction on the left, heatmaps on the right, status
/// and hints at the bottom.
extension StepScene {
  func drawPicture(in grid: inout Grid) {
    let bounds = grid.bounds
    let tokenRows = bounds.height >= 30 ? 2 : 1
    let rows = bounds.splitRows([
      .fixed(1), .fixed(tokenRows), .flexible(), .fixed(1), .fixed(1),
    ])
    drawTitle(in: &grid, rows[0])
    drawTokens(in: &grid, rows[1])
    drawBody(in: &grid, rows[2])
    drawStatus(in: &grid, rows[3])
    drawHints(in: &grid, rows[4])
  }

  // MARK: Title

  private func drawTitle(in grid: inout Grid, _ rect: Rect) {
    grid.fill(rect, " ", style: Style(.title, [.reverse]))
    let style = Style(.title, [.reverse, .bold])
    var left = " unroll  \(modelName)"
    if rect.width >= 110 { left += "  \(modelSummary)" }
    let place = positionInWords(glyphs: grid.medium.glyphs)
    let placeWidth = grid.columns(of: place) + 1
    _ = grid.drawText(left, x: rect.x, y: rect.y, style: style, width: rect.width - placeWidth - 1)
    _ = grid.drawText(
      place, x: rect.maxX - placeWidth, y: rect.y, style: style, width: placeWidth)
  }

  /// "forward · t = 12 of 63 'a' · layer 0 · f".
  private func positionInWords(glyphs: Glyphs) -> String {
    let dot = glyphs == .unicode ? " · " : " | "
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
    let leftWidth = isZoomed ? rect.width : min(70, max(44, rect.width * 45 / 100))
    let columns = rect.splitColumns([.fixed(leftWidth), .flexible()], gap: isZoomed ? 0 : 1)
    drawLeft(in: &grid, columns[0])
    if !isZoomed { drawHeatmaps(in: &grid, columns[1]) }
  }

  private func drawLeft(in grid: inout Grid, _ rect: Rect) {
    let lines = equations.count + (session.timeline.hasOutput ? 3 : 0)
    let substitution = rect.height >= 28 ? 3 : 2
    let watches = min(session.watches.count, max(0, rect.height - lines - 8))
    let equationHeight = min(lines + substitution + 2 + watches, rect.height)
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
      TextSpan(spelled(sentence, glyphs) + " ", index == 0 ? Style.plain : Style(.accent))
    }
    if grid.drawParagraph(spans, in: inner) > inner.height {
      let more = grid.medium.isUnicode ? "…" : ">"
      _ = grid.drawText(
        more, x: inner.maxX - 1, y: inner.maxY - 1, style: Style(.accent, [.bold]), width: 1)
    }
  }

  // MARK: Status and hints

  private func drawStatus(in grid: inout Grid, _ rect: Rect) {
    switch mode {
    case .command(let editor), .text(let editor, _), .find(let editor):
      let x = editor.draw(in: &grid, rect)
      setTextCursor(x: x, y: rect.y)
    case .stepping, .help, .commandHelp, .tour:
      drawMessage(in: &grid, rect)
    }
    if pendingRequest != nil {
      let frames = grid.medium.isUnicode ? ["⠋", "⠙", "⠸", "⠴", "⠦", "⠇"] : ["|", "/", "-", "\\"]
      let text = " \(frames[spinner % frames.count]) computing "
      let width = grid.columns(of: text)
      _ = grid.drawText(
        text, x: rect.maxX - width, y: rect.y, style: Style(.accent, [.bold]), width: width)
    }
  }

  private func drawMessage(in grid: inout Grid, _ rect: Rect) {
    if let message {
      _ = grid.drawText(
        " " + spelled(message.text, grid.medium.glyphs), x: rect.x, y: rect.y,
        style: message.isError ? Style(.error, [.bold]) : Style(.accent), width: rect.width)
      return
    }
    var parts = ["unit \(unit) of \(recording.configuration.hiddenSize)"]
    if !recording.targets.isEmpty {
      parts.append("mean loss \(NumberText.text(recording.meanLoss)) nats")
    }
    if isRunning { parts.append("running, \(interval) ms per equation") }
    if !session.changes.isEmpty {
      parts.append("changed: \(session.changes.joined(separator: "; "))")
    }
    if !session.breakpoints.isEmpty {
      parts.append(
        "\(session.breakpoints.count) breakpoint\(session.breakpoints.count == 1 ? "" : "s")")
    }
    _ = grid.drawText(
      " " + parts.joined(separator: grid.medium.isUnicode ? " · " : " | "), x: rect.x, y: rect.y,
      style: Style(.dim), width: rect.width)
  }

  private func drawHints(in grid: inout Grid, _ rect: Rect) {
    let arrows = grid.medium.isUnicode
    let hints: [(Key, String, String)]
    switch mode {
    case .command:
      hints = [(.tab, "Tab", "complete"), (.enter, "Enter", "run"), (.escape, "Esc", "back")]
    case .text:
      hints = [(.enter, "Enter", "keep"), (.escape, "Esc", "back to the old text")]
    case .find: hints = [(.enter, "Enter", "find"), (.escape, "Esc", "back")]
    case .stepping, .help, .commandHelp, .tour:
      hints = [
        (.right, arrows ? "←→" : "Left/Right", "time"),
        (.down, arrows ? "↑↓" : "Up/Down", "equation"),
        (.character(" "), "Space", isRunning ? "pause" : "run"), (.character("b"), "b", "turn"),
        (.character("t"), "t", "text"), (.character(":"), ":", "command"),
        (.character("?"), "?", "help"), (.character("q"), "q", "quit"),
        (.character("e"), "e", "explain"), (.character("["), "[ ]", "unit"),
        (.character("z"), "z", "zoom"),
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

  /// Text as the terminal can show it: equations in their ASCII spelling where it has no Unicode.
  func spelled(_ text: String, _ glyphs: Glyphs) -> String {
    glyphs == .unicode ? text : Spelling.ascii(text)
  }
}
