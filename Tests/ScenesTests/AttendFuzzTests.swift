import Canvas
import Debugger
import Tensors
import Testing

@testable import Scenes

/// Any keys, in any mode, at any size, with runs that come at once, late or never.
@Suite struct AttendFuzzTests {
  nonisolated private static let keys: [Key] = [
    .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .delete, .backspace, .tab,
    .backTab, .enter, .enter, .escape, .function(1), .unknown, .control("a"), .control("k"),
    .control("u"), .control("w"), .control("l"), .control("z"),
  ]
  nonisolated private static let characters = Array(
    " +-/:<=>?ACGMTV[]{}abcdefghjklmnqrstvwz0123456789é漢👩‍👧\u{301}§")
  nonisolated private static let lines = [
    "goto 3", "goto it", "goto 9223372036854775807", "layer 1", "layer 99", "head 1", "head -1",
    "key 2", "column 5", "column 999", "equation Q", "equation S", "equation Y", "equation nope",
    "view all", "view layer", "view rollout", "view head", "ablate 0.1 1.0", "ablate 9.9",
    "ablate 99999999999999999999.1", "restore", "similarity dot", "similarity cosine",
    "similarity additive", "text a b", "text ", "text the", "compare a cat", "compare", "help",
    "help view", "zzz", "export /nowhere/x.svg", "g", "a", "s", "",
  ]
  nonisolated private static let media = [
    Medium(), .plainText, Medium(depth: .none), Medium(depth: .ansi16),
    Medium(depth: .indexed256, plot: .blocks), Medium(depth: .trueColor, glyphs: .ascii),
  ]

  @Test(arguments: [UInt64(1), 2]) func randomEvents(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let scene =
      seed == 1
      ? AttendSample.scene(predicts: true)
      : AttendSample.scene(AttendSample.transformer(isCausal: true), text: "a cat sat on a cat")
    var late: [(AttentionWork, Int)] = []
    var size = (80, 24)
    for round in 0..<4_000 {
      var effects: [SceneEffect] = []
      switch random.below(20) {
      case 0...6: effects = scene.handle(.key(Self.keys[random.below(Self.keys.count)]))
      case 7...14:
        effects = scene.handle(
          .key(.character(Self.characters[random.below(Self.characters.count)])))
      case 15: effects = scene.execute(Self.lines[random.below(Self.lines.count)])
      case 16:
        let kinds: [MouseKind] = [.press, .drag, .release, .wheelUp, .wheelDown]
        effects = scene.handle(
          .mouse(
            x: random.below(size.0 + 20) - 10, y: random.below(size.1 + 20) - 10,
            kind: kinds[random.below(kinds.count)]))
      case 17:
        effects = scene.handle(.paste(["", "a cat\nsat", "\u{0}\u{1B}[A", "👩‍👧"][random.below(4)]))
      case 18: effects = scene.handle(.timeout)
      default:
        size =
          random.below(3) == 0
          ? (1 + random.below(300), 1 + random.below(100))
          : (80 + random.below(60), 24 + random.below(20))
        effects = scene.handle(.resize(width: size.0, height: size.1))
      }
      for case .run(let work as AttentionWork, let number) in effects {
        // Long texts would only take time.
        guard work.request.text.utf8.count < 60 else { continue }
        switch random.below(4) {
        case 0: scene.finish(work.run(), for: number)
        case 1: break
        default: late.append((work, number))
        }
      }
      if !late.isEmpty, random.below(6) == 0 {
        let (work, number) = late.remove(at: random.below(late.count))
        scene.finish(work.run(), for: number)
        late = late.suffix(4)
      }
      if round % 16 == 0 {
        let grid = scene.picture(size.0, size.1, Self.media[random.below(Self.media.count)])
        #expect(grid.cells.count == size.0 * size.1)
        if let cursor = scene.textCursor {
          #expect((0..<size.0).contains(cursor.x) && (0..<size.1).contains(cursor.y), "\(cursor)")
        }
      }
      #expect(
        scene.tokens.indices.contains(scene.query) && scene.tokens.indices.contains(scene.key))
      #expect((0..<scene.source.layerCount).contains(scene.layer))
      #expect((0..<scene.source.headCount).contains(scene.head))
      #expect(scene.source.line(scene.place) != nil)
      if let second = scene.second {
        #expect(second.source.tokens.indices.contains(scene.partner))
      }
    }
  }
}
