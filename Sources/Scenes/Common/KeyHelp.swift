internal import Canvas

/// A row of help: keys and what they do.
struct KeyHelp {
  let keys: String
  let action: String
}

/// A key at the bottom of the screen with a word that says what it does.
struct KeyHint {
  /// What a click on it presses.
  let key: Key
  let label: String
  let action: String

  init(_ key: Key, _ label: String, _ action: String) {
    self.key = key
    self.label = label
    self.action = action
  }

  /// A letter that stands for itself.
  init(_ letter: Character, _ action: String) {
    self.init(.character(letter), String(letter), action)
  }

  static func enter(_ action: String) -> KeyHint { KeyHint(.enter, "Enter", action) }
  static func escape(_ action: String) -> KeyHint { KeyHint(.escape, "Esc", action) }
  static let complete = KeyHint(.tab, "Tab", "complete")

  func label(in medium: Medium) -> String {
    guard !medium.isUnicode else { return label }
    return switch label {
    case "←→": "Left/Right"
    case "↑↓": "Up/Down"
    default: label
    }
  }
}
