import Canvas
import Debugger
import Testing

@testable import Scenes

/// Any keys, in any mode, at any size, with runs that come at once, late or never.
@Suite struct AttendFuzzTests {
  nonisolated private static let lines = [
    "goto 3", "goto it", "goto 9223372036854775807", "layer 1", "layer 99", "head 1", "head -1",
    "key 2", "column 5", "column 999", "equation Q", "equation S", "equation Y", "equation nope",
    "view all", "view layer", "view rollout", "view head", "ablate 0.1 1.0", "ablate 9.9",
    "ablate 99999999999999999999.1", "restore", "positions off", "positions on", "positions x",
    "similarity dot", "similarity cosine",
    "similarity additive", "text a b", "text ", "text the", "compare a cat", "compare", "help",
    "help view", "zzz", "export /nowhere/x.svg", "g", "a", "s", "",
  ]
  @Test(arguments: [UInt64(1), 2]) func randomEvents(_ seed: UInt64) {
    var fuzz = Fuzz(
      seed: seed,
      characters: " +-/:<=>?ACGMTV[]{}abcdefghjklmnqrstvwz0123456789", lines: Self.lines)
    let scene =
      seed == 1
      ? AttendSample.scene(predicts: true)
      : AttendSample.scene(AttendSample.transformer(isCausal: true), text: "a cat sat on a cat")
    for round in 0..<4_000 {
      // Long texts would only take time.
      fuzz.run(fuzz.act(on: scene), for: scene) {
        ($0 as? AttentionWork)?.request.text.utf8.count ?? 0 >= 60
      }
      if round % 16 == 0 { fuzz.expectPicture(of: scene) }
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
