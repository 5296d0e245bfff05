internal import Canvas
internal import Debugger
internal import Equations

/// The layout: title, tokens, the panels, status and hints at the bottom.
extension AttendScene {
  func drawPicture(in grid: inout Grid) {
    places = AttendPlaces()
    let place = placeInWords(grid) + " "
    let inner = drawFrame(
      title: title(grid, beside: place), place: place, status: status(grid.medium), in: &grid)
    let tokenRows = second != nil || grid.height >= 30 ? 2 : 1
    let rows = inner.splitRows([.fixed(tokenRows), .flexible()])
    drawTokens(in: &grid, rows[0])
    drawBody(in: &grid, rows[1])
  }

  // MARK: Title and status

  private func title(_ grid: Grid, beside place: String) -> String {
    let short = " unroll  \(model.name)"
    let full = short + "  \(model.summary)"
    return grid.columns(of: full) + grid.columns(of: place) + 3 <= grid.width ? full : short
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
    return parts.joined(separator: grid.medium.dot)
  }

  private func status(_ medium: Medium) -> String {
    let weight = attentionMatrix(of: result.shown)[query, key]
    let glyphs = medium.glyphs
    let arrow = medium.isUnicode ? "→" : "->"
    let words = [query, key].map { Grid.visibleToken(tokens[$0].label, glyphs: glyphs) }
    var parts = [
      "\"\(words[0])\" \(arrow) \"\(words[1])\": \(NumberText.text(Double(weight), glyphs: glyphs))"
    ]
    // As long as the text is shown: that it was cut, or is not all in the vocabulary.
    if !result.notice.isEmpty { parts.append(result.notice) }
    if view != .head { parts.append(viewName) }
    if !result.request.ablated.isEmpty {
      parts.append(
        "ablated: \(result.request.ablated.sorted().map(\.description).joined(separator: " "))")
    }
    if let similarity = result.request.similarity {
      parts.append("similarity: \(similarity.rawValue)")
    }
    if !result.request.hasPositions { parts.append("no positions") }
    if filter != .none { parts.append(sumNote) }
    if showsDifference, second == nil { parts.append("difference") }
    return parts.joined(separator: medium.dot)
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
}
