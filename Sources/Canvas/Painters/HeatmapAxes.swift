extension Grid {
  /// Numbers or labels in the left margin and below, and the two cursor marks.
  mutating func drawHeatmapAxes(_ layout: HeatmapLayout, _ plot: Rect, _ options: HeatmapOptions) {
    if plot.x > 0 { drawRowLabels(layout, plot, options) }
    if options.showsColumnAxis, plot.maxY < bounds.height {
      drawColumnLabels(layout, plot, options)
    }
  }

  private mutating func drawRowLabels(
    _ layout: HeatmapLayout, _ plot: Rect, _ options: HeatmapOptions
  ) {
    let cursorY = options.cursorRow.flatMap { layout.y(ofRow: $0) }.map {
      $0 - layout.plot.y + plot.y
    }
    let cellsPerRow =
      Double(layout.down.extent) / Double(layout.pixelsPerCell * max(1, layout.rows.count))
    // Words are all shown if there is room; numbers every few cells.
    let gap = options.rowLabels == nil ? max(1, min(4, plot.height / 2)) : 1
    let step = Ticks.integerStep(atLeast: Double(gap) / cellsPerRow)
    var nextFree = 0
    for row in layout.rows where (options.firstRow + row) % step == 0 {
      let y = (layout.y(ofRow: row) ?? 0) - layout.plot.y + plot.y
      guard y >= nextFree, y < plot.maxY else { continue }
      nextFree = y + 1
      // The cursor's own label takes the place of its neighbours.
      if let cursorY, y == cursorY { continue }
      drawText(
        rowLabel(row, options), x: 0, y: y, style: Style(.dim), width: plot.x - 1,
        alignment: .right)
    }
    if let cursorY, let row = options.cursorRow {
      let style = Style(.cursor, on: .default, .bold)
      drawText(
        rowLabel(row, options), x: 0, y: cursorY, style: style, width: plot.x - 1,
        alignment: .right)
      put(medium.choose("▸", ">"), x: plot.x - 1, y: cursorY, style: style)
    }
  }

  private func rowLabel(_ row: Int, _ options: HeatmapOptions) -> String {
    guard let labels = options.rowLabels else { return String(options.firstRow + row) }
    return labels.indices.contains(row) ? labels[row] : ""
  }

  private mutating func drawColumnLabels(
    _ layout: HeatmapLayout, _ plot: Rect, _ options: HeatmapOptions
  ) {
    let y = plot.maxY
    var taken = 0..<0
    if let column = options.cursorColumn, let x = layout.x(ofColumn: column) {
      // ▴ stands below the column, its label beside it on the side where there is room.
      let mark = x - layout.plot.x + plot.x + layout.zoomX / 2
      let label = columnLabel(column, options)
      let length = columns(of: label)
      let style = Style(.cursor, on: .default, .bold)
      put(medium.choose("▴", "^"), x: mark, y: y, style: style)
      if mark + 1 + length <= bounds.width {
        drawText(label, x: mark + 1, y: y, style: style)
        taken = mark - 1..<mark + 2 + length
      } else {
        drawText(label, x: max(0, mark - length), y: y, style: style, width: min(length, mark))
        taken = mark - length - 1..<mark + 2
      }
    }
    let cellsPerColumn = Double(layout.across.extent) / Double(max(1, layout.columns.count))
    let longest = layout.columns.last.map { columns(of: columnLabel($0, options)) } ?? 1
    let wanted = options.columnLabels == nil ? Double(longest + 3) / cellsPerColumn : 1
    let step = Ticks.integerStep(atLeast: wanted)
    var nextFree = 0
    for column in layout.columns where (options.firstColumn + column) % step == 0 {
      let label = columnLabel(column, options)
      let length = columns(of: label)
      let left = (layout.x(ofColumn: column) ?? 0) - layout.plot.x + plot.x
      let x = left + max(0, (layout.zoomX - length) / 2)
      guard x >= nextFree, x + length <= bounds.width, !taken.overlaps(x..<max(x + 1, x + length))
      else { continue }
      nextFree = drawText(label, x: x, y: y, style: Style(.dim)) + 1
    }
  }

  private func columnLabel(_ column: Int, _ options: HeatmapOptions) -> String {
    guard let labels = options.columnLabels else { return String(options.firstColumn + column) }
    return labels.indices.contains(column) ? labels[column] : ""
  }
}
