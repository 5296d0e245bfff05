import Canvas
import Debugger
import Networks
import Testing

@testable import Scenes

/// Any keys, in any mode, at any size, with runs that come at once, late or never.
@Suite struct FuzzTests {
  nonisolated private static let lines = [
    "step 3", "next 99", "step 9223372036854775807", "goto 5", "goto 99999", "rs 7", "rn 4", "end",
    "break mean(f) < 0.4", "break t == 3", "break loss > 2", "break norm(grad(h)) < 0.1", "c", "rc",
    "delete", "watch f[0]", "watch grad(h)", "watch p", "unwatch", "print h", "print f[999]",
    "set f[0] = 0", "set h = 2 * h", "set c[1..3] = nan", "clamp o = 1", "set x = 1", "undo",
    "difference", "text ab\u{301}c", "text ", "text §§", "check", "info", "help set", "help", "zzz",
    "export /nowhere/x.svg", "layer", "set f[99999999] = 1", "print 1/0", "break f[0] = 1",
  ]
  @Test(arguments: [UInt64(1), 2]) func randomEvents(_ seed: UInt64) throws {
    var fuzz = Fuzz(
      seed: seed,
      characters: " +-/:<=>?CGMNQTZ[]bcdeghjklmnqtuxyz0123456789\"'(){}\\~", lines: Self.lines)
    let scene =
      seed == 1
      ? try SceneSample.characters(text: "the cat\nsat.", showsTour: true)
      : try SceneSample.bidirectional(seqLen: 5)
    for round in 0..<10_000 {
      // Runs on long texts would only take time.
      fuzz.run(fuzz.act(on: scene), for: scene) {
        ($0 as? RecordingRequest)?.input.seqLen ?? 0 >= 40
      }
      if round % 12 == 0 { fuzz.expectPicture(of: scene) }
      let timeline = scene.session.timeline
      #expect(timeline[timeline.index(of: scene.cursor)] == scene.cursor)
      #expect((0..<scene.recording.configuration.hiddenSize).contains(scene.unit))
    }
  }
}
