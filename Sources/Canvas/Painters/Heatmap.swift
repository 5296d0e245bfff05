extension Grid {
  /// Paints a matrix as colours: rows downwards, columns (time steps) to the right.
  ///
  /// With half blocks (Unicode and at least 256 colours) a cell holds two values, one above the
  /// other; else one, as a shade or a glyph. A mean over a block that holds a NaN is NaN: a bad
  /// value is never averaged away.
  ///
  /// `value` gives the element at (row, column); it is called for visible elements only.
  ///
  /// - Returns: where the values are, and what was averaged or cut.
  /// - Complexity: O(visible values).
  @discardableResult
  public mutating func drawHeatmap(
    rows: Int, columns: Int, in rect: Rect, options: HeatmapOptions,
    value: (_ row: Int, _ column: Int) -> Float
  ) -> HeatmapLayout {
    let layout = heatmapLayout(rows: rows, columns: columns, in: rect, options: options)
    within(rect) { grid in
      let local = layout.plot.translated(dx: -rect.x, dy: -rect.y)
      grid.within(local) { $0.paintValues(layout, options, value) }
      if options.showsAxes { grid.drawHeatmapAxes(layout, local, options) }
    }
    return layout
  }

  /// The same for a row-major matrix.
  /// - Precondition: `values.count == rows * columns`.
  @discardableResult
  public mutating func drawHeatmap(
    _ values: [Float], rows: Int, columns: Int, in rect: Rect, options: HeatmapOptions
  ) -> HeatmapLayout {
    precondition(
      values.count == rows * columns, "\(values.count) values for [\(rows), \(columns)]")
    return drawHeatmap(rows: rows, columns: columns, in: rect, options: options) {
      values[$0 * columns + $1]
    }
  }

  private func heatmapLayout(
    rows: Int, columns: Int, in rect: Rect, options: HeatmapOptions
  ) -> HeatmapLayout {
    let hasBottom = options.showsAxes && options.showsColumnAxis && rect.height >= 3
    let labels = options.showsAxes ? rowLabelWidth(rows: rows, options: options) : 0
    let margin = options.showsAxes && rect.width >= labels + 5 ? labels + 1 : 0
    let room = Rect(
      x: rect.x + margin, y: rect.y, width: rect.width - margin,
      height: rect.height - (hasBottom ? 1 : 0))
    let perCell = medium.hasHalfBlocks ? 2 : 1
    var across = HeatmapAxis(
      count: columns, room: room.width, options: options, offset: options.columnOffset,
      cursor: options.cursorColumn, maxZoom: options.maxZoomX)
    var down = HeatmapAxis(
      count: rows, room: room.height * perCell, options: options, offset: options.rowOffset,
      cursor: options.cursorRow, maxZoom: options.maxZoomY)
    if options.isSquare {
      // A cell is about twice as high as wide: a half block is square, a whole cell is not.
      let unit = perCell == 2 ? 1 : 2
      let zoom = max(1, min(across.zoom / unit, down.zoom))
      down.zoom = min(down.zoom, zoom)
      across.zoom = min(across.zoom, zoom * unit)
    }
    let plot = Rect(
      x: room.x, y: room.y, width: min(room.width, across.extent),
      height: min(room.height, (down.extent + perCell - 1) / perCell))
    return HeatmapLayout(plot: plot, down: down, across: across, pixelsPerCell: perCell)
  }

  private func rowLabelWidth(rows: Int, options: HeatmapOptions) -> Int {
    guard let labels = options.rowLabels else {
      return String(max(0, options.firstRow + rows - 1)).count
    }
    return min(16, labels.map { columns(of: $0) }.max() ?? 0)
  }

  private mutating func paintValues(
    _ layout: HeatmapLayout, _ options: HeatmapOptions, _ value: (Int, Int) -> Float
  ) {
    let levels = options.map.levels
    let isAveraged = layout.isAveraged
    func level(_ pixelRow: Int, _ pixelColumn: Int) -> Int? {
      let rows = layout.down.values(ofPixel: pixelRow)
      let columns = layout.across.values(ofPixel: pixelColumn)
      if !isAveraged {
        return options.scale.level(value(rows.lowerBound, columns.lowerBound), of: levels)
      }
      var sum: Float = 0
      for row in rows {
        for column in columns { sum += value(row, column) }
      }
      return options.scale.level(sum / Float(rows.count * columns.count), of: levels)
    }
    let pixelRows = layout.down.extent
    for y in 0..<layout.plot.height {
      for column in 0..<layout.across.pixels {
        let top = y * layout.pixelsPerCell
        let upper = level(top / layout.zoomY, column)
        let cell: Cell
        if layout.pixelsPerCell == 1 {
          cell = shadeCell(upper, options.map)
        } else if top + 1 >= pixelRows {
          cell = Cell("▀", Style(paint(upper, options.map)))
        } else {
          let isSame = top / layout.zoomY == (top + 1) / layout.zoomY
          let lower = isSame ? upper : level((top + 1) / layout.zoomY, column)
          cell = halfBlock(upper, lower, options.map)
        }
        for x in 0..<layout.zoomX {
          put(cell.scalar, x: column * layout.zoomX + x, y: y, style: cell.style)
        }
      }
    }
  }

  private func paint(_ level: Int?, _ map: ColorMap) -> Paint {
    level.map { .map(map, $0) } ?? .role(.notANumber)
  }

  /// NaN above and below has a glyph of its own besides its colour.
  private func halfBlock(_ upper: Int?, _ lower: Int?, _ map: ColorMap) -> Cell {
    if upper == lower {
      return upper == nil
        ? Cell("×", Style(.default, on: .role(.notANumber))) : Cell("█", Style(paint(upper, map)))
    }
    return Cell("▀", Style(paint(upper, map), on: paint(lower, map)))
  }

  func shadeCell(_ level: Int?, _ map: ColorMap) -> Cell {
    guard let level else { return Cell(medium.choose("×", "!"), Style(.notANumber)) }
    let shade = map.shade(level: level, medium: medium)
    return Cell(shade.scalar, shade.style)
  }
}
