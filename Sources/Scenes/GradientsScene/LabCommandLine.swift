internal import Debugger
internal import Equations
internal import Learning

/// What can be typed after `:` while a net trains.
nonisolated enum LabCommandLine: Equatable, Sendable {
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

  /// A word, what follows it, and what it does: the table behind parsing, completion and help.
  struct Word {
    let name: String
    let aliases: [String]
    let argument: String
    let help: String

    init(_ name: String, _ aliases: [String], _ argument: String, _ help: String) {
      self.name = name
      self.aliases = aliases
      self.argument = argument
      self.help = help
    }
  }

  static let words = [
    Word("run", ["continue", "c", "r"], "", "train until a condition holds or Space is pressed"),
    Word("pause", ["p"], "", "stop after this update"),
    Word("next", ["n", "step", "s"], "[N]", "one update, or N, then pause"),
    Word("back", ["b", "reverse-next", "rn"], "[N]", "take one update back, or N, bit for bit"),
    Word("goto", ["g"], "N", "to the weights that N updates have made"),
    Word(
      "break", [], "CONDITION", "pause where it becomes true: loss < 0.5, norm(grad(h)) < 1e-8"),
    Word("delete", ["d"], "[N]", "delete condition N, or all"),
    Word("set", [], "KNOB VALUE", "an exact value: set lr 0.003, set clip off"),
    Word("restart", [], "", "begin anew with these settings"),
    Word("open", ["o"], "[SEQUENCE]", "step through a sequence of this update's batch"),
    Word("export", [], "FILE", "write the picture (.svg .ansi .txt)"),
    Word("info", ["i"], "", "the conditions, and the memory for going back"),
    Word("help", ["h", "?"], "[COMMAND]", "what a command does"),
    Word("quit", ["q", "exit"], "", "leave"),
  ]

  /// Parses a line; an abbreviation that only one command starts with will do.
  init(_ line: String) throws(CommandError) {
    let parts = line.split(maxSplits: 1) { $0 == " " || $0 == "\t" }
    guard let first = parts.first.map(String.init) else {
      throw CommandError("expected a command; help lists them")
    }
    let rest = parts.count > 1 ? Self.trimmed(parts[1]) : ""
    let word = try Self.word(first)
    func required() throws(CommandError) -> String {
      guard !rest.isEmpty else {
        throw CommandError("expected \(word.name) \(word.argument): \(word.help)")
      }
      return rest
    }
    func number(_ what: String, from least: Int) throws(CommandError) -> Int? {
      guard !rest.isEmpty else { return nil }
      guard let value = Int(rest), value >= least else {
        throw CommandError("\(word.name): expected \(what), found \"\(rest)\"")
      }
      return value
    }
    func nothing(_ command: LabCommandLine) throws(CommandError) -> LabCommandLine {
      guard rest.isEmpty else {
        throw CommandError("\(word.name) takes nothing, found \"\(rest)\"")
      }
      return command
    }
    switch word.name {
    case "run": self = try nothing(.run)
    case "pause": self = try nothing(.pause)
    case "next": self = .update(try number("how many updates", from: 1) ?? 1)
    case "back": self = .back(try number("how many updates", from: 1) ?? 1)
    case "goto":
      _ = try required()
      self = .goto(try number("a number of updates such as 100", from: 0) ?? 0)
    case "break": self = .breakAt(try required())
    case "delete": self = .delete(try number("a condition's number", from: 0))
    case "set": self = try Self.setting(try required())
    case "restart": self = try nothing(.restart)
    case "open": self = .open(try number("a sequence's number", from: 0))
    case "export": self = .export(try required())
    case "info": self = try nothing(.info)
    case "help": self = .help(rest.isEmpty ? nil : rest)
    default: self = try nothing(.quit)
    }
  }

  /// "lr 0.01", "lr = 0.01" or "lr=0.01".
  private static func setting(_ text: String) throws(CommandError) -> LabCommandLine {
    let parts = text.split(maxSplits: 1) { $0 == " " || $0 == "=" }
    let value = parts.count > 1 ? trimmed(parts[1].drop { $0 == " " || $0 == "=" }) : ""
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

  /// The table's row for a word, an alias or an unambiguous beginning.
  static func word(_ text: String) throws(CommandError) -> Word {
    if let exact = words.first(where: { $0.name == text || $0.aliases.contains(text) }) {
      return exact
    }
    let matches = words.filter { $0.name.hasPrefix(text) }
    if matches.count == 1 { return matches[0] }
    let names = (matches.isEmpty ? words : matches).map(\.name)
    throw CommandError(
      matches.isEmpty
        ? "\(text) is no command; expected \(Suggestion.among(names, for: text))"
        : "\(text) is the beginning of \(names.joined(separator: ", "))")
  }

  private static func trimmed(_ text: Substring) -> String {
    var view = text
    while view.first?.isWhitespace == true { view.removeFirst() }
    while view.last?.isWhitespace == true { view.removeLast() }
    return String(view)
  }
}
