internal import Canvas
internal import Debugger

extension TranslateScene {
  func handleMouse(_ x: Int, _ y: Int, _ kind: MouseKind) -> [SceneEffect] {
    switch kind {
    case .wheelUp: move { $0.step(by: -1) }
    case .wheelDown: move { $0.step(by: 1) }
    case .press, .drag: click(x, y)
    case .release: break
    }
    return []
  }

  private func click(_ x: Int, _ y: Int) {
    message = nil
    if let word = places.target.first(where: { $0.row == y && $0.columns.contains(x) }) {
      session.move(toStep: min(word.index, session.stepCount - 1))
      selectStrongestKey()
    } else if let word = places.source.first(where: { $0.row == y && $0.columns.contains(x) }) {
      key = min(word.index, translation.sourceIDs.count - 1)
    } else if let line = places.lines.first(where: { $0.row == y && $0.columns.contains(x) }) {
      session.move(to: line.position)
      focus = .program
    } else if let row = places.gradients.first(where: { $0.row == y && $0.columns.contains(x) }) {
      session.move(to: row.position)
      followReading()
      focus = .gradients
    } else if let (row, column) = places.matrix?.value(atX: x, y: y), let map {
      selectCell(map, row, column)
    }
  }

  /// A weight that was clicked: both cursors go there, and the status line says it exactly.
  private func selectCell(_ map: AlignmentMap, _ row: Int, _ column: Int) {
    guard row < session.writtenCount else { return }
    session.move(toStep: row)
    if !showsOwn { key = min(column, translation.sourceIDs.count - 1) }
    focus = .alignment
    let from = translation.outputWords[row]
    let to =
      showsOwn
      ? translator.target.word(translation.input(step: column)) : translation.sourceWords[column]
    if map.isMasked(row: row, column: column) {
      show(message: "\"\(from)\" may not look at \"\(to)\": M is -inf there")
    } else {
      let value =
        isBackward
        ? map.gradient(head: head, row: row, column: column)
        : map.weight(head: head, row: row, column: column)
      let name = isBackward ? "dL/d\(map.scoreName)" : map.name
      show(message: "\(name)[\(row),\(column)], \"\(from)\" → \"\(to)\", is \(value)")
    }
  }
}
