import Canvas
import Debugger
import Learning
import Testing

@testable import Scenes

/// Any keys, in any mode, at any size, while a small net trains on its thread.
@Suite struct GradientsFuzzTests {
  nonisolated private static let lines = [
    "run", "pause", "next 3", "back 2", "goto 4", "goto 0", "break loss < 1",
    "break norm(grad(h)) < 1e-3", "break isnan(loss)", "break h[99999] > 1", "delete", "info",
    "set lr 0.1", "set clip off", "set clip 0.01", "set cell gru", "set cell lstm", "set cell irnn",
    "set activation relu", "set gain 9", "set seq-len 3", "set hidden 1", "set hidden 9",
    "set batch 1", "set optimizer sgd", "set task copy", "set task sine", "set task adding",
    "set seed 18446744073709551615", "restart", "help", "help set", "zzz", "open", "open 0",
    "export /nowhere/x.svg", "set lr 1e30", "next 9223372036854775807",
  ]
  @Test(arguments: [UInt64(1), 2]) func randomEvents(_ seed: UInt64) throws {
    var fuzz = Fuzz(
      seed: seed, characters: " nNbBorz:?TMkjhl0123456789.-e<>=()[]gradsetloss",
      lines: Self.lines, paste: "lr 0.1")
    let settings = try GradientsSample.settings("rnn", hiddenSize: 3, seqLen: 5)
    let scene = GradientsScene(
      runner: try LabRunner([("lane", settings)]), settings: settings)
    scene.appear {}
    defer { scene.disappear() }
    for round in 0..<1_200 {
      var effects = fuzz.act(on: scene)
      if fuzz.below(8) == 0 { effects += scene.handle(.wake) }
      fuzz.run(effects, for: scene)
      // Sizes that would only take time.
      if scene.settings.hiddenSize > 20 { _ = scene.execute("set hidden 3") }
      if scene.settings.seqLen > 30 { _ = scene.execute("set seq-len 5") }
      if round % 10 == 0 { fuzz.expectPicture(of: scene) }
      #expect(scene.settings.mistake == nil)
    }
  }
}
