internal import Canvas

enum HelpOverlay {
  /// A box over the picture with all keys of the scene, in as many columns as there is room for.
  static func draw(_ title: String, _ rows: [KeyHelp], in grid: inout Grid) {
    let longest = rows.map { $0.action.count }.max() ?? 0
    let width = min(
      grid.bounds.width - 2, rows.count > grid.bounds.height - 4 ? 116 : max(62, longest + 23))
    let columns = width >= 100 ? 2 : 1
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
        row.keys, x: x + 1, y: y, style: Style(.accent, [.bold]), width: 15)
      _ = grid.drawText(row.action, x: x + 17, y: y, style: .plain, width: columnWidth - 18)
    }
  }
}
