internal import Equations

/// What can be typed after `:`. gdb's words where gdb has one.
public enum Command: Sendable, Equatable {
  case step(Int)
  case next(Int)
  case run
  case reverseStep(Int)
  case reverseNext(Int)
  case reverseRun
  case goto(Int)
  case start
  case end
  case breakAt(String)
  case delete(Int?)
  case watch(String)
  case unwatch(Int?)
  case print(String)
  case set(String)
  case clamp(String)
  case text(String)
  case undo
  case difference
  case export(String)
  case check
  case train
  case info
  case help(String?)
  case quit

  /// A word, what follows it, and what it does: the table behind parsing, completion and help.
  public struct Word: Sendable {
    public let name: String
    public let aliases: [String]
    public let argument: String
    public let help: String
  }

  public static let words: [Word] = [
    Word("step", ["s"], "[N]", "one equation on, or N"),
    Word("next", ["n"], "[N]", "one time step on, or N"),
    Word("continue", ["c", "run"], "", "on to the next breakpoint, or to the end"),
    Word("reverse-step", ["rs", "back"], "[N]", "one equation back, or N"),
    Word("reverse-next", ["rn"], "[N]", "one time step back, or N"),
    Word("reverse-continue", ["rc"], "", "back to the breakpoint before, or to the start"),
    Word("goto", ["g"], "T", "to time step T, in the pass that the cursor is in"),
    Word("start", [], "", "to the first equation"),
    Word("end", [], "", "to the last step of the backward pass"),
    Word("break", ["b"], "CONDITION", "stop where it holds: mean(f) < 0.1, token == \"\\n\""),
    Word("delete", ["d"], "[N]", "delete breakpoint N, or all"),
    Word("watch", ["w", "display"], "EXPRESSION", "show its value at every step: c[17], max(f)"),
    Word("unwatch", ["undisplay"], "[N]", "stop showing watch N, or all"),
    Word("print", ["p"], "EXPRESSION", "its value here: f, f[3], norm(grad(h))"),
    Word("set", [], "NAME[UNIT] = VALUE", "what if this value were another, at this step"),
    Word("clamp", [], "NAME[UNIT] = VALUE", "the same from this step on"),
    Word("text", ["t"], "TEXT", "run the network on another text"),
    Word("undo", ["u"], "", "take back the last set, clamp or text"),
    Word("difference", ["diff"], "", "show the difference to the original run, or stop showing it"),
    Word(
      "export", [], "FILE",
      "write the picture (.svg .ansi .txt) or the trace (.json .csv .npz .safetensors)"),
    Word("check", [], "", "compare the gradient under the cursor with finite differences"),
    Word("train", [], "", "watch a net of this cell learn to recall, and its gradient"),
    Word("info", ["i"], "", "breakpoints, watches and changes"),
    Word("help", ["h", "?"], "[COMMAND]", "what a command does"),
    Word("quit", ["q", "exit"], "", "leave"),
  ]

  /// Parses a line; an abbreviation that only one command starts with will do.
  public init(_ line: String) throws(CommandError) {
    let parts = line.split(maxSplits: 1) { $0 == " " || $0 == "\t" }
    guard let first = parts.first.map(String.init) else {
      throw CommandError("expected a command; help lists them")
    }
    let rest = parts.count > 1 ? Command.trimmed(String(parts[1])) : ""
    let word = try Self.word(first)
    func required() throws(CommandError) -> String {
      guard !rest.isEmpty else {
        throw CommandError("expected \(word.name) \(word.argument): \(word.help)")
      }
      return rest
    }
    func count() throws(CommandError) -> Int {
      guard !rest.isEmpty else { return 1 }
      guard let value = Int(rest), value > 0 else {
        throw CommandError("expected how many, found \"\(rest)\"")
      }
      return value
    }
    func number() throws(CommandError) -> Int? {
      guard !rest.isEmpty else { return nil }
      guard let value = Int(rest) else {
        throw CommandError("expected a number, found \"\(rest)\"")
      }
      return value
    }
    func nothing(_ command: Command) throws(CommandError) -> Command {
      guard rest.isEmpty else {
        throw CommandError("\(word.name) takes nothing, found \"\(rest)\"")
      }
      return command
    }
    switch word.name {
    case "step": self = .step(try count())
    case "next": self = .next(try count())
    case "continue": self = try nothing(.run)
    case "reverse-step": self = .reverseStep(try count())
    case "reverse-next": self = .reverseNext(try count())
    case "reverse-continue": self = try nothing(.reverseRun)
    case "goto":
      let text = try required()
      guard let time = Int(text) else {
        throw CommandError("expected a time step such as 12, found \"\(text)\"")
      }
      self = .goto(time)
    case "start": self = try nothing(.start)
    case "end": self = try nothing(.end)
    case "break": self = .breakAt(try required())
    case "delete": self = .delete(try number())
    case "watch": self = .watch(try required())
    case "unwatch": self = .unwatch(try number())
    case "print": self = .print(try required())
    case "set": self = .set(try required())
    case "clamp": self = .clamp(try required())
    case "text": self = .text(try required())
    case "undo": self = try nothing(.undo)
    case "difference": self = try nothing(.difference)
    case "export": self = .export(try required())
    case "check": self = try nothing(.check)
    case "train": self = try nothing(.train)
    case "info": self = try nothing(.info)
    case "help": self = .help(rest.isEmpty ? nil : rest)
    default: self = try nothing(.quit)
    }
  }

  /// The table's row for a word, an alias or an unambiguous beginning.
  static func word(_ text: String) throws(CommandError) -> Word {
    if let exact = words.first(where: { $0.name == text || $0.aliases.contains(text) }) {
      return exact
    }
    let matches = words.filter { $0.name.hasPrefix(text) }
    if matches.count == 1 { return matches[0] }
    if matches.count > 1 {
      let names = matches.map(\.name).joined(separator: ", ")
      throw CommandError("\(text) is the beginning of \(names)")
    }
    throw CommandError(
      "\(text) is no command; expected \(Suggestion.among(words.map(\.name), for: text))")
  }

  static func trimmed(_ text: String) -> String {
    var view = text[...]
    while view.first?.isWhitespace == true { view.removeFirst() }
    while view.last?.isWhitespace == true { view.removeLast() }
    return String(view)
  }
}

extension Command.Word {
  init(_ name: String, _ aliases: [String], _ argument: String, _ help: String) {
    self.init(name: name, aliases: aliases, argument: argument, help: help)
  }
}
