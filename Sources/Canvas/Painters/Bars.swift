/// One horizontal bar.
public struct Bar: Sendable, Hashable {
  public var label: String
  public var value: Float
  public var paint: Paint
  public var isHighlighted: Bool

  public init(
    _ label: String, _ value: Float, paint: Paint = .role(.accent), isHighlighted: Bool = false
  ) {
    self.label = label
    self.value = value
    self.paint = paint
    self.isHighlighted = isHighlighted
  }
}

/// How bars are drawn.
public struct BarOptions: Sendable, Hashable {
  /// The length scale; bars grow from zero, or from `lo` if zero is outside.
  public var scale: Normalization
  /// Room for labels; nil: as long as the longest, at most a third of the width.
  public var labelWidth: Int?
  public var valueWidth = 7
  public var showsValues = true

  public init(scale: Normalization = Normalization(lo: 0, hi: 1)) {
    self.scale = scale
  }
}

extension Grid {
  /// Paints one bar a row: label, bar in eighths of a cell (ASCII: whole cells), value.
  ///
  /// With a scale that reaches below zero, negative bars grow to the left from zero.
  ///
  /// - Returns: the number of bars that had room.
  @discardableResult
  public mutating func drawBars(_ bars: [Bar], in rect: Rect, options: BarOptions = BarOptions())
    -> Int
  {
    within(rect) { grid in
      let width = grid.bounds.width
      let longest = bars.map { grid.columns(of: $0.label) }.max() ?? 0
      let labels = min(options.labelWidth ?? min(longest, width / 3), width)
      let values =
        options.showsValues && width >= labels + options.valueWidth + 4
        ? options.valueWidth + 1 : 0
      let left = labels == 0 ? 0 : labels + 1
      let track = Rect(x: left, width: width - left - values, height: grid.bounds.height)
      for (y, bar) in bars.prefix(grid.bounds.height).enumerated() {
        let style: Style = bar.isHighlighted ? Style(.cursor, on: .default, .bold) : .plain
        grid.drawText(bar.label, x: 0, y: y, style: style, width: labels)
        grid.within(track.row(y)) { $0.drawBar(bar, scale: options.scale) }
        if values > 0 {
          let number = NumberText.text(
            Double(bar.value), width: options.valueWidth, glyphs: grid.medium.glyphs)
          grid.drawText(number, x: track.maxX + 1, y: y, style: style)
        }
      }
      return min(bars.count, grid.bounds.height)
    }
  }

  /// Fills the first row of the region from the scale's zero to the value.
  private mutating func drawBar(_ bar: Bar, scale: Normalization) {
    let width = bounds.width
    guard width > 0 else { return }
    guard let end = scale.fraction(bar.value) else {
      put(medium.choose("×", "!"), x: 0, y: 0, style: Style(.notANumber))
      return
    }
    let start = scale.kind == .logarithmic ? 0 : scale.fraction(0) ?? 0
    if medium.isUnicode {
      drawEighths(from: start, to: end, style: Style(bar.paint))
    } else {
      let from = Int((min(start, end) * Double(width)).rounded())
      let to = Int((max(start, end) * Double(width)).rounded())
      let glyph: Unicode.Scalar = end < start ? "-" : "#"
      for x in from..<max(from, to) { put(glyph, x: x, y: 0, style: Style(bar.paint)) }
    }
    // The place of zero, where the bar itself does not show it.
    if start > 0 && start < 1 && abs(end - start) * Double(width) < 1 / 16 {
      put(medium.choose("│", "|"), x: Int(start * Double(width)), y: 0, style: Style(.dim))
    }
  }

  private mutating func drawEighths(from start: Double, to end: Double, style: Style) {
    let eighths = Double(bounds.width * 8)
    let from = Int((min(start, end) * eighths).rounded())
    let to = Int((max(start, end) * eighths).rounded())
    guard to > from else { return }
    for x in from / 8...(to - 1) / 8 {
      let first = max(0, from - x * 8)
      let last = min(8, to - x * 8)
      if first == 0 {
        put(Blocks.fromLeft(last), x: x, y: 0, style: style)
      } else if last == 8 {
        // The right part of a cell is the reverse of its left part.
        put(Blocks.fromLeft(first), x: x, y: 0, style: style.with(.reverse))
      } else {
        put("▌", x: x, y: 0, style: style)
      }
    }
  }
}
