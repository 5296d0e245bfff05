import Canvas
import Testing

@Suite struct PainterTests {
  @Test func barsHaveEighths() {
    var grid = Grid(width: 8, height: 4)
    var options = BarOptions(scale: Normalization(lo: 0, hi: 1))
    options.showsValues = false
    // 0.3 · 64 eighths = 19.2: two cells and three eighths.
    grid.drawBars(
      [Bar("", 0.5), Bar("", 0.3), Bar("", 0), Bar("", .nan)], in: grid.bounds, options: options)
    #expect(grid.text() == "████\n██▍\n\n×\n")
  }

  @Test func negativeBarsGrowToTheLeft() {
    var grid = Grid(width: 8, height: 3)
    var options = BarOptions(scale: .symmetric(1))
    options.showsValues = false
    grid.drawBars(
      [Bar("", -0.5), Bar("", 0.25), Bar("", -0.45)], in: grid.bounds, options: options)
    #expect(grid.text() == "  ██\n    █\n  ▎█\n")
    #expect(grid[2, 2]?.style.attributes == .reverse)
  }

  @Test func barsInASCIIHaveLabelsAndValues() {
    var grid = Grid(width: 20, height: 2, medium: .plainText)
    var options = BarOptions(scale: Normalization(lo: 0, hi: 1))
    options.valueWidth = 5
    grid.drawBars([Bar("the", 1), Bar("a", 0.5)], in: grid.bounds, options: options)
    #expect(grid.text() == "the ##########  1.00\na   #####      0.500\n")
  }

  @Test func sparklines() {
    var grid = Grid(width: 4, height: 2)
    let scale = Normalization(lo: 0, hi: 1)
    grid.drawSparkline([0, 0.5, 1, .nan], x: 0, y: 0, width: 4, scale: scale)
    grid.drawSparkline([0, 0, 1, 1], x: 0, y: 1, width: 2, scale: scale)
    #expect(grid.text() == "▁▅█×\n▁█\n")
  }

  private func plot(
    _ values: [Float], width: Int, height: Int, scale: Normalization, medium: Medium,
    reversed: Bool = false
  ) -> String {
    var grid = Grid(width: width, height: height, medium: medium)
    var options = LinePlotOptions(yScale: scale)
    options.showsAxes = false
    options.showsLegend = false
    options.isXReversed = reversed
    let series = PlotSeries("", values, paint: .default)
    grid.drawLinePlot([series], in: grid.bounds, options: options)
    return grid.text()
  }

  @Test func plotsInEveryAlphabet() {
    let scale = Normalization(lo: 0, hi: 1)
    // Lower left dot (64), then the whole right column (8 + 16 + 32 + 128).
    #expect(plot([0, 1], width: 1, height: 1, scale: scale, medium: Medium()) == "⣸\n")
    #expect(
      plot([0, 1], width: 1, height: 1, scale: scale, medium: Medium(plot: .blocks)) == "▟\n")
    #expect(
      plot([1, .nan, 1, 1], width: 4, height: 1, scale: scale, medium: .plainText) == "* **\n")
    #expect(
      plot([0, 0.5, 1], width: 3, height: 3, scale: scale, medium: .plainText)
        == "  *\n **\n**\n")
  }

  @Test func reversedPlotsRunToTheLeft() {
    let scale = Normalization(lo: 0, hi: 1)
    let text = plot(
      [1, .nan, .nan, 0], width: 4, height: 2, scale: scale, medium: .plainText, reversed: true)
    #expect(text == "   *\n*\n")
  }

  @Test func logarithmOfZeroLiesOnTheFloor() {
    let scale = Normalization(.logarithmic, lo: 1e-4, hi: 1)
    let text = plot(
      [1, .nan, 0, .nan, 1e-2], width: 5, height: 3, scale: scale, medium: .plainText)
    #expect(text == "*\n    *\n  *\n")
  }

  @Test func plotAxesHaveRoundTicks() {
    var grid = Grid(width: 30, height: 9, medium: .plainText)
    var options = LinePlotOptions(yScale: Normalization(.logarithmic, lo: 1e-4, hi: 1))
    options.cursorX = 5
    grid.drawLinePlot(
      [PlotSeries("g", [Float](repeating: 1, count: 11), paint: .default)], in: grid.bounds,
      options: options)
    let lines = grid.text().split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0].hasPrefix("   1+***"))
    #expect(lines[7].hasPrefix("1e-4+"))
    #expect(lines[8].contains("^5"))
    #expect(lines[8].hasSuffix("10"))
  }

  /// Of a hundred thousand values one that stands out is still seen, and so is a gap.
  @Test func longCurvesKeepTheirPeaks() {
    var values = [Float](repeating: 0.5, count: 100_000)
    values[50_000] = 1
    values[75_000] = 0
    for index in 20_000..<30_000 { values[index] = .nan }
    var grid = Grid(width: 21, height: 5, medium: .plainText)
    var options = LinePlotOptions(yScale: Normalization(lo: 0, hi: 1))
    options.showsAxes = false
    grid.drawLinePlot(
      [PlotSeries("v", values, paint: .default)], in: grid.bounds, options: options)
    let lines = grid.text().split(separator: "\n", omittingEmptySubsequences: false).map {
      Array($0)
    }
    #expect(lines[0] == Array(repeating: " ", count: 10) + ["*"])
    #expect(lines[4] == Array(repeating: " ", count: 15) + ["*"])
    #expect(lines[2].count == 21 && lines[2][5] == " " && lines[2][3] == "*")
  }

  @Test func longTokenStripsScrollToBothEnds() {
    var grid = Grid(width: 12, height: 2, medium: .plainText)
    let tokens = (0..<100_000).map { _ in "a" }
    for (current, marks) in [(0, (false, true)), (50_000, (true, true)), (99_999, (true, false))] {
      grid.fill(grid.bounds, " ", style: .plain)
      let visible = grid.drawTokenStrip(
        tokens, in: grid.bounds, options: TokenStripOptions(current: current))
      let line = Array(grid.text().split(separator: "\n")[0])
      #expect(line.contains("["))
      #expect((line[0] == "<") == marks.0)
      #expect((line.count == 12 && line[11] == ">") == marks.1)
      #expect(visible.map(\.index).contains(current))
    }
  }

  @Test func tokenStripKeepsTheCurrentInView() {
    var grid = Grid(width: 12, height: 2, medium: .plainText)
    let tokens = (0..<30).map { "t\($0)" }
    let visible = grid.drawTokenStrip(
      tokens, in: grid.bounds, options: TokenStripOptions(current: 20))
    let lines = grid.text().split(separator: "\n")
    #expect(lines[0].contains("[t20]"))
    #expect(lines[0].hasPrefix("<") && lines[0].hasSuffix(">"))
    #expect(visible.contains { $0.index == 20 })
    #expect(visible.allSatisfy { $0.columns.lowerBound >= 0 && $0.columns.upperBound <= 12 })
  }

  @Test func tablesAlignAndSelect() {
    var grid = Grid(width: 14, height: 3, medium: .plainText)
    let columns = [TableColumn("name"), TableColumn("loss", alignment: .right)]
    let rows = [["lstm", "1.2"], ["rnn", "10.5"], ["gru", "3"]].map { $0.map { TextSpan($0) } }
    let visible = grid.drawTable(columns, rows: rows, in: grid.bounds, selected: 2)
    #expect(visible == 1..<3)
    #expect(grid.text() == "name  loss\nrnn   10.5\ngru      3\n")
    #expect(grid[0, 2]?.style.background == .role(.selection))
  }

  @Test func panels() {
    var grid = Grid(width: 14, height: 3)
    let inner = grid.drawPanel(title: "c", trailing: "x", in: grid.bounds)
    #expect(inner == Rect(x: 1, y: 1, width: 12, height: 1))
    #expect(grid.text() == "╭─ c ──── x ─╮\n│            │\n╰────────────╯\n")
  }

  /// Painters must survive any rectangle, and stay inside of it.
  @Test(arguments: [Medium(), Medium(depth: .ansi16), Medium(plot: .blocks), .plainText])
  func nothingIsDrawnOutside(medium: Medium) {
    for (width, height) in [(0, 0), (1, 1), (2, 1), (1, 2), (3, 3), (5, 2), (9, 4), (17, 7)] {
      var grid = Grid(width: 24, height: 12, medium: medium)
      let rect = Rect(x: 3, y: 2, width: width, height: height)
      var options = HeatmapOptions(map: .diverging, scale: .symmetric(1))
      options.cursorRow = 3
      options.cursorColumn = 30
      grid.drawHeatmap(rows: 5, columns: 40, in: rect, options: options) { Float($0 - $1) }
      options.isSquare = true
      grid.drawHeatmap(rows: 0, columns: 0, in: rect, options: options) { _, _ in 0 }
      grid.drawLegend(.viridis, scale: .symmetric(1), unit: "nats", in: rect)
      grid.drawBars(
        [Bar("日本", 3), Bar("b", -1)], in: rect, options: BarOptions(scale: .symmetric(2)))
      var plot = LinePlotOptions(yScale: Normalization(lo: 0, hi: 1))
      plot.cursorX = 2
      plot.references = [PlotReference(0.5, "half")]
      plot.yTitle = "loss"
      plot.xTitle = "step"
      let series = [PlotSeries("a", [0, 1, .nan, .infinity], paint: .default)]
      grid.drawLinePlot(series + series, in: rect, options: plot)
      grid.drawLinePlot([], in: rect, options: plot)
      grid.drawTable(
        [TableColumn("t", isFlexible: true)], rows: [[TextSpan("row")]], in: rect, selected: 0)
      grid.drawTokenStrip(["日", "", "\n"], in: rect, options: TokenStripOptions(current: 2))
      grid.drawParagraph("some **text** 日本", in: rect)
      grid.drawPanel(title: "a long title", trailing: "more", isFocused: true, in: rect)
      grid.within(rect) { _ = $0.drawModal(title: "m", width: 50, height: 50) }
      for y in 0..<12 {
        for x in 0..<24 where !rect.contains(x: x, y: y) {
          #expect(grid[x, y] == .blank, "\(width)×\(height) wrote at \(x), \(y)")
        }
      }
    }
  }
}
