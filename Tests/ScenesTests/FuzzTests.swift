import Canvas
import Debugger
import Networks
import Tensors
import Testing

@testable import Scenes

/// Any keys, in any mode, at any size, with runs that come at once, late or never.
@Suite struct FuzzTests {
  nonisolated private static let keys: [Key] = [
    .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .insert, .delete, .backspace, .tab,
    .backTab, .enter, .enter, .escape, .function(1), .function(5), .unknown, .control("a"),
    .control("d"), .control("k"), .control("l"), .control("p"), .control("u"), .control("w"),
    .control("z"), .control("g"),
  ]
  nonisolated private static let characters = Array(
    " +-/:<=>?CGMNQTZ[]bcdeghjklmnqtuxyz0123456789é漢👩‍👧\u{301}\"'(){}\\~§")
  nonisolated private static let lines = [
    "step 3", "next 99", "step 9223372036854775807", "goto 5", "goto 99999", "rs 7", "rn 4", "end",
    "break mean(f) < 0.4", "break t == 3", "break loss > 2", "break norm(grad(h)) < 0.1", "c", "rc",
    "delete", "watch f[0]", "watch grad(h)", "watch p", "unwatch", "print h", "print f[999]",
    "set f[0] = 0", "set h = 2 * h", "set c[1..3] = nan", "clamp o = 1", "set x = 1", "undo",
    "difference", "text ab\u{301}c", "text ", "text §§", "check", "info", "help set", "help", "zzz",
    "export /nowhere/x.svg", "layer", "set f[99999999] = 1", "print 1/0", "break f[0] = 1",
  ]
  nonisolated private static let media = [
    Medium(), .plainText, Medium(depth: .none), Medium(depth: .ansi16),
    Medium(depth: .indexed256, plot: .blocks), Medium(depth: .trueColor, glyphs: .ascii),
  ]

  @Test(arguments: [UInt64(1), 2]) func randomEvents(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let scene =
      seed == 1
      ? try SceneSample.characters(text: "the cat\nsat.", showsTour: true)
      : try SceneSample.bidirectional(seqLen: 5)
    var late: [(RecordingRequest, Int)] = []
    var size = (80, 24)
    for round in 0..<10_000 {
      var effects: [SceneEffect] = []
      switch random.below(20) {
      case 0...7: effects = scene.handle(.key(Self.keys[random.below(Self.keys.count)]))
      case 8...14:
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
      for case .run(let request as RecordingRequest, let number) in effects {
        // Runs on long texts would only take time.
        guard request.input.seqLen < 40 else { continue }
        switch random.below(4) {
        case 0: scene.finish(request.run(), for: number)
        case 1: break
        default: late.append((request, number))
        }
      }
      if !late.isEmpty, random.below(8) == 0 {
        let (request, number) = late.remove(at: random.below(late.count))
        scene.finish(request.run(), for: number)
        late = late.suffix(4)
      }
      if round % 12 == 0 {
        let grid = scene.picture(size.0, size.1, Self.media[random.below(Self.media.count)])
        #expect(grid.cells.count == size.0 * size.1)
        if let cursor = scene.textCursor {
          #expect((0..<size.0).contains(cursor.x) && (0..<size.1).contains(cursor.y), "\(cursor)")
        }
      }
      let timeline = scene.session.timeline
      #expect(timeline[timeline.index(of: scene.cursor)] == scene.cursor)
      #expect((0..<scene.recording.configuration.hiddenSize).contains(scene.unit))
    }
  }
}
