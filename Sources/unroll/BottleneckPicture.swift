internal import Canvas
internal import Learning

/// Exact match against sentence length as a picture: a curve per model, and the figures.
enum BottleneckPicture {
  nonisolated static let title = "exact match against sentence length"

  nonisolated static func svg(_ run: BottleneckRun) -> String {
    let table = 3 + run.curves.count
    return draw(run, width: 108, height: 26 + table).svg(theme: .dark, title: title)
  }

  nonisolated static func draw(
    _ run: BottleneckRun, width: Int, height: Int, medium: Medium = Medium()
  ) -> Grid {
    var grid = Grid(width: width, height: height, medium: medium)
    let rows = grid.bounds.splitRows([
      .fixed(2), .flexible(), .fixed(3 + run.curves.count),
    ])
    grid.within(rows[0]) { grid in
      grid.drawText(title, x: 0, y: 0, style: Style(.title, on: .default, [.bold]))
      grid.drawText(
        "translations that are right word for word, by the words of the source", x: 0, y: 1,
        style: Style(.dim))
    }
    drawCurves(run, in: rows[1], of: &grid)
    drawTable(run, in: rows[2], of: &grid)
    return grid
  }

  private nonisolated static func drawCurves(
    _ run: BottleneckRun, in rect: Rect, of grid: inout Grid
  ) {
    let inner = grid.drawPanel(title: "exact match, %", trailing: "words of the source →", in: rect)
    guard let first = run.lengths.first, let last = run.lengths.last else { return }
    let series = run.curves.enumerated().map { index, curve in
      // Lengths without sentences are gaps.
      var values = Array(repeating: Float.nan, count: last - first + 1)
      for length in curve.match.byLength {
        values[length.length - first] = Float(100 * length.share)
      }
      return PlotSeries(
        curve.name, values, paint: .role(.series(index)), firstX: Double(first))
    }
    let options = LinePlotOptions(yScale: Normalization(lo: 0, hi: 100))
    grid.drawLinePlot(series, in: inner, options: options)
  }

  private nonisolated static func drawTable(
    _ run: BottleneckRun, in rect: Rect, of grid: inout Grid
  ) {
    let inner = grid.drawPanel(title: "figures", in: rect)
    // As many of the lengths as have room.
    let room = max(1, (inner.width - 32) / 5)
    let step = max(1, (run.lengths.count + room - 1) / room)
    let shown = stride(from: 0, to: run.lengths.count, by: step).map { $0 }
    let columns =
      [
        TableColumn("model", alignment: .left, isFlexible: true),
        TableColumn("all", alignment: .right),
      ]
      + shown.map { TableColumn("\(run.lengths[$0])", alignment: .right) }
    let rows = run.curves.enumerated().map { index, curve in
      let lengths = curve.match.byLength
      let shares = [curve.match.share ?? 0] + shown.map { lengths[$0].share }
      return [TextSpan(curve.name, Style(.series(index)))]
        + shares.map { TextSpan("\(Int(($0 * 100).rounded()))", Style(.text)) }
    }
    grid.drawTable(columns, rows: rows, in: inner, selected: nil)
  }
}
