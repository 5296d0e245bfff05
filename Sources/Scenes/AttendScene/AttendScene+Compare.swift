internal import Canvas
internal import Debugger

/// Two sentences side by side: the same word, its attention and its vector in both.
extension AttendScene {
  func drawComparison(in grid: inout Grid, _ rect: Rect) {
    guard let second else { return }
    let left = rect.width >= 160 ? 50 : rect.width >= 110 ? 40 : 27
    let columns = rect.splitColumns([.fixed(left), .flexible()], gap: 1)
    let leftRows = columns[0].splitRows([
      .fixed(headRows(in: columns[0])), .flexible(),
    ])
    drawHeads(in: &grid, leftRows[0])
    drawCosines(second, in: &grid, leftRows[1])
    let bars = max(6, columns[1].height / 3)
    let rows = columns[1].splitRows([.flexible(), .fixed(bars)])
    let upper = rows[0].splitColumns([.flexible(), .flexible()], gap: 1)
    let lower = rows[1].splitColumns([.flexible(), .flexible()], gap: 1)
    let first = weightMatrix(of: result.shown, title: "1: \(viewName)", canDiffer: false)
    let other = weightMatrix(of: second, title: "2: \(viewName)", canDiffer: false)
    let layout = drawMatrix(
      first, of: result.shown, in: &grid, upper[0], row: query, column: key,
      isFocused: focus == .matrix)
    places.matrix = layout.map { ($0, first.rows, first.columns, true) }
    drawMatrix(
      other, of: second, in: &grid, upper[1], row: partner, column: partner, isFocused: false,
      isSecond: true)
    drawWord(result.shown, query, number: 1, in: &grid, lower[0])
    drawWord(second, partner, number: 2, in: &grid, lower[1])
  }

  private func drawWord(
    _ analysis: AttentionAnalysis, _ token: Int, number: Int, in grid: inout Grid, _ rect: Rect
  ) {
    let tokens = analysis.source.tokens
    guard tokens.indices.contains(token) else { return }
    let word = Grid.visibleToken(tokens[token].label, glyphs: grid.medium.glyphs)
    let inner = grid.drawPanel(
      title: "\(number): \"\(word)\" looks at", isFocused: number == 1 && focus == .query, in: rect)
    drawWeightBars(
      shownWeights(analysis, query: token), of: analysis, in: &grid, inner,
      marked: number == 1 ? key : nil)
  }

  /// How alike the word's vectors are: of what enters the first layer, then behind each layer.
  private func drawCosines(
    _ second: AttentionAnalysis, in grid: inout Grid, _ rect: Rect
  ) {
    let others = second.source.tokens
    let glyphs = grid.medium.glyphs
    let a = Grid.visibleToken(tokens[query].label, glyphs: glyphs)
    let b =
      others.indices.contains(partner)
      ? Grid.visibleToken(others[partner].label, glyphs: glyphs) : ""
    let inner = grid.drawPanel(title: "cosine per layer", in: rect)
    guard inner.height >= 4 else { return }
    let isSame = partners.contains(partner)
    _ = grid.drawText(
      "\"\(a)\" (\(query)) and \"\(b)\" (\(partner))", x: inner.x + 1, y: inner.y, style: .plain,
      width: inner.width - 1)
    _ = grid.drawText(
      isSame
        ? (partners.count > 1 ? "same word; w: its next place" : "same word in both")
        : "\(a) is not in sentence 2; w: another", x: inner.x + 1,
      y: inner.y + 1, style: Style(isSame ? .dim : .warning), width: inner.width - 1)
    let values = SentenceComparison.cosines(
      result.shown.source, token: query, second.source, token: partner)
    let plot = Rect(
      x: inner.x, y: inner.y + 2, width: inner.width, height: inner.height - 3)
    let lowest = values.filter(\.isFinite).min() ?? 0
    var options = LinePlotOptions(yScale: Normalization(lo: min(0, lowest), hi: 1))
    options.showsLegend = false
    options.xTicks = values.indices.map { PlotTick(Double($0), $0 == 0 ? "emb" : String($0 - 1)) }
    options.cursorX = nil
    grid.drawLinePlot(
      [PlotSeries("cosine", values.map { Float($0) }, paint: .role(.series(0)))], in: plot,
      options: options)
    let behind = values[min(layer + 1, values.count - 1)]
    _ = grid.drawText(
      "behind layer \(layer): \(NumberText.text(behind, glyphs: glyphs))", x: inner.x + 1,
      y: inner.maxY - 1, style: Style(.accent), width: inner.width - 1)
  }
}
