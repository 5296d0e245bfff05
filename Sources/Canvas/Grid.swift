/// One character cell, 16 bytes.
public struct Cell: Sendable, Hashable {
  /// The scalar; `continuation` for the right half of a wide character.
  public var scalar: Unicode.Scalar
  public var style: Style

  public init(_ scalar: Unicode.Scalar = " ", _ style: Style = .plain) {
    self.scalar = scalar
    self.style = style
  }

  public static let blank = Cell()

  /// Marks the right half of a two-column character. Never drawn.
  public static let continuation: Unicode.Scalar = "\0"

  public var isContinuation: Bool { scalar == Cell.continuation }
}

/// A picture made of character cells.
///
/// Drawing goes through a region: `within(_:_:)` moves the origin and clips, so that a painter
/// draws in its own coordinates and can never write outside of its rectangle. Two grids are equal
/// if they look the same.
public struct Grid: Sendable {
  public let width: Int
  public let height: Int
  /// What the painters may use.
  public let medium: Medium
  /// Row-major, `width · height`.
  public private(set) var cells: [Cell]
  /// Combining marks by cell index: rare, so not in the cells.
  public private(set) var marks: [Int: [Unicode.Scalar]] = [:]

  /// The absolute position of the current region's origin.
  private var originX = 0
  private var originY = 0
  /// Absolute.
  private var clip: Rect
  /// The region's own size, of which the clip may leave less.
  private var regionWidth: Int
  private var regionHeight: Int

  public init(width: Int, height: Int, medium: Medium = Medium()) {
    self.width = max(0, width)
    self.height = max(0, height)
    self.medium = medium
    cells = Array(repeating: .blank, count: self.width * self.height)
    clip = Rect(width: self.width, height: self.height)
    regionWidth = self.width
    regionHeight = self.height
  }

  /// The current region in its own coordinates: its origin is 0, 0.
  public var bounds: Rect { Rect(width: regionWidth, height: regionHeight) }

  /// Draws inside a rectangle of the current region: its corner becomes 0, 0, and nothing outside
  /// of it can be written.
  public mutating func within<Result>(_ rect: Rect, _ draw: (inout Grid) -> Result) -> Result {
    let saved = (originX, originY, clip, regionWidth, regionHeight)
    originX += rect.x
    originY += rect.y
    regionWidth = rect.width
    regionHeight = rect.height
    clip = clip.intersection(
      Rect(x: originX, y: originY, width: rect.width, height: rect.height))
    let result = draw(&self)
    (originX, originY, clip, regionWidth, regionHeight) = saved
    return result
  }

  /// The cell at a position of the current region; nil outside of the grid.
  public subscript(x: Int, y: Int) -> Cell? {
    let ax = x + originX
    let ay = y + originY
    guard ax >= 0, ay >= 0, ax < width, ay < height else { return nil }
    return cells[ay * width + ax]
  }

  /// Writes one scalar, which takes one or two columns. A wide character that would be cut by the
  /// region's edge is drawn as a blank; combining marks join the cell to their left.
  public mutating func put(_ scalar: Unicode.Scalar, x: Int, y: Int, style: Style) {
    let ax = x + originX
    let ay = y + originY
    guard ay >= clip.y, ay < clip.maxY, ax >= clip.x, ax < clip.maxX else { return }
    let index = ay * width + ax
    if scalar.value < 0x300 {
      store(Cell(scalar.value < 0x20 ? " " : scalar, style), at: index, x: ax)
      return
    }
    switch DisplayWidth.of(scalar) {
    case 0: return
    case 2:
      guard ax + 1 < clip.maxX else {
        store(Cell(" ", style), at: index, x: ax)
        return
      }
      store(Cell(scalar, style), at: index, x: ax)
      store(Cell(Cell.continuation, style), at: index + 1, x: ax + 1, keepsLeft: true)
    default: store(Cell(scalar, style), at: index, x: ax)
    }
  }

  /// Adds a combining mark to the cell at a position; at most four are kept.
  mutating func addMark(_ mark: Unicode.Scalar, x: Int, y: Int) {
    let ax = x + originX
    let ay = y + originY
    guard clip.contains(x: ax, y: ay), medium.isUnicode else { return }
    var index = ay * width + ax
    if cells[index].isContinuation && ax > 0 { index -= 1 }
    if marks[index, default: []].count < 4 { marks[index, default: []].append(mark) }
  }

  /// Writes a cell and blanks the other half of any wide character that it breaks.
  private mutating func store(_ cell: Cell, at index: Int, x: Int, keepsLeft: Bool = false) {
    if !keepsLeft && cells[index].isContinuation && x > 0 {
      cells[index - 1].scalar = " "
      if !marks.isEmpty { marks[index - 1] = nil }
    }
    if x + 1 < width && cells[index + 1].isContinuation && !cells[index].isContinuation {
      cells[index + 1].scalar = " "
    }
    cells[index] = cell
    if !marks.isEmpty { marks[index] = nil }
  }

  /// Fills a rectangle of the current region.
  public mutating func fill(_ rect: Rect, _ scalar: Unicode.Scalar = " ", style: Style) {
    let area = rect.intersection(bounds)
    for y in area.y..<max(area.y, area.maxY) {
      for x in area.x..<max(area.x, area.maxX) { put(scalar, x: x, y: y, style: style) }
    }
  }

  /// Changes the styles in a rectangle of the current region and leaves the characters.
  public mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
    let area = rect.translated(dx: originX, dy: originY).intersection(clip)
    for y in area.y..<max(area.y, area.maxY) {
      for x in area.x..<max(area.x, area.maxX) { change(&cells[y * width + x].style) }
    }
  }

  /// Copies another grid into the current region, its top left corner at a position.
  public mutating func paste(_ other: Grid, x: Int, y: Int) {
    for row in 0..<other.height {
      for column in 0..<other.width {
        let cell = other.cells[row * other.width + column]
        if cell.isContinuation { continue }
        put(cell.scalar, x: x + column, y: y + row, style: cell.style)
        for mark in other.marks[row * other.width + column] ?? [] {
          addMark(mark, x: x + column, y: y + row)
        }
      }
    }
  }
}

extension Grid: Equatable {
  public static func == (a: Grid, b: Grid) -> Bool {
    a.width == b.width && a.height == b.height && a.cells == b.cells && a.marks == b.marks
  }
}
