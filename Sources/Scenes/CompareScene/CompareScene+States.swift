internal import Canvas
internal import Learning

/// A heatmap of each lane's state on the same sequence, units × time, one strip a lane.
extension CompareScene {
  /// One strip.
  private struct Strip {
    let label: String
    let style: Style
    let lane: Int?
    let size: (steps: Int, units: Int)
    let value: (_ time: Int, _ unit: Int) -> Float
    let scale: Normalization
  }

  func drawStates(in grid: inout Grid, _ rect: Rect) {
    guard rect.height >= 2 else { return }
    places.panels.append((.states, rect))
    let labelRoom = rect.width >= 110 ? 25 : 9
    let strips = strips(grid, nameRoom: labelRoom)
    let rows = rect.splitRows(
      [.fixed(1)] + Array(repeating: .flexible(), count: strips.count) + [.fixed(1)])
    let longest = strips.map { grid.columns(of: $0.label) }.max() ?? 0
    let labelWidth = min(longest, labelRoom + 3) + 8
    drawHeading(strips, in: &grid, rows[0])
    var last: HeatmapLayout?
    for (strip, row) in zip(strips, rows.dropFirst()) {
      let columns = row.splitColumns([.fixed(labelWidth), .flexible()])
      drawLabel(strip, in: &grid, columns[0])
      if let layout = draw(strip, in: &grid, columns[1]) { last = layout }
      if let lane = strip.lane { places.lanes.append((lane, columns[0])) }
    }
    if let last { drawAxis(last, in: &grid, rows[rows.count - 1], left: labelWidth) }
  }

  private func strips(_ grid: Grid, nameRoom: Int) -> [Strip] {
    guard let snapshot else { return [] }
    let medium = grid.medium
    func state(_ lane: Int) -> StateMap? { snapshot.lanes[lane].states.first }
    var strips = shownLanes.map { lane -> Strip in
      let state = state(lane)
      return Strip(
        label: "\(tag(lane))\(mark(lane, medium)) \(name(lane, room: nameRoom, grid))",
        style: style(ofLane: lane),
        lane: lane, size: (state?.seqLen ?? 0, state?.unitCount ?? 0),
        value: { state?[$0, $1] ?? .nan },
        scale: LabCurves.robustScale(state?.values ?? []))
    }
    if let pair, let a = state(pair.first), let b = state(pair.second) {
      let size = (min(a.seqLen, b.seqLen), min(a.unitCount, b.unitCount))
      let differences = (0..<size.0).flatMap { time in
        (0..<size.1).map { b[time, $0] - a[time, $0] }
      }
      strips.append(
        Strip(
          label: "\(medium.isUnicode ? "Δ" : "d")  \(tag(pair.second)) less \(tag(pair.first))",
          style: Style(.accent), lane: nil, size: size, value: { b[$0, $1] - a[$0, $1] },
          scale: LabCurves.robustScale(differences)))
    }
    return strips
  }

  private func drawHeading(_ strips: [Strip], in grid: inout Grid, _ rect: Rect) {
    let isFocused = focus == .states
    let style = Style(isFocused ? .focusedBorder : .title, isFocused ? [.bold, .reverse] : [.bold])
    let name = snapshot?.lanes[0].states.first?.name ?? "h"
    var x = grid.drawText(
      " \(name): units \(grid.medium.isUnicode ? "×" : "x") time ", x: rect.x, y: rect.y,
      style: style)
    x = grid.drawText(
      " of the batch's first sequence", x: x, y: rect.y, style: Style(.dim),
      width: max(0, rect.width - 58))
    // One legend: each strip says how far its own scale goes.
    let width = 22
    grid.drawLegend(
      .diverging, scale: .symmetric(1), unit: grid.medium.isUnicode ? "× scale" : "x scale",
      in: Rect(x: rect.maxX - width - 8, y: rect.y, width: width + 7, height: 1))
  }

  /// The lane's name and how far its scale goes; in a second row its verdict.
  private func drawLabel(_ strip: Strip, in grid: inout Grid, _ rect: Rect) {
    let isSelected = strip.lane == selected
    let limit = "±\(NumberText.tick(strip.scale.hi, glyphs: grid.medium.glyphs)) "
    let shown = spelled(limit, grid)
    let width = grid.columns(of: shown)
    var style = strip.style.with(.bold)
    if isSelected { style = style.on(.role(.selection)) }
    grid.drawText(
      strip.label, x: rect.x + 1, y: rect.y, style: style, width: max(0, rect.width - width - 3))
    grid.drawText(
      shown, x: rect.maxX - width, y: rect.y, style: Style(.dim), width: width)
    guard rect.height >= 2, let lane = strip.lane, let shown = snapshot?.lanes[lane] else { return }
    let second = [
      Knob.activation.text(shown.settings),
      "\(shown.parameterCount) weights",
    ].compactMap(\.self).joined(separator: ", ")
    grid.drawText(
      LabFigure.verdict(shown), x: rect.x + 4, y: rect.y + 1,
      style: LabFigure.verdictStyle(shown), width: rect.width - 5)
    guard rect.height >= 4 else { return }
    grid.drawText(second, x: rect.x + 4, y: rect.y + 2, style: Style(.dim), width: rect.width - 5)
  }

  private func draw(_ strip: Strip, in grid: inout Grid, _ rect: Rect) -> HeatmapLayout? {
    guard strip.size.units > 0, strip.size.steps > 0, rect.width > 4 else { return nil }
    var options = HeatmapOptions(map: .diverging, scale: strip.scale)
    options.showsAxes = false
    options.overflow = .average
    options.maxZoomX = 4
    options.maxZoomY = 2
    // A row between strips that are high enough.
    let height = rect.height >= 3 ? rect.height - 1 : rect.height
    let room = height * (grid.medium.hasHalfBlocks ? 2 : 1)
    let units = shownUnits(strip.size.units, room: room)
    let layout = grid.drawHeatmap(
      rows: units.count, columns: strip.size.steps,
      in: Rect(x: rect.x, y: rect.y, width: rect.width - 1, height: height), options: options
    ) { strip.value($1, units[$0]) }
    if let lane = strip.lane { places.heatmaps.append((lane, layout, units)) }
    return layout
  }

  /// Single units, evenly spread, not means over some of them: those would hide what each does.
  private func shownUnits(_ count: Int, room: Int) -> [Int] {
    let step = max(1, count / max(1, room))
    return (0..<min(room, count)).map { ($0 * step + unitOffset) % count }
  }

  private func drawAxis(_ layout: HeatmapLayout, in grid: inout Grid, _ rect: Rect, left: Int) {
    let count = snapshot?.lanes[0].settings.hiddenSize ?? 0
    grid.drawText(
      "\(layout.rows.count) of \(count) units", x: rect.x + 1, y: rect.y, style: Style(.dim),
      width: left - 2)
    let cells = Double(layout.plot.width) / Double(max(1, layout.columns.count))
    let step =
      [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]
      .first { Double($0) * cells >= 7 } ?? 10_000
    var free = rect.x
    for time in stride(from: 0, to: layout.columns.count, by: step) {
      guard let x = layout.x(ofColumn: time), x >= free else { continue }
      free =
        grid.drawText(
          time == 0 ? "t = 0" : "\(time)", x: x, y: rect.y, style: Style(.dim),
          width: max(0, rect.maxX - x)) + 1
    }
  }
}
