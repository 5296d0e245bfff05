internal import Canvas

/// What events do in all scenes alike.
extension PanelScene {
  public func handle(_ event: Event) -> [SceneEffect] {
    switch event {
    case .key(let key): return handle(key)
    case .mouse(let x, let y, let kind): return handle(x, y, kind)
    case .paste(let text): return paste(text)
    case .timeout:
      frame.spinner += 1
      return tick()
    case .wake: return takeNews()
    case .resize, .signal, .hangup: return []
    }
  }

  private func handle(_ key: Key) -> [SceneEffect] {
    // Nothing is to be seen, so that keys could only do harm; but one can leave.
    if frame.isTooSmall { return leave(key) ?? [] }
    if let effects = handleOverlay(key) { return effects }
    switch mode {
    case .help, .commandHelp:
      mode = .keys
      // Any key leaves the help; what the help itself names begins at once.
      return key == .character(":") ? press(key) : []
    case .command(let editor): return type(key, in: editor)
    case .line(let editor, let line): return type(key, in: editor, line)
    case .keys: return press(key)
    }
  }

  private func press(_ key: Key) -> [SceneEffect] {
    message = nil
    if let effects = handleKey(key) ?? leave(key) { return effects }
    switch key {
    case .tab: focus = panels.next(after: focus)
    case .backTab: focus = panels.next(after: focus, by: -1)
    case .character("z"): isZoomed.toggle()
    case .escape: isZoomed = false
    case .character(":"):
      mode = .command(LineEditor(prompt: ":", history: frame.commandHistory))
    case .character("?"), .function(1): mode = .help
    case .character("T"): return [.toggleTheme]
    case .character("M"):
      hasMouse.toggle()
      show(message: hasMouse ? "mouse on" : "mouse off: the terminal selects text again")
      return [.setMouse(hasMouse)]
    case .unknown: break
    default: show(message: "no such key here; ? lists them")
    }
    return []
  }

  /// What one can do even where nothing is to be seen.
  private func leave(_ key: Key) -> [SceneEffect]? {
    switch key {
    case .character("q"), .control("c"): [.quit]
    case .control("l"): [.redraw]
    case .control("z"): [.suspend]
    default: nil
    }
  }

  private func handle(_ x: Int, _ y: Int, _ kind: MouseKind) -> [SceneEffect] {
    guard !frame.isTooSmall else { return [] }
    switch mode {
    case .help, .commandHelp:
      if kind == .press { mode = .keys }
      return []
    case .command, .line: return []
    case .keys:
      let hint = frame.hints.first { $0.row == y && $0.columns.contains(x) }
      if kind == .press, let hint { return handle(hint.key) }
      return handleMouse(x, y, kind)
    }
  }
}
