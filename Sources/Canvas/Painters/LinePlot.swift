extension Grid {
  /// Paints curves over a common x, in braille, blocks or ASCII as the medium says.
  ///
  /// - Complexity: O(values + columns · height).
  @discardableResult
  public mutating func drawLinePlot(
    _ series: [PlotSeries], in rect: Rect, options: LinePlotOptions
  ) -> LinePlotLayout {
    let range = options.xRange ?? Grid.xRange(of: series)
    let plot = within(rect) { grid -> Rect in
      let plot = grid.plotRect(series, options)
      if options.showsLegend && plot.y > 0 { grid.drawPlotHeader(series, options) }
      if options.showsAxes { grid.drawPlotAxes(plot, range, options) }
      grid.within(plot) { $0.drawCurves(series, range, options) }
      return plot
    }
    return LinePlotLayout(
      plot: plot.translated(dx: rect.x, dy: rect.y), xRange: range,
      isXReversed: options.isXReversed)
  }

  private static func xRange(of series: [PlotSeries]) -> ClosedRange<Double> {
    var lo = Double.infinity
    var hi = -Double.infinity
    for one in series where !one.values.isEmpty {
      lo = min(lo, one.firstX)
      hi = max(hi, one.firstX + one.stepX * Double(one.values.count - 1))
    }
    return lo <= hi ? lo...hi : 0...1
  }

  private func plotRect(_ series: [PlotSeries], _ options: LinePlotOptions) -> Rect {
    let hasHeader =
      options.showsLegend && bounds.height >= 4
      && (series.count > 1 || !options.yTitle.isEmpty)
    let top = hasHeader ? 1 : 0
    guard options.showsAxes, bounds.width >= 14, bounds.height >= 3 else {
      return Rect(y: top, width: bounds.width, height: bounds.height - top)
    }
    let labels = yTicks(options, height: bounds.height - top - 1).map(yLabel)
    let left = (labels.map { columns(of: $0) }.max() ?? 0) + 1
    return Rect(x: left, y: top, width: bounds.width - left, height: bounds.height - top - 1)
  }

  private func yTicks(_ options: LinePlotOptions, height: Int) -> [Double] {
    Ticks.places(options.yScale, count: max(2, height * 2 / 5))
  }

  private func yLabel(_ value: Double) -> String {
    NumberText.tick(value, glyphs: medium.glyphs)
  }

  /// The title of the y axis and the names of the series, each with a piece of its line.
  private mutating func drawPlotHeader(_ series: [PlotSeries], _ options: LinePlotOptions) {
    var x = drawText(options.yTitle, x: 0, y: 0, style: Style(.dim))
    x += options.yTitle.isEmpty ? 0 : 2
    guard series.count > 1 else { return }
    for (index, one) in series.enumerated() where x + 4 < bounds.width {
      let sample: String
      if medium.plot == .ascii {
        sample = String(PlotRaster.marks[index % PlotRaster.marks.count])
      } else {
        let isDashed = !options.dash(series: index).isEmpty
        sample = isDashed ? ["╍╍", "┅┅", "┉┉"][(index - 1) % 3] : "━━"
      }
      x = drawText(sample, x: x, y: 0, style: Style(one.paint)) + 1
      x = drawText(one.name, x: x, y: 0, style: Style(one.paint)) + 2
    }
  }

  private mutating func drawPlotAxes(
    _ plot: Rect, _ range: ClosedRange<Double>, _ options: LinePlotOptions
  ) {
    guard plot.x > 0, plot.maxY < bounds.height else { return }
    let dim = Style(.dim)
    fill(
      Rect(x: plot.x - 1, y: plot.y, width: 1, height: plot.height), medium.choose("│", "|"),
      style: Style(.border))
    var lastLabel = Int.max
    for value in yTicks(options, height: plot.height) {
      guard let y = plotY(value, options.yScale, height: plot.height) else { continue }
      put(medium.choose("┤", "+"), x: plot.x - 1, y: plot.y + y, style: Style(.border))
      guard y < lastLabel else { continue }
      drawText(
        yLabel(value), x: 0, y: plot.y + y, style: dim, width: plot.x - 1, alignment: .right)
      lastLabel = y
    }
    drawPlotXLabels(plot, range, options)
  }

  private mutating func drawPlotXLabels(
    _ plot: Rect, _ range: ClosedRange<Double>, _ options: LinePlotOptions
  ) {
    let y = plot.maxY
    var end = bounds.width
    if !options.xTitle.isEmpty {
      end -= columns(of: options.xTitle) + 2
      drawText(options.xTitle, x: end + 2, y: y, style: Style(.dim))
    }
    var taken: [Range<Int>] = []
    if let cursor = options.cursorX, let column = plotX(cursor, range, options, width: plot.width) {
      let label = yLabel(cursor)
      let mark = plot.x + column
      let style = Style(.cursor, on: .default, .bold)
      put(medium.choose("▴", "^"), x: mark, y: y, style: style)
      let length = columns(of: label)
      let start = mark + 1 + length <= end ? mark + 1 : mark - length
      drawText(label, x: start, y: y, style: style)
      taken.append(min(start, mark) - 1..<max(start + length, mark + 1) + 1)
    }
    let ticks =
      options.xTicks
      ?? Ticks.linear(
        from: range.lowerBound, to: range.upperBound, count: max(2, plot.width / 12)
      ).map { PlotTick($0, yLabel($0)) }
    for tick in ticks {
      guard let column = plotX(tick.value, range, options, width: plot.width) else { continue }
      let label = tick.label
      let length = columns(of: label)
      let start = max(plot.x, min(plot.x + column - length / 2, end - length))
      let place = start..<start + length
      // At an edge a label may be moved, but not far from its value.
      guard abs(start + length / 2 - plot.x - column) <= 4, start + length <= end,
        !taken.contains(where: { $0.overlaps(place) })
      else { continue }
      drawText(label, x: start, y: y, style: Style(.dim))
      taken.append(start - 1..<start + length + 1)
    }
  }

  private func plotX(
    _ value: Double, _ range: ClosedRange<Double>, _ options: LinePlotOptions, width: Int
  ) -> Int? {
    guard range.contains(value), width > 0 else { return nil }
    let span = range.upperBound - range.lowerBound
    let share = span > 0 ? (value - range.lowerBound) / span : 0.5
    return Int(((options.isXReversed ? 1 - share : share) * Double(width - 1)).rounded())
  }

  private func plotY(_ value: Double, _ scale: Normalization, height: Int) -> Int? {
    guard let share = scale.position(value), share >= -1e-9, share <= 1 + 1e-9 else { return nil }
    return Int(((1 - min(1, max(0, share))) * Double(height - 1)).rounded())
  }

  private mutating func drawCurves(
    _ series: [PlotSeries], _ range: ClosedRange<Double>, _ options: LinePlotOptions
  ) {
    var raster = PlotRaster(width: bounds.width, height: bounds.height, kind: medium.plot)
    guard raster.width > 0, raster.height > 0 else { return }
    for (index, one) in series.enumerated() {
      raster.draw(one, index: index, range: range, options: options)
    }
    if let cursor = options.cursorX, let x = plotX(cursor, range, options, width: bounds.width) {
      fill(
        Rect(x: x, width: 1, height: bounds.height), medium.choose("│", "|"), style: Style(.cursor))
    }
    for reference in options.references {
      guard let y = plotY(reference.value, options.yScale, height: bounds.height) else { continue }
      fill(
        Rect(y: y, width: bounds.width, height: 1), medium.choose("┄", "-"), style: reference.style)
    }
    for y in 0..<raster.height {
      for x in 0..<raster.width {
        guard let cell = raster.cell(x: x, y: y) else { continue }
        put(cell.glyph, x: x, y: y, style: Style(series[cell.series].paint))
      }
    }
    for reference in options.references { drawLabel(of: reference, raster, options.yScale) }
  }

  /// A dashed line's label stands where no curve is, if there is such a place; else upon the curve.
  private mutating func drawLabel(
    of reference: PlotReference, _ raster: PlotRaster, _ scale: Normalization
  ) {
    guard let y = plotY(reference.value, scale, height: bounds.height) else { return }
    let length = columns(of: reference.label)
    guard length > 0, length + 2 < bounds.width else { return }
    let last = bounds.width - length - 1
    let free = stride(from: last, through: 1, by: -1).first { start in
      (start - 1..<start + length).allSatisfy { raster.isFree(x: $0, y: y) }
    }
    drawText(reference.label, x: free ?? last, y: y, style: reference.style)
  }
}

extension PlotRaster {
  /// Draws one curve.
  mutating func draw(
    _ series: PlotSeries, index: Int, range: ClosedRange<Double>, options: LinePlotOptions
  ) {
    let span = range.upperBound - range.lowerBound
    let dash = options.dash(series: index)
    func column(_ place: Int) -> Double {
      let x = series.firstX + series.stepX * Double(place)
      let share = span > 0 ? (x - range.lowerBound) / span : 0.5
      return (options.isXReversed ? 1 - share : share) * Double(dotWidth - 1)
    }
    var previous: (x: Double, y: Double)?
    for place in series.decisivePlaces(column) {
      guard let position = options.yScale.position(Double(series.values[place])) else {
        previous = nil
        continue
      }
      let point = (x: column(place), y: (1 - PlotRaster.cut(position)) * Double(dotHeight - 1))
      // A lone point between gaps is drawn too, and never dashed away.
      line(from: previous ?? point, to: point, series: index, dash: previous == nil ? [] : dash)
      previous = point
    }
  }

  /// Infinities, and the logarithm of zero, lie on the edge; finite values outside stay outside, so
  /// that a curve leaves the picture at the right place.
  private static func cut(_ position: Double) -> Double {
    if position == .infinity { return 1 }
    if position == -.infinity { return 0 }
    return max(-1e4, min(1e4, position))
  }
}

extension PlotSeries {
  /// The places that decide how the curve looks: all of them, or where many fall into one column
  /// of dots its first, lowest, highest and last.
  fileprivate func decisivePlaces(_ column: (Int) -> Double) -> [Int] {
    guard values.count > 4, abs(column(1) - column(0)) < 0.25 else { return Array(values.indices) }
    var places: [Int] = []
    var first = 0
    while first < values.count {
      let here = column(first).rounded()
      var last = first
      var lowest: Int?
      var highest: Int?
      while last < values.count, column(last).rounded() == here {
        if !values[last].isNaN {
          if values[last] < lowest.map({ values[$0] }) ?? .infinity { lowest = last }
          if values[last] > highest.map({ values[$0] }) ?? -.infinity { highest = last }
        }
        last += 1
      }
      places += Set([first, lowest ?? first, highest ?? first, last - 1]).sorted()
      first = last
    }
    return places
  }
}
