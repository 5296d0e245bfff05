import Canvas
import Debugger
import Testing

@testable import Scenes

/// The pictures, recorded and looked at by eye.
@Suite struct SnapshotTests {
  nonisolated static let sizes = [(80, 24), (120, 40), (200, 60)]

  @Test(arguments: sizes) func forward(_ width: Int, _ height: Int) throws {
    let scene = try SceneSample.characters()
    try scene.place("t=8,equation=c,unit=5")
    try Snapshot.expect(scene.picture(width, height), "forward-\(width)x\(height)")
  }

  @Test(arguments: sizes) func backward(_ width: Int, _ height: Int) throws {
    let scene = try SceneSample.characters()
    try scene.place("t=20,equation=f,unit=5,backward")
    try Snapshot.expect(scene.picture(width, height), "backward-\(width)x\(height)")
  }

  @Test(arguments: sizes) func bidirectional(_ width: Int, _ height: Int) throws {
    let scene = try SceneSample.bidirectional()
    try scene.place("t=3,layer=1,reverse,equation=n,unit=2")
    try Snapshot.expect(scene.picture(width, height), "bidirectional-\(width)x\(height)")
  }

  @Test func outputLayer() throws {
    let scene = try SceneSample.characters()
    try scene.place("t=8,equation=h")
    scene.press(.down, .down)
    try Snapshot.expect(scene.picture(120, 40), "output-120x40", styles: false)
  }

  @Test func help() throws {
    let scene = try SceneSample.characters()
    scene.press(.character("?"))
    try Snapshot.expect(scene.picture(80, 24), "help-80x24")
    try Snapshot.expect(scene.picture(120, 40), "help-120x40", styles: false)
  }

  @Test func commandLine() throws {
    let scene = try SceneSample.characters()
    scene.type(":break mean(f) < 0.1")
    try Snapshot.expect(scene.picture(80, 24), "command-80x24", styles: false)
    scene.type("\n:watch norm(grad(h))\n:watch c[3]\n:frobnicate\n")
    try Snapshot.expect(scene.picture(120, 40), "watches-120x40", styles: false)
  }

  @Test func tour() throws {
    let scene = try SceneSample.characters(showsTour: true)
    try Snapshot.expect(scene.picture(80, 24), "tour-80x24")
    scene.press(.character(" "))
    try Snapshot.expect(scene.picture(120, 40), "tour-120x40", styles: false)
  }

  @Test func textEntry() throws {
    let scene = try SceneSample.characters()
    scene.press(.character("t"), .control("u"))
    scene.type("a cat? ya")
    try Snapshot.expect(scene.picture(80, 24), "text-80x24")
  }

  @Test func difference() throws {
    let scene = try SceneSample.characters()
    try scene.place("t=8,equation=f,unit=5")
    scene.type(":set f[5] = 0\nd")
    try scene.place("equation=c")
    try Snapshot.expect(scene.picture(120, 40), "difference-120x40")
  }

  @Test func zoomed() throws {
    let scene = try SceneSample.characters()
    try scene.place("t=8,equation=c,unit=5")
    scene.press(.tab, .character("z"))
    try Snapshot.expect(scene.picture(80, 24), "zoom-80x24")
  }

  @Test func tooSmall() throws {
    let scene = try SceneSample.characters()
    try Snapshot.expect(scene.picture(60, 20), "small-60x20")
  }

  @Test func plainer() throws {
    let scene = try SceneSample.characters()
    try scene.place("t=8,equation=c,unit=5")
    try Snapshot.expect(scene.picture(80, 24, .plainText), "plain-80x24")
    try Snapshot.expect(
      scene.picture(80, 24, Medium(depth: .none)), "colourless-80x24")
    try Snapshot.expect(
      scene.picture(80, 24, Medium(depth: .ansi16)), "sixteen-80x24")
    try scene.place("backward")
    try Snapshot.expect(scene.picture(120, 40, .plainText), "plain-backward-120x40", styles: false)
  }
}
