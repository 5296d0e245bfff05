import CNcurses
import Canvas

extension Screen {
  /// One event of what the terminal has sent; nil if there is nothing (more) to read.
  func readEvent() -> Event? {
    var code: wint_t = 0
    switch unsafe wget_wch(input, &code) {
    case OK: return .key(character(code))
    case KEY_CODE_YES: return special(Int32(bitPattern: code))
    default: return nil
    }
  }

  private func character(_ code: wint_t) -> Key {
    switch code {
    case 9: return .tab
    case 10, 13: return .enter
    case 8, 127: return .backspace
    case 27: return afterEscape()
    case 0: return .control(" ")
    case 1...26: return .control(Character(Unicode.Scalar(UInt8(code) + 96)))
    default: return Unicode.Scalar(code).map { .character(Character($0)) } ?? .unknown
    }
  }

  /// Curses has given up on a sequence. The rest of a control sequence (ECMA-48: parameters up to a
  /// final byte) is swallowed, so that an unknown key is not taken for a row of letters; anything
  /// else was a plain Escape, and stays to be read.
  private func afterEscape() -> Key {
    var code: wint_t = 0
    guard unsafe wget_wch(input, &code) == OK else { return .escape }
    guard code == 0x5B || code == 0x4F else {
      unget_wch(wchar_t(bitPattern: code))
      return .escape
    }
    while unsafe wget_wch(input, &code) == OK {
      if code < 0x20 || code > 0x3F { break }
    }
    return .unknown
  }

  private func special(_ code: Int32) -> Event? {
    switch code {
    case KEY_UP: return .key(.up)
    case KEY_DOWN: return .key(.down)
    case KEY_LEFT: return .key(.left)
    case KEY_RIGHT: return .key(.right)
    case KEY_HOME, KEY_A1: return .key(.home)
    case KEY_END, KEY_C1: return .key(.end)
    case KEY_PPAGE, KEY_A3: return .key(.pageUp)
    case KEY_NPAGE, KEY_C3: return .key(.pageDown)
    case KEY_IC: return .key(.insert)
    case KEY_DC: return .key(.delete)
    case KEY_BACKSPACE: return .key(.backspace)
    case KEY_BTAB: return .key(.backTab)
    case KEY_ENTER: return .key(.enter)
    case KEY_MOUSE: return mouse()
    case KEY_RESIZE: return nil
    case Screen.pasteBegin: return .paste(readPaste())
    case Screen.pasteEnd: return .key(.unknown)
    case curses_key_f0() + 1...curses_key_f0() + 12:
      return .key(.function(Int(code - curses_key_f0())))
    default: return .key(.unknown)
    }
  }

  private func mouse() -> Event {
    var event = MEVENT()
    guard unsafe getmouse(&event) == OK else { return .key(.unknown) }
    let state = event.bstate
    let kind: MouseKind
    if curses_is_wheel_up(state) != 0 {
      kind = .wheelUp
    } else if curses_is_wheel_down(state) != 0 {
      kind = .wheelDown
    } else if curses_is_press(state) != 0 {
      // Curses reports a motion with the button down as one more press.
      kind = isButtonDown ? .drag : .press
      isButtonDown = curses_is_click(state) == 0
    } else if curses_is_release(state) != 0 {
      kind = .release
      isButtonDown = false
    } else if curses_is_motion(state) != 0 {
      kind = .drag
    } else {
      return .key(.unknown)
    }
    return .mouse(x: Int(event.x), y: Int(event.y), kind: kind)
  }

  /// Everything up to the end mark; what comes in pieces is waited for, but not for ever.
  private func readPaste() -> String {
    var text = String.UnicodeScalarView()
    unsafe wtimeout(input, 200)
    defer { unsafe nodelay(input, true) }
    var code: wint_t = 0
    while true {
      let status = unsafe wget_wch(input, &code)
      if status == KEY_CODE_YES && Int32(bitPattern: code) != Screen.pasteEnd { continue }
      guard status == OK, let scalar = Unicode.Scalar(code) else { return String(text) }
      text.append(scalar == "\r" ? "\n" : scalar)
    }
  }
}
