import Canvas
import Debugger
import Learning
import Tensors
import Testing

@testable import Scenes

/// Any keys, in any mode, at any size, with training that goes on in between.
@Suite struct CompareFuzzTests {
  nonisolated private static let keys: [Key] = [
    .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .delete, .backspace, .tab, .backTab,
    .enter, .enter, .escape, .function(1), .function(5), .unknown, .control("a"), .control("d"),
    .control("k"), .control("l"), .control("p"), .control("u"), .control("w"), .control("z"),
  ]
  nonisolated private static let characters = Array(
    " +-/:<=>?NBMPQTZ[]abdhjklnoqrz0123456789é漢👩‍👧\u{301}\"'(){}\\~§")
  nonisolated private static let lines = [
    "step 3", "next 2", "back", "back 9999999", "goto 5", "goto 0", "run", "pause", "restart",
    "break loss < 1.2", "break norm(grad(h)) < 0.1", "break isnan(loss)", "break update == 4",
    "break norm(c) < 1", "break token == 1", "break", "delete", "delete 1", "delete 99", "info",
    "set lr 0.5", "set lr 1e30", "set lr -1", "set clip off", "set clip 0.1", "set clip 0",
    "set seq-len 9", "set seq-len 1", "set seq-len 14", "set hidden 5", "set hidden 9",
    "set batch 2",
    "set optimizer sgd", "set optimizer adam", "set activation relu", "set init identity",
    "set gain 30", "set gain 1", "set forget-bias 3", "set input-scale 2", "set task adding",
    "set task copy", "set task recall", "set task text", "set seed 18446744073709551615",
    "set seed 1", "set cell gru", "set", "difference 1 2", "difference 3 1", "difference off",
    "difference 1 9", "diff", "speed 5", "speed full", "speed x", "open", "open 1", "open 99",
    "export /nowhere/x.svg", "help set", "help speed", "help", "zzz", "s", "st", "",
  ]
  nonisolated private static let media = [
    Medium(), .plainText, Medium(depth: .none), Medium(depth: .ansi16),
    Medium(depth: .indexed256, plot: .blocks), Medium(depth: .trueColor, glyphs: .ascii),
  ]

  @Test(arguments: [UInt64(1), 2]) func randomEvents(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let scene = try CompareSample.scene(
      seed == 1
        ? CompareSample.lanes : ["rnn/relu/identity/gain=9/clip=off", "maxout-rnn/hidden=6"])
    var size = (80, 24)
    for round in 0..<1500 {
      var effects: [SceneEffect] = []
      switch random.below(20) {
      case 0...6: effects = scene.handle(.key(Self.keys[random.below(Self.keys.count)]))
      case 7...12:
        effects = scene.handle(
          .key(.character(Self.characters[random.below(Self.characters.count)])))
      case 13...14: effects = scene.execute(Self.lines[random.below(Self.lines.count)])
      case 15:
        let kinds: [MouseKind] = [.press, .drag, .release, .wheelUp, .wheelDown]
        effects = scene.handle(
          .mouse(
            x: random.below(size.0 + 20) - 10, y: random.below(size.1 + 20) - 10,
            kind: kinds[random.below(kinds.count)]))
      case 16:
        effects = scene.handle(.paste(["", "set\nlr", "\u{0}\u{1B}[A", "👩‍👧"][random.below(4)]))
      case 17: effects = scene.handle(.timeout)
      default:
        size =
          random.below(3) == 0
          ? (1 + random.below(300), 1 + random.below(100))
          : (80 + random.below(60), 24 + random.below(20))
        effects = scene.handle(.resize(width: size.0, height: size.1))
      }
      // Large nets would only take time.
      for (name, most) in [("hidden", 12), ("seq-len", 20), ("batch", 8)] {
        let knob = try #require(Knob(rawValue: name))
        if scene.lanes.contains(where: { (Int(knob.text($0.settings) ?? "") ?? 0) > most }) {
          effects += scene.execute("set \(name) 6")
        }
      }
      if random.below(3) == 0 {
        scene.performNow()
        effects += scene.handle(.wake)
      }
      for case .run(let request as RecordingRequest, let number) in effects
      where random.below(2) == 0 {
        scene.finish(request.run(), for: number)
      }
      if round % 10 == 0 {
        let grid = scene.picture(size.0, size.1, Self.media[random.below(Self.media.count)])
        #expect(grid.cells.count == size.0 * size.1)
        if let cursor = scene.textCursor {
          #expect((0..<size.0).contains(cursor.x) && (0..<size.1).contains(cursor.y), "\(cursor)")
        }
      }
      #expect(scene.lanes.indices.contains(scene.selected))
      if let pair = scene.pair { #expect(pair.first != pair.second) }
      // The data are the same for all, whatever was turned.
      let first = scene.lanes[0].settings
      for lane in scene.lanes {
        #expect(
          lane.settings.seqLen == first.seqLen && lane.settings.batchSize == first.batchSize
            && lane.settings.seed == first.seed && lane.settings.task.kind == first.task.kind)
      }
    }
  }
}
