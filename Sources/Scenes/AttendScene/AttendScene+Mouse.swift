internal import Canvas
internal import Debugger

extension AttendScene {
  func handleMouse(_ x: Int, _ y: Int, _ kind: MouseKind) -> [SceneEffect] {
    switch kind {
    case .wheelUp: move(to: source.place(place, movedBy: -1))
    case .wheelDown: move(to: source.place(place, movedBy: 1))
    case .press, .drag: click(x, y)
    case .release: break
    }
    return []
  }

  private func click(_ x: Int, _ y: Int) {
    message = nil
    if let token = places.tokens.first(where: { $0.columns.contains(x) && $0.rows.contains(y) }) {
      query = token.index
      selectPartner()
    } else if let row = places.keys.first(where: { $0.row == y && $0.columns.contains(x) }) {
      key = row.token
    } else if let line = places.lines.first(where: { $0.row == y && $0.columns.contains(x) }) {
      move(to: line.place)
      focus = .program
    } else if let head = places.heads.first(where: { $0.area.contains(x: x, y: y) }) {
      if view != .head { view = .head }
      select(head.id)
      focus = .heads
    } else if let (layout, rows, columns, isOverTokens) = places.matrix,
      let (row, column) = layout.value(atX: x, y: y)
    {
      selectCell(rows[row], columns[column], isOverTokens)
    }
  }

  /// A value that was clicked: both cursors go there, and the status line says it exactly.
  private func selectCell(_ row: Int, _ column: Int, _ isOverTokens: Bool) {
    query = row
    if isOverTokens { key = column } else { self.column = column }
    selectPartner()
    focus = .matrix
    guard
      let matrix = second == nil ? shownMatrix : weightMatrix(of: result.shown, canDiffer: false),
      let r = matrix.rows.firstIndex(of: row), let c = matrix.columns.firstIndex(of: column)
    else { return }
    let value = matrix.value(r, c)
    let words =
      isOverTokens
      ? "\"\(tokens[row].label)\" → \"\(tokens[column].label)\""
      : "\"\(tokens[row].label)\", column \(column)"
    show(message: "\(matrix.title)[\(row),\(column)], \(words), is \(value)")
  }
}
