internal import Canvas
internal import Debugger

/// All layers × heads: as thumbnails, or as a table of figures.
extension AttendScene {
  func drawHeads(in grid: inout Grid, _ rect: Rect) {
    let figures = result.shown.figures[layer][head]
    var trailing = ""
    if view == .head {
      trailing = "\(Self.fixed(figures.entropy)) bits, distance \(Self.fixed(figures.distance))"
    }
    // Thumbnails of one or two pixels show nothing.
    let isTiny = !isZoomed && (rect.width - 6) / source.headCount < 4
    let style = headStyle == .thumbnails && isTiny ? .links : headStyle
    let glyphs = grid.medium.glyphs
    let words = [query, key].map { Grid.visibleToken(tokens[$0].label, glyphs: glyphs) }
    let title =
      style == .links
      ? "heads: \(words[0]) \(glyphs == .unicode ? "→" : "->") \(words[1])" : "heads"
    let inner = grid.drawPanel(
      title: title, trailing: trailing, isFocused: focus == .heads, in: rect)
    switch style {
    case .thumbnails: drawThumbnails(in: &grid, inner, isLinks: false)
    case .links: drawThumbnails(in: &grid, inner, isLinks: true)
    case .figures: drawFigures(in: &grid, inner)
    }
  }

  /// One decimal.
  static func fixed(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e6 else { return NumberText.text(value) }
    let tenths = Int((abs(value) * 10).rounded())
    return "\(value < 0 && tenths > 0 ? "-" : "")\(tenths / 10).\(tenths % 10)"
  }

  // MARK: Thumbnails

  /// Rows and columns of a thumbnail, and how many fit.
  private struct Raster {
    let width: Int
    let height: Int
    let columns: Int
    let rows: Int
    let gap: Int

    /// A thumbnail is no larger than `tokens` pixels in each direction.
    init(_ rect: Rect, layers: Int, heads: Int, tokens: Int) {
      columns = min(heads, max(1, (rect.width - 5) / 2))
      let room = max(1, (rect.width - 5) / columns - 1)
      let spaced = (rect.height + 1) / max(1, layers)
      gap = spaced >= 3 ? 1 : 0
      let down = max(1, gap == 1 ? spaced : rect.height / max(1, layers))
      // Square on the screen, and no larger than its matrix.
      let side = min(room, max(1, down - gap) * 2)
      width = max(1, min(side, max(4, tokens)))
      height = max(1, min(down - gap, (width + 1) / 2))
      rows = min(layers, max(1, (rect.height + gap) / (height + gap)))
    }
  }

  /// Scrolled so that the selected head is in sight.
  private func first(_ selected: Int, count: Int, room: Int) -> Int {
    max(0, min(selected - room / 2, count - room))
  }

  private func drawThumbnails(in grid: inout Grid, _ rect: Rect, isLinks: Bool) {
    guard rect.height >= 2, rect.width >= 8 else { return }
    let body = Rect(x: rect.x, y: rect.y + 1, width: rect.width, height: rect.height - 1)
    let raster = Raster(
      body, layers: source.layerCount, heads: source.headCount,
      tokens: isLinks ? 4 : tokens.count)
    let left = first(head, count: source.headCount, room: raster.columns)
    let top = first(layer, count: source.layerCount, room: raster.rows)
    let corner = raster.columns < source.headCount || raster.rows < source.layerCount ? "~" : ""
    _ = grid.drawText(
      corner.isEmpty ? "" : grid.medium.isUnicode ? "…" : corner, x: rect.x, y: rect.y,
      style: Style(.accent), width: 2)
    for column in 0..<raster.columns {
      let x = body.x + 4 + column * (raster.width + 1)
      let isSelected = left + column == head
      let label = String(left + column)
      guard raster.width >= label.count || column % 2 == 0 || isSelected else { continue }
      _ = grid.drawText(
        label, x: x, y: rect.y, style: isSelected ? Style(.cursor, [.bold]) : Style(.dim),
        width: max(raster.width, label.count), alignment: .centre)
    }
    for row in 0..<raster.rows {
      let y = body.y + row * (raster.height + raster.gap)
      guard y < body.maxY else { break }
      let isSelected = top + row == layer
      _ = grid.drawText(
        String(top + row), x: body.x, y: y + (raster.height - 1) / 2,
        style: isSelected ? Style(.cursor, [.bold]) : Style(.dim), width: 2, alignment: .right)
      for column in 0..<raster.columns {
        let area = Rect(
          x: body.x + 4 + column * (raster.width + 1), y: y, width: raster.width,
          height: min(raster.height, body.maxY - y))
        drawThumbnail(
          HeadID(layer: top + row, head: left + column), in: &grid, area, isLink: isLinks)
      }
    }
  }

  private func drawThumbnail(
    _ id: HeadID, in grid: inout Grid, _ area: Rect, isLink: Bool
  ) {
    let isSelected =
      id.layer == layer && (id.head == head || view == .layer || view == .rollout) || view == .all
    places.heads.append(
      (id, Rect(x: area.x, y: area.y, width: area.width + 1, height: area.height)))
    if result.request.ablated.contains(id) {
      grid.fill(area, grid.medium.isUnicode ? "╳" : "X", style: Style(.warning))
    } else {
      let pixels = result.shown.thumbnails[id.layer][id.head]
      let count = isLink ? 1 : pixels.rows
      // A picture's colours reach to its own largest value, links share one scale.
      var options = HeatmapOptions(
        map: .magma,
        scale: isLink ? Normalization(lo: 0, hi: 1) : Normalization.fitting([0] + pixels.values))
      options.showsAxes = false
      options.maxZoomX = 64
      options.maxZoomY = 64
      let weight = isLink ? source.attention(layer: id.layer)[id.head, query, key] : 0
      grid.drawHeatmap(rows: count, columns: count, in: area, options: options) {
        isLink ? weight : pixels[$0, $1]
      }
    }
    guard isSelected else { return }
    let style = Style(.cursor, [.bold])
    let sides: [(x: Int, unicode: String, ascii: String)] = [
      (area.x - 1, "▐", "["), (area.maxX, "▌", "]"),
    ]
    for y in area.y..<area.maxY {
      for side in sides {
        _ = grid.drawText(
          grid.medium.isUnicode && grid.medium.depth > .none ? side.unicode : side.ascii, x: side.x,
          y: y, style: style, width: 1)
      }
    }
  }

  // MARK: Figures

  private func drawFigures(in grid: inout Grid, _ rect: Rect) {
    let all = (0..<source.layerCount).flatMap { layer in
      (0..<source.headCount).map { HeadID(layer: layer, head: $0) }
    }
    let columns = [
      TableColumn("head", alignment: .right), TableColumn("bits", alignment: .right),
      TableColumn("distance", alignment: .right), TableColumn("looks at", isFlexible: true),
    ]
    let kept = visibleTokens
    let first = max(0, layer * source.headCount + head - rect.height)
    let rows = all.enumerated().map { index, id -> [TextSpan] in
      let figures = result.shown.figures[id.layer][id.head]
      var looks = ""
      // Only what is in sight is looked up.
      if index >= first, index <= first + 2 * rect.height {
        let attention = source.attention(layer: id.layer)
        let best = kept.max { attention[id.head, query, $0] < attention[id.head, query, $1] } ?? 0
        let word = Grid.visibleToken(tokens[best].label, glyphs: grid.medium.glyphs)
        looks = "\(word) \(Self.weightText(attention[id.head, query, best]))"
      }
      if result.request.ablated.contains(id) { looks = "ablated" }
      return [
        TextSpan("\(id)"), TextSpan(Self.fixed(figures.entropy)),
        TextSpan(Self.fixed(figures.distance)), TextSpan(looks, .dim),
      ]
    }
    let selected = layer * source.headCount + head
    let visible = grid.drawTable(columns, rows: rows, in: rect, selected: selected, offset: first)
    for (line, index) in visible.enumerated() {
      places.heads.append(
        (all[index], Rect(x: rect.x, y: rect.y + 1 + line, width: rect.width, height: 1)))
    }
  }
}
