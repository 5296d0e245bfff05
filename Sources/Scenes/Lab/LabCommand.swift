internal import Debugger
internal import Equations
internal import Learning

/// What can be typed after `:` while a net trains.
nonisolated enum LabCommand: Equatable, Sendable {
  case run
  case pause
  case update(Int)
  case back(Int)
  case goto(Int)
  case breakAt(String)
  case delete(Int?)
  case set(Knob, String)
  case restart
  case open(Int?)
  case export(String)
  case info
  case help(String?)
  case quit

  /// The table behind parsing, completion and help.
  static let words = [
    CommandWord(
      "run", ["continue", "c", "r"], "", "train until a condition holds or Space is pressed"),
    CommandWord("pause", ["p"], "", "stop after this update"),
    CommandWord("next", ["n", "step", "s"], "[N]", "one update, or N, then pause"),
    CommandWord(
      "back", ["b", "reverse-next", "rn"], "[N]", "take one update back, or N, bit for bit"),
    CommandWord("goto", ["g"], "N", "to the weights that N updates have made"),
    CommandWord(
      "break", [], "CONDITION", "pause where it becomes true: loss < 0.5, norm(grad(h)) < 1e-8"),
    CommandWord("delete", ["d"], "[N]", "delete condition N, or all"),
    CommandWord("set", [], "KNOB VALUE", "an exact value: set lr 0.003, set clip off"),
    CommandWord("restart", [], "", "begin anew with these settings"),
    CommandWord("open", ["o"], "[SEQUENCE]", "step through a sequence of this update's batch"),
    CommandWord("export", [], "FILE", "write the picture (.svg .ansi .txt)"),
    CommandWord("info", ["i"], "", "the conditions, and the memory for going back"),
    CommandWord("help", ["h", "?"], "[COMMAND]", "what a command does"),
    CommandWord("quit", ["q", "exit"], "", "leave"),
  ]

  /// Parses a line; an abbreviation that only one command starts with will do.
  init(_ line: String) throws(CommandError) {
    let line = try CommandLineText(line, in: Self.words)
    switch line.word.name {
    case "run": self = try line.alone(.run)
    case "pause": self = try line.alone(.pause)
    case "next": self = .update(try line.number("how many updates", from: 1) ?? 1)
    case "back": self = .back(try line.number("how many updates", from: 1) ?? 1)
    case "goto":
      _ = try line.required()
      self = .goto(try line.number("a number of updates such as 100", from: 0) ?? 0)
    case "break": self = .breakAt(try line.required())
    case "delete": self = .delete(try line.number("a condition's number", from: 0))
    case "set": self = try Self.setting(try line.required())
    case "restart": self = try line.alone(.restart)
    case "open": self = .open(try line.number("a sequence's number", from: 0))
    case "export": self = .export(try line.required())
    case "info": self = try line.alone(.info)
    case "help": self = .help(line.optional)
    case "quit": self = try line.alone(.quit)
    default: preconditionFailure("\(line.word.name) is in the table of words only")
    }
  }

  /// "lr 0.01", "lr = 0.01" or "lr=0.01".
  private static func setting(_ text: String) throws(CommandError) -> LabCommand {
    let parts = text.split(maxSplits: 1) { $0 == " " || $0 == "=" }
    let value =
      parts.count > 1 ? CommandLineText.trimmed(parts[1].drop { $0 == " " || $0 == "=" }) : ""
    guard let name = parts.first.map(String.init), !value.isEmpty else {
      throw CommandError("expected set KNOB VALUE such as set lr 0.003, found \"set \(text)\"")
    }
    guard let knob = Knob(rawValue: name) ?? Knob.allCases.first(where: { $0.title == name }) else {
      throw CommandError(
        "\(name) is no knob; expected "
          + Suggestion.among(Knob.allCases.map(\.rawValue), for: name))
    }
    return .set(knob, value)
  }
}
