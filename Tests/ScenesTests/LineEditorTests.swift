import Canvas
import Debugger
import Testing

@testable import Scenes

@Suite struct LineEditorTests {
  private func edit(_ text: String, _ keys: [Key]) -> (String, Int) {
    var editor = LineEditor(prompt: ">", text: text)
    for key in keys { _ = editor.handle(key) }
    return (editor.string, editor.cursor)
  }

  @Test func editing() {
    #expect(edit("abc", [.left, .character("x")]) == ("abxc", 3))
    #expect(edit("abc", [.home, .delete, .character("y")]) == ("ybc", 1))
    #expect(edit("abc", [.control("a"), .control("f"), .control("k")]) == ("a", 1))
    #expect(edit("abc", [.left, .control("u")]) == ("c", 0))
    #expect(edit("one two  three", [.control("w")]) == ("one two  ", 9))
    #expect(edit("one two  ", [.control("w")]) == ("one ", 4))
    #expect(edit("abc", [.backspace, .backspace]) == ("a", 1))
    #expect(edit("abc", [.home, .backspace]) == ("abc", 0))
    #expect(edit("abc", [.end, .delete, .right, .control("e")]) == ("abc", 3))
    #expect(edit("né👩‍👧", [.backspace]) == ("né", 2))
  }

  @Test func outcomes() {
    var editor = LineEditor(prompt: ":")
    #expect(editor.handle(.left) == .editing)
    #expect(editor.handle(.character("a")) == .changed)
    #expect(editor.handle(.enter) == .accepted)
    #expect(editor.handle(.backspace) == .changed)
    #expect(editor.handle(.backspace) == .cancelled)
    #expect(editor.handle(.escape) == .cancelled)
  }

  @Test func history() {
    var editor = LineEditor(prompt: ":", text: "dra", history: ["first", "second"])
    _ = editor.handle(.up)
    #expect(editor.string == "second")
    _ = editor.handle(.up)
    _ = editor.handle(.up)
    #expect(editor.string == "first")
    _ = editor.handle(.down)
    _ = editor.handle(.control("n"))
    #expect(editor.string == "dra")
    _ = editor.handle(.down)
    #expect(editor.string == "dra")
  }

  @Test func completion() {
    var editor = LineEditor(prompt: ":", text: "re")
    let words = ["reverse-step", "reverse-next", "reverse-continue", "run"]
    func complete(_ text: String) -> (start: Int, candidates: [String])? {
      (0, words.filter { $0.hasPrefix(text) })
    }
    _ = editor.handle(.tab, complete: complete)
    #expect(editor.string == "reverse-" && editor.candidates.isEmpty)
    // Pressed again it says what it could be, until the next key.
    _ = editor.handle(.tab, complete: complete)
    #expect(editor.candidates == Array(words.prefix(3)))
    _ = editor.handle(.character("n"), complete: complete)
    #expect(editor.candidates.isEmpty)
    _ = editor.handle(.tab, complete: complete)
    #expect(editor.string == "reverse-next ")
    _ = editor.handle(.tab, complete: complete)
    #expect(editor.string == "reverse-next ")
  }

  /// In the scene: commands first, values and functions behind them; the history goes back.
  @Test func inTheScene() throws {
    let scene = try SceneSample.characters()
    func line() -> String {
      if case .command(let editor) = scene.mode { editor.string } else { "" }
    }
    scene.type(":br")
    scene.press(.tab)
    #expect(line() == "break ")
    scene.type("me")
    scene.press(.tab)
    #expect(line().hasPrefix("break mean("))
    scene.press(.escape)
    scene.type(":goto 3\n:goto 4\n:")
    scene.press(.up, .up)
    #expect(line() == "goto 3")
    scene.press(.enter)
    #expect(scene.cursor.time == 3)
  }

  /// Wide and combining characters: the text cursor stands behind what was typed.
  @Test func theCursorStandsBehindTheText() {
    for (text, columns) in [("abc", 3), ("漢字", 4), ("e\u{301}x", 2), ("", 0)] {
      let editor = LineEditor(prompt: ":", text: text)
      var grid = Grid(width: 40, height: 1)
      #expect(editor.draw(in: &grid, Rect(width: 40, height: 1)) == 2 + columns)
    }
    let long = LineEditor(prompt: ":", text: String(repeating: "漢", count: 60))
    var grid = Grid(width: 40, height: 1)
    #expect(long.draw(in: &grid, Rect(width: 40, height: 1)) < 40)
  }
}
