import Canvas
import Debugger
import Learning
import Testing

@testable import Scenes

/// The comparison's pictures, recorded and looked at by eye.
@Suite struct CompareSnapshotTests {
  @Test(arguments: SnapshotTests.sizes) func lanes(_ width: Int, _ height: Int) throws {
    let scene = try CompareSample.scene(lookFor: "Which of the four is in the lead.")
    scene.train(updates: 4)
    try Snapshot.expect(scene.picture(width, height), "compare-\(width)x\(height)")
  }

  @Test func start() throws {
    let scene = try CompareSample.scene(["rnn/tanh", "lstm"], task: .copy)
    try Snapshot.expect(scene.picture(120, 40), "compare-start-120x40", styles: false)
  }

  @Test func difference() throws {
    let scene = try CompareSample.scene()
    scene.train(updates: 4)
    scene.press(.character("d"))
    try Snapshot.expect(scene.picture(80, 24), "compare-difference-80x24")
    try Snapshot.expect(scene.picture(120, 40), "compare-difference-120x40", styles: false)
  }

  @Test func zoomed() throws {
    let scene = try CompareSample.scene()
    scene.train(updates: 4)
    for panel in ["curves", "norms", "states", "figures"] {
      try scene.zoom(panel)
      try Snapshot.expect(scene.picture(80, 24), "compare-\(panel)-80x24", styles: false)
    }
  }

  @Test func help() throws {
    let scene = try CompareSample.scene()
    scene.press(.character("?"))
    try Snapshot.expect(scene.picture(80, 24), "compare-help-80x24", styles: false)
    scene.press(.character(" "))
    scene.type(":help\n")
    try Snapshot.expect(scene.picture(120, 40), "compare-commands-120x40", styles: false)
  }

  @Test func plainer() throws {
    let scene = try CompareSample.scene()
    scene.train(updates: 4)
    try Snapshot.expect(scene.picture(80, 24, .plainText), "compare-plain-80x24")
    try Snapshot.expect(scene.picture(120, 40, Medium(depth: .none)), "compare-colourless-120x40")
    try Snapshot.expect(scene.picture(80, 24, Medium(depth: .ansi16)), "compare-sixteen-80x24")
  }

  @Test func asciiIsASCII() throws {
    let scene = try CompareSample.scene(lookFor: "‖∂L/∂h‖ · σ′ — ρ")
    scene.train(updates: 3)
    scene.expectASCII(typing: ["", "?", "xd", "dz", "\tz", "\tz", ":", "q"])
  }

  @Test func tooSmall() throws {
    let scene = try CompareSample.scene()
    scene.expectTooSmall()
    scene.performNow()
    #expect(scene.snapshot?.updateCount == 0)
  }
}
