import Canvas
import Debugger
import Networks
import Testing

@testable import Scenes

/// What keys, commands and clicks do in the translate scene.
@Suite struct TranslateKeyTests {
  typealias Kind = TranslateSample.Kind

  @Test func stepping() throws {
    let scene = try TranslateSample.scene(.additive)
    #expect(scene.session.writtenCount == 1)
    scene.press(.right, .right)
    #expect(scene.cursor.time == 2 && scene.session.writtenCount == 3)
    scene.press(.left)
    #expect(scene.cursor.time == 1)
    scene.press(.up)
    #expect(scene.session.writtenCount == 1)
    scene.press(.down, .down)
    #expect(scene.cursor.part == .output && scene.cursor.pass == .forward)
    scene.press(.home)
    #expect(scene.cursor == scene.session.timeline[0])
    scene.press(.end)
    #expect(scene.cursor.pass == .backward && scene.cursor.part.isEncoder)
  }

  /// Words and rows appear as they are written, and not before.
  @Test func theHeatmapGrows() throws {
    let scene = try TranslateSample.scene(.additive)
    func rows() -> Int {
      let map = scene.translation.alignments[0]
      return (0..<map.rows).count { scene.shownValue(map, $0, 0) > -.infinity }
    }
    #expect(rows() == 1)
    #expect(!scene.picture(120, 40).row(3).contains("chien"))
    scene.press(.right, .right)
    #expect(rows() == 3)
    let strip = scene.picture(120, 40).row(3)
    #expect(strip.contains("chien") && !strip.contains("rouge"))
  }

  @Test func forcing() throws {
    let scene = try TranslateSample.free(.additive)
    scene.press(.right)
    let before = scene.translation.outputWords
    let word = before[1] == "chat" ? "une" : "chat"
    scene.type("f\(word.prefix(3))\t\n")
    #expect(scene.translation.outputWords[1] == word && scene.cursor.time == 1)
    #expect(scene.picture(120, 40).contains("!\(word)"))
    scene.type("u")
    #expect(scene.translation.outputWords == before)
    scene.type(":force chein\n")
    #expect(scene.message?.isError == true && scene.message?.text.contains("chien") == true)
    #expect(scene.translation.outputWords == before)
    scene.type(":f \(word)\nF")
    #expect(scene.translation.outputWords == before)
    scene.type("F")
    #expect(scene.message?.isError == true)
  }

  @Test func typingAText() throws {
    let scene = try TranslateSample.free(.additive)
    let before = scene.session.cursor
    scene.type("t")
    scene.press(.control("u"))
    #expect(scene.message?.isError == true)
    scene.type("the cat")
    #expect(scene.translation.sourceWords == ["the", "cat"])
    #expect(scene.session.writtenCount == scene.session.stepCount)
    scene.press(.escape)
    #expect(scene.translation.sourceWords.count == 8 && scene.session.cursor == before)
    scene.type("t")
    scene.press(.control("u"))
    scene.type("the zebra sees\n")
    #expect(scene.translation.unknown == [1] && scene.cursor.time == 0)
    #expect(scene.message?.text.contains("\"zebra\"") == true)
    #expect(scene.picture(80, 24).contains("zebra?"))
    scene.type("u")
    #expect(scene.translation.sourceWords.count == 8)
    // What can't be read loses nothing.
    scene.type("t")
    scene.press(.control("u"), .enter)
    #expect(scene.translation.sourceWords.count == 8)
    #expect(scene.message?.isError == true)
    scene.type(":text " + String(repeating: "dog ", count: 300) + "\n")
    #expect(scene.message?.text == "the text has 300 words; expected at most 200")
    #expect(scene.translation.sourceWords.count == 8)
  }

  @Test func teacher() throws {
    let scene = try TranslateSample.free(.dot)
    scene.type("R")
    #expect(scene.message?.isError == true)
    scene.type("r")
    scene.press(.control("u"))
    scene.type("le chien voit\n")
    #expect(scene.translation.request.reference == "le chien voit")
    #expect(!scene.translation.request.usesTeacher)
    scene.type("R")
    #expect(scene.translation.outputWords == ["le", "chien", "voit", "</s>"])
    scene.type("f")
    #expect(scene.message?.isError == true)
    scene.type("B")
    #expect(!scene.showsBeam)
    scene.type(":teacher off\n")
    #expect(scene.translation.search != nil)
    scene.type(":reference\n")
    #expect(scene.translation.request.reference == nil)
  }

  @Test func theWayBack() throws {
    let scene = try TranslateSample.scene(.additive)
    scene.press(.right, .right)
    scene.type("b")
    #expect(scene.isBackward && scene.translation.lossStep == 2)
    #expect(scene.cursor.part == .output && scene.cursor.time == 2)
    let dots = scene.picture(120, 40)
    #expect(dots.contains("loss of word 2"))
    scene.press(.end)
    #expect(scene.cursor.part.isEncoder)
    #expect(scene.picture(120, 40).contains("via attention"))
    scene.type("b")
    #expect(!scene.isBackward)
    scene.type("a")
    #expect(scene.translation.lossStep == nil && scene.isBackward)
    scene.type("b:goto 4\n:loss word\n")
    #expect(scene.translation.lossStep == 4)
  }

  @Test func running() throws {
    let scene = try TranslateSample.scene(.none)
    scene.type(" ")
    #expect(scene.isRunning && scene.tickMilliseconds == 700)
    for _ in 0..<20 { _ = scene.handle(.timeout) }
    #expect(!scene.isRunning && scene.session.writtenCount == 9 && !scene.isBackward)
    scene.type(" +")
    #expect(scene.isRunning && scene.session.writtenCount == 1 && scene.interval == 350)
    scene.type(":break chien\n")
    for _ in 0..<20 { _ = scene.handle(.timeout) }
    #expect(scene.cursor.time == 2 && !scene.isRunning)
  }

  @Test func layersAndHeads() throws {
    let scene = try TranslateSample.free(.transformer)
    #expect(scene.layer == 1 && scene.head == nil)
    scene.type("}")
    #expect(scene.head == 0)
    scene.type("}}<")
    #expect(scene.head == nil && scene.layer == 0)
    scene.type(":head 1\n:layer 1\n")
    #expect(scene.head == 1 && scene.layer == 1)
    scene.type(":head 2\n")
    #expect(scene.message?.text == "expected head 0 to 1, found 2")
    scene.type(":head mean\nvm")
    #expect(scene.head == nil && scene.showsOwn && scene.showsMask)
    #expect(scene.translation.sourceWords.suffix(2) == ["<pad>", "<pad>"])
    let map = try #require(scene.map)
    #expect(map.isMasked(row: 0, column: 1) && !map.isMasked(row: 1, column: 0))
    #expect(scene.picture(120, 40).contains("╳"))
    scene.type("m")
    #expect(scene.translation.sourceWords.count == 8)
  }

  @Test func withoutAttention() throws {
    let scene = try TranslateSample.scene(.none)
    #expect(scene.picture(80, 24).contains("no attention"))
    scene.type("m")
    #expect(scene.message?.isError == true)
    scene.type(":layer 0\n")
    #expect(scene.message?.isError == true)
    scene.type("b")
    #expect(scene.isBackward && scene.picture(80, 24).contains("no attention"))
  }

  @Test func commands() throws {
    let scene = try TranslateSample.free(.additive)
    scene.type(":beam 1\n")
    #expect(scene.translation.search?.options.width == 1)
    scene.type(":beam 0\n")
    #expect(scene.message?.isError == true)
    for (line, found) in [
      ("goto 99", "expected word 0 to"), ("equation zz", "no value zz"),
      ("teacher maybe", "on|off"),
      ("reference le xyz", "xyz is no word"), ("beam 1000", "1 to 64"),
      ("loss here", "word|sentence"),
      ("forse x", "no command"), ("unit 999", "expected unit 0 to 15"),
      ("delete 7", "no breakpoint 7"),
    ] {
      scene.type(":\(line)\n")
      #expect(scene.message?.text.contains(found) == true, "\(line): \(scene.message?.text ?? "")")
    }
    scene.type(":equation A\n")
    #expect(scene.cursor.part == .attention)
    scene.type(":top 2\n:unit 3\n")
    #expect(scene.topCount == 2 && scene.unit == 3)
    #expect(scene.completions("force ch")?.candidates == ["chien", "chat"])
    #expect(scene.completions("teacher o")?.candidates == ["on", "off"])
    guard case .export(let path)? = scene.execute("export /x/y.svg").first else {
      Issue.record("no export")
      return
    }
    #expect(path == "/x/y.svg")
    guard case .quit? = scene.execute("quit").first else {
      Issue.record("no quit")
      return
    }
  }

  @Test func mouse() throws {
    let scene = try TranslateSample.scene(.additive)
    scene.press(.right, .right, .right)
    _ = scene.picture(120, 40)
    let word = try #require(scene.places.target.first { $0.index == 1 })
    _ = scene.handle(.mouse(x: word.columns.lowerBound, y: word.row, kind: .press))
    #expect(scene.session.step == 1)
    scene.type(":goto 3\n")
    _ = scene.picture(120, 40)
    let source = try #require(scene.places.source.first { $0.index == 5 })
    _ = scene.handle(.mouse(x: source.columns.lowerBound, y: source.row, kind: .press))
    #expect(scene.key == 5)
    _ = scene.picture(120, 40)
    let layout = try #require(scene.places.matrix)
    let x = try #require(layout.x(ofColumn: 2)), y = try #require(layout.y(ofRow: 2))
    _ = scene.handle(.mouse(x: x, y: y, kind: .press))
    #expect(scene.session.step == 2 && scene.key == 2)
    #expect(scene.message?.text.contains("A[2,2]") == true)
  }

  @Test(arguments: Kind.allCases) func asciiOnly(_ kind: Kind) throws {
    try TranslateSample.free(kind).expectASCII(
      typing: ["", "p", "B", "b", "G", "m", ":help\n", "?", "tx", "f", "v", "g"])
    try TranslateSample.free(kind).expectTooSmall()
  }
}
