import Canvas
import Debugger
import Equations
import Networks
import Testing

@testable import Scenes

@Suite struct KeyTests {
  private func isQuit(_ effects: [SceneEffect]) -> Bool {
    if case .quit? = effects.first { effects.count == 1 } else { false }
  }

  @Test func stepping() throws {
    let scene = try SceneSample.characters()
    let timeline = scene.session.timeline
    scene.press(.down, .character("j"), .up)
    #expect(scene.cursor == timeline[1])
    scene.press(.right, .character("l"), .left)
    #expect(scene.cursor.time == 1 && scene.cursor.equation == 1)
    scene.press(.character("k"), .character("h"))
    #expect(scene.cursor == timeline[0])
    scene.press(.end)
    #expect(scene.cursor == timeline[timeline.count - 1])
    scene.press(.home)
    #expect(scene.cursor == timeline[0])
    scene.press(.character("G"), .character("g"))
    #expect(scene.cursor == timeline[0])
    #expect(isQuit(scene.handle(.key(.character("q")))))
    #expect(isQuit(scene.handle(.key(.control("c")))))
  }

  @Test func units() throws {
    let scene = try SceneSample.characters()
    let last = scene.recording.configuration.hiddenSize - 1
    scene.unit = 5
    scene.press(.character("["))
    #expect(scene.unit == 4)
    scene.press(.character("]"), .character("]"))
    #expect(scene.unit == 6)
    scene.press(.pageUp)
    #expect(scene.unit == 0)
    scene.press(.pageDown, .pageDown, .character("]"))
    #expect(scene.unit == last)
  }

  /// m: the unit whose output spans most, found here the plain way.
  @Test func theLiveliestUnit() throws {
    let scene = try SceneSample.characters()
    let run = scene.recording
    let output = run.cell.outputEquation
    let ranges = (0..<run.configuration.hiddenSize).map { unit in
      let values = (0..<run.seqLen).map {
        run.value(LayerID(layer: 0), output, time: $0, unit: unit)
      }
      return (values.max() ?? 0) - (values.min() ?? 0)
    }
    scene.press(.character("m"))
    #expect(ranges[scene.unit] == ranges.max())
  }

  @Test func layersAndDirections() throws {
    let scene = try SceneSample.bidirectional()
    var seen = [scene.session.layer]
    for _ in 0..<5 {
      scene.press(.character(">"))
      if scene.session.layer != seen.last { seen.append(scene.session.layer) }
    }
    #expect(seen.map(\.name) == ["layer0", "layer0.reverse", "layer1", "layer1.reverse"])
    for _ in 0..<5 { scene.press(.character("<")) }
    #expect(scene.session.layer == LayerID(layer: 0))
  }

  @Test func runningAndSpeed() throws {
    let scene = try SceneSample.characters()
    #expect(scene.tickMilliseconds == nil)
    scene.press(.character("+"), .character(" "))
    #expect(scene.tickMilliseconds == 125)
    _ = scene.handle(.timeout)
    _ = scene.handle(.timeout)
    #expect(scene.cursor == scene.session.timeline[2])
    scene.press(.character("-"), .character("-"))
    #expect(scene.tickMilliseconds == 500)
    scene.press(.character(" "))
    #expect(scene.tickMilliseconds == nil)
    // It stops at breakpoints, and at the end.
    scene.type(":break t == 1\n ")
    while scene.isRunning { _ = scene.handle(.timeout) }
    #expect(scene.cursor.time == 1 && scene.cursor.pass == .forward)
    scene.type(":delete\nGk ")
    while scene.isRunning { _ = scene.handle(.timeout) }
    #expect(scene.cursor == scene.session.timeline[scene.session.timeline.count - 1])
    #expect(scene.tickMilliseconds == nil)
  }

  @Test func finding() throws {
    let scene = try SceneSample.characters()
    scene.type("/at\n")
    #expect(scene.cursor.time == 5)
    scene.type("n")
    #expect(scene.cursor.time == 9)
    scene.type("nn")
    #expect(scene.cursor.time == 34)
    scene.type("n")
    #expect(scene.cursor.time == 5)
    scene.type("N")
    #expect(scene.cursor.time == 34)
    scene.type("/xyz\n")
    #expect(scene.message?.isError == true && scene.cursor.time == 34)
  }

  @Test func panelsAndZoom() throws {
    let scene = try SceneSample.characters()
    let all = scene.panels
    for panel in all.dropFirst() + [all[0]] {
      scene.press(.tab)
      #expect(scene.focus == panel)
    }
    scene.press(.backTab)
    #expect(scene.focus == all.last)
    scene.press(.tab, .tab, .character("z"))
    #expect(scene.isZoomed)
    let zoomed = scene.picture(80, 24)
    #expect(scene.places.heatmaps.count == 1 && scene.places.lines.isEmpty)
    scene.press(.escape)
    #expect(!scene.isZoomed && scene.picture(80, 24) != zoomed)
  }

  @Test func effects() throws {
    let scene = try SceneSample.characters()
    func name(_ key: Key) -> String {
      scene.handle(.key(key)).map { "\($0)".prefix { $0 != "(" } }.joined(separator: " ")
    }
    #expect(name(.character("T")) == "toggleTheme")
    #expect(name(.control("l")) == "redraw")
    #expect(name(.control("z")) == "suspend")
    #expect(name(.character("M")) == "setMouse" && !scene.hasMouse)
    #expect(name(.character("M")) == "setMouse" && scene.hasMouse)
    #expect(name(.character("Q")) == "" && scene.message?.text.contains("?") == true)
  }

  @Test func theTourIsLeftByAnyKey() throws {
    let scene = try SceneSample.characters(showsTour: true)
    #expect(scene.handle(.key(.character(" "))).isEmpty)
    guard case .tourSeen? = scene.handle(.key(.character("x"))).first else {
      Issue.record("the tour was not left")
      return
    }
    scene.press(.down)
    #expect(scene.cursor == scene.session.timeline[1])
    // Going on leads through all cards and out.
    let other = try SceneSample.characters(showsTour: true)
    var cards = 0
    while other.tourPage != nil, cards < 100 {
      cards += 1
      _ = other.handle(.key(.right))
    }
    #expect(cards == 5)
  }

  @Test func helpIsClosedByAnyKey() throws {
    let scene = try SceneSample.characters()
    scene.press(.character("?"), .character("G"))
    #expect(scene.cursor == scene.session.timeline[0])
    scene.press(.character("j"))
    #expect(scene.cursor == scene.session.timeline[1])
  }

  // MARK: Mouse

  @Test func clicks() throws {
    let scene = try SceneSample.characters()
    _ = scene.picture(120, 40)
    let token = try #require(scene.places.tokens.first { $0.index == 7 })
    _ = scene.handle(.mouse(x: token.columns.lowerBound, y: token.rows.lowerBound, kind: .press))
    #expect(scene.cursor.time == 7)
    let line = try #require(scene.places.lines.first { $0.position.equation == 3 })
    _ = scene.handle(.mouse(x: line.columns.lowerBound, y: line.row, kind: .press))
    #expect(scene.cursor.equation == 3)
    _ = scene.picture(120, 40)
    let heatmap = try #require(scene.places.heatmaps.first { $0.equation == 4 })
    let plot = heatmap.layout.plot
    let (x, y) = (plot.x + 12, plot.y + 1)
    let (unit, time) = try #require(heatmap.layout.value(atX: x, y: y))
    _ = scene.handle(.mouse(x: x, y: y, kind: .press))
    #expect(scene.unit == unit && scene.cursor.time == time && scene.cursor.equation == 4)
    let value = scene.recording.value(scene.session.layer, 4, time: time, unit: unit)
    #expect(scene.picture(120, 40).row(38).contains("[\(unit)] at t = \(time) is \(value)"))
    _ = scene.handle(.mouse(x: 0, y: 0, kind: .wheelDown))
    #expect(scene.cursor.equation == 5)
    _ = scene.handle(.mouse(x: 0, y: 0, kind: .wheelUp))
    let hint = try #require(scene.frame.hints.first { $0.key == .character("b") })
    _ = scene.handle(.mouse(x: hint.columns.lowerBound, y: hint.row, kind: .press))
    #expect(scene.cursor.pass == .backward)
  }

  /// A cell that is clicked stays under the pointer: clicked again it is still the same one.
  @Test func clickedCellsStay() throws {
    let scene = try SceneSample.characters()
    _ = scene.picture(80, 24)
    let heatmap = try #require(scene.places.heatmaps.first)
    let plot = heatmap.layout.plot
    for (x, y) in [(plot.x + 3, plot.y), (plot.maxX - 2, plot.maxY - 1)] {
      var cells: [[Int]] = []
      for _ in 0..<3 {
        _ = scene.handle(.mouse(x: x, y: y, kind: .press))
        cells.append([scene.unit, scene.cursor.time])
        _ = scene.picture(80, 24)
      }
      #expect(Set(cells).count == 1, "\(cells)")
    }
  }

  /// `:` begins a command from within the help, which names it.
  @Test func commandsFromTheHelp() throws {
    let scene = try SceneSample.characters()
    scene.press(.character("?"))
    scene.type(":next 2\n")
    #expect(scene.cursor.time == 2)
  }

  /// E fills in the equation at the arrow; what is made of it runs, and its scales are its own.
  @Test func editing() throws {
    let scene = try SceneSample.characters()
    let before = scene.recording
    scene.press(.character("E"))
    let text = scene.recording.cell.text(ofEquation: 0)
    #expect(scene.mode.editor?.string == "edit \(text)")
    scene.press(.escape)
    scene.type(":edit h = 2 * c\n")
    let unit = scene.unit
    #expect(
      scene.recording.value(LayerID(layer: 0), 5, time: 3, unit: unit)
        == 2 * scene.recording.value(LayerID(layer: 0), 4, time: 3, unit: unit))
    #expect(scene.picture(120, 40).row(3).contains("lstm*"))
    scene.type(":edit h = nothing here\n")
    #expect(scene.message?.isError == true)
    scene.press(.character("u"))
    #expect(scene.recording === before && scene.sparkScales.isEmpty)
  }

  @Test func clicksOnLongValues() throws {
    let scene = try SceneSample.longInput()
    try scene.place("equation=u")
    scene.press(.tab, .tab, .character("z"))
    for y in 0..<24 {
      for x in 0..<80 {
        _ = scene.picture(80, 24)
        _ = scene.handle(.mouse(x: x, y: y, kind: .press))
        if y > 8 { break }
      }
    }
    #expect((0..<4).contains(scene.unit))
  }
}
