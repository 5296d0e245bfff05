import Canvas
import Testing

@Suite struct ExportTests {
  @Test func ansiChangesStyleOnlyWhereNeeded() {
    var grid = Grid(width: 6, height: 2, medium: Medium(depth: .indexed256))
    grid.drawText("ab", x: 0, y: 0, style: Style(.ansi(1), on: .default, .bold))
    grid.drawText("c", x: 2, y: 0)
    grid.put("▀", x: 0, y: 1, style: Style(.map(.grey, 63), on: .map(.grey, 0)))
    let text = grid.ansi(theme: .dark)
    #expect(
      text == "\u{1B}[0;1;31mab\u{1B}[0mc\n\u{1B}[0;38;5;255;48;5;232m▀\u{1B}[0m\n")
  }

  @Test func ansiInTrueColour() {
    var grid = Grid(width: 1, height: 1)
    grid.put("x", x: 0, y: 0, style: Style(.rgb(RGB(1, 2, 3)), on: .default, .underline))
    #expect(grid.ansi(theme: .light) == "\u{1B}[0;4;38;2;1;2;3mx\u{1B}[0m\n")
    #expect(grid.ansi(theme: .light, depth: ColorDepth.none) == "\u{1B}[0;4mx\u{1B}[0m\n")
  }

  @Test func svgDrawsBlocksAsShapes() {
    var grid = Grid(width: 3, height: 1)
    let red = Paint.rgb(RGB(255, 0, 0))
    let blue = Paint.rgb(RGB(0, 0, 255))
    grid.put("▀", x: 0, y: 0, style: Style(red, on: blue))
    grid.put("▀", x: 1, y: 0, style: Style(red, on: blue))
    grid.put("⠁", x: 2, y: 0, style: Style(red))
    let svg = grid.svg(theme: .dark, title: "a < b & c")
    #expect(svg.contains("<title>a &lt; b &amp; c</title>"))
    #expect(svg.contains("viewBox=\"0 0 30 20\""))
    // Two neighbours are one rectangle a half.
    #expect(svg.contains("<path fill=\"#ff0000\" d=\"M0 0h20v10h-20z\"/>"))
    #expect(svg.contains("<path fill=\"#0000ff\" d=\"M0 10h20v10h-20z\"/>"))
    #expect(!svg.contains("▀") && !svg.contains("⠁"))
  }

  @Test func svgSetsWordsAtTheirCells() {
    var grid = Grid(width: 8, height: 2)
    grid.drawText("ab <&", x: 1, y: 1)
    let svg = grid.svg(theme: .light)
    #expect(svg.contains("<text x=\"10\" y=\"35\" fill=\"#1e2430\" textLength=\"20\">ab</text>"))
    #expect(
      svg.contains("<text x=\"40\" y=\"35\" fill=\"#1e2430\" textLength=\"20\">&lt;&amp;</text>"))
  }
}
