/// A band from a place at the left to one at the right, as wide and bright as its weight.
public struct Ribbon: Sendable, Hashable {
  /// Text rows, counted from the top of the region; may lie outside.
  public var from: Int
  public var to: Int
  /// 0…1.
  public var weight: Float
  /// Drawn quietly: one of many in the background.
  public var isQuiet: Bool

  public init(from: Int, to: Int, weight: Float, isQuiet: Bool = false) {
    self.from = from
    self.to = to
    self.weight = weight
    self.isQuiet = isQuiet
  }
}

extension Grid {
  /// Paints ribbons from the left edge of a rectangle to its right edge, the heaviest on top: in
  /// braille up to seven dots high, in ASCII as strokes of `-`, `=` and `#`.
  ///
  /// - Complexity: O(ribbons · width).
  public mutating func drawRibbons(_ ribbons: [Ribbon], in rect: Rect) {
    guard rect.width > 0, rect.height > 0 else { return }
    var raster = RibbonRaster(rect, hasDots: medium.isUnicode)
    let order = ribbons.sorted { ($0.isQuiet ? 0 : 1, $0.weight) < ($1.isQuiet ? 0 : 1, $1.weight) }
    for ribbon in order where ribbon.weight.isFinite { raster.draw(ribbon) }
    within(rect) { grid in
      for y in 0..<rect.height {
        for x in 0..<rect.width {
          guard let cell = raster.cell(x: x, y: y) else { continue }
          grid.put(cell.glyph, x: x, y: y, style: cell.style)
        }
      }
    }
  }
}

/// Dots of a picture with the ribbon that each cell belongs to.
private struct RibbonRaster {
  private let width: Int
  private let height: Int
  /// 2×4 with dots, else 1×1.
  private let across: Int
  private let down: Int
  private var bits: [UInt8]
  private var glyphs: [Unicode.Scalar]
  private var styles: [Style?]
  /// Cells that belong to a thick ribbon, whose columns are alike: drawn as blocks without holes.
  private var isSolid: [Bool]

  init(_ rect: Rect, hasDots: Bool) {
    width = rect.width
    height = rect.height
    across = hasDots ? 2 : 1
    down = hasDots ? 4 : 1
    bits = Array(repeating: 0, count: rect.width * rect.height)
    glyphs = Array(repeating: " ", count: rect.width * rect.height)
    styles = Array(repeating: nil, count: rect.width * rect.height)
    isSolid = Array(repeating: false, count: rect.width * rect.height)
  }

  /// The diverging map's upper half: from the ground of either theme to its brightest.
  private static func style(_ ribbon: Ribbon) -> Style {
    let map = ColorMap.diverging
    let share = ribbon.isQuiet ? 0.12 + 0.3 * ribbon.weight : 0.3 + 0.7 * ribbon.weight
    let middle = map.levels / 2
    let level = middle + Int((Float(middle) * min(1, max(0, share))).rounded())
    return Style(
      .map(map, level), on: .default, ribbon.weight >= 0.5 && !ribbon.isQuiet ? .bold : [])
  }

  mutating func draw(_ ribbon: Ribbon) {
    let dots = width * across
    let start = (Double(ribbon.from) + 0.5) * Double(down)
    let end = (Double(ribbon.to) + 0.5) * Double(down)
    let thickness = across == 1 || ribbon.isQuiet ? 1 : 1 + Int((ribbon.weight * 6).rounded())
    let style = Self.style(ribbon)
    let isSolid = thickness >= 3
    var last: Int?
    var rows = 0...0
    for x in 0..<dots {
      // Both columns of a thick ribbon's cell are at one height.
      if isSolid, x % across != 0 {
        for dot in rows { set(x, dot, style, isSolid: true) }
        continue
      }
      let share = dots == 1 ? 0.5 : min(1, Double(x) / Double(max(1, dots - across)))
      // Level at both ends, so that ribbons leave their tokens straight.
      let eased = share * share * (3 - 2 * share)
      let y = Int((start + (end - start) * eased - 0.5).rounded())
      // A steep step is filled, so that the ribbon does not break.
      let reach = last.map { abs($0 - y) > thickness ? $0 : y } ?? y
      let thin = isSolid ? reach : last ?? y
      rows = min(thin, y) - (thickness - 1) / 2...max(thin, y) + thickness / 2
      if across == 2 {
        for dot in rows { set(x, dot, style, isSolid: isSolid) }
      } else {
        stroke(x, y, last, ribbon.weight, style)
      }
      last = y
    }
  }

  private mutating func set(_ x: Int, _ y: Int, _ style: Style, isSolid solid: Bool) {
    guard y >= 0, y < height * down else { return }
    let index = y / down * width + x / across
    // A heavier ribbon takes the whole cell: dots of two would be in one colour.
    if solid, !isSolid[index] || styles[index] != style { bits[index] = 0 }
    isSolid[index] = solid
    let column = UInt8(x % 2)
    let row = UInt8(y % 4)
    bits[index] |= row < 3 ? 1 << (row + 3 * column) : 1 << (6 + column)
    styles[index] = style
  }

  private mutating func stroke(_ x: Int, _ y: Int, _ last: Int?, _ weight: Float, _ style: Style) {
    guard y >= 0, y < height else { return }
    let step = y - (last ?? y)
    let flat: Unicode.Scalar = weight >= 0.5 ? "#" : weight >= 0.2 ? "=" : "-"
    glyphs[y * width + x] = step == 0 ? flat : step > 0 ? "\\" : "/"
    styles[y * width + x] = style
    guard abs(step) > 1 else { return }
    for between in (min(y, y - step) + 1)..<max(y, y - step) where between >= 0 && between < height
    {
      glyphs[between * width + x] = "|"
      styles[between * width + x] = style
    }
  }

  func cell(x: Int, y: Int) -> (glyph: Unicode.Scalar, style: Style)? {
    let index = y * width + x
    guard let style = styles[index] else { return nil }
    guard across == 2 else { return (glyphs[index], style) }
    return (isSolid[index] ? Self.block(bits[index], style) : nil)
      ?? Unicode.Scalar(0x2800 + UInt32(bits[index])).map { ($0, style) }
  }

  /// Rows of dots that fill a cell from its top or its bottom are drawn as a block, which has no
  /// holes.
  private static func block(
    _ bits: UInt8, _ style: Style
  ) -> (glyph: Unicode.Scalar, style: Style)? {
    // The dots of each row, from the top.
    let rows: [UInt8] = [0b0000_1001, 0b0001_0010, 0b0010_0100, 0b1100_0000]
    let filled = rows.map { bits & $0 == $0 }
    let count = filled.count { $0 }
    guard count >= 1, zip(filled, rows).allSatisfy({ $0 || bits & $1 == 0 }) else { return nil }
    if filled.suffix(count).allSatisfy(\.self) { return (Blocks.fromBelow(count * 2), style) }
    guard filled.prefix(count).allSatisfy(\.self) else { return nil }
    return (Blocks.fromBelow(8 - count * 2), style.with(.reverse))
  }
}
