import Canvas
import Debugger
import Testing

@testable import Scenes

/// What the translate scene says of the right translation, and what it shows where there is no room.
@Suite struct TranslateReferenceTests {
  private func scene(_ kind: TranslateSample.Kind = .additive) throws -> TranslateScene {
    let scene = try TranslateSample.free(kind)
    scene.type(":reference le chien voit\n")
    return scene
  }

  /// The loss is that of the reference's word, whatever was written in its place.
  @Test func theLossIsNamedAfterTheTarget() throws {
    let scene = try scene()
    scene.type(":goto 1\nb")
    #expect(scene.translation.outputWords[1] != "chien")
    #expect(scene.lossWord == "chien")
    #expect(scene.picture(120, 40).contains("loss of \"chien\""))
    #expect(scene.picture(120, 40).contains("L[chien] = -log "))
  }

  /// Four words have a target: the reference's three and the end.
  @Test func beyondTheReference() throws {
    let scene = try scene()
    try #require(scene.session.stepCount > 5)
    #expect(scene.picture(120, 40).contains("reference"))
    scene.type("l")
    #expect(scene.picture(80, 24).contains("reference \"le chien voit\""))
    scene.type(":goto 4\n:equation L\n")
    #expect(scene.picture(120, 40).contains("no target: the reference ends"))
    scene.type("b")
    #expect(scene.message?.isError == true)
    scene.type("az")
    scene.press(.tab, .tab, .tab)
    let norms = scene.picture(120, 40)
    #expect(norms.contains("‖∂L/∂state‖") && norms.contains("no target"))
    scene.type("bz:teacher on\n")
    #expect(scene.referenceWords == nil)
  }

  @Test func allWordsAtTheFirstPress() throws {
    let scene = try TranslateSample.scene(.additive)
    scene.type(":goto 3\nb")
    #expect(scene.translation.lossStep == 3)
    scene.type("b:goto 2\na")
    #expect(scene.isBackward && scene.translation.lossStep == nil)
    scene.type("a")
    #expect(scene.isBackward && scene.translation.lossStep == 2)
    scene.type("a:goto 5\na")
    #expect(scene.translation.lossStep == 5)
  }

  /// At the end of the way back the strip, the heatmap and the norms are at the word of the counter.
  @Test func readingIsFollowed() throws {
    let scene = try TranslateSample.scene(.none)
    try scene.place("step=3,backward")
    #expect(scene.cursor.time == 0 && scene.key == 0)
    scene.type("b:break chien\n:goto 5\n")
    scene.type(":equation h\nbG")
    #expect(scene.key == scene.cursor.time)
  }

  @Test func whatIsCutIsCounted() throws {
    let scene = try TranslateSample.scene(.transformer)
    scene.type("aG")
    let picture = scene.picture(120, 40)
    #expect(picture.contains("more (z zooms)"))
    let narrow = try TranslateSample.scene(.additive)
    narrow.type("aG")
    #expect(narrow.picture(80, 24).contains("+1 column (z)"))
    #expect(narrow.picture(80, 24).row(0).contains("unroll  translate-additive "))
  }

  @Test func aSelectedLayerIsShown() throws {
    let scene = try TranslateSample.free(.transformer)
    scene.type("p<")
    let picture = scene.picture(120, 40)
    #expect(picture.contains("decoder 0:"))
    #expect(picture.contains("value of unit 0, head 0"))
    scene.type("}}")
    #expect(scene.picture(120, 40).contains("value of unit 0, head 1"))
  }

  @Test func errors() throws {
    let scene = try TranslateSample.free(.additive)
    for (line, found) in [
      ("equation QQ", "expected r, z, n, h, "), ("equation QQ", "y, p or L"),
      ("beam 0", "expected 1 to 64 hypotheses, found 0"),
      ("beam x", "expected 1 to 64 hypotheses, found x"),
      ("force la maison", "expected one word, found 2"), ("head 0", "single head"),
      ("delete", "no breakpoints to delete"),
    ] {
      scene.type(":\(line)\n")
      #expect(scene.message?.text.contains(found) == true, "\(line): \(scene.message?.text ?? "")")
    }
    scene.type(":break chien\n:break la\n:delete 1\n")
    #expect(scene.message?.text == "breakpoint 1 deleted")
    scene.type(":delete\n")
    #expect(scene.message?.text == "all breakpoints deleted: 1")
  }

  /// A word that is not written yet has no column among the words that are looked back at.
  @Test func ownWordsAppearAsTheyAreWritten() throws {
    let scene = try TranslateSample.scene(.transformer)
    scene.type("v:goto 1\nz")
    // Column names stand upright: a letter that "maison" alone has.
    func columns() -> String { (0..<12).map { scene.picture(120, 40).row($0) }.joined() }
    let early = columns().count { $0 == "m" }
    scene.type(":goto 8\n")
    #expect(columns().count { $0 == "m" } > early)
  }
}
