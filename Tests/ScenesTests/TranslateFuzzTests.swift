import Canvas
import Debugger
import Testing

@testable import Scenes

/// Any keys, in any mode, at any size, with runs that come at once, late or never.
@Suite struct TranslateFuzzTests {
  nonisolated private static let lines = [
    "goto 3", "goto chien", "goto 9223372036854775807", "text the dog", "text", "text zebra",
    "force chat", "force </s>", "force xyz", "unforce", "reference le chien", "reference",
    "teacher on", "teacher off", "beam 1", "beam 3", "beam 99999999999999999999", "loss word",
    "loss sentence", "layer 1", "layer 9", "head 0", "head mean", "head 7", "unit 15", "unit 16",
    "top 1", "top 100", "equation A", "equation h", "equation p", "break chien",
    "break max(A) > 0.4", "break norm(grad(h)) < 1e-3", "break zz > 1", "delete", "delete 1",
    "continue", "reverse-continue", "mask", "undo", "export /nowhere/x.svg", "help", "help force",
    "zzz", "t", "r", "",
  ]

  @Test(arguments: TranslateSample.Kind.allCases)
  func randomEvents(_ kind: TranslateSample.Kind) throws {
    var fuzz = Fuzz(
      seed: UInt64(kind.rawValue.utf8.count),
      characters: " !()+-/:<=>?BCFGMNRTV[]{}abcefghjklmnprtuvz09",
      lines: Self.lines, paste: "the cat\nsees a dog")
    let scene = try TranslateSample.free(kind)
    for round in 0..<1_200 {
      // Long texts would only take time.
      fuzz.run(fuzz.act(on: scene), for: scene) {
        ($0 as? TranslationWork)?.request.text.utf8.count ?? 0 >= 60
      }
      if round % 16 == 0 { fuzz.expectPicture(of: scene) }
      #expect(scene.session.timeline.index(of: scene.cursor) != nil)
      #expect((0..<scene.session.stepCount).contains(scene.session.step))
      #expect((0..<scene.translation.sourceIDs.count).contains(scene.key))
      #expect((0..<16).contains(scene.unit))
    }
  }
}
