import Canvas
import Testing

@Suite struct GeometryTests {
  @Test func splitCoversWithoutOverlap() {
    let rect = Rect(x: 3, y: 2, width: 20, height: 10)
    let columns = rect.splitColumns([.fixed(4), .flexible(1), .flexible(2)], gap: 1)
    // 20 - 2 gaps - 4 leaves 14, shared as 4.67 and 9.33.
    #expect(columns.map(\.x) == [3, 8, 14])
    #expect(columns.map(\.width) == [4, 5, 9])
    #expect(columns.last?.maxX == rect.maxX)
    let rows = rect.splitRows([.flexible(), .flexible(), .flexible()])
    #expect(rows.map(\.height).reduce(0, +) == 10)
  }

  @Test func splitWithoutRoomGivesEmptyParts() {
    let parts = Rect(width: 3, height: 1).splitColumns([.fixed(2), .fixed(5), .flexible()])
    #expect(parts.map(\.width) == [2, 1, 0])
    #expect(Rect(width: -4, height: 2).isEmpty)
  }

  @Test func nestedRegionsClip() {
    var grid = Grid(width: 6, height: 3)
    grid.within(Rect(x: 1, y: 1, width: 4, height: 1)) { outer in
      outer.within(Rect(x: 2, y: 0, width: 10, height: 10)) { inner in
        inner.fill(Rect(x: -5, y: -5, width: 50, height: 50), "x", style: .plain)
      }
    }
    #expect(grid.text() == "\n   xx\n\n")
  }

  @Test func wideCharactersNeverLeaveHalves() {
    var grid = Grid(width: 4, height: 1)
    grid.drawText("日本", x: 0, y: 0)
    #expect(grid.text() == "日本\n")
    grid.put("a", x: 1, y: 0, style: .plain)
    #expect(grid.text() == " a本\n")
    grid.put("b", x: 2, y: 0, style: .plain)
    #expect(grid.text() == " ab\n")
    // Cut by the edge: blank rather than half a character.
    grid.put("本", x: 3, y: 0, style: .plain)
    #expect(grid.text() == " ab\n")
  }

  @Test func combiningMarksStayWithTheirLetter() {
    var grid = Grid(width: 3, height: 1)
    grid.drawText("e\u{301}f", x: 0, y: 0)
    #expect(grid.text() == "e\u{301}f\n")
    grid.put("z", x: 0, y: 0, style: .plain)
    #expect(grid.text() == "zf\n")
  }

  @Test func truncationEndsInAnEllipsis() {
    var grid = Grid(width: 10, height: 3)
    grid.drawText("attention", x: 0, y: 0, width: 5)
    grid.drawText("日本語", x: 0, y: 1, width: 4)
    grid.drawText("ab", x: 0, y: 2, width: 6, alignment: .right)
    #expect(grid.text() == "atte…\n日…\n    ab\n")
  }
}
