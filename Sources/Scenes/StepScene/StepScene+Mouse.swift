internal import Canvas
internal import Debugger
internal import Equations
internal import Networks

extension StepScene {
  func handleMouse(_ x: Int, _ y: Int, _ kind: MouseKind) -> [SceneEffect] {
    guard tourPage == nil else { return [] }
    switch kind {
    case .wheelUp: session.step(by: -1)
    case .wheelDown: session.step(by: 1)
    case .press, .drag: click(x, y)
    case .release: break
    }
    return []
  }

  private func click(_ x: Int, _ y: Int) {
    if let token = places.tokens.first(where: { $0.columns.contains(x) && $0.rows.contains(y) }) {
      var place = cursor
      place.time = token.index
      session.move(to: place)
    } else if let line = places.lines.first(where: { $0.row == y && $0.columns.contains(x) }) {
      session.move(to: line.position)
      focus = .equations
    } else {
      for heatmap in places.heatmaps {
        guard let (row, column) = heatmap.layout.value(atX: x, y: y) else { continue }
        select(heatmap.equation, of: heatmap.layer, unit: row, time: column)
      }
    }
  }

  /// A value that was clicked: the cursor goes there, and the status line says it exactly.
  private func select(_ equation: Int, of id: LayerID, unit: Int, time: Int) {
    // A shorter text may have come since the picture.
    guard time < recording.seqLen else { return }
    focus = .heatmap(equation)
    heldView = HeldView(unit: unit, time: time, heatmaps: places.heatmaps)
    selectUnit(unit)
    session.move(
      to: Position(pass: cursor.pass, part: .layer(id), time: time, equation: equation))
    let value =
      cursor.pass == .forward
      ? recording.value(id, equation, time: time, unit: unit)
      : recording.gradient(id, equation, time: time, unit: unit)
    let name = "\(id.name).\(equations[equation].name)[\(unit)]"
    show(
      message: cursor.pass == .forward
        ? "\(name) at t = \(time) is \(value)" : "∂L/∂\(name) at t = \(time) is \(value)")
  }
}

/// The parts of the heatmaps that were in view when one of their cells was clicked: while the cursor
/// is on it they stay, so that nothing moves under the pointer.
struct HeldView {
  let unit: Int
  let time: Int
  private let offsets: [Key: (row: Int, column: Int)]

  private struct Key: Hashable {
    let equation: Int
    let layer: LayerID
  }

  init(unit: Int, time: Int, heatmaps: [StepPlaces.Heatmap]) {
    self.unit = unit
    self.time = time
    offsets = Dictionary(
      heatmaps.map { heatmap in
        (
          Key(equation: heatmap.equation, layer: heatmap.layer),
          (heatmap.layout.rows.lowerBound, heatmap.layout.columns.lowerBound)
        )
      }, uniquingKeysWith: { first, _ in first })
  }

  func offsets(_ equation: Int, _ layer: LayerID) -> (row: Int, column: Int)? {
    offsets[Key(equation: equation, layer: layer)]
  }
}
