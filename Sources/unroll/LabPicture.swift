internal import Canvas
internal import Learning

/// The final picture of a lab's run: gradient norms back through time, losses, figures, verdicts.
nonisolated enum LabPicture {
  static func svg(_ run: LabRun, title: String) -> String {
    let grid = draw(run, title: title, width: 132, height: 34 + 3 * run.lanes.count)
    return grid.svg(theme: .dark, title: title)
  }

  static func draw(_ run: LabRun, title: String, width: Int, height: Int) -> Grid {
    var grid = Grid(width: width, height: height, medium: Medium())
    let rows = grid.bounds.splitRows([
      .fixed(3), .flexible(), .fixed(3 + run.lanes.count), .fixed(2 + 2 * run.lanes.count),
    ])
    grid.within(rows[0]) { drawTitle(run, title, in: &$0) }
    let columns =
      run.lanes.contains { !$0.loss.isEmpty }
      ? rows[1].splitColumns([.flexible(), .flexible()]) : [rows[1]]
    drawNorms(run, in: columns[0], of: &grid)
    if columns.count > 1 { drawLosses(run, in: columns[1], of: &grid) }
    drawTable(run, in: rows[2], of: &grid)
    drawVerdicts(run, in: rows[3], of: &grid)
    return grid
  }

  private static func drawTitle(_ run: LabRun, _ title: String, in grid: inout Grid) {
    let updates = run.updates == 0 ? "before the first update" : "\(run.updates) updates"
    grid.drawSpans(
      [
        TextSpan(title, Style(.title, on: .default, [.bold])),
        TextSpan("  \(run.task.kind.rawValue), T = \(run.task.seqLen), \(updates)", Style(.text)),
      ], x: 0, y: 0)
    grid.drawText(run.task.summary, x: 0, y: 1, style: Style(.dim))
    grid.drawText(run.lookFor ?? "", x: 0, y: 2, style: Style(.accent))
  }

  /// Norms from the last step to the first, as gradients travel; of a single lane with a second
  /// state that state's too.
  private static func drawNorms(_ run: LabRun, in rect: Rect, of grid: inout Grid) {
    var curves = run.lanes.enumerated().map { index, lane in
      (lane.name, lane.gradientNorms, Paint.role(.series(index)))
    }
    if run.lanes.count == 1, let lane = run.lanes.first, !lane.memoryGradientNorms.isEmpty {
      curves[0].0 = "through h"
      curves.append(("through c", lane.memoryGradientNorms, Paint.role(.series(1))))
    }
    let series = curves.map { PlotSeries($0.0, $0.1.map(Float.init), paint: $0.2) }
    var options = LinePlotOptions(yScale: scale(series.flatMap(\.values)))
    options.isXReversed = true
    options.yTitle = "‖∂L/∂h_t‖"
    options.xTitle = "t"
    let inner = grid.drawPanel(
      title: "gradient norms, from the last step back", trailing: "log", in: rect)
    grid.drawLinePlot(series, in: inner, options: options)
  }

  private static func drawLosses(_ run: LabRun, in rect: Rect, of grid: inout Grid) {
    let series = run.lanes.enumerated().map { index, lane in
      PlotSeries(lane.name, smoothed(lane.loss), paint: .role(.series(index)), firstX: 1)
    }
    var options = LinePlotOptions(
      yScale: scale(series.flatMap(\.values) + [Float(run.task.memorylessLoss)]))
    options.references = [PlotReference(run.task.memorylessLoss, "without memory")]
    options.yTitle = "loss"
    options.xTitle = "update"
    let unit = run.task.loss == .crossEntropy ? "nats" : "squared error"
    let halves = rect.splitRows([.flexible(1.4), .flexible()])
    let inner = grid.drawPanel(
      title: "loss",
      trailing: "without memory \(LabText.number(run.task.memorylessLoss)) \(unit), log",
      in: halves[0])
    grid.drawLinePlot(series, in: inner, options: options)

    let accuracies = run.lanes.enumerated().map { index, lane in
      PlotSeries(lane.name, smoothed(lane.accuracy), paint: .role(.series(index)), firstX: 1)
    }
    var shares = LinePlotOptions(yScale: Normalization(lo: 0, hi: 1))
    shares.references = [PlotReference(run.task.chance, "chance")]
    shares.xTitle = "update"
    shares.showsLegend = false
    let below = grid.drawPanel(
      title: "accuracy", trailing: "chance \(LabText.percent(run.task.chance))", in: halves[1])
    grid.drawLinePlot(accuracies, in: below, options: shares)
  }

  private static func drawTable(_ run: LabRun, in rect: Rect, of grid: inout Grid) {
    let inner = grid.drawPanel(title: "figures", in: rect)
    let columns = LabText.columns.enumerated().map { index, title in
      TableColumn(
        title, alignment: index == 0 || title == "verdict" ? .left : .right,
        isFlexible: index == 0)
    }
    let rows = run.lanes.enumerated().map { index, lane in
      LabText.figures(lane).enumerated().map { column, text in
        TextSpan(text, column == 0 ? Style(.series(index)) : Style(.text))
      }
    }
    grid.drawTable(
      columns, rows: rows, in: inner, selected: run.lanes.count > 1 ? run.leader : nil)
  }

  private static func drawVerdicts(_ run: LabRun, in rect: Rect, of grid: inout Grid) {
    let inner = grid.drawPanel(title: "verdict", in: rect)
    for (index, lane) in run.lanes.enumerated() {
      let row = Rect(x: inner.x, y: inner.y + 2 * index, width: inner.width, height: 2)
      let spans = [
        TextSpan(lane.name, Style(.series(index))), TextSpan(": " + LabText.sentence(lane)),
      ]
      grid.drawParagraph(spans, in: row)
    }
  }

  /// The mean of each value and up to nine before it: losses of single batches jump.
  private static func smoothed(_ values: [Double]) -> [Float] {
    values.indices.map { index in
      let last = values[max(0, index - 9)...index]
      return Float(last.reduce(0, +) / Double(last.count))
    }
  }

  /// A logarithmic axis that spans no more than thirty decades.
  private static func scale(_ values: [Float]) -> Normalization {
    let fitting = Normalization.fitting(values.filter { $0 > 1e-30 }, kind: .logarithmic)
    return Normalization(.logarithmic, lo: fitting.lo / 1.5, hi: fitting.hi * 1.5)
  }
}
