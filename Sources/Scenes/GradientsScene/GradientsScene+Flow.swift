internal import Canvas
internal import Equations
internal import Learning

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Norms of gradients over time: of the last loss, over the last updates, and of every loss.
extension GradientsScene {
  /// ‖∂L/∂h_t‖ from the last step to the first, as gradients travel, with the fitted line; of a cell
  /// with a second state that path too.
  func drawFlow(in grid: inout Grid, _ rect: Rect) {
    let verdict = lane?.verdict
    let trailing = verdict?.fit.slope.map { "slope \(NumberText.text($0))" } ?? ""
    let inner = grid.drawPanel(
      title: spelled("‖∂L/∂h_t‖ from the last step back", grid), trailing: trailing,
      isFocused: focus == .flow, in: rect)
    guard let lane, let verdict else { return }
    let states = lane.settings.cell.states.map(\.text)
    let probe = verdict.probe
    var series = [curve(of: states[0], probe.gradientNorms, role: .series(0), grid)]
    var lines = [line(verdict.fit, states[0], grid)]
    if let memory = verdict.memoryFit, states.count > 1 {
      series.append(curve(of: states[1], probe.memoryGradientNorms, role: .series(1), grid))
      lines.append(line(memory, states[1], grid))
    }
    series += lines.compactMap(\.self)
    let norms = verdict.probe.gradientNorms + verdict.probe.memoryGradientNorms
    var options = LinePlotOptions(yScale: Self.decades(norms))
    options.isXReversed = true
    options.xRange = 0...Double(max(1, lane.settings.seqLen - 1))
    options.xTitle = "t"
    grid.drawLinePlot(series, in: inner, options: options)
  }

  private func curve(
    of state: String, _ norms: [Double], role: ThemeRole, _ grid: Grid
  ) -> PlotSeries {
    PlotSeries(spelled("∂L/∂\(state)", grid), norms.map { Float($0) }, paint: .role(role))
  }

  /// The fitted line, as dots that leave the curve to be seen below.
  private func line(_ fit: GradientFit, _ state: String, _ grid: Grid) -> PlotSeries? {
    guard let slope = fit.slope, let intercept = fit.intercept else { return nil }
    let last = settings.seqLen - 1
    let distance = max(3, (last + 1) / 12)
    let values = (0...last).map { time in
      time % distance == 0 ? Float(exp(intercept + slope * Double(last - time))) : .nan
    }
    return PlotSeries(spelled("fit \(state)", grid), values, paint: .role(.text))
  }

  /// A logarithmic scale of whole decades that holds all positive values, thirty at most: it must
  /// not tremble while the values do.
  static func decades(_ values: [Double]) -> Normalization {
    let usable = values.filter { $0 > 1e-40 && $0.isFinite }
    guard let least = usable.min(), let most = usable.max() else {
      return Normalization(.logarithmic, lo: 1e-6, hi: 1)
    }
    let high = log10(most).rounded(.up)
    let low = max(min(log10(least).rounded(.down), high - 1), high - 30)
    return Normalization(.logarithmic, lo: pow(10, low), hi: pow(10, high))
  }

  // MARK: Updates

  /// The last updates, one a row, the newest below: t runs to the left as above.
  func drawUpdates(in grid: inout Grid, _ rect: Rect) {
    let inner = grid.drawPanel(
      title: spelled("‖∂L/∂h_t‖, the last updates × t", grid), isFocused: focus == .updates,
      in: rect)
    guard let lane, let first = lane.recent.first else {
      drawNothing("no update yet", in: &grid, inner)
      return
    }
    let updates = lane.recent
    let last = first.gradientNorms.count - 1
    let scale = Self.decades(updates.flatMap(\.gradientNorms))
    var options = HeatmapOptions(map: .viridis, scale: scale)
    options.firstRow = first.update
    options.maxZoomX = 64
    options.showsColumnAxis = false
    let rows = inner.splitRows([.flexible(), .fixed(1), .fixed(inner.height >= 5 ? 1 : 0)])
    let layout = grid.drawHeatmap(
      rows: updates.count, columns: last + 1, in: rows[0], options: options
    ) { row, column in Float(updates[row].gradientNorms[last - column]) }
    drawReversedAxis(layout, last: last, in: &grid, rows[1])
    drawLegend(scale, in: &grid, rows[2])
  }

  /// The numbers of the steps below a heatmap whose first column is the last step.
  private func drawReversedAxis(
    _ layout: HeatmapLayout, last: Int, in grid: inout Grid, _ rect: Rect
  ) {
    let room = max(1, layout.plot.width / 6)
    let step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].first { last < $0 * room } ?? 5000
    var free = rect.x
    for time in stride(from: last - last % step, through: 0, by: -step) {
      guard let x = layout.x(ofColumn: last - time), x >= free else { continue }
      free = grid.drawText("\(time)", x: x, y: rect.y, style: Style(.dim)) + 1
    }
    _ = grid.drawText("t", x: rect.maxX - 1, y: rect.y, style: Style(.dim), width: 1)
  }

  private func drawLegend(_ scale: Normalization, in grid: inout Grid, _ rect: Rect) {
    guard rect.height > 0 else { return }
    grid.drawLegend(
      .viridis, scale: scale,
      in: Rect(x: rect.x, y: rect.y, width: min(rect.width, 48), height: 1))
  }

  // MARK: Matrix

  /// ‖∂L_t/∂h_k‖: a row for each loss, a column for each state before it.
  func drawMatrix(in grid: inout Grid, _ rect: Rect) {
    let inner = grid.drawPanel(
      title: spelled("‖∂L_t/∂h_k‖, losses t × states k", grid), isFocused: focus == .matrix,
      in: rect)
    guard let matrix = lane?.lossMatrix else {
      drawNothing("not measured yet", in: &grid, inner)
      return
    }
    let scale = Self.decades(matrix.norms)
    var options = HeatmapOptions(map: .viridis, scale: scale)
    options.maxZoomX = 64
    options.maxZoomY = 64
    options.rowLabels = matrix.lossSteps.map { "t=\($0)" }
    let rows = inner.splitRows([.flexible(), .fixed(inner.height >= 4 ? 1 : 0)])
    grid.drawHeatmap(
      rows: matrix.lossSteps.count, columns: matrix.seqLen, in: rows[0], options: options
    ) { row, column in
      // A loss says nothing about later states.
      column > matrix.lossSteps[row] ? 0 : Float(matrix[row, column])
    }
    drawLegend(scale, in: &grid, rows[1])
  }

  func drawNothing(_ text: String, in grid: inout Grid, _ rect: Rect) {
    guard rect.height > 0 else { return }
    _ = grid.drawText(
      text, x: rect.x + 1, y: rect.y + rect.height / 2, style: Style(.dim), width: rect.width - 2)
  }
}
