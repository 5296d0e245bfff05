import Canvas
import Debugger
import Networks
import Testing

@testable import Scenes

/// Commands as the scene carries them out, and places in words.
@Suite struct SceneCommandTests {
  @Test func moving() throws {
    let scene = try SceneSample.characters()
    let timeline = scene.session.timeline
    func index() -> Int { timeline.index(of: scene.cursor) }
    try scene.runNow("step 7")
    #expect(index() == 7)
    try scene.runNow("reverse-step 2")
    #expect(index() == 5)
    try scene.runNow("next 3")
    #expect(scene.cursor.time == 3)
    try scene.runNow("rn")
    #expect(scene.cursor.time == 2)
    try scene.runNow("goto 17")
    #expect(scene.cursor.time == 17)
    try scene.runNow("end")
    #expect(index() == timeline.count - 1)
    try scene.runNow("start")
    #expect(index() == 0)
    try scene.runNow("break t == 9")
    try scene.runNow("c")
    #expect(scene.cursor.time == 9)
    #expect(scene.message?.text == "breakpoint 1: t == 9")
    try scene.runNow("c")
    #expect(scene.cursor.pass == .backward)
    try scene.runNow("rc")
    #expect(scene.cursor.pass == .forward && scene.cursor.time == 9)
    try scene.runNow("rc")
    #expect(index() == 0 && scene.message?.text == "at the start")
  }

  @Test func answers() throws {
    let scene = try SceneSample.characters()
    try scene.place("t=8,equation=f,unit=5")
    try scene.runNow("print f[5]")
    let value = scene.recording.value(LayerID(layer: 0), 0, time: 8, unit: 5)
    #expect(scene.message?.text == "f[5] = \(NumberText.text(value, digits: 6))")
    try scene.runNow("print token")
    #expect(scene.message?.text == "token = \"s\"")
    try scene.runNow("check")
    #expect(scene.message?.text.contains("finite difference") == true)
    try scene.runNow("info")
    #expect(scene.message?.text == "no breakpoints, watches or changes")
    try scene.runNow("watch max(f)")
    try scene.runNow("break loss > 3")
    try scene.runNow("info")
    #expect(scene.message?.text == "break 2: loss > 3;  watch 1: max(f)")
    for word in Command.words {
      try scene.runNow("help \(word.name)")
      #expect(scene.message?.text.hasPrefix(word.name) == true)
    }
  }

  @Test func whatIf() throws {
    let scene = try SceneSample.characters()
    try scene.place("t=8,equation=f,unit=5")
    let before = scene.picture(120, 40)
    try scene.runNow("set f[5] = 0")
    #expect(scene.recording.value(LayerID(layer: 0), 0, time: 8, unit: 5) == 0)
    #expect(scene.picture(120, 40).contains("(was"))
    try scene.runNow("difference")
    #expect(scene.session.showsDifference && scene.picture(120, 40).contains("Δ"))
    try scene.runNow("undo")
    scene.message = nil
    let after = scene.picture(120, 40)
    let rows = (0..<40).filter { after.row($0) != before.row($0) }
    #expect(rows.isEmpty, "\(rows.map { before.row($0) }) \(rows.map { after.row($0) })")
    let isSame = after == before
    #expect(isSame)
  }

  @Test(arguments: [
    "goto 99", "goto -1", "set f[5000] = 0", "print q", "undo", "delete 7", "help frob", "break f",
  ])
  func refuses(_ line: String) throws {
    let scene = try SceneSample.characters()
    #expect(throws: CommandError.self) { try scene.runNow(line) }
    #expect(scene.message?.isError == true)
  }

  /// What only a terminal can do is no silence in a picture.
  @Test(arguments: ["export x.json", "exp x.svg", "quit", "q", "train"])
  func onlyInATerminal(_ line: String) throws {
    let scene = try SceneSample.characters()
    expectTerminalOnly(line) { line throws(CommandError) in try scene.runNow(line) }
  }

  @Test(arguments: ["export x.svg", "quit"])
  func onlyInATerminalOfOtherScenes(_ line: String) throws {
    let attend = AttendSample.scene()
    expectTerminalOnly(line) { line throws(CommandError) in try attend.runNow(line) }
    let translate = try TranslateSample.scene(.additive)
    expectTerminalOnly(line) { line throws(CommandError) in try translate.runNow(line) }
  }

  @Test(arguments: ["export x.svg", "quit", "open", "o 1"])
  func onlyInATerminalOfTrainings(_ line: String) throws {
    let gradients = try GradientsSample.scene("rnn", updates: 1)
    expectTerminalOnly(line) { line throws(CommandError) in try gradients.runNow(line) }
    let compare = try CompareSample.scene(["rnn/tanh", "gru"])
    expectTerminalOnly(line) { line throws(CommandError) in try compare.runNow(line) }
    // What came before is forgotten.
    #expect(throws: Never.self) { try gradients.runNow("set lr 0.01") }
  }

  private func expectTerminalOnly(
    _ line: String, _ run: (String) throws(CommandError) -> Void
  ) {
    do throws(CommandError) {
      try run(line)
      Issue.record("\(line) was taken")
    } catch {
      #expect(error.description.hasPrefix("\(line): works in a terminal only"), "\(error)")
    }
  }

  /// The cursor stops at the lines of the output layer as well.
  @Test func placesInTheOutputLayer() throws {
    let scene = try SceneSample.characters()
    for (index, name) in ["y", "p", "L"].enumerated() {
      for pass in [Pass.forward, .backward] {
        try scene.place("t=3,equation=\(name),\(pass)")
        #expect(
          scene.cursor == Position(pass: pass, part: .output, time: 3, equation: index))
      }
    }
    try scene.place("equation=f")
    #expect(scene.cursor.part == .layer(scene.session.layer) && scene.cursor.equation == 0)
    let error = #expect(throws: CommandError.self) { try scene.place("equation=Y") }
    #expect(error?.description.contains("y") == true)
  }

  @Test func places() throws {
    let scene = try SceneSample.bidirectional()
    try scene.place("t=4,layer=1,reverse,equation=z,unit=3,backward")
    #expect(
      scene.cursor
        == Position(
          pass: .backward, part: .layer(LayerID(layer: 1, direction: .reverse)), time: 4,
          equation: 1))
    #expect(scene.unit == 3)
    try scene.place("forward t=0")
    #expect(scene.cursor.pass == .forward && scene.cursor.time == 0)
    try scene.place("")
    for text in [
      "t", "t=", "t=9", "t=-1", "t=x", "layer=2", "equation=q", "unit=6", "=", "==", "=3",
      "sideways",
    ] {
      #expect(throws: CommandError.self, "\(text)") { try scene.place(text) }
    }
    let oneWay = try SceneSample.characters()
    #expect(throws: CommandError.self) { try oneWay.place("reverse") }
  }
}
