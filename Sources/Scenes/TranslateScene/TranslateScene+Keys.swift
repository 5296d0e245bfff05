internal import Canvas
internal import Debugger
internal import Equations

extension TranslateScene {
  static let keyHelp: [KeyHelp] = [
    KeyHelp(keys: "→ l   ← h", action: "one word on, back"),
    KeyHelp(keys: "↓ j   ↑ k", action: "one equation on, back"),
    KeyHelp(keys: "g Home, G End", action: "to the first equation, to the end of the way back"),
    KeyHelp(keys: "b", action: "to the way back from this word's loss, and forward again"),
    KeyHelp(keys: "a", action: "to the way back from all words; there, from this one"),
    KeyHelp(keys: "Space", action: "write word after word, or pause;  + faster  - slower"),
    KeyHelp(keys: "t", action: "type another sentence, translated at every key"),
    KeyHelp(keys: "f  F", action: "put a word in here;  all words as the model writes"),
    KeyHelp(keys: "r  R", action: "type the right translation;  teacher forcing or not"),
    KeyHelp(keys: "B", action: "the beam as a tree, or not"),
    KeyHelp(keys: "p", action: "the program, or not"),
    KeyHelp(keys: "m", action: "mark what may not be looked at"),
    KeyHelp(keys: "v", action: "source, or the words written so far (transformers)"),
    KeyHelp(keys: "< >  { }", action: "layer;  head, or the mean of all (transformers)"),
    KeyHelp(keys: "( )  [ ]", action: "word of the source;  unit  (PgUp PgDn: ten)"),
    KeyHelp(keys: "c  C", action: "on, back to the next breakpoint"),
    KeyHelp(keys: "Tab  z", action: "next panel;  the panel alone, or all"),
    KeyHelp(keys: "/  n N", action: "find a word that is written; next, previous"),
    KeyHelp(keys: "u  e", action: "undo a change;  export;  : command line (Tab completes)"),
    KeyHelp(keys: "T  M  q", action: "light or dark;  mouse on or off;  quit"),
  ]

  var hints: [KeyHint] {
    [
      KeyHint(.right, "←→", "word"), KeyHint(.down, "↑↓", "equation"),
      KeyHint("t", "text"), KeyHint("f", "force"),
      KeyHint("b", isBackward ? "forward" : "backward"), KeyHint("B", "beam"),
      KeyHint("p", "program"), KeyHint("?", "help"), KeyHint("q", "quit"),
      KeyHint(.character(" "), "Space", isRunning ? "pause" : "run"), KeyHint("r", "reference"),
      KeyHint("m", "mask"), KeyHint(":", "command"), KeyHint("z", "zoom"),
    ]
  }

  var panels: [Panel] {
    var panels: [Panel] = showsBeam ? [.beam, .next] : [.alignment, .next]
    if !showsBeam { panels += [.program, isBackward ? .gradients : .vectors] }
    return panels
  }

  func tick() -> [SceneEffect] {
    if isRunning, pendingRequest == nil {
      let before = cursor
      move { $0.next(by: 1) }
      if cursor == before || cursor.pass == .backward && before.pass == .forward {
        session.move(to: before)
        isRunning = false
        show(message: "the sentence is written; b goes back from a word's loss")
      } else if let hit = session.breakpointHere {
        isRunning = false
        show(message: "breakpoint \(hit.number): \(hit.text)")
      }
    }
    return []
  }

  func handleKey(_ key: Key) -> [SceneEffect]? {
    switch key {
    case .right, .character("l"): move { $0.next(by: 1) }
    case .left, .character("h"): move { $0.next(by: -1) }
    case .down, .character("j"): move { $0.step(by: 1) }
    case .up, .character("k"): move { $0.step(by: -1) }
    case .home, .character("g"): move { $0.moveToStart() }
    case .end, .character("G"): move { $0.moveToEnd() }
    case .character("c"): run(backwards: false)
    case .character("C"): run(backwards: true)
    case .character("<"): selectLayer(layer - 1)
    case .character(">"): selectLayer(layer + 1)
    case .character("{"): turnHead(-1)
    case .character("}"): turnHead(1)
    case .character("("): self.key = max(0, self.key - 1)
    case .character(")"): self.key = min(translation.sourceIDs.count - 1, self.key + 1)
    case .character("["): selectUnit(unit - 1)
    case .character("]"): selectUnit(unit + 1)
    case .pageUp: selectUnit(unit - 10)
    case .pageDown: selectUnit(unit + 10)
    case .character("B"): toggleBeam()
    case .character("p"): showsProgram.toggle()
    case .character("v"): toggleOwn()
    case .character(" "): startRunning()
    case .character("+"), .character("="): setSpeed(interval / 2)
    case .character("-"): setSpeed(interval * 2)
    case .enter: isZoomed.toggle()
    case .escape:
      isZoomed = false
      isRunning = false
    default: return handleRequest(key)
    }
    return []
  }

  /// Keys that ask for something of the model or of the program around.
  private func handleRequest(_ key: Key) -> [SceneEffect]? {
    switch key {
    case .character("b"): return turn()
    case .character("a"): return toggleLoss()
    case .character("m"): return trying { () throws(CommandError) in try toggleMask() }
    case .character("F"): return trying { () throws(CommandError) in try unforce() }
    case .character("R"):
      let isOn = !translation.request.usesTeacher
      return trying { () throws(CommandError) in try setTeacher(isOn) }
    case .character("u"):
      return trying { () throws(CommandError) in
        try undo()
        return []
      }
    case .character("t"): startLine(.text(before: session), translation.request.text)
    case .character("f"): startForcing()
    case .character("r"):
      startLine(.reference, translation.request.reference ?? translation.text)
    case .character("e"):
      mode = .command(LineEditor(prompt: ":", text: "export ", history: frame.commandHistory))
    case .character("/"): startLine(.find, "")
    case .character("n"): find(searchText, direction: 1)
    case .character("N"): find(searchText, direction: -1)
    default: return nil
    }
    return []
  }

  // MARK: Moving

  /// Moves the cursor; the source word that is read off follows the word that is written.
  func move(_ body: (inout TranslationSession) -> Void) {
    let before = cursor
    body(&session)
    if cursor.part.isEncoder {
      followReading()
    } else if cursor.time != before.time || before.part.isEncoder {
      selectStrongestKey()
    }
    guard cursor == before else { return }
    show(
      message: session.timeline.index(of: cursor) == 0
        ? "the start: the first word of the source is read" : "the end of the way back")
  }

  private func selectLayer(_ new: Int) {
    guard translation.alignments.count > 1 else {
      show(message: "one layer attends to the source")
      return
    }
    layer = min(max(new, 0), translation.alignments.count - 1)
    var wanted = cursor
    if case .decoder = cursor.part { wanted.part = .decoder(layer) }
    session.move(to: wanted)
    layerPlace = cursor
  }

  /// The mean, then the heads in turn.
  private func turnHead(_ direction: Int) {
    guard let map, map.headCount > 1 else {
      show(message: "attention has a single head")
      return
    }
    let all = [nil] + (0..<map.headCount).map { Optional($0) }
    head = all.next(after: head, by: direction)
    selectStrongestKey()
  }

  private func toggleOwn() {
    guard !translation.ownAlignments.isEmpty else {
      show(
        message: "a recurrent decoder remembers its words in its state, it does not look at them")
      return
    }
    showsOwn.toggle()
  }

  private func toggleBeam() {
    guard translation.search != nil else {
      show(message: "the reference gives the words: there is no beam")
      return
    }
    showsBeam.toggle()
    focus = showsBeam ? .beam : .alignment
  }

  private func startRunning() {
    isRunning.toggle()
    guard isRunning, isBackward || session.writtenCount == session.stepCount else { return }
    session.moveToFirstWord()
    selectStrongestKey()
  }

  private func setSpeed(_ milliseconds: Int) {
    interval = min(max(milliseconds, 50), 4000)
    show(message: "\(interval) ms per word")
  }

  // MARK: The way back

  /// Forward again, or back from the loss of the word under the cursor.
  private func turn() -> [SceneEffect] {
    isRunning = false
    if isBackward {
      move { $0.turnAround() }
      return []
    }
    return trying { () throws(CommandError) in try setLoss(.word(session.step)) }
  }

  /// The way back from all words; once there, from one. That is the word under the cursor, and the one
  /// that was left for the way back from all as long as that has not been stepped.
  private func toggleLoss() -> [SceneEffect] {
    isRunning = false
    let isFromAll = isBackward && translation.lossStep == nil
    let isAtLoss =
      cursor.part == .output && cursor.time == session.stepCount - 1
      && cursor.equation == OutputEquation.loss.rawValue
    let before = isAtLoss ? stepBeforeAll.flatMap { $0 < session.stepCount ? $0 : nil } : nil
    let step = before ?? session.step
    if !isFromAll { stepBeforeAll = session.step }
    return trying { () throws(CommandError) in try setLoss(isFromAll ? .word(step) : .sentence) }
  }
}
