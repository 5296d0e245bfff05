internal import Canvas

enum HelpOverlay {
  /// A box over the picture with all keys of the scene: in one column where they have room below each
  /// other, else in two.
  static func draw(_ title: String, _ rows: [KeyHelp], in grid: inout Grid) {
    let longest = rows.map { $0.action.count }.max() ?? 0
    let keyWidth = max(15, rows.map { $0.keys.count }.max() ?? 0)
    // A blank before, between and behind.
    let full = keyWidth + longest + 3
    let mostRows = grid.bounds.height - 2
    let columns = rows.count > mostRows && grid.bounds.width >= 102 ? 2 : 1
    // The box has an edge and a blank on both sides.
    let width = min(grid.bounds.width - 2, max(62, columns * full + 4))
    let perColumn = (rows.count + columns - 1) / columns
    // A long list may cover the title and the hints.
    let height = min(grid.bounds.height, perColumn + 2)
    let inner = grid.drawModal(
      title: title, trailing: "any key closes", width: width, height: height)
    let columnWidth = inner.width / columns
    for (index, row) in rows.enumerated() {
      let x = inner.x + index / perColumn * columnWidth
      let y = inner.y + index % perColumn
      guard y < inner.maxY else { continue }
      _ = grid.drawText(
        row.keys, x: x + 1, y: y, style: Style(.accent, [.bold]), width: keyWidth)
      _ = grid.drawText(
        row.action, x: x + keyWidth + 2, y: y, style: .plain, width: columnWidth - keyWidth - 3)
    }
  }
}
