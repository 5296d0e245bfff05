internal import Canvas
internal import Debugger

/// What is typed besides commands: another text, a second sentence, and what to look for.
extension AttendScene {
  static var pasteNote: String { "t starts a text to paste into" }

  func startText(isSecond: Bool) {
    guard model.takesText else {
      show(message: "this model's input is a file of numbers, not a text", isError: true)
      return
    }
    if isSecond {
      let editor = LineEditor(prompt: "compare with", text: wantedSecond ?? wanted.text)
      mode = .line(editor, .second(before: result))
    } else {
      mode = .line(LineEditor(prompt: "text", text: wanted.text), .text(before: result))
    }
  }

  func hints(for line: Line) -> [KeyHint] {
    switch line {
    case .text, .second: [.enter("keep"), .escape("back to what was")]
    case .find: [.enter("find"), .escape("back")]
    }
  }

  func change(_ text: String, for line: Line) -> [SceneEffect] {
    switch line {
    case .text: wanted.text = text
    case .second: wantedSecond = text
    case .find: return []
    }
    message = nil
    return compute()
  }

  func accept(_ text: String, for line: Line) -> [SceneEffect] {
    switch line {
    case .text: return []
    case .second:
      guard wantedSecond != text else { return [] }
      wantedSecond = text
      return compute()
    case .find:
      searchText = text
      return trying { () throws(CommandError) in
        if !text.isEmpty { try goto(text) }
        return []
      }
    }
  }

  func cancel(_ line: Line) -> [SceneEffect] {
    switch line {
    case .text(let before), .second(let before):
      pendingRequest = nil
      message = nil
      wanted = before.request
      wantedSecond = before.secondText
      takeBack(before)
    case .find: break
    }
    return []
  }
}
