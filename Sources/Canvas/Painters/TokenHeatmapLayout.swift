/// How a matrix over tokens is drawn.
public struct TokenHeatmapOptions {
  public var map: ColorMap
  public var scale: Normalization
  /// The part of the matrix that is shown.
  public var rows: Range<Int>
  public var columns: Range<Int>
  public var cursorRow: Int?
  public var cursorColumn: Int?
  /// What the axes are called in the corner.
  public var rowName = "query"
  public var columnName = "key"
  public var rowLabel: (Int) -> String
  public var columnLabel: (Int) -> String
  /// The longest labels, in columns.
  public var rowLabelWidth: Int
  public var columnLabelWidth: Int
  /// Whether the labels of columns may be written downwards: words, not numbers.
  public var hasColumnWords = true
  /// A value as it is written into its cell, where there is room.
  public var number: (Float) -> String
  /// The columns that a number takes; 0 for none.
  public var numberWidth = 3

  public init(
    map: ColorMap, scale: Normalization, rows: Range<Int>, columns: Range<Int>,
    rowLabelWidth: Int, columnLabelWidth: Int, rowLabel: @escaping (Int) -> String,
    columnLabel: @escaping (Int) -> String, number: @escaping (Float) -> String
  ) {
    self.map = map
    self.scale = scale
    self.rows = rows
    self.columns = columns
    self.rowLabelWidth = rowLabelWidth
    self.columnLabelWidth = columnLabelWidth
    self.rowLabel = rowLabel
    self.columnLabel = columnLabel
    self.number = number
  }
}

/// Where a token heatmap's parts are. Coordinates are those of the region that it is drawn into.
public struct TokenHeatmapLayout: Sendable, Hashable {
  public let rect: Rect
  /// The cells that show values.
  public let plot: Rect
  public let rows: Range<Int>
  public let columns: Range<Int>
  public let pixelRows: Int
  public let pixelColumns: Int
  /// Text rows for a matrix row; 1 where two share one.
  public let rowHeight: Int
  /// Columns for a pixel.
  public let cellWidth: Int
  /// Two pixels in a text row.
  public let isHalfRows: Bool
  public let labelsAreVertical: Bool
  public let showsNumbers: Bool

  init(in rect: Rect, options: TokenHeatmapOptions, grid: Grid) {
    self.rect = rect
    rows = options.rows
    columns = options.columns
    let margin = min(max(options.rowLabelWidth, options.rowName.count + 1), 12, rect.width / 4) + 1
    let room = rect.width - margin
    let count = max(1, columns.count)
    pixelColumns = max(0, min(columns.count, room))
    // Numbers need a row and room of their own; without words above there is a line for them.
    let widest = max(1, room / count)
    let isWide = widest > options.columnLabelWidth
    labelsAreVertical =
      options.hasColumnWords && !isWide && columns.count <= room
    let rowCount = max(1, rows.count)
    let header =
      labelsAreVertical
      ? TokenHeatmapLayout.wordRows(options, rows: rowCount, height: rect.height, grid.medium)
      : min(2, rect.height / 3)
    let height = max(0, rect.height - header)
    isHalfRows = rows.count > height && grid.medium.hasHalfBlocks
    rowHeight = isHalfRows ? 1 : max(1, min(3, height / rowCount))
    pixelRows = max(0, min(rows.count, isHalfRows ? height * 2 : height))
    // Cells not much wider than high.
    let widestCell = isHalfRows ? 2 : rowHeight == 1 ? 6 : rowHeight * 2 + 3
    cellWidth = min(widest, widestCell)
    showsNumbers =
      !isHalfRows && options.numberWidth > 0 && pixelRows == rows.count
      && pixelColumns == columns.count && cellWidth >= options.numberWidth
    let textRows = isHalfRows ? (pixelRows + 1) / 2 : pixelRows * rowHeight
    plot = Rect(
      x: rect.x + margin, y: rect.y + header, width: pixelColumns * cellWidth,
      height: min(height, textRows))
  }

  /// How long the words above the columns may be: as long as they are, if the rows have room beside
  /// them; but a row in a line of its own comes before a word in full.
  private static func wordRows(
    _ options: TokenHeatmapOptions, rows: Int, height: Int, _ medium: Medium
  ) -> Int {
    let wanted = max(2, min(options.columnLabelWidth, 10))
    let spare = height - rows
    if spare >= min(wanted, 3) { return min(wanted, spare) }
    let halves = medium.hasHalfBlocks ? (rows + 1) / 2 : rows
    return max(min(2, height / 3), min(wanted, height - halves, height / 2))
  }

  /// The most matrix rows and columns that one pixel stands for.
  public var rowBlock: Int { pixelRows == 0 ? 1 : (rows.count + pixelRows - 1) / pixelRows }
  public var columnBlock: Int {
    pixelColumns == 0 ? 1 : (columns.count + pixelColumns - 1) / pixelColumns
  }
  public var isAveraged: Bool { rowBlock > 1 || columnBlock > 1 }

  /// The element under a cell, the upper of two; the first of an averaged block.
  public func value(atX x: Int, y: Int) -> (row: Int, column: Int)? {
    guard plot.contains(x: x, y: y), pixelRows > 0, pixelColumns > 0 else { return nil }
    let row = min(pixelRow(atY: y - plot.y), pixelRows - 1)
    let column = min((x - plot.x) / cellWidth, pixelColumns - 1)
    return (
      rows.lowerBound + row * rows.count / pixelRows,
      columns.lowerBound + column * columns.count / pixelColumns
    )
  }

  /// The first text row that shows a matrix row; nil if it is not visible.
  public func y(ofRow row: Int) -> Int? {
    guard rows.contains(row), pixelRows > 0 else { return nil }
    let pixel = ((row - rows.lowerBound + 1) * pixelRows - 1) / rows.count
    return plot.y + (isHalfRows ? pixel / 2 : pixel * rowHeight)
  }

  /// The first cell column that shows a matrix column; nil if it is not visible.
  public func x(ofColumn column: Int) -> Int? {
    guard columns.contains(column), pixelColumns > 0 else { return nil }
    let pixel = ((column - columns.lowerBound + 1) * pixelColumns - 1) / columns.count
    return plot.x + pixel * cellWidth
  }

  /// The first pixel row in a text row of the plot.
  func pixelRow(atY y: Int) -> Int { isHalfRows ? y * 2 : y / rowHeight }

  /// Whether a row's number stands in this text row of the plot.
  func isNumberRow(_ y: Int) -> Bool { y % rowHeight == (rowHeight - 1) / 2 }
}
