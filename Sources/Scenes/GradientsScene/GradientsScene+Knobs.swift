internal import Canvas
internal import Learning

/// The settings that are turned while the net trains.
extension GradientsScene {
  func drawKnobs(in grid: inout Grid, _ rect: Rect) {
    let isWide = rect.width >= 34
    let restarts = grid.medium.isUnicode ? "↻" : "R"
    let inner = grid.drawPanel(
      title: "knobs", trailing: isWide ? "" : "\(restarts) restarts", in: rect)
    let all = Knob.allCases
    let place = all.firstIndex(of: knob) ?? 0
    let first = max(0, min(place - inner.height / 2, all.count - inner.height))
    for (row, one) in all.dropFirst(first).prefix(inner.height).enumerated() {
      let line = Rect(x: inner.x, y: inner.y + row, width: inner.width, height: 1)
      drawKnob(one, in: &grid, line, restarts: isWide ? "restarts" : restarts)
      places.knobs.append((one, line.y, line.x..<line.maxX))
    }
  }

  private func drawKnob(_ one: Knob, in grid: inout Grid, _ rect: Rect, restarts: String) {
    let isSelected = one == knob
    let value = one.text(settings)
    let isUnicode = grid.medium.isUnicode
    if isSelected {
      grid.fill(rect, " ", style: Style(.text, on: .role(.selection)))
      grid.put(isUnicode ? "▸" : ">", x: rect.x, y: rect.y, style: Style(.cursor, [.bold]))
    }
    let title = spelled(one.title, grid)
    _ = grid.drawText(
      title, x: rect.x + 1, y: rect.y,
      style: value == nil ? Style(.dim) : isSelected ? Style(.text, [.bold]) : .plain, width: 13)
    let tag = value == nil ? "" : self.tag(one, restarts: restarts)
    let tagWidth = restarts.count
    let room = rect.width - 15 - tagWidth
    let shown = value ?? (isUnicode ? "–" : "-")
    var x = rect.x + 14
    x = grid.drawText(
      shown, x: x, y: rect.y,
      style: value == nil ? Style(.dim) : Style(.accent, isSelected ? [.bold] : []), width: room)
    if isSelected, value != nil, x - rect.x - 14 < room {
      grid.put(isUnicode ? "▸" : ">", x: x, y: rect.y, style: Style(.cursor))
      grid.put(isUnicode ? "◂" : "<", x: rect.x + 13, y: rect.y, style: Style(.cursor))
    }
    _ = grid.drawText(
      tag, x: rect.maxX - tagWidth, y: rect.y, style: Style(.dim), width: tagWidth,
      alignment: .right)
    if isSelected {
      grid.restyle(rect) { $0.background = .role(.selection) }
    }
  }

  /// What turning it does to the training.
  private func tag(_ one: Knob, restarts: String) -> String {
    one.effect(settings) == .restarts ? restarts : ""
  }
}
