/// A column of a table.
public struct TableColumn: Sendable, Hashable {
  public var title: String
  public var alignment: Alignment
  /// Takes the room that the others leave, and is the first to be cut.
  public var isFlexible: Bool

  public init(_ title: String, alignment: Alignment = .left, isFlexible: Bool = false) {
    self.title = title
    self.alignment = alignment
    self.isFlexible = isFlexible
  }
}

extension Grid {
  /// Paints a header and the rows that have room. Columns are as wide as their contents.
  ///
  /// - Parameters:
  ///   - tableColumns: titles and alignment.
  ///   - rows: the cells of each row; missing ones are blank.
  ///   - rect: the place, in the current region.
  ///   - selected: highlighted, and scrolled into view.
  ///   - offset: the first row to show.
  /// - Returns: the rows that are visible; the first is in the second line of `rect`.
  @discardableResult
  public mutating func drawTable(
    _ tableColumns: [TableColumn], rows: [[TextSpan]], in rect: Rect, selected: Int? = nil,
    offset: Int = 0
  ) -> Range<Int> {
    let room = max(0, rect.height - 1)
    var first = max(0, min(offset, rows.count - room))
    if let selected, rows.indices.contains(selected), room > 0 {
      first = max(min(first, selected), selected - room + 1)
    }
    let visible = first..<min(rows.count, first + room)
    within(rect) { grid in
      let widths = grid.columnWidths(tableColumns, rows: rows)
      let header = Style(.dim, on: .default, .underline)
      grid.fill(grid.bounds.row(0), style: header)
      grid.drawTableRow(
        tableColumns.map { TextSpan($0.title, header) }, tableColumns, widths, y: 0)
      for (line, row) in visible.enumerated() {
        grid.drawTableRow(rows[row], tableColumns, widths, y: line + 1)
        if row == selected {
          grid.restyle(grid.bounds.row(line + 1)) { $0.background = .role(.selection) }
        }
      }
    }
    return visible
  }

  private mutating func drawTableRow(
    _ row: [TextSpan], _ tableColumns: [TableColumn], _ widths: [Int], y: Int
  ) {
    var x = 0
    for (span, (column, width)) in zip(row, zip(tableColumns, widths)) {
      drawText(
        span.text, x: x, y: y, style: span.style, width: min(width, bounds.width - x),
        alignment: column.alignment)
      x += width + 2
    }
  }

  private func columnWidths(_ tableColumns: [TableColumn], rows: [[TextSpan]]) -> [Int] {
    var widths = tableColumns.map { columns(of: $0.title) }
    for row in rows {
      for (index, span) in row.prefix(widths.count).enumerated() {
        widths[index] = max(widths[index], columns(of: span.text))
      }
    }
    let spare = bounds.width - widths.reduce(0, +) - 2 * max(0, widths.count - 1)
    if let flexible = tableColumns.firstIndex(where: \.isFlexible) {
      widths[flexible] = max(min(4, widths[flexible]), widths[flexible] + spare)
    }
    return widths
  }
}
