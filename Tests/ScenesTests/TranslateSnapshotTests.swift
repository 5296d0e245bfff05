import Canvas
import Debugger
import Testing

@testable import Scenes

/// The pictures of a translation, recorded and looked at by eye.
///
/// Characters only: the colours of single values depend on the machine's sums.
@Suite struct TranslateSnapshotTests {
  private func expect(
    _ scene: TranslateScene, _ place: String, _ name: String,
    sizes: [(Int, Int)] = SnapshotTests.sizes,
    _ medium: Medium = Medium()
  ) throws {
    try scene.place(place)
    for (width, height) in sizes {
      try Snapshot.expect(
        scene.picture(width, height, medium), "translate-\(name)-\(width)x\(height)", styles: false)
    }
  }

  @Test func forward() throws {
    try expect(try TranslateSample.scene(.additive), "step=4", "forward")
  }

  @Test func program() throws {
    try expect(
      try TranslateSample.scene(.additive), "step=2,equation=A,program", "program",
      sizes: [(80, 24), (120, 40)])
  }

  @Test func backward() throws {
    try expect(try TranslateSample.scene(.additive), "step=3,backward", "backward")
    try expect(
      try TranslateSample.scene(.additive), "step=3,backward,at=3", "halfway", sizes: [(120, 40)])
  }

  @Test func beam() throws {
    try expect(
      try TranslateSample.free(.additive), "step=3,beam", "beam", sizes: [(80, 24), (120, 40)])
  }

  @Test func bottleneck() throws {
    try expect(
      try TranslateSample.scene(.none), "step=4", "bottleneck", sizes: [(80, 24), (120, 40)])
  }

  @Test func reading() throws {
    let scene = try TranslateSample.scene(.dot)
    try scene.place("start")
    scene.press(.right, .right, .right)
    try Snapshot.expect(
      scene.picture(80, 24), "translate-reading-80x24", styles: false)
  }

  @Test func transformer() throws {
    try expect(
      try TranslateSample.scene(.transformer), "step=4,own,mask,head=1", "transformer",
      sizes: [(80, 24), (120, 40)])
  }

  @Test func media() throws {
    try expect(
      try TranslateSample.scene(.additive), "step=4", "plain", sizes: [(80, 24)], .plainText)
    try expect(
      try TranslateSample.scene(.additive), "step=4,backward", "colourless", sizes: [(120, 40)],
      Medium(depth: .none))
  }

  @Test func overlays() throws {
    let scene = try TranslateSample.scene(.additive)
    scene.type("?")
    try Snapshot.expect(scene.picture(80, 24), "translate-help-80x24", styles: false)
    scene.press(.escape)
    scene.type(":help\n")
    try Snapshot.expect(scene.picture(120, 40), "translate-commands-120x40", styles: false)
  }
}
