/// The dots of a line plot: several a cell, and for each cell the series that owns its colour.
struct PlotRaster {
  let width: Int
  let height: Int
  let dotsX: Int
  let dotsY: Int
  private let kind: PlotGlyphs
  private var masks: [UInt8]
  private var owners: [Int]

  init(width: Int, height: Int, kind: PlotGlyphs) {
    self.width = max(0, width)
    self.height = max(0, height)
    self.kind = kind
    (dotsX, dotsY) =
      switch kind {
      case .braille: (2, 4)
      case .blocks: (2, 2)
      case .ascii: (1, 1)
      }
    masks = Array(repeating: 0, count: self.width * self.height)
    owners = Array(repeating: 0, count: self.width * self.height)
  }

  var dotWidth: Int { width * dotsX }
  var dotHeight: Int { height * dotsY }

  /// The glyph and the series of a cell; nil if it has no dots.
  func cell(x: Int, y: Int) -> (glyph: Unicode.Scalar, series: Int)? {
    let mask = masks[y * width + x]
    guard mask != 0 else { return nil }
    let series = owners[y * width + x]
    switch kind {
    case .braille: return (Unicode.Scalar(0x2800 + UInt32(mask)) ?? "⣿", series)
    case .blocks: return (PlotRaster.quadrants[Int(mask)], series)
    case .ascii: return (PlotRaster.marks[series % PlotRaster.marks.count], series)
    }
  }

  func isFree(x: Int, y: Int) -> Bool { masks[y * width + x] == 0 }

  /// By the bits 1 upper left, 2 upper right, 4 lower left, 8 lower right.
  private static let quadrants: [Unicode.Scalar] = [
    " ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█",
  ]
  /// What series are made of in ASCII.
  static let marks: [Unicode.Scalar] = ["*", "+", "o", "x", "#", "@", "%", "&"]

  private mutating func set(_ dx: Int, _ dy: Int, series: Int) {
    guard dx >= 0, dy >= 0, dx < dotWidth, dy < dotHeight else { return }
    let index = dy / dotsY * width + dx / dotsX
    let column = dx % dotsX
    let row = dy % dotsY
    switch kind {
    case .braille: masks[index] |= row == 3 ? 64 << column : 1 << (row + 3 * column)
    case .blocks: masks[index] |= 1 << (column + 2 * row)
    case .ascii: masks[index] = 1
    }
    owners[index] = series
  }

  /// Draws from one point to the next, in dots; every column of dots gets a vertical stroke, so
  /// that steep parts have no holes. `dash` holds the lengths of dashes and gaps in dots, nothing
  /// for a solid line.
  mutating func line(
    from a: (x: Double, y: Double), to b: (x: Double, y: Double), series: Int, dash: [Int]
  ) {
    let (start, end) = a.x <= b.x ? (a, b) : (b, a)
    let first = Int(start.x.rounded())
    let last = Int(end.x.rounded())
    guard last >= 0, first < dotWidth else { return }
    var previous = start.y
    for column in max(0, first)...max(first, min(last, dotWidth - 1)) where column < dotWidth {
      let share = last == first ? 1 : Double(column - first) / Double(last - first)
      let y = start.y + (end.y - start.y) * share
      if column == max(0, first) && last != first { previous = y }
      stroke(column, previous, y, series: series, dash: dash)
      previous = y
    }
  }

  private mutating func stroke(_ x: Int, _ y0: Double, _ y1: Double, series: Int, dash: [Int]) {
    guard PlotRaster.isInk(x, dash) else { return }
    let top = max(0, Int(min(y0, y1).rounded()))
    let bottom = min(dotHeight - 1, Int(max(y0, y1).rounded()))
    guard top <= bottom else { return }
    for y in top...bottom { set(x, y, series: series) }
  }

  private static func isInk(_ x: Int, _ dash: [Int]) -> Bool {
    let period = dash.reduce(0, +)
    guard period > 0 else { return true }
    var place = x % period
    for (index, length) in dash.enumerated() {
      if place < length { return index % 2 == 0 }
      place -= length
    }
    return true
  }
}
