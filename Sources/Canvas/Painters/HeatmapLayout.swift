/// How a heatmap is drawn.
public struct HeatmapOptions: Sendable {
  /// What happens to a matrix that is larger than the room.
  public enum Overflow: Sendable, Hashable {
    /// Shows a window that starts at `rowOffset`, `columnOffset` and is moved to hold the cursor.
    case scroll
    /// Shows all of it, a mean of a block of values for each pixel.
    case average
  }

  public var map: ColorMap
  public var scale: Normalization
  public var overflow: Overflow = .average
  public var rowOffset = 0
  public var columnOffset = 0
  /// Marked in the left margin, so that no value is hidden.
  public var cursorRow: Int?
  /// Marked on the axis below.
  public var cursorColumn: Int?
  /// Instead of the numbers of the rows.
  public var rowLabels: [String]?
  /// Instead of the numbers of the columns.
  public var columnLabels: [String]?
  /// The number of the first row, where rows are part of a larger matrix.
  public var firstRow = 0
  /// The number of the first column.
  public var firstColumn = 0
  /// No axes: for thumbnails.
  public var showsAxes = true
  /// Whether the columns are numbered below; strips that share one time axis need it once.
  public var showsColumnAxis = true
  /// Pixels have the same zoom in both directions.
  public var isSquare = false
  public var maxZoomX = 8
  public var maxZoomY = 4

  public init(map: ColorMap, scale: Normalization) {
    self.map = map
    self.scale = scale
  }
}

/// What a heatmap painter did: which part is visible where. Coordinates are those of the region
/// that it drew into.
public struct HeatmapLayout: Sendable, Hashable {
  /// The cells that show values.
  public let plot: Rect
  let down: HeatmapAxis
  let across: HeatmapAxis
  /// 2 with half blocks, else 1.
  public let pixelsPerCell: Int

  /// The rows and columns of the matrix that are visible.
  public var rows: Range<Int> { down.range }
  public var columns: Range<Int> { across.range }
  /// The most matrix rows and columns that were averaged into one pixel; 1 if none were.
  public var rowBlock: Int { down.block }
  public var columnBlock: Int { across.block }
  /// Pixels for one value, in each direction; 1 if values were averaged.
  public var zoomX: Int { across.zoom }
  public var zoomY: Int { down.zoom }

  public var isAveraged: Bool { rowBlock > 1 || columnBlock > 1 }

  /// The value under a cell, the upper of two; the first of an averaged block.
  public func value(atX x: Int, y: Int) -> (row: Int, column: Int)? {
    guard plot.contains(x: x, y: y) else { return nil }
    let row = down.values(ofPixel: (y - plot.y) * pixelsPerCell / zoomY)
    let column = across.values(ofPixel: (x - plot.x) / zoomX)
    return row.isEmpty || column.isEmpty ? nil : (row.lowerBound, column.lowerBound)
  }

  /// The first cell column that shows a matrix column; nil if it is not visible.
  public func x(ofColumn column: Int) -> Int? {
    across.pixel(ofValue: column).map { plot.x + $0 * zoomX }
  }

  /// The first cell row that shows a matrix row; nil if it is not visible.
  public func y(ofRow row: Int) -> Int? {
    down.pixel(ofValue: row).map { plot.y + $0 * zoomY / pixelsPerCell }
  }
}

/// One direction of a heatmap: a range of values spread over pixels. There are never more pixels
/// than values; where there are fewer, neighbours share one, as evenly as whole numbers allow.
struct HeatmapAxis: Sendable, Hashable {
  let range: Range<Int>
  let pixels: Int
  /// Screen pixels for each of these pixels.
  var zoom = 1

  init(count: Int, room: Int, options: HeatmapOptions, offset: Int, cursor: Int?, maxZoom: Int) {
    pixels = max(0, min(count, room))
    if pixels == 0 {
      range = 0..<0
    } else if count <= room {
      zoom = max(1, min(maxZoom, room / count))
      range = 0..<count
    } else if options.overflow == .average {
      range = 0..<count
    } else {
      var start = max(0, min(offset, count - room))
      if let cursor, cursor >= 0, cursor < count {
        start = max(min(start, cursor), cursor - room + 1)
      }
      range = start..<start + room
    }
  }

  var block: Int { pixels == 0 ? 1 : (range.count + pixels - 1) / pixels }

  /// Screen pixels in all.
  var extent: Int { pixels * zoom }

  /// The values that a pixel shows.
  func values(ofPixel pixel: Int) -> Range<Int> {
    guard pixel >= 0, pixel < pixels else { return 0..<0 }
    return range.lowerBound + pixel * range.count / pixels..<range.lowerBound + (pixel + 1)
      * range.count / pixels
  }

  func pixel(ofValue value: Int) -> Int? {
    guard range.contains(value) else { return nil }
    return ((value - range.lowerBound + 1) * pixels - 1) / range.count
  }
}
