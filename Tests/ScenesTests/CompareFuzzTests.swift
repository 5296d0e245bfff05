import Canvas
import Debugger
import Learning
import Testing

@testable import Scenes

/// Any keys, in any mode, at any size, with training that goes on in between.
@Suite struct CompareFuzzTests {
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
  @Test(arguments: [UInt64(1), 2]) func randomEvents(_ seed: UInt64) throws {
    var fuzz = Fuzz(
      seed: seed,
      characters: " +-/:<=>?NBMPQTZ[]abdhjklnoqrz0123456789\"'(){}\\~", lines: Self.lines,
      paste: "set\nlr")
    let scene = try CompareSample.scene(
      seed == 1
        ? CompareSample.lanes : ["rnn/relu/identity/gain=9/clip=off", "maxout-rnn/hidden=6"])
    for round in 0..<1500 {
      var effects = fuzz.act(on: scene)
      // Large nets would only take time.
      for (name, most) in [("hidden", 12), ("seq-len", 20), ("batch", 8)] {
        let knob = try #require(Knob(rawValue: name))
        if scene.lanes.contains(where: { (Int(knob.text($0.settings) ?? "") ?? 0) > most }) {
          effects += scene.execute("set \(name) 6")
        }
      }
      if fuzz.below(3) == 0 {
        scene.performNow()
        effects += scene.handle(.wake)
      }
      fuzz.run(effects, for: scene)
      if round % 10 == 0 { fuzz.expectPicture(of: scene) }
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
