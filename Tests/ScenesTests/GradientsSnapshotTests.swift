import Canvas
import Learning
import Testing

@testable import Scenes

/// The pictures of a training, recorded and looked at by eye.
///
/// Characters only: colours of heatmaps and the last digit of a figure depend on the machine's sums.
@Suite struct GradientsSnapshotTests {
  @Test(arguments: SnapshotTests.sizes) func vanishing(_ width: Int, _ height: Int) throws {
    let scene = try GradientsSample.scene(
      try GradientsSample.settings(), lookFor: "Nothing is left of it at the first step.")
    try Snapshot.expect(
      scene.picture(width, height), "gradients-vanish-\(width)x\(height)", styles: false)
  }

  @Test(arguments: SnapshotTests.sizes) func cellState(_ width: Int, _ height: Int) throws {
    let scene = try GradientsSample.scene("lstm/forget-bias=2")
    try Snapshot.expect(
      scene.picture(width, height), "gradients-lstm-\(width)x\(height)", styles: false)
  }

  @Test func manyLosses() throws {
    let scene = try GradientsSample.scene(
      try GradientsSample.settings("gru", task: TaskRequest(.copy)))
    scene.press(.tab, .tab, .tab)
    try Snapshot.expect(scene.picture(80, 24), "gradients-matrix-80x24", styles: false)
    scene.press(.character("z"))
    try Snapshot.expect(scene.picture(80, 24), "gradients-zoom-80x24", styles: false)
  }

  @Test func media() throws {
    let scene = try GradientsSample.scene("rnn/relu/orthogonal/gain=2.5")
    try Snapshot.expect(
      scene.picture(80, 24, .plainText), "gradients-plain-80x24", styles: false)
    try Snapshot.expect(
      scene.picture(120, 40, Medium(depth: .ansi16, plot: .blocks)), "gradients-sixteen-120x40",
      styles: false)
    try Snapshot.expect(
      scene.picture(120, 40, Medium(depth: .none)), "gradients-colourless-120x40", styles: false)
  }

  @Test func overlays() throws {
    let scene = try GradientsSample.scene("rnn")
    scene.press(.character("?"))
    try Snapshot.expect(scene.picture(80, 24), "gradients-help-80x24", styles: false)
    scene.press(.escape)
    scene.type(":break loss < 0.5\n:set lr")
    try Snapshot.expect(scene.picture(80, 24), "gradients-command-80x24", styles: false)
    scene.press(.escape)
    scene.type(":help\n")
    try Snapshot.expect(scene.picture(120, 40), "gradients-commands-120x40", styles: false)
  }

  @Test func figures() throws {
    let scene = try GradientsSample.scene("lstm/forget-bias=1")
    try scene.zoom("verdict")
    try Snapshot.expect(scene.picture(120, 40), "gradients-figures-120x40", styles: false)
    #expect(throws: (any Error).self) { try scene.zoom("nothing") }
  }

  @Test func beforeAnythingIsKnown() throws {
    let settings = try GradientsSample.settings()
    let scene = GradientsScene(
      runner: try LabRunner([("lane", settings)]), settings: settings)
    try Snapshot.expect(scene.picture(80, 24), "gradients-start-80x24", styles: false)
    #expect(scene.picture(60, 20).contains("need 80"))
  }
}
