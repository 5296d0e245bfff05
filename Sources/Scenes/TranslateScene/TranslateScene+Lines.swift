internal import Canvas
internal import Debugger

/// What is typed besides commands: another sentence, a word, the right translation, what to find.
extension TranslateScene {
  static var pasteNote: String { "t starts a sentence to paste into" }

  func startLine(_ line: Line, _ text: String) {
    isRunning = false
    mode = .line(LineEditor(prompt: prompt(line), text: text), line)
  }

  func startForcing() {
    if translation.request.usesTeacher {
      show(message: "the reference gives the words: R lets the model write again", isError: true)
    } else {
      startLine(.force, "")
    }
  }

  func hints(for line: Line) -> [KeyHint] {
    switch line {
    case .text: [.enter("keep"), .escape("back to what was")]
    case .force: [.complete, .enter("put in"), .escape("back")]
    case .reference: [.complete, .enter("keep"), .escape("back")]
    case .find: [.enter("find"), .escape("back")]
    }
  }

  func completions(_ text: String, for line: Line) -> (start: Int, candidates: [String])? {
    let known: [String]
    switch line {
    case .text: known = translator.source.words
    case .force, .reference: known = translator.target.words
    case .find: known = translation.outputWords
    }
    return candidates(known, for: text, from: LineEditor.wordStart(text))
  }

  func change(_ text: String, for line: Line) -> [SceneEffect] {
    guard case .text(let before) = line else { return [] }
    message = nil
    var new = Translation.Request(text: text)
    new.beamWidth = before.translation.request.beamWidth
    new.paddingCount = before.translation.request.paddingCount
    return request(new, .text(before: before))
  }

  func accept(_ text: String, for line: Line) -> [SceneEffect] {
    switch line {
    case .text(let before):
      // A text that can't be read must not leave half a sentence behind.
      if pendingRequest == nil, message?.isError == true, translation.request.text != text {
        session = before
        measure()
      } else if pendingRequest == nil {
        session.moveToFirstWord()
        selectStrongestKey()
      }
      return []
    case .force:
      return keeping(line, text) { () throws(CommandError) in
        try force(CommandLineText.trimmed(text))
      }
    case .reference:
      return keeping(line, text) { () throws(CommandError) in
        try setReference(text.contains { !$0.isWhitespace } ? text : nil)
      }
    case .find:
      searchText = CommandLineText.trimmed(text)
      find(searchText, direction: 1)
      return []
    }
  }

  /// Does what a line asks for; one with a mistake stays to be mended.
  private func keeping(
    _ line: Line, _ text: String, _ body: () throws(CommandError) -> [SceneEffect]
  ) -> [SceneEffect] {
    let effects = trying(body)
    if message?.isError == true { startLine(line, text) }
    return effects
  }

  private func prompt(_ line: Line) -> String {
    switch line {
    case .text: "text"
    case .force: "word \(session.step)"
    case .reference: "right translation"
    case .find: "/"
    }
  }

  func cancel(_ line: Line) -> [SceneEffect] {
    guard case .text(let before) = line else { return [] }
    session = before
    pendingRequest = nil
    pending = nil
    message = nil
    measure()
    return []
  }

  /// Goes to the next place where a word is written.
  func find(_ text: String, direction: Int) {
    guard !text.isEmpty else {
      show(message: "nothing to look for yet: / starts a search")
      return
    }
    let words = translation.outputWords
    let order = (1...words.count).map {
      ((session.step + direction * $0) % words.count + words.count) % words.count
    }
    guard let index = order.first(where: { words[$0].hasPrefix(text) }) else {
      show(message: "\"\(text)\" is not written", isError: true)
      return
    }
    session.move(toStep: index)
    selectStrongestKey()
  }
}
