internal import Canvas
internal import Debugger
internal import Equations

/// The layout: title, tokens, the panels, status and hints at the bottom.
extension AttendScene {
  func drawPicture(in grid: inout Grid) {
    let bounds = grid.bounds
    let tokenRows = second != nil || bounds.height >= 30 ? 2 : 1
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
    let place = placeInWords(grid) + " "
    let width = grid.columns(of: place) + 1
    var left = " unroll  \(model.name)"
    let full = left + "  \(model.summary)"
    if grid.columns(of: full) + width + 2 <= rect.width { left = full }
    _ = grid.drawText(left, x: rect.x, y: rect.y, style: style, width: rect.width - width - 1)
    _ = grid.drawText(place, x: rect.maxX - width, y: rect.y, style: style, width: width)
  }

  /// "layer 2 · head 4 · query 7 "it" · key 1 "cat" · A".
  private func placeInWords(_ grid: Grid) -> String {
    let glyphs = grid.medium.glyphs
    func word(_ index: Int) -> String {
      "\(index) \"\(Grid.visibleToken(tokens[index].label, glyphs: glyphs))\""
    }
    var parts: [String]
    switch place.part {
    case .embedding: parts = ["embedding"]
    case .layer: parts = ["layer \(layer)", "head \(head)"]
    case .output: parts = ["output"]
    }
    parts += ["query \(word(query))", "key \(word(key))"]
    if let line = source.line(place) { parts.append(spelled(line.name, grid)) }
    return parts.joined(separator: glyphs == .unicode ? " · " : " | ")
  }

  // MARK: Tokens

  private func drawTokens(in grid: inout Grid, _ rect: Rect) {
    var options = TokenStripOptions(current: query)
    options.dimsFuture = source.isCausal
    if key != query { options.marked = [key] }
    if let second {
      draw(tokens, options, in: &grid, Rect(x: rect.x, y: rect.y, width: rect.width, height: 1))
      var other = TokenStripOptions(current: partner)
      other.dimsFuture = source.isCausal
      _ = grid.drawTokenStrip(
        second.source.tokens.map(\.label),
        in: Rect(x: rect.x, y: rect.y + 1, width: rect.width, height: 1), options: other)
    } else {
      draw(tokens, options, in: &grid, rect)
    }
  }

  private func draw(
    _ tokens: [AttentionToken], _ options: TokenStripOptions, in grid: inout Grid, _ rect: Rect
  ) {
    let drawn = grid.drawTokenStrip(tokens.map(\.label), in: rect, options: options)
    places.tokens += drawn.map { ($0.index, $0.columns, rect.y..<rect.maxY) }
  }

  // MARK: Body

  private func drawBody(in grid: inout Grid, _ rect: Rect) {
    if isZoomed {
      draw(focus, in: &grid, rect)
    } else if second != nil {
      drawComparison(in: &grid, rect)
    } else if rect.width < 100 {
      drawNarrow(in: &grid, rect)
    } else {
      drawWide(in: &grid, rect)
    }
  }

  func draw(_ panel: Panel, in grid: inout Grid, _ rect: Rect) {
    switch panel {
    case .heads: drawHeads(in: &grid, rect)
    case .program: drawProgram(in: &grid, rect)
    case .matrix: drawMatrix(in: &grid, rect)
    case .query: drawQuery(in: &grid, rect)
    case .predictions: drawPredictions(in: &grid, rect)
    }
  }

  /// The rows that the heads want, of at most 45% of the height.
  func headRows(in rect: Rect) -> Int {
    let layers = source.layerCount
    let most = rect.height * 45 / 100
    if headStyle == .figures { return rect.height / 2 }
    // As high as their width allows them to be, one row between two.
    let side = max(1, (rect.width - 7) / max(1, source.headCount) - 1)
    let rows = max(1, (min(side, max(4, tokens.count)) + 1) / 2)
    return max(min(layers + 3, most), min(layers * (rows + 1) + 2, most))
  }

  private func drawNarrow(in grid: inout Grid, _ rect: Rect) {
    let columns = rect.splitColumns([.fixed(34), .flexible()], gap: 1)
    drawHeadsAndProgram(in: &grid, columns[0])
    let right = columns[1].splitRows([.flexible(), .fixed(rect.height >= 24 ? 9 : 7)])
    drawMatrix(in: &grid, right[0])
    drawOutcome(in: &grid, right[1].splitColumns([.flexible(), .flexible()]), whole: right[1])
  }

  private func drawWide(in grid: inout Grid, _ rect: Rect) {
    // Thumbnails of many heads need room; they get it from the column of the query.
    let wanted = 7 + source.headCount * 6
    let left = min(max(40, wanted), rect.width * 55 / 100)
    let right = rect.width >= 160 ? 44 : 32
    guard rect.width - left - right >= 44 else {
      let columns = rect.splitColumns([.fixed(left), .flexible()])
      drawHeadsAndProgram(in: &grid, columns[0])
      let rows = columns[1].splitRows([.flexible(3), .flexible(2)])
      drawMatrix(in: &grid, rows[0])
      drawOutcome(in: &grid, rows[1].splitColumns([.flexible(), .flexible()]), whole: rows[1])
      return
    }
    let columns = rect.splitColumns([.fixed(left), .flexible(), .fixed(right)])
    drawHeadsAndProgram(in: &grid, columns[0])
    drawMatrix(in: &grid, columns[1])
    drawOutcome(
      in: &grid, columns[2].splitRows([.flexible(), .fixed(min(14, rect.height / 3))]),
      whole: columns[2])
  }

  private func drawHeadsAndProgram(in grid: inout Grid, _ rect: Rect) {
    let rows = rect.splitRows([.fixed(headRows(in: rect)), .flexible()])
    drawHeads(in: &grid, rows[0])
    drawProgram(in: &grid, rows[1])
  }

  /// What the word looks at, and what the model expects there if it says so.
  private func drawOutcome(in grid: inout Grid, _ parts: [Rect], whole: Rect) {
    guard source.predicts else {
      drawQuery(in: &grid, whole)
      return
    }
    drawQuery(in: &grid, parts[0])
    drawPredictions(in: &grid, parts[1])
  }

  // MARK: Status and hints

  private func drawStatus(in grid: inout Grid, _ rect: Rect) {
    switch mode {
    case .command(let editor), .text(let editor, _), .second(let editor, _), .find(let editor):
      let x = editor.draw(in: &grid, rect)
      setTextCursor(x: x, y: rect.y)
    case .looking, .help, .commandHelp: drawMessage(in: &grid, rect)
    }
    guard pendingRequest != nil else { return }
    let frames = grid.medium.isUnicode ? ["⠋", "⠙", "⠸", "⠴", "⠦", "⠇"] : ["|", "/", "-", "\\"]
    let text = " \(frames[spinner % frames.count]) computing "
    let width = grid.columns(of: text)
    _ = grid.drawText(
      text, x: rect.maxX - width, y: rect.y, style: Style(.accent, [.bold]), width: width)
  }

  private func drawMessage(in grid: inout Grid, _ rect: Rect) {
    if let message {
      _ = grid.drawText(
        " " + spelled(message.text, grid), x: rect.x, y: rect.y,
        style: message.isError ? Style(.error, [.bold]) : Style(.accent), width: rect.width)
      return
    }
    let weight = attentionMatrix(of: result.shown)[query, key]
    let glyphs = grid.medium.glyphs
    let arrow = grid.medium.isUnicode ? "→" : "->"
    let words = [query, key].map { Grid.visibleToken(tokens[$0].label, glyphs: glyphs) }
    var parts = [
      "\"\(words[0])\" \(arrow) \"\(words[1])\": \(NumberText.text(Double(weight), glyphs: glyphs))"
    ]
    if view != .head { parts.append(viewName) }
    if !result.request.ablated.isEmpty {
      parts.append(
        "ablated: \(result.request.ablated.sorted().map(\.description).joined(separator: " "))")
    }
    if let similarity = result.request.similarity {
      parts.append("similarity: \(similarity.rawValue)")
    }
    if filter != .none { parts.append(sumNote) }
    if showsDifference { parts.append("difference") }
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
    case .text, .second:
      hints = [(.enter, "Enter", "keep"), (.escape, "Esc", "back to what was")]
    case .find: hints = [(.enter, "Enter", "find"), (.escape, "Esc", "back")]
    case .looking, .help, .commandHelp:
      hints = [
        (.right, arrows ? "←→" : "Left/Right", "word"),
        (.down, arrows ? "↑↓" : "Up/Down", "step"), (.character("]"), "[ ]", "head"),
        (.character("}"), "{ }", "layer"), (.character("t"), "t", "text"),
        (.character("v"), "v", "view"), (.character("a"), "a", "ablate"),
        (.character("?"), "?", "help"), (.character("q"), "q", "quit"),
        (.character("r"), "r", "ribbons"), (.character("f"), "f", "filter"),
        (.character("c"), "c", "compare"), (.character("s"), "s", "similarity"),
        (.character("b"), "b", "best head"), (.character("m"), "m", "figures"),
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
}
