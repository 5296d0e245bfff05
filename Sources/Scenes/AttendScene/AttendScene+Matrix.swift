internal import Canvas
internal import Debugger

/// The large heatmap.
extension AttendScene {
  func drawMatrix(in grid: inout Grid, _ rect: Rect) {
    guard let matrix = shownMatrix else {
      drawWithoutValue(in: &grid, rect)
      return
    }
    let layout = drawMatrix(
      matrix, of: result.shown, in: &grid, rect, row: query,
      column: matrix.isOverTokens ? key : column, isFocused: focus == .matrix)
    places.matrix = layout.map {
      ($0, matrix.rows, matrix.columns, matrix.isOverTokens)
    }
  }

  private func drawWithoutValue(in grid: inout Grid, _ rect: Rect) {
    let line = source.line(place)
    let inner = grid.drawPanel(
      title: line.map { spelled($0.name, grid) } ?? "", isFocused: focus == .matrix, in: rect)
    _ = grid.drawText(
      "this value is not kept by the run", x: inner.x + 1, y: inner.y, style: Style(.dim),
      width: inner.width - 1)
  }

  /// Draws a matrix in a panel with its legend.
  ///
  /// - Returns: where its parts are; nil if there was no room.
  @discardableResult
  func drawMatrix(
    _ matrix: ShownMatrix, of analysis: AttentionAnalysis, in grid: inout Grid, _ rect: Rect,
    row: Int, column: Int, isFocused: Bool, isSecond: Bool = false
  ) -> TokenHeatmapLayout? {
    let tokens = analysis.source.tokens
    let times = grid.medium.isUnicode ? "×" : "x"
    let inner = grid.drawPanel(
      title: spelled(matrix.title, grid),
      trailing: "\(matrix.rows.count)\(times)\(matrix.columns.count)", isFocused: isFocused,
      in: rect)
    guard inner.height >= 4, inner.width >= 20 else { return nil }
    let plot = Rect(x: inner.x, y: inner.y, width: inner.width, height: inner.height - 1)
    let cursorRow = matrix.rows.firstIndex(of: row)
    let cursorColumn = matrix.columns.firstIndex(of: column)
    let labels = matrix.rows.map { Grid.visibleToken(tokens[$0].label, glyphs: grid.medium.glyphs) }
    var options = TokenHeatmapOptions(
      map: matrix.map, scale: Normalization(lo: 0, hi: 1),
      rows: window(
        matrix.rows.count, around: cursorRow,
        room: grid.medium.hasHalfBlocks ? nil : plot.height - 3),
      columns: window(
        matrix.columns.count, around: cursorColumn, most: matrix.isOverTokens ? .max : 2_048),
      rowLabelWidth: labels.map { grid.columns(of: $0) }.max() ?? 0,
      columnLabelWidth: matrix.isOverTokens
        ? labels.map { grid.columns(of: $0) }.max() ?? 0 : String(matrix.columns.count).count,
      rowLabel: { labels[$0] },
      columnLabel: { matrix.isOverTokens ? labels[$0] : String($0) },
      number: { matrix.isWeights ? Self.cellText($0) : NumberText.text(Double($0), digits: 1) })
    options.cursorRow = cursorRow
    options.cursorColumn = cursorColumn
    options.rowName = matrix.isOverTokens ? "query" : "token"
    options.columnName = matrix.isOverTokens ? "key" : "column"
    options.hasColumnWords = matrix.isOverTokens
    options.numberWidth = matrix.isWeights ? 3 : 6
    let layout = grid.tokenHeatmapLayout(in: plot, options: options)
    let pixels = pixels(of: matrix, layout, isSecond: isSecond)
    // Where a pixel stands for several tokens: places, not words.
    if layout.rowBlock > 1 { options.rowLabel = { String(matrix.rows[$0]) } }
    if layout.columnBlock > 1 { options.columnLabel = { String(matrix.columns[$0]) } }
    options.scale =
      layout.isAveraged && matrix.isWeights
      ? Normalization(lo: 0, hi: Double(pixels.values.max() ?? 1))
      : scale(of: matrix, fits: fitsScale)
    grid.drawTokenHeatmap(layout, options: options) { pixels[$0, $1] }
    drawLegend(
      matrix, options, layout, in: &grid,
      Rect(x: inner.x, y: inner.maxY - 1, width: inner.width, height: 1))
    return layout
  }

  private func pixels(
    of matrix: ShownMatrix, _ layout: TokenHeatmapLayout, isSecond: Bool
  ) -> BlockMeans {
    let rows = layout.rows
    let columns = layout.columns
    func make() -> BlockMeans {
      BlockMeans(
        rows: rows.count, columns: columns.count, maxRows: layout.pixelRows,
        maxColumns: layout.pixelColumns
      ) { matrix.value(rows.lowerBound + $0, columns.lowerBound + $1) }
    }
    return cache.pixels(
      AttendCache.PixelKey(
        value: matrix.key, isSecond: isSecond, rows: rows, columns: columns,
        pixelRows: layout.pixelRows, pixelColumns: layout.pixelColumns), make: make)
  }

  /// The part of an axis that the zoom leaves, the cursor in its middle. Where each row takes a line
  /// of the `room`, a text that is a little longer is rather scrolled than averaged.
  ///
  /// At most `most` are shown: the scores of a whole vocabulary would be averaged to nothing.
  func window(
    _ count: Int, around cursor: Int?, room: Int? = nil, most: Int = .max
  ) -> Range<Int> {
    var size = min(count, most, max(8, zoom < 20 ? count >> zoom : 0))
    if let room, room > 0, size <= 3 * room { size = min(size, room) }
    let start = max(0, min((cursor ?? 0) - size / 2, count - size))
    return start..<start + size
  }

  /// The weight in its cell; small ones are told by their colour alone.
  private static func cellText(_ value: Float) -> String {
    abs(value) < 0.05 ? "" : weightText(value)
  }

  /// ".41", "1.0", nothing for what would be ".00".
  static func weightText(_ value: Float) -> String {
    if value.isNaN { return "NaN" }
    let hundredths = Int((min(max(value, -9), 9) * 100).rounded())
    if hundredths == 0 { return "" }
    if hundredths >= 100 { return "1.0" }
    return hundredths < 0
      ? String(hundredths) : hundredths < 10 ? ".0\(hundredths)" : ".\(hundredths)"
  }

  // MARK: Legend

  private func drawLegend(
    _ matrix: ShownMatrix, _ options: TokenHeatmapOptions, _ layout: TokenHeatmapLayout,
    in grid: inout Grid, _ rect: Rect
  ) {
    var notes: [String] = []
    if layout.isAveraged {
      let times = grid.medium.isUnicode ? "×" : "x"
      notes.append("pixel: mean of up to \(layout.rowBlock)\(times)\(layout.columnBlock)")
    }
    if layout.rows.count < matrix.rows.count {
      let first = layout.rows.lowerBound
      notes.append("tokens \(first)-\(layout.rows.upperBound - 1) of \(matrix.rows.count)")
    }
    if !matrix.isOverTokens, layout.columns.count < matrix.columns.count {
      let first = layout.columns.lowerBound
      notes.append("columns \(first)-\(layout.columns.upperBound - 1) of \(matrix.columns.count)")
    }
    if matrix.isWeights { notes.append(sumNote) }
    if matrix.isDifference { notes.append("shown less original") }
    let text = notes.joined(separator: grid.medium.isUnicode ? " · " : ", ")
    // The colours give way to the words, down to a few of them.
    let room = rect.width - grid.columns(of: text) - 2
    let width = min(24, max(14, room), rect.width / 2)
    grid.drawLegend(
      matrix.map, scale: options.scale,
      in: Rect(x: rect.x, y: rect.y, width: width, height: 1))
    _ = grid.drawText(
      text, x: rect.x + width + 2, y: rect.y, style: Style(.dim), width: rect.width - width - 2)
  }

  /// What the rows add up to.
  var sumNote: String {
    let hidden = tokens.count - visibleTokens.count
    guard hidden > 0 else { return "rows sum to 1" }
    return filter == .renormalised
      ? "\(hidden) hidden, rows renormalised to 1" : "\(hidden) hidden: rows sum to less than 1"
  }
}
