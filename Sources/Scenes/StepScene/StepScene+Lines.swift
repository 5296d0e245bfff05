internal import Canvas
internal import Debugger
internal import Networks

/// What is typed besides commands: another text, and what to look for.
extension StepScene {
  static var pasteNote: String { "t starts a text to paste into" }

  func hints(for line: Line) -> [KeyHint] {
    switch line {
    case .text: [.enter("keep"), .escape("back to the old text")]
    case .find: [.enter("find"), .escape("back")]
    }
  }

  func change(_ text: String, for line: Line) -> [SceneEffect] {
    guard case .text(let before) = line else { return [] }
    typedText = text
    return trying { () throws(CommandError) in
      request(try session.requestText(text), change: nil, former: before)
    }
  }

  func accept(_ text: String, for line: Line) -> [SceneEffect] {
    guard case .find = line else { return [] }
    searchText = text
    find(text, from: cursor.time, direction: 1)
    return []
  }

  func cancel(_ line: Line) -> [SceneEffect] {
    guard case .text(let before) = line else { return [] }
    session = before
    forgetFigures()
    pendingRequest = nil
    message = nil
    return []
  }

  func startText() {
    guard vocabulary != nil else {
      show(message: "this model has no vocabulary: its input is a file of numbers", isError: true)
      return
    }
    let labels = recording.request.input.labels
    let text =
      vocabulary?.encode(typedText).tokens == labels
      ? typedText : labels.joined(separator: vocabulary?.unit == .words ? " " : "")
    mode = .line(LineEditor(prompt: "text", text: text), .text(before: session))
  }

  /// Moves to the next place where the tokens spell `text`.
  func find(_ text: String, from time: Int, direction: Int) {
    guard !text.isEmpty else {
      show(message: "nothing to look for yet: / starts a search")
      return
    }
    let labels = recording.request.input.labels
    for offset in 1...labels.count {
      let start = ((time + direction * offset) % labels.count + labels.count) % labels.count
      var rest = Substring(text)
      var index = start
      while index < labels.count, !rest.isEmpty, rest.hasPrefix(labels[index]) {
        rest = rest.dropFirst(labels[index].count)
        index += 1
      }
      if rest.isEmpty || labels[start] == text {
        var place = cursor
        place.time = start
        session.move(to: place)
        return
      }
    }
    show(message: "\"\(text)\" is not in the text", isError: true)
  }
}
