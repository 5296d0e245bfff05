internal import Canvas
internal import Debugger
internal import Equations
internal import Networks

/// Heatmaps units × time of every value, one strip below the other on one time axis.
extension StepScene {
  /// Columns left of a heatmap: the numbers of its units.
  static let heatmapMargin = 5
  /// Columns that a step takes at most.
  static let widestCell = 5

  /// States first, then what they are made of.
  var heatmapOrder: [Int] {
    let states = recording.cell.states.compactMap { recording.cell.equationIndex(of: $0) }
    return states + equations.indices.filter { !states.contains($0) }
  }

  /// Whether the values lie in 0…1 by their function: gates get a sequential map.
  private func isGate(_ equation: Int) -> Bool {
    guard case .call(let function, _, _) = equations[equation].expression else { return false }
    let actual = function == .activation ? recording.cell.activation : function
    return actual == .sigmoid || actual == .softmax
  }

  private func isBounded(_ equation: Int) -> Bool {
    guard case .call(let function, _, _) = equations[equation].expression else {
      return equation == recording.cell.outputEquation && recording.cell.equations.count > 4
    }
    return (function == .activation ? recording.cell.activation : function) == .tanh
  }

  func colorMap(ofEquation equation: Int) -> ColorMap {
    isGate(equation) && cursor.pass == .forward && !session.showsDifference ? .viridis : .diverging
  }

  /// The scale of an equation's strip: fixed for gates and tanh, else fitted to the whole run, so
  /// that it does not move while stepping.
  func scale(ofEquation equation: Int, _ id: LayerID, difference: Bool) -> Normalization {
    if cursor.pass == .forward, !difference {
      if isGate(equation) { return Normalization(lo: 0, hi: 1) }
      if isBounded(equation) { return .symmetric(1) }
    }
    let key = ScaleKey(
      equation: equation, pass: cursor.pass, layer: id, difference: difference,
      recording: ObjectIdentifier(recording))
    if let known = scales[key] { return known }
    let scale = Normalization.symmetric(typicalSize(of: equation, id, difference: difference))
    scales = scales.count > 64 ? [:] : scales
    scales[key] = scale
    return scale
  }

  /// The size that nine tenths of the values stay below: a few units that count up to 50 must not
  /// turn all others black. Larger ones are shown at the end of the scale.
  private func typicalSize(of equation: Int, _ id: LayerID, difference: Bool) -> Double {
    let size = recording.valueSize(id, equation)
    let count = recording.seqLen * size
    // A sample will do for a scale; a long text of a large network has millions of values.
    let stride = difference ? 1 : max(1, count / 3_000)
    var sizes: [Float] = []
    for index in Swift.stride(from: 0, to: count, by: stride) {
      let value = abs(
        shownValue(
          equation, id, time: index / size, unit: index % size, difference: difference))
      if value.isFinite, value > 0 { sizes.append(value) }
    }
    // A change is often in a few values only: all of it must be seen.
    if difference { return Double(sizes.max() ?? 1) }
    sizes.sort()
    return sizes.isEmpty ? 1 : Double(sizes[sizes.count * 9 / 10])
  }

  /// The scale of one unit's sparkline: its own range, where the function sets none.
  func sparkScale(ofEquation equation: Int, unit: Int) -> Normalization {
    if cursor.pass == .forward {
      if isGate(equation) { return Normalization(lo: 0, hi: 1) }
      if isBounded(equation) { return .symmetric(1) }
    }
    let key = SparkKey(
      equation: equation, unit: unit, pass: cursor.pass, layer: session.layer)
    if let known = sparkScales[key] { return known }
    let values = (0..<recording.seqLen).map { time in
      shownValue(equation, session.layer, time: time, unit: unit, difference: false)
    }
    let scale = Normalization.fitting(values, kind: .symmetric)
    sparkScales[key] = scale
    return scale
  }

  /// What a strip shows: the value, on the way back the gradient, or the change.
  func shownValue(
    _ equation: Int, _ id: LayerID, time: Int, unit: Int, difference: Bool
  ) -> Float {
    let isForward = cursor.pass == .forward
    let value =
      isForward
      ? recording.value(id, equation, time: time, unit: unit)
      : recording.gradient(id, equation, time: time, unit: unit)
    guard difference, let original = session.original, time < original.seqLen else {
      return value
    }
    let before =
      isForward
      ? original.value(id, equation, time: time, unit: unit)
      : original.gradient(id, equation, time: time, unit: unit)
    return value - before
  }

  /// All strips; of a network that reads in both directions those of the two side by side.
  func drawHeatmaps(in grid: inout Grid, _ rect: Rect) {
    let id = session.layer
    guard recording.configuration.isBidirectional, rect.width >= 50 else {
      drawStrips(of: id, in: &grid, rect)
      return
    }
    let columns = rect.splitColumns([.flexible(), .flexible()], gap: 1)
    for (direction, column) in zip(Direction.allCases, columns) {
      drawStrips(of: LayerID(layer: id.layer, direction: direction), in: &grid, column)
    }
  }

  private func drawStrips(of id: LayerID, in grid: inout Grid, _ rect: Rect) {
    // Each strip needs its heading and two rows at least; the states come first.
    let count = max(1, min(heatmapOrder.count, rect.height / 3))
    var order = Array(heatmapOrder.prefix(count))
    // Of many values the last place is for the one that is looked at.
    let wanted = if case .heatmap(let equation) = focus { equation } else { cursor.equation }
    if cursor.layer != nil, !order.contains(wanted) { order[count - 1] = wanted }
    var rows = rect.splitRows(Array(repeating: .flexible(), count: count) + [.fixed(1)])
    // One time axis for all strips, below the last one.
    let axis = rows.removeLast()
    rows[count - 1].height += axis.height
    for (index, (equation, row)) in zip(order, rows).enumerated() {
      drawHeatmap(equation, of: id, in: &grid, row, showsTime: index == count - 1)
    }
  }

  func drawHeatmap(
    _ equation: Int, of id: LayerID, in grid: inout Grid, _ rect: Rect, isLarge: Bool = false,
    showsTime: Bool = true
  ) {
    guard rect.height >= 2 else { return }
    let size = recording.valueSize(id, equation)
    let map = colorMap(ofEquation: equation)
    let difference = session.showsDifference
    let scale = scale(ofEquation: equation, id, difference: difference)
    var options = HeatmapOptions(map: map, scale: scale)
    options.overflow = .scroll
    options.showsColumnAxis = showsTime
    options.cursorColumn = cursor.time
    options.cursorRow = min(unit, size - 1)
    let plotRows = (rect.height - (showsTime ? 2 : 1)) * (grid.medium.hasHalfBlocks ? 2 : 1)
    options.rowOffset = max(0, min(unit - plotRows / 2, size - plotRows))
    options.maxZoomX = isLarge ? 8 : Self.widestCell
    options.maxZoomY = isLarge ? 4 : 2
    let visible = rect.width - Self.heatmapMargin
    options.columnOffset = max(0, min(cursor.time - visible / 2, recording.seqLen - visible))
    if let heldView, heldView.unit == unit, heldView.time == cursor.time,
      let held = heldView.offsets(equation, id)
    {
      options.rowOffset = max(0, min(held.row, size - plotRows))
      options.columnOffset = max(0, min(held.column, recording.seqLen - visible))
    }
    let heading = Rect(x: rect.x, y: rect.y, width: rect.width, height: 1)
    let plot = Rect(x: rect.x, y: rect.y + 1, width: rect.width, height: rect.height - 1)
    let layout = grid.drawHeatmap(
      rows: size, columns: recording.seqLen, in: plot, options: options
    ) { row, column in
      shownValue(equation, id, time: column, unit: row, difference: difference)
    }
    fadeUncomputed(equation, id, in: &grid, layout)
    // The legend ends where the plot does, not at the far edge of a wide screen.
    let width = min(rect.width, max(layout.plot.maxX - rect.x, 56))
    drawHeading(
      equation, id, in: &grid, Rect(x: heading.x, y: heading.y, width: width, height: 1), map,
      scale, layout, size)
    places.heatmaps.append(StepPlaces.Heatmap(equation: equation, layer: id, layout: layout))
  }

  /// What the program counter has not reached yet is drawn in grey.
  private func fadeUncomputed(
    _ equation: Int, _ id: LayerID, in grid: inout Grid, _ layout: HeatmapLayout
  ) {
    let timeline = session.timeline
    let here = timeline.index(of: cursor)
    for column in layout.columns {
      let position = Position(
        pass: cursor.pass, part: .layer(id), time: column, equation: equation)
      guard timeline.index(of: position) > here, let x = layout.x(ofColumn: column) else {
        continue
      }
      let strip = Rect(
        x: x, y: layout.plot.y, width: max(1, layout.zoomX), height: layout.plot.height)
      grid.restyle(strip) { style in
        style.foreground = Self.faded(style.foreground)
        if style.background.mapped == nil, style.foreground.mapped == nil {
          style.attributes.insert(.dim)
        }
        style.background = Self.faded(style.background)
      }
    }
  }

  private static func faded(_ paint: Paint) -> Paint {
    guard let (map, level) = paint.mapped else { return paint }
    let strength =
      map == .diverging
      ? abs(level - map.levels / 2) * 2 : level
    // The quiet end only: what is not there yet must not catch the eye.
    return .map(.grey, 6 + strength * ColorMap.grey.levels / map.levels / 3)
  }

  private func drawHeading(
    _ equation: Int, _ id: LayerID, in grid: inout Grid, _ rect: Rect, _ map: ColorMap,
    _ scale: Normalization, _ layout: HeatmapLayout, _ size: Int
  ) {
    let glyphs = grid.medium.glyphs
    let name = spelled(equations[equation].name.text, glyphs)
    let isFocused = focus == .heatmap(equation) && id == session.layer
    let direction =
      !recording.configuration.isBidirectional
      ? "" : id.direction == .forward ? " forward" : " reverse"
    let label =
      (cursor.pass == .forward ? name : (grid.medium.isUnicode ? "∂L/∂" : "dL/d") + name)
      + direction
    var style = Style(paint(ofEquation: equation), [.bold])
    if isFocused { style = style.with(.reverse) }
    var x = grid.drawText(
      session.showsDifference ? "Δ\(label)" : label, x: rect.x, y: rect.y, style: style,
      width: rect.width)
    let legendWidth = min(26, rect.width / 2)
    let range = "\(layout.rows.lowerBound)-\(layout.rows.upperBound - 1)"
    let note = equations[equation].note.prefix { $0 != ":" }
    // The longest that fits: a number that is cut off would be another number.
    let room = max(0, rect.maxX - legendWidth - x - 1)
    let texts = [
      note.isEmpty ? "" : " units \(range) of \(size): \(note)", " units \(range) of \(size)",
      " units \(range)", " \(range)",
    ]
    let text = texts.first { !$0.isEmpty && grid.columns(of: $0) <= room } ?? ""
    x = grid.drawText(text, x: x, y: rect.y, style: Style(.dim), width: room)
    grid.drawLegend(
      map, scale: scale, unit: "",
      in: Rect(x: rect.maxX - legendWidth, y: rect.y, width: legendWidth, height: 1))
  }
}

/// What the scale of a unit's sparkline depends on.
struct SparkKey: Hashable {
  let equation: Int
  let unit: Int
  let pass: Pass
  let layer: LayerID
}

/// What a fitted scale depends on.
struct ScaleKey: Hashable {
  let equation: Int
  let pass: Pass
  let layer: LayerID
  let difference: Bool
  let recording: ObjectIdentifier
}
