import Canvas
import Debugger
import Networks
import Testing

@testable import Scenes

/// Typing a text, and runs that come late.
@Suite struct TextTests {
  private func requests(_ effects: [SceneEffect]) -> [(RecordingRequest, Int)] {
    effects.compactMap {
      guard case .run(let request as RecordingRequest, let number) = $0 else { return nil }
      return (request, number)
    }
  }

  private func labels(_ scene: StepScene) -> String {
    scene.recording.request.input.labels.joined()
  }

  @Test func theLastRunWins() throws {
    let scene = try SceneSample.characters()
    scene.press(.character("t"))
    var asked = requests(scene.handle(.key(.control("u"))))
    #expect(asked.isEmpty)
    for character in "the rat" { asked += requests(scene.handle(.key(.character(character)))) }
    #expect(asked.count == 7)
    #expect(scene.tickMilliseconds != nil)
    // Late and out of order: only the newest counts.
    for index in [2, 6, 0, 5, 3] { scene.finish(asked[index].0.run(), for: asked[index].1) }
    #expect(labels(scene) == "the rat")
    #expect(scene.tickMilliseconds == nil)
    scene.press(.enter)
    #expect(labels(scene) == "the rat")
    scene.press(.character("u"))
    #expect(labels(scene) == SceneSample.sentence)
    scene.press(.character("u"))
    #expect(scene.message?.text == "there is nothing to undo")
  }

  @Test func escapeRestoresTheOldText() throws {
    let scene = try SceneSample.characters()
    try scene.place("t=12,equation=o,unit=9")
    let cursor = scene.cursor
    let before = scene.recording
    scene.type("t another")
    #expect(labels(scene) == SceneSample.sentence + " another")
    #expect(scene.cursor == cursor)
    let late = requests(scene.handle(.key(.character("!"))))
    scene.press(.escape)
    #expect(scene.recording === before && scene.cursor == cursor)
    for (request, number) in late { scene.finish(request.run(), for: number) }
    #expect(scene.recording === before)
    #expect(scene.tickMilliseconds == nil)
  }

  /// The run of a text that was accepted before it was computed is still one change.
  @Test func acceptedBeforeItWasComputed() throws {
    let scene = try SceneSample.characters()
    scene.press(.character("t"), .control("u"))
    let first = requests(scene.handle(.key(.character("t"))))
    for (request, number) in first { scene.finish(request.run(), for: number) }
    let second = requests(scene.handle(.key(.character("o"))))
    scene.press(.enter, .down)
    for (request, number) in second { scene.finish(request.run(), for: number) }
    #expect(labels(scene) == "to")
    scene.press(.character("u"))
    #expect(labels(scene) == SceneSample.sentence)
  }

  @Test func theCursorStaysWhereItCan() throws {
    let scene = try SceneSample.characters()
    try scene.place("t=12,equation=o")
    scene.press(.character("t"), .control("u"))
    scene.type("a cat sat on a mat")
    // With one letter step 12 was gone.
    #expect(scene.cursor == scene.session.timeline[0])
    scene.press(.enter, .right, .character("t"), .backspace)
    #expect(scene.cursor.time == 1)
  }

  @Test func pasting() throws {
    let scene = try SceneSample.characters()
    #expect(scene.handle(.paste("abc")).isEmpty)
    scene.press(.character("t"), .control("u"))
    for (request, number) in requests(scene.handle(.paste("a cat\nsat"))) {
      scene.finish(request.run(), for: number)
    }
    #expect(labels(scene) == "a cat\nsat")
    scene.press(.escape, .character(":"))
    _ = scene.handle(.paste("goto\n 7"))
    scene.press(.enter)
    #expect(scene.cursor.time == 7)
  }

  @Test func aChangeWaitsForARun() throws {
    let scene = try SceneSample.characters()
    try scene.place("t=5,equation=f")
    let before = scene.recording
    let effects = scene.execute("set f[2] = 0")
    #expect(requests(effects).count == 1)
    #expect(requests(scene.execute("set f[3] = 0")).isEmpty)
    #expect(scene.message?.text.contains("still being computed") == true)
    // Undo takes back what has not come yet.
    scene.press(.character("u"))
    for (request, number) in requests(effects) { scene.finish(request.run(), for: number) }
    #expect(scene.recording === before && scene.session.original == nil)
  }

  /// A change that comes while a text is being typed survives leaving the text.
  @Test func aChangeThatComesWhileTyping() throws {
    let scene = try SceneSample.characters()
    try scene.place("t=5,equation=f")
    let effects = scene.execute("set f[2] = 0")
    scene.press(.character("t"))
    for (request, number) in requests(effects) { scene.finish(request.run(), for: number) }
    scene.press(.escape)
    #expect(scene.session.changes == ["set f[2] = 0 at t = 5"])
    #expect(scene.recording.value(LayerID(layer: 0), 0, time: 5, unit: 2) == 0)
  }

  /// A fitted scale is that of the run that is shown, even where runs come and go.
  @Test func scalesFollowTheRun() throws {
    let scene = try SceneSample.characters()
    try scene.place("equation=c")
    let equation = scene.cursor.equation
    scene.press(.character("t"), .control("u"))
    for character in "the cat sat on the mat and saw" {
      scene.press(.character(character))
      _ = scene.picture(120, 40)
      // A scene that has never seen another run.
      let fresh = StepScene(
        recording: scene.recording, vocabulary: nil, modelName: "", modelSummary: "")
      #expect(
        scene.scale(ofEquation: equation, scene.session.layer, difference: false)
          == fresh.scale(ofEquation: equation, scene.session.layer, difference: false))
    }
  }

  @Test func withoutAVocabularyThereIsNoText() throws {
    let scene = try SceneSample.bidirectional()
    scene.press(.character("t"))
    #expect(scene.message?.isError == true)
    if case .keys = scene.mode { return }
    Issue.record("not stepping")
  }
}
