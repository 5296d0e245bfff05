import Canvas
import Debugger
import Equations
import Foundation
import Learning
import Networks
import Testing

@testable import Scenes

/// What the keys and the commands of a training do.
@Suite struct GradientsKeyTests {
  @Test func updatesOnAndBack() throws {
    let scene = try GradientsSample.scene("rnn", updates: 0)
    scene.press(.character("n"), .character("N"))
    #expect(scene.snapshot?.updateCount == 11)
    scene.press(.character("b"))
    #expect(scene.snapshot?.updateCount == 10)
    #expect(scene.message?.text.contains("taken back") == true)
    scene.press(.character("B"))
    #expect(scene.snapshot?.updateCount == 0)
    scene.press(.character("n"), .character("n"), .character("r"))
    #expect(scene.snapshot?.updateCount == 0)
  }

  /// Every knob turns both ways, and says what it does to the training.
  @Test(arguments: ["rnn/tanh", "lstm"]) func everyKnobTurns(_ lane: String) throws {
    let restarting: Set<Knob> = [
      .cell, .initializer, .gain, .forgetBias, .inputScale, .hidden, .task, .seed,
    ]
    for knob in Knob.allCases {
      let scene = try GradientsSample.scene(lane, updates: 2)
      while scene.knob != knob { scene.press(.down) }
      guard let before = knob.text(scene.settings) else {
        scene.press(.right)
        #expect(scene.message?.text.contains("has no") == true, "\(knob)")
        continue
      }
      scene.press(.right)
      #expect(knob.text(scene.settings) != before, "\(knob)")
      #expect(knob.text(try #require(scene.lane).settings) == knob.text(scene.settings))
      #expect(scene.snapshot?.updateCount == (restarting.contains(knob) ? 0 : 2), "\(knob)")
      let isSaid = scene.picture(120, 40).text().split(separator: "\n").contains {
        $0.contains(knob.title) && $0.contains("restarts")
      }
      #expect(isSaid == restarting.contains(knob), "\(knob)")
      // A value between two notches is not come back to, the notch is.
      let after = knob.text(scene.settings)
      scene.press(.left)
      #expect(knob.text(scene.settings) != after, "\(knob)")
      scene.press(.right)
      #expect(knob.text(scene.settings) == after, "\(knob)")
    }
  }

  @Test func clipGoesUpToOff() throws {
    let scene = try GradientsSample.scene("rnn", updates: 1)
    _ = scene.execute("set clip 100")
    scene.knob = .clip
    scene.press(.right)
    #expect(scene.settings.maximumNorm == nil)
    scene.press(.right)
    #expect(scene.message?.text.contains("largest") == true)
    scene.press(.left)
    #expect(scene.settings.maximumNorm == 100)
  }

  @Test func exactValues() throws {
    let scene = try GradientsSample.scene("rnn", updates: 1)
    scene.knob = .learningRate
    scene.type("\n0.0037\n")
    #expect(scene.settings.learningRate == 0.0037)
    scene.type("\nfast\n")
    #expect(scene.message?.text == "lr: expected a number, found \"fast\"")
    #expect(scene.settings.learningRate == 0.0037)
    scene.knob = .initializer
    scene.type("\nid")
    scene.press(.tab, .enter)
    #expect(scene.settings.initializer == .identity(gain: 1))
  }

  @Test(arguments: [
    ("set lr -1", "lr: expected a number from 0 on, found -1.0"),
    ("set lx 1", "lx is no knob; expected lr"),
    ("set lr", "expected set KNOB VALUE such as set lr 0.003, found \"set lr\""),
    ("set seq-len 1", "task recall: expected a sequence length of at least 2, found 1"),
    ("set cell lstn", "cell: expected lstm"), ("set forget-bias 1", "rnn has no forget bias"),
    ("set task text", "task: expected"), ("break los < 1", "los has no value in rnn"),
    ("delete 4", "there is no condition 4"), ("nxt", "nxt is no command; expected next"),
    ("goto -1", "goto: expected a number of updates"), ("open 9", "sequences 0 to 3, found 9"),
    ("set hidden 99999999", "hidden: expected a number from 1 to 65536"),
    ("set hidden 65536", "hidden: expected at most 8192 units to watch, found 65536"),
    ("break h[12] > 0", "there is no unit 12"),
  ])
  func mistakesSayWhatWasExpected(_ line: String, _ expected: String) throws {
    let scene = try GradientsSample.scene("rnn", updates: 1)
    _ = scene.execute(line)
    let message = try #require(scene.message)
    #expect(message.isError && message.text.contains(expected), "\(message.text)")
  }

  @Test func commands() throws {
    let scene = try GradientsSample.scene("rnn", updates: 0)
    scene.type(":next 5\n")
    #expect(scene.snapshot?.updateCount == 5)
    scene.type(":goto 3\n")
    #expect(scene.snapshot?.updateCount == 3)
    scene.type(":break update == 6\n:next 100\n")
    #expect(scene.snapshot?.updateCount == 6)
    #expect(scene.message?.text == "break 1: update == 6 at update 6")
    scene.type(":delete 1\n")
    #expect(scene.snapshot?.conditions.isEmpty == true)
    guard case .export(let path)? = scene.execute("export a.svg").first else {
      Issue.record("nothing to export")
      return
    }
    #expect(path == "a.svg")
    guard case .quit? = scene.execute("quit").first else {
      Issue.record("it stays")
      return
    }
  }

  @Test func completesKnobsAndValues() throws {
    let scene = try GradientsSample.scene("rnn", updates: 0)
    scene.type(":set opt")
    scene.press(.tab)
    scene.type("s")
    scene.press(.tab, .enter)
    #expect(scene.settings.optimizer == .sgd)
  }

  /// Stop here and step through it: the scene that opens shows the task's own loss.
  @Test(arguments: [TaskKind.recall, .adding, .copy]) func opensTheUpdate(_ task: TaskKind) throws {
    let scene = try GradientsSample.scene(
      try GradientsSample.settings("lstm", task: TaskRequest(task)), updates: 3)
    scene.press(.character("o"))
    let effects = scene.handle(.wake)
    guard case .run(let work as RecordingRequest, let number)? = effects.first else {
      Issue.record("nothing is computed")
      return
    }
    #expect(work.loss == .targets)
    let recording = work.run()
    scene.finish(recording, for: number)
    #expect(scene.tickMilliseconds != nil)
    guard case .open(let opened as StepScene)? = scene.handle(.timeout).first else {
      Issue.record("nothing opens")
      return
    }
    #expect(scene.tickMilliseconds == nil)
    #expect(opened.picture(120, 40).contains("update 3"))
    // The gradients that are stepped through are those of that loss.
    for equation in recording.cell.equations.indices {
      let place = Position(
        pass: .backward, part: .layer(LayerID(layer: 0)), time: 20, equation: equation)
      let check = try #require(
        FiniteDifference(recording: recording, position: place, unit: 5))
      #expect(abs(check.analytic - check.numeric) < 1e-4 * max(abs(check.numeric), 1e-3))
    }
  }

  @Test func theStepSceneStartsATraining() throws {
    let scene = try SceneSample.characters()
    guard case .open(let opened as GradientsScene)? = scene.execute("train").first else {
      Issue.record("nothing opens")
      return
    }
    #expect(opened.settings.cell.name == scene.recording.cell.name)
    #expect(opened.settings.hiddenSize == scene.recording.configuration.hiddenSize)
    opened.performNow(.step(1))
    #expect(opened.picture(80, 24).contains("recall"))
  }

  @Test func mouse() throws {
    let scene = try GradientsSample.scene("rnn", updates: 1)
    let grid = scene.picture(80, 24)
    let row = try #require((0..<24).first { grid.row($0).contains(" seed ") })
    _ = scene.handle(.mouse(x: 6, y: row, kind: .press))
    #expect(scene.knob == .seed)
    _ = scene.handle(.mouse(x: 6, y: row, kind: .wheelUp))
    #expect(scene.settings.seed == 4)
    _ = scene.picture(80, 24)
    _ = scene.handle(.mouse(x: 60, y: 17, kind: .press))
    #expect(scene.focus == .loss && !scene.isZoomed)
    _ = scene.handle(.mouse(x: 60, y: 17, kind: .press))
    #expect(scene.isZoomed)
    let hint = try #require(scene.frame.hints.first { $0.key == .character("?") })
    _ = scene.handle(.mouse(x: hint.columns.lowerBound, y: hint.row, kind: .press))
    #expect(scene.picture(80, 24).contains("any key closes"))
  }
}
