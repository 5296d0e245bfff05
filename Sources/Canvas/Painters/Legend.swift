extension Grid {
  /// Paints a colour bar with its numbers: `-1.2 ████0████ 1.2 unit` in one row, or, if the
  /// rectangle has two, the bar above and the numbers below.
  public mutating func drawLegend(
    _ map: ColorMap, scale: Normalization, unit: String = "", in rect: Rect
  ) {
    within(rect) { grid in
      let lo = NumberText.tick(scale.lo, glyphs: grid.medium.glyphs)
      let hi = NumberText.tick(scale.hi, glyphs: grid.medium.glyphs)
      let dim = Style(.dim)
      if grid.bounds.height >= 2 {
        grid.drawLegendBar(map, scale, Rect(width: grid.bounds.width, height: 1), marksZero: false)
        grid.drawText(lo, x: 0, y: 1, style: dim)
        if scale.kind == .symmetric {
          grid.drawText("0", x: 0, y: 1, style: dim, width: grid.bounds.width, alignment: .centre)
        }
        let right = unit.isEmpty ? hi : hi + " " + unit
        grid.drawText(
          right, x: 0, y: 1, style: dim, width: grid.bounds.width, alignment: .right)
        return
      }
      let left = grid.columns(of: lo) + 1
      let tail = " " + hi + (unit.isEmpty ? "" : " " + unit)
      let bar = grid.bounds.width - left - grid.columns(of: tail)
      guard bar >= 3 else {
        grid.drawText(lo + "…" + hi + " " + unit, x: 0, y: 0, style: dim)
        return
      }
      grid.drawText(lo, x: 0, y: 0, style: dim)
      grid.drawLegendBar(
        map, scale, Rect(x: left, width: bar, height: 1), marksZero: scale.kind == .symmetric)
      grid.drawText(tail, x: left + bar, y: 0, style: dim)
    }
  }

  private mutating func drawLegendBar(
    _ map: ColorMap, _ scale: Normalization, _ rect: Rect, marksZero: Bool
  ) {
    for x in 0..<rect.width {
      let fraction = (Double(x) + 0.5) / Double(rect.width)
      let level = min(map.levels - 1, Int(fraction * Double(map.levels)))
      let isZero = marksZero && x == rect.width / 2
      if medium.depth >= .indexed256 && isZero {
        put("0", x: rect.x + x, y: rect.y, style: Style(on: .map(map, level)))
      } else if medium.depth >= .indexed256 {
        let style = medium.isUnicode ? Style(.map(map, level)) : Style(on: .map(map, level))
        put(medium.choose("█", " "), x: rect.x + x, y: rect.y, style: style)
      } else if isZero {
        put("0", x: rect.x + x, y: rect.y, style: Style(.dim))
      } else {
        let cell = shadeCell(level, map)
        put(cell.scalar, x: rect.x + x, y: rect.y, style: cell.style)
      }
    }
  }
}
