internal import Canvas
internal import Learning

/// How states, gates and candidates are spread: gradients die where they are squeezed to the ends.
extension GradientsScene {
  func drawHistograms(in grid: inout Grid, _ rect: Rect) {
    let inner = grid.drawPanel(
      title: "values", trailing: spelled("√ of counts", grid), isFocused: focus == .histograms,
      in: rect)
    guard let histograms = lane?.histograms, !histograms.isEmpty else {
      drawNothing("not measured yet", in: &grid, inner)
      return
    }
    let shown = histograms.prefix(max(1, inner.height))
    let height = inner.height / shown.count
    for (index, histogram) in shown.enumerated() {
      let place = Rect(
        x: inner.x, y: inner.y + index * height, width: inner.width, height: min(height, 12))
      if height >= 3 {
        drawTall(histogram, in: &grid, place)
      } else {
        drawFlat(histogram, in: &grid, place)
      }
    }
  }

  /// A heading with the range, the bars below it.
  private func drawTall(_ histogram: ValueHistogram, in grid: inout Grid, _ rect: Rect) {
    let x = drawName(histogram, in: &grid, rect)
    let range = "\(number(histogram.low, grid)) to \(number(histogram.high, grid))"
    _ = grid.drawText(
      " \(range), mean \(number(histogram.mean, grid))", x: x, y: rect.y, style: Style(.dim),
      width: rect.maxX - x)
    drawBars(
      histogram, in: &grid,
      Rect(x: rect.x, y: rect.y + 1, width: rect.width, height: rect.height - 1))
  }

  /// Name, bars and mean on one line.
  private func drawFlat(_ histogram: ValueHistogram, in grid: inout Grid, _ rect: Rect) {
    _ = drawName(histogram, in: &grid, rect)
    let mean = NumberText.text(histogram.mean, width: 6, glyphs: grid.medium.glyphs)
    drawBars(
      histogram, in: &grid, Rect(x: rect.x + 3, y: rect.y, width: rect.width - 10, height: 1))
    _ = grid.drawText(mean, x: rect.maxX - 6, y: rect.y, style: Style(.dim), width: 6)
  }

  private func drawName(
    _ histogram: ValueHistogram, in grid: inout Grid, _ rect: Rect
  ) -> Int {
    grid.drawText(
      spelled(histogram.name, grid), x: rect.x, y: rect.y,
      style: Style(role(histogram), on: .default, .bold), width: min(rect.width, 12))
  }

  private func number(_ value: Double, _ grid: Grid) -> String {
    NumberText.tick(Double(NumberText.text(value, digits: 2)) ?? value, glyphs: grid.medium.glyphs)
  }

  private func role(_ histogram: ValueHistogram) -> ThemeRole {
    switch histogram.role {
    case .state: .series(0)
    case .gate: .series(1)
    case .candidate: .series(2)
    }
  }

  private func drawBars(_ histogram: ValueHistogram, in grid: inout Grid, _ rect: Rect) {
    let bins = histogram.counts.count
    let columns = min(rect.width, bins)
    guard columns > 0, rect.height > 0 else { return }
    // Small counts are seen beside a large one.
    let roots = (0..<columns).map { column in
      let share = histogram.counts[column * bins / columns..<(column + 1) * bins / columns]
      return (Double(share.reduce(0, +)) / Double(share.count)).squareRoot()
    }
    let highest = max(roots.max() ?? 0, 1e-9)
    let wide = rect.width / columns
    for (column, root) in roots.enumerated() {
      let middle = (Double(column) + 0.5) / Double(columns)
      let value = histogram.low + (histogram.high - histogram.low) * middle
      let style = Style(isFlat(histogram, value) ? .warning : role(histogram))
      for row in 0..<rect.height {
        let level = root / highest * Double(rect.height) - Double(rect.height - 1 - row)
        guard let glyph = Self.bar(level, isUnicode: grid.medium.isUnicode, isCounted: root > 0)
        else { continue }
        for x in 0..<wide {
          grid.put(glyph, x: rect.x + column * wide + x, y: rect.y + row, style: style)
        }
      }
    }
  }

  /// Whether tanh or σ is flat here.
  private func isFlat(_ histogram: ValueHistogram, _ value: Double) -> Bool {
    if histogram.role == .gate { return value < 0.03 || value > 0.97 }
    return histogram.low == -1 && abs(value) > 0.96
  }

  /// The piece of a bar in one row; nil where there is nothing.
  private static func bar(
    _ level: Double, isUnicode: Bool, isCounted: Bool
  ) -> Unicode.Scalar? {
    let eighths = isUnicode ? Int((level * 8).rounded(.up)) : Int((level * 2).rounded(.up))
    guard eighths > 0, isCounted else { return nil }
    if isUnicode { return Unicode.Scalar(0x2580 + UInt32(min(8, eighths))) }
    return eighths > 1 ? "#" : "."
  }
}
