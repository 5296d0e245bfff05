import Canvas
import Testing

@Suite struct HeatmapTests {
  private func options(
    _ map: ColorMap, _ scale: Normalization, axes: Bool = false
  ) -> HeatmapOptions {
    var options = HeatmapOptions(map: map, scale: scale)
    options.showsAxes = axes
    options.maxZoomX = 1
    options.maxZoomY = 1
    return options
  }

  @Test func plainTextUsesTheRamp() {
    var grid = Grid(width: 3, height: 2, medium: .plainText)
    grid.drawHeatmap(
      [0, 0.5, 1, 1, 0.5, 0], rows: 2, columns: 3, in: grid.bounds,
      options: options(.viridis, Normalization(lo: 0, hi: 1)))
    #expect(grid.text() == " +@\n@+\n")
  }

  @Test func signsAndNaNHaveGlyphs() {
    var grid = Grid(width: 4, height: 1, medium: .plainText)
    grid.drawHeatmap(
      [-1, 0, 1, .nan], rows: 1, columns: 4, in: grid.bounds,
      options: options(.diverging, .symmetric(1)))
    #expect(grid.text() == "%.@!\n")
  }

  @Test func halfBlocksHoldTwoValues() {
    var grid = Grid(width: 2, height: 2)
    grid.drawHeatmap(
      [0, 1, 1, 1, 1, 0], rows: 3, columns: 2, in: grid.bounds,
      options: options(.grey, Normalization(lo: 0, hi: 1)))
    #expect(grid[0, 0] == Cell("▀", Style(.map(.grey, 0), on: .map(.grey, 63))))
    #expect(grid[1, 0] == Cell("█", Style(.map(.grey, 63))))
    // The third row has nothing below it.
    #expect(grid[0, 1] == Cell("▀", Style(.map(.grey, 63))))
    #expect(grid[1, 1] == Cell("▀", Style(.map(.grey, 0))))
  }

  @Test func axesMarkTheCursorOutsideOfTheValues() {
    var grid = Grid(width: 12, height: 5, medium: .plainText)
    var options = options(.viridis, Normalization(lo: 0, hi: 1), axes: true)
    options.maxZoomX = 2
    options.cursorRow = 2
    options.cursorColumn = 1
    let layout = grid.drawHeatmap(rows: 4, columns: 5, in: grid.bounds, options: options) { _, _ in
      0
    }
    #expect(grid.text() == "0\n\n2>\n\n  0  ^1   4\n")
    #expect(layout.plot == Rect(x: 2, y: 0, width: 10, height: 4))
    #expect(layout.value(atX: 5, y: 3)?.row == 3)
    #expect(layout.value(atX: 5, y: 3)?.column == 1)
    #expect(layout.value(atX: 1, y: 3) == nil)
  }

  @Test func largeMatricesAreAveragedAndSaySo() {
    var grid = Grid(width: 2, height: 1, medium: .plainText)
    let scale = Normalization(lo: 0, hi: 1)
    let layout = grid.drawHeatmap(
      [0, 1, 1, 1, 1, 1, 0, .nan], rows: 2, columns: 4, in: grid.bounds,
      options: options(.viridis, scale))
    // (0 + 1 + 1 + 1) / 4 = 0.75: level 47 of 63, step 7 of 9.
    #expect(grid.text() == "#!\n")
    #expect(layout.rowBlock == 2 && layout.columnBlock == 2 && layout.isAveraged)
  }

  @Test func scrollingKeepsTheCursorInView() {
    var grid = Grid(width: 4, height: 1, medium: .plainText)
    var options = options(.viridis, Normalization(lo: 0, hi: 9))
    options.overflow = .scroll
    options.cursorColumn = 7
    let layout = grid.drawHeatmap(rows: 1, columns: 10, in: grid.bounds, options: options) {
      Float($1)
    }
    #expect(layout.columns == 4..<8)
    #expect(grid.text() == "=+*#\n")
  }

  @Test func everyPixelOfAnUnevenAverageHasValues() {
    for count in 1...60 {
      for room in 1...20 {
        var grid = Grid(width: room, height: 1, medium: .plainText)
        var seen = Set<Int>()
        let layout = grid.drawHeatmap(
          rows: 1, columns: count, in: grid.bounds,
          options: options(.viridis, Normalization(lo: 0, hi: 1))
        ) { _, column in
          seen.insert(column)
          return 1
        }
        #expect(seen == Set(0..<count))
        for column in 0..<count {
          let x = layout.x(ofColumn: column) ?? -1
          #expect(layout.plot.contains(x: x, y: 0))
          #expect((layout.value(atX: x, y: 0)?.column ?? count) <= column)
        }
      }
    }
  }

  @Test func legendShowsEndsZeroAndUnit() {
    var grid = Grid(width: 16, height: 2, medium: .plainText)
    grid.drawLegend(.diverging, scale: .symmetric(2), unit: "u", in: grid.bounds.row(0))
    let line = grid.text().split(separator: "\n").first.map(String.init) ?? ""
    #expect(line.hasPrefix("-2 %"))
    #expect(line.hasSuffix("@ 2 u"))
    #expect(line.contains("0"))
  }
}
