import Canvas
import Debugger
import Equations
import Networks
import Testing

@testable import Scenes

/// What a picture must say, whatever it looks like: checked against the values themselves.
@Suite struct PictureTests {
  @Test func titleNamesThePlace() throws {
    let scene = try SceneSample.characters()
    try scene.place("t=8,layer=0,equation=g")
    let title = scene.picture(80, 24).row(0)
    #expect(title.contains("forward") && title.contains("t = 8 of 35") && title.contains("layer 0"))
    #expect(title.contains("\"s\"") && title.trimmingSuffix(" ").hasSuffix("g"))
    scene.press(.character("b"))
    #expect(scene.picture(80, 24).row(0).contains("backward"))
  }

  /// The number beside each equation is the selected unit's, in both passes.
  @Test(arguments: [false, true]) func numbersAreTheValues(isBackward: Bool) throws {
    let scene = try SceneSample.characters()
    try scene.place("t=8,layer=0,equation=f,unit=5" + (isBackward ? ",backward" : ""))
    let grid = scene.picture(200, 60)
    let id = LayerID(layer: 0)
    for (index, equation) in scene.equations.enumerated() {
      let value =
        isBackward
        ? scene.recording.gradient(id, index, time: 8, unit: 5)
        : scene.recording.value(id, index, time: 8, unit: 5)
      let rows = (0..<60).map { grid.row($0) }
      let line = rows.first { $0.contains("\(equation.name) = \(equation.expression)") }
      let text = try #require(line)
      #expect(text.contains(NumberText.text(value)), "\(text) has not \(value)")
    }
  }

  /// A program longer than its panel scrolls with the cursor, and nothing else is written over.
  @Test(arguments: [16, 24, 60]) func longProgramsScroll(count: Int) throws {
    for (arrow, pass) in [("▶", ""), ("◀", ",backward")] {
      let scene = try SceneSample.manyEquations(count)
      for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let keys = scene.picture(width, height).row(height - 1)
        for equation in ["a0", "a\(count / 2)", "a\(count - 1)", "h"] {
          try scene.place("t=2,equation=\(equation)\(pass)")
          let grid = scene.picture(width, height)
          let rows = (0..<height).map { grid.row($0) }
          let place = "\(arrow) \(equation) at \(width)"
          #expect(rows.contains { $0.contains("\(arrow) \(equation) = ") }, "\(place)")
          #expect(rows[height - 1] == keys && !rows[height - 2].contains(" = "), "\(place)")
        }
      }
    }
  }

  /// A single token predicts nothing: there is no mean loss.
  @Test func noLossIsNoNumber() throws {
    let grid = try SceneSample.characters(text: "a").picture(120, 40)
    #expect(!(0..<40).contains { grid.row($0).contains("NaN") })
  }

  @Test func asciiIsASCII() throws {
    for scene in [try SceneSample.characters(), try SceneSample.bidirectional()] {
      scene.expectASCII(typing: ["", "b", "?", "xe", "xz", ":", "d"])
    }
  }

  /// Values that come later in the program are grey: a map's colour is on computed values only.
  @Test func onlyWhatIsComputedHasColour() throws {
    let scene = try SceneSample.characters()
    try scene.place("t=8,equation=f")
    let grid = scene.picture(120, 40)
    for place in scene.places.heatmaps {
      for y in place.layout.plot.y..<place.layout.plot.maxY {
        for x in place.layout.plot.x..<place.layout.plot.maxX {
          guard let (_, time) = place.layout.value(atX: x, y: y) else { continue }
          let isComputed = time < 8 || (time == 8 && place.equation == 0)
          let style = try #require(grid[x, y]).style
          let maps = [style.foreground.mapped?.map, style.background.mapped?.map].compactMap { $0 }
          #expect(maps.allSatisfy { ($0 == .grey) != isComputed }, "t = \(time), \(style)")
        }
      }
    }
    #expect(scene.places.heatmaps.count >= 4)
  }

  @Test func tooSmallSaysSo() throws {
    let scene = try SceneSample.characters(showsTour: true)
    scene.expectTooSmall()
    // The tour, which nobody sees, does not take the keys.
    #expect(scene.picture(80, 24).contains("Welcome"))
  }

  @Test func unknownTokensAreCounted() throws {
    let scene = try SceneSample.characters(text: "a cat? §no")
    #expect(scene.picture(120, 40).contains("not in the model's vocabulary"))
  }

  @Test func valuesThatAreNotFiniteAreMarked() throws {
    let scene = try SceneSample.characters()
    try scene.place("t=8,equation=g,unit=3")
    scene.type(":set g[3] = nan\n")
    for (width, height) in SnapshotTests.sizes {
      #expect(scene.picture(width, height).contains("NaN"))
      scene.press(.character("b"))
      #expect(scene.picture(width, height).width == width)
      scene.press(.character("b"))
    }
  }

  /// A value as long as x has more rows than there are units, and another number in each layer.
  @Test func valuesAsLongAsTheInput() throws {
    let scene = try SceneSample.longInput()
    for layer in 0..<2 {
      try scene.place("t=2,layer=\(layer),equation=u")
      #expect(scene.picture(120, 40).contains(layer == 0 ? "of 11" : "of 4"))
    }
  }
}

extension String {
  func trimmingSuffix(_ suffix: Character) -> String {
    var text = self
    while text.last == suffix { text.removeLast() }
    return text
  }
}
