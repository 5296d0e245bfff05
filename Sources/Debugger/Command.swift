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
  case edit(String)
  case text(String)
  case undo
  case difference
  case export(String)
  case check
  case train
  case info
  case help(String?)
  case quit

  /// The table behind parsing, completion and help.
  public static let words: [CommandWord] = [
    CommandWord("step", ["s"], "[N]", "one equation on, or N"),
    CommandWord("next", ["n"], "[N]", "one time step on, or N"),
    CommandWord("continue", ["c", "run"], "", "on to the next breakpoint, or to the end"),
    CommandWord("reverse-step", ["rs", "back"], "[N]", "one equation back, or N"),
    CommandWord("reverse-next", ["rn"], "[N]", "one time step back, or N"),
    CommandWord("reverse-continue", ["rc"], "", "back to the breakpoint before, or to the start"),
    CommandWord("goto", ["g"], "T", "to time step T, in the pass that the cursor is in"),
    CommandWord("start", [], "", "to the first equation"),
    CommandWord("end", [], "", "to the last step of the backward pass"),
    CommandWord(
      "break", ["b"], "CONDITION", "stop where it holds: mean(f) < 0.1, token == \"\\n\""),
    CommandWord("delete", ["d"], "[N]", "delete breakpoint N, or all"),
    CommandWord(
      "watch", ["w", "display"], "EXPRESSION", "show its value at every step: c[17], max(f)"),
    CommandWord("unwatch", ["undisplay"], "[N]", "stop showing watch N, or all"),
    CommandWord("print", ["p"], "EXPRESSION", "its value here: f, f[3], norm(grad(h))"),
    CommandWord("set", [], "NAME[UNIT] = VALUE", "what if this value were another, at this step"),
    CommandWord("clamp", [], "NAME[UNIT] = VALUE", "the same from this step on"),
    CommandWord(
      "edit", [], "NAME = EXPRESSION", "what if this were the equation; the weights stay"),
    CommandWord("text", ["t"], "TEXT", "run the network on another text"),
    CommandWord("undo", ["u"], "", "take back the last set, clamp, edit or text"),
    CommandWord(
      "difference", ["diff"], "", "show the difference to the original run, or stop showing it"),
    CommandWord(
      "export", [], "FILE",
      "write the picture (.svg .ansi .txt), the trace (.json .csv .npz .safetensors) or the .cell"),
    CommandWord("check", [], "", "compare the gradient under the cursor with finite differences"),
    CommandWord("train", [], "", "watch a net of this cell learn to recall, and its gradient"),
    CommandWord("info", ["i"], "", "breakpoints, watches and changes"),
    CommandWord("help", ["h", "?"], "[COMMAND]", "what a command does"),
    CommandWord("quit", ["q", "exit"], "", "leave"),
  ]

  /// Parses a line; an abbreviation that only one command starts with will do.
  public init(_ line: String) throws(CommandError) {
    let line = try CommandLineText(line, in: Self.words)
    func count() throws(CommandError) -> Int { try line.number("how many", from: 1) ?? 1 }
    func number() throws(CommandError) -> Int? { try line.number("a number") }
    switch line.word.name {
    case "step": self = .step(try count())
    case "next": self = .next(try count())
    case "continue": self = try line.alone(.run)
    case "reverse-step": self = .reverseStep(try count())
    case "reverse-next": self = .reverseNext(try count())
    case "reverse-continue": self = try line.alone(.reverseRun)
    case "goto":
      _ = try line.required()
      self = .goto(try line.number("a time step such as 12") ?? 0)
    case "start": self = try line.alone(.start)
    case "end": self = try line.alone(.end)
    case "break": self = .breakAt(try line.required())
    case "delete": self = .delete(try number())
    case "watch": self = .watch(try line.required())
    case "unwatch": self = .unwatch(try number())
    case "print": self = .print(try line.required())
    case "set": self = .set(try line.required())
    case "clamp": self = .clamp(try line.required())
    case "edit": self = .edit(try line.required())
    case "text": self = .text(try line.required())
    case "undo": self = try line.alone(.undo)
    case "difference": self = try line.alone(.difference)
    case "export": self = .export(try line.required())
    case "check": self = try line.alone(.check)
    case "train": self = try line.alone(.train)
    case "info": self = try line.alone(.info)
    case "help": self = .help(line.optional)
    case "quit": self = try line.alone(.quit)
    default: preconditionFailure("\(line.word.name) is in the table of words only")
    }
  }
}
