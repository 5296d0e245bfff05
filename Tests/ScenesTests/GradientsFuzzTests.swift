import Canvas
import Debugger
import Learning
import Tensors
import Testing

@testable import Scenes

/// Any keys, in any mode, at any size, while a small net trains on its thread.
@Suite struct GradientsFuzzTests {
  nonisolated private static let keys: [Key] = [
    .up, .down, .left, .right, .home, .end, .pageUp, .tab, .backTab, .enter, .enter, .escape,
    .backspace, .function(1), .unknown, .control("u"), .control("l"), .control("z"),
  ]
  nonisolated private static let characters = Array(
    " nNbBorz:?TMkjhl0123456789.-e<>=()[]gradsetlossé漢\u{301}")
  nonisolated private static let lines = [
    "run", "pause", "next 3", "back 2", "goto 4", "goto 0", "break loss < 1",
    "break norm(grad(h)) < 1e-3", "break isnan(loss)", "break h[99999] > 1", "delete", "info",
    "set lr 0.1", "set clip off", "set clip 0.01", "set cell gru", "set cell lstm", "set cell irnn",
    "set activation relu", "set gain 9", "set seq-len 3", "set hidden 1", "set hidden 9",
    "set batch 1", "set optimizer sgd", "set task copy", "set task sine", "set task adding",
    "set seed 18446744073709551615", "restart", "help", "help set", "zzz", "open", "open 0",
    "export /nowhere/x.svg", "set lr 1e30", "next 9223372036854775807",
  ]
  nonisolated private static let media = [
    Medium(), .plainText, Medium(depth: .none), Medium(depth: .ansi16),
    Medium(depth: .indexed256, plot: .blocks), Medium(depth: .trueColor, glyphs: .ascii),
  ]

  @Test(arguments: [UInt64(1), 2]) func randomEvents(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let settings = try GradientsSample.settings("rnn", hiddenSize: 3, seqLen: 5)
    let scene = GradientsScene(
      runner: try LabRunner([("lane", settings)]), settings: settings)
    scene.appear {}
    defer { scene.disappear() }
    var size = (80, 24)
    for round in 0..<1_200 {
      var effects: [SceneEffect] = []
      switch random.below(20) {
      case 0...6: effects = scene.handle(.key(Self.keys[random.below(Self.keys.count)]))
      case 7...11:
        effects = scene.handle(
          .key(.character(Self.characters[random.below(Self.characters.count)])))
      case 12...13: effects = scene.execute(Self.lines[random.below(Self.lines.count)])
      case 14:
        let kinds: [MouseKind] = [.press, .drag, .release, .wheelUp, .wheelDown]
        effects = scene.handle(
          .mouse(
            x: random.below(size.0 + 20) - 10, y: random.below(size.1 + 20) - 10,
            kind: kinds[random.below(kinds.count)]))
      case 15: effects = scene.handle(.paste(["", "lr 0.1", "\u{0}\u{1B}[A"][random.below(3)]))
      case 16: effects = scene.handle(.timeout)
      case 17, 18: effects = scene.handle(.wake)
      default:
        size =
          random.below(3) == 0
          ? (1 + random.below(300), 1 + random.below(100))
          : (80 + random.below(60), 24 + random.below(20))
        effects = scene.handle(.resize(width: size.0, height: size.1))
      }
      for case .run(let request as RecordingRequest, let number) in effects {
        scene.finish(request.run(), for: number)
      }
      // Sizes that would only take time.
      if scene.settings.hiddenSize > 20 { _ = scene.execute("set hidden 3") }
      if scene.settings.seqLen > 30 { _ = scene.execute("set seq-len 5") }
      if round % 10 == 0 {
        let grid = scene.picture(size.0, size.1, Self.media[random.below(Self.media.count)])
        #expect(grid.cells.count == size.0 * size.1)
        if let cursor = scene.textCursor {
          #expect((0..<size.0).contains(cursor.x) && (0..<size.1).contains(cursor.y), "\(cursor)")
        }
      }
      #expect(scene.settings.mistake == nil)
    }
  }
}
