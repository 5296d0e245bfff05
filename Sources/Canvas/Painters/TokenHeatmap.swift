extension Grid {
  /// Where a matrix over tokens goes in a rectangle: as large as fits, or as pixels that stand for
  /// blocks of values.
  public func tokenHeatmapLayout(
    in rect: Rect, options: TokenHeatmapOptions
  ) -> TokenHeatmapLayout {
    TokenHeatmapLayout(in: rect, options: options, grid: self)
  }

  /// Paints the matrix: labels of the rows at the left, of the columns above, and the values.
  ///
  /// A value of −∞ is masked: its cell stays empty. NaN has a colour and a glyph of its own.
  ///
  /// - Parameters:
  ///   - layout: from `tokenHeatmapLayout`.
  ///   - options: the same as for the layout.
  ///   - pixel: the value of a pixel; one matrix element, or the mean of a block.
  /// - Complexity: O(pixels).
  public mutating func drawTokenHeatmap(
    _ layout: TokenHeatmapLayout, options: TokenHeatmapOptions,
    pixel: (_ row: Int, _ column: Int) -> Float
  ) {
    drawTokenRowLabels(layout, options)
    drawTokenColumnLabels(layout, options)
    within(layout.plot) { grid in
      for y in 0..<layout.plot.height {
        for column in 0..<layout.pixelColumns {
          grid.drawTokenCell(layout, options, y: y, column: column, pixel: pixel)
        }
      }
    }
    drawTokenCursor(layout, options, pixel: pixel)
  }

  private mutating func drawTokenCell(
    _ layout: TokenHeatmapLayout, _ options: TokenHeatmapOptions, y: Int, column: Int,
    pixel: (Int, Int) -> Float
  ) {
    let x = column * layout.cellWidth
    let top = layout.pixelRow(atY: y)
    if layout.isHalfRows {
      let upper = pixel(top, column)
      let lower = top + 1 < layout.pixelRows ? pixel(top + 1, column) : -.infinity
      let cell = tokenHalfBlock(upper, lower, options)
      for offset in 0..<layout.cellWidth {
        put(cell.scalar, x: x + offset, y: y, style: cell.style)
      }
      return
    }
    let value = pixel(top, column)
    let middle = layout.isNumberRow(y)
    let text =
      middle && layout.showsNumbers && value > -.infinity ? options.number(value) : ""
    let (glyph, style) = tokenCell(value, options, hasNumbers: layout.showsNumbers)
    let isDigit = !medium.isUnicode && (glyph == "." || ("0"..."9").contains(glyph))
    for offset in 0..<layout.cellWidth {
      // A digit stands once in its cell, or it would read as a longer number.
      let isBlank = isDigit && offset != (layout.cellWidth - 1) / 2
      put(isBlank ? " " : glyph, x: x + offset, y: y, style: style)
    }
    if !text.isEmpty, text.unicodeScalars.count <= layout.cellWidth {
      drawText(
        text, x: x, y: y, style: numberStyle(value, options), width: layout.cellWidth,
        alignment: .centre)
    }
  }

  private func tokenHalfBlock(
    _ upper: Float, _ lower: Float, _ options: TokenHeatmapOptions
  ) -> Cell {
    let above = tokenPaint(upper, options)
    let below = tokenPaint(lower, options)
    switch (above, below) {
    case (nil, nil): return .blank
    case (let above?, nil): return Cell("▀", Style(above))
    case (nil, let below?): return Cell("▄", Style(below))
    case (let above?, let below?):
      return above == below ? Cell("█", Style(above)) : Cell("▀", Style(above, on: below))
    }
  }

  /// Nil for a masked value.
  private func tokenPaint(_ value: Float, _ options: TokenHeatmapOptions) -> Paint? {
    if value == -.infinity { return nil }
    return options.scale.level(value, of: options.map.levels).map { .map(options.map, $0) }
      ?? .role(.notANumber)
  }

  /// What fills a cell: its colour; where colours are few, a shade, a digit of tenths in ASCII, or
  /// nothing where the number itself stands.
  private func tokenCell(
    _ value: Float, _ options: TokenHeatmapOptions, hasNumbers: Bool
  ) -> (Unicode.Scalar, Style) {
    if value == -.infinity { return (" ", .plain) }
    guard let level = options.scale.level(value, of: options.map.levels) else {
      return (medium.choose("×", "!"), Style(.notANumber))
    }
    if medium.depth >= .indexed256 {
      return medium.isUnicode && !hasNumbers
        ? ("█", Style(.map(options.map, level))) : (" ", Style(on: .map(options.map, level)))
    }
    if hasNumbers { return (" ", .plain) }
    if !medium.isUnicode, options.scale.kind == .linear {
      let tenths = Int((options.scale.fraction(value) ?? 0) * 10 + 0.5)
      return (
        tenths == 0 ? "." : Grid.tenths[min(tenths, 9)],
        tenths >= 5 ? Style(.text, [.bold]) : .plain
      )
    }
    let cell = shadeCell(level, options.map)
    return (cell.scalar, cell.style)
  }

  private static let tenths = Array("0123456789".unicodeScalars)

  private func numberStyle(_ value: Float, _ options: TokenHeatmapOptions) -> Style {
    guard let level = options.scale.level(value, of: options.map.levels) else {
      return Style(.notANumber)
    }
    if medium.depth >= .indexed256 { return Style(on: .map(options.map, level)) }
    let share = options.scale.kind == .symmetric ? abs(level * 2 - 62) : level
    return share >= 32 ? Style(.text, [.bold]) : share < 6 ? Style(.dim) : .plain
  }

  // MARK: Labels

  private mutating func drawTokenRowLabels(
    _ layout: TokenHeatmapLayout, _ options: TokenHeatmapOptions
  ) {
    let width = layout.plot.x - layout.rect.x - 1
    guard width > 0 else { return }
    let cursorY = options.cursorRow.flatMap { layout.y(ofRow: $0) }
    var nextFree = layout.plot.y
    for row in layout.rows {
      guard let start = layout.y(ofRow: row) else { continue }
      let y = start + (layout.rowHeight - 1) / 2
      guard y >= nextFree, y < layout.plot.maxY, start != cursorY else { continue }
      drawText(
        options.rowLabel(row), x: layout.rect.x, y: y, style: Style(.dim), width: width,
        alignment: .right)
      nextFree = y + 1
    }
    guard let cursorY, let row = options.cursorRow else { return }
    let y = cursorY + (layout.rowHeight - 1) / 2
    let style = Style(.cursor, on: .default, .bold)
    drawText(
      options.rowLabel(row), x: layout.rect.x, y: y, style: style, width: width, alignment: .right)
    put(medium.choose("▸", ">"), x: layout.plot.x - 1, y: y, style: style)
  }

  private mutating func drawTokenColumnLabels(
    _ layout: TokenHeatmapLayout, _ options: TokenHeatmapOptions
  ) {
    let top = layout.rect.y
    let bottom = layout.plot.y - 1
    guard bottom >= top else { return }
    drawTokenAxisNames(layout, options)
    let cursorX = options.cursorColumn.flatMap { layout.x(ofColumn: $0) }
    var nextFree = layout.plot.x
    // The cursor's label first: its neighbours give way.
    let order = (options.cursorColumn.map { [$0] } ?? []) + Array(layout.columns)
    var taken: [Range<Int>] = []
    for (index, column) in order.enumerated() {
      guard let x = layout.x(ofColumn: column) else { continue }
      let isCursor = index == 0 && cursorX != nil
      if !isCursor, x == cursorX { continue }
      let style = isCursor ? Style(.cursor, on: .default, .bold) : Style(.dim)
      let label = options.columnLabel(column)
      if layout.labelsAreVertical {
        let middle = x + (layout.cellWidth - 1) / 2
        guard !taken.contains(where: { $0.contains(middle) }) else { continue }
        drawVertical(label, x: middle, from: top, to: bottom, style: style)
        taken.append(middle..<middle + 1)
      } else {
        let width = columns(of: label)
        let start = max(
          layout.plot.x, min(x + (layout.cellWidth - width) / 2, layout.rect.maxX - width))
        let place = start - 1..<start + width + 1
        guard
          isCursor
            || (start >= nextFree && !taken.contains { $0.overlaps(start..<start + max(1, width)) })
        else { continue }
        drawText(label, x: start, y: bottom, style: style, width: max(1, layout.rect.maxX - start))
        taken.append(place)
        if !isCursor { nextFree = start + width + 1 }
      }
    }
  }

  /// One character below the other, the last one just above the column.
  private mutating func drawVertical(
    _ label: String, x: Int, from top: Int, to bottom: Int, style: Style
  ) {
    let room = bottom - top + 1
    let scalars = label.unicodeScalars.map { DisplayWidth.visible($0, glyphs: medium.glyphs) }
    let isCut = scalars.count > room
    for (index, scalar) in scalars.prefix(isCut ? room - 1 : room).enumerated() {
      let y = bottom - min(scalars.count, room) + 1 + index
      put(scalar, x: x, y: y, style: style)
    }
    if isCut { put(medium.choose("…", "~"), x: x, y: bottom, style: style) }
  }

  /// In the corner, which axis is which.
  private mutating func drawTokenAxisNames(
    _ layout: TokenHeatmapLayout, _ options: TokenHeatmapOptions
  ) {
    let width = layout.plot.x - layout.rect.x - 1
    let height = layout.plot.y - layout.rect.y
    guard width >= 5 else { return }
    let style = Style(.accent)
    let right = medium.isUnicode ? "→" : ">"
    let down = medium.isUnicode ? "↓" : "v"
    if height >= 2 {
      drawText(
        "\(options.columnName)\(right)", x: layout.rect.x, y: layout.plot.y - 2, style: style,
        width: width, alignment: .right)
    }
    if height >= 1 {
      drawText(
        "\(options.rowName)\(down)", x: layout.rect.x, y: layout.plot.y - 1, style: style,
        width: width, alignment: .right)
    }
  }

  /// The cell where both cursors meet, where no number tells it.
  private mutating func drawTokenCursor(
    _ layout: TokenHeatmapLayout, _ options: TokenHeatmapOptions, pixel: (Int, Int) -> Float
  ) {
    guard let row = options.cursorRow, let column = options.cursorColumn,
      let y = layout.y(ofRow: row), let x = layout.x(ofColumn: column)
    else { return }
    let middle = y + (layout.rowHeight - 1) / 2
    let cell = Rect(x: x, y: middle, width: layout.cellWidth, height: 1)
    if layout.showsNumbers {
      restyle(cell) { $0.attributes.formUnion([.bold, .underline]) }
    } else if let below = self[x + (layout.cellWidth - 1) / 2, middle], !layout.isAveraged {
      let ground = below.scalar == "█" ? below.style.foreground : below.style.background
      put(
        medium.choose("◆", "@"), x: x + (layout.cellWidth - 1) / 2, y: middle,
        style: Style(.default, on: ground, .bold))
    }
  }
}
