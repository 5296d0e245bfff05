internal import Debugger

/// What can be typed after `:`.
enum TranslateCommand: Equatable {
  case text(String)
  case force(String)
  case unforce
  case reference(String?)
  case teacher(Bool)
  case beam(Int)
  case loss(isSentence: Bool)
  case layer(Int)
  case head(Int?)
  case unit(Int)
  case top(Int)
  case goto(String)
  case equation(String)
  case breakAt(String)
  case delete(Int?)
  case run
  case runBack
  case mask
  case undo
  case export(String)
  case help(String?)
  case quit

  /// The table behind parsing, completion and help.
  static let words: [CommandWord] = [
    CommandWord("text", ["t"], "TEXT", "translate another sentence"),
    CommandWord("force", ["f"], "WORD", "put a word in at this step; what follows is decoded anew"),
    CommandWord("unforce", [], "", "all words as the model writes them"),
    CommandWord("reference", ["r"], "[TEXT]", "the right translation; without one, none"),
    CommandWord("teacher", [], "on|off", "give the decoder the reference's words, or its own"),
    CommandWord("beam", [], "N", "hypotheses that are kept; 1 is greedy"),
    CommandWord("loss", [], "word|sentence", "where the way back begins: this word, or all"),
    CommandWord("layer", ["l"], "N", "the layer that attends to the source"),
    CommandWord("head", ["h"], "N|mean", "a head of that layer, or the mean of all"),
    CommandWord("unit", [], "N", "the unit whose numbers are put in"),
    CommandWord("top", [], "N", "how many next words are shown"),
    CommandWord("goto", ["g"], "N|WORD", "to a word that is written"),
    CommandWord("equation", ["e"], "NAME", "to a line of this step's program: h, A, C, p"),
    CommandWord("break", ["b"], "WORD|CONDITION", "stop at a word, or where e.g. max(A) > 0.9"),
    CommandWord("delete", ["d"], "[N]", "delete a breakpoint, or all"),
    CommandWord("continue", ["c"], "", "on to the next breakpoint, or to the end"),
    CommandWord("reverse-continue", ["rc"], "", "back to the breakpoint before, or to the start"),
    CommandWord("mask", [], "", "mark what may not be looked at, or stop it"),
    CommandWord("undo", ["u"], "", "the run before the last change"),
    CommandWord(
      "export", [], "FILE",
      "write the picture (.svg .ansi .txt) or all values (.json .csv .npz .safetensors)"),
    CommandWord("help", ["?"], "[COMMAND]", "all commands, or one"),
    CommandWord("quit", ["q"], "", "leave"),
  ]

  /// - Throws: what was expected.
  init(_ line: String) throws(CommandError) {
    let line = try CommandLineText(line, in: Self.words)
    func mistake() -> CommandError {
      CommandError("expected \(line.word.name) \(line.word.argument), found \(line.argument)")
    }
    func number(from least: Int = 0) throws(CommandError) -> Int {
      guard let value = Int(try line.required()), value >= least else { throw mistake() }
      return value
    }
    switch line.word.name {
    case "text": self = .text(try line.required())
    case "force": self = .force(try line.required())
    case "unforce": self = try line.alone(.unforce)
    case "reference": self = .reference(line.optional)
    case "teacher":
      switch try line.required() {
      case "on": self = .teacher(true)
      case "off": self = .teacher(false)
      default: throw mistake()
      }
    case "beam":
      let text = try line.required()
      guard let width = Int(text), (1...64).contains(width) else {
        throw CommandError("beam: expected 1 to 64 hypotheses, found \(text)")
      }
      self = .beam(width)
    case "loss":
      switch try line.required() {
      case "word": self = .loss(isSentence: false)
      case "sentence": self = .loss(isSentence: true)
      default: throw mistake()
      }
    case "layer": self = .layer(try number())
    case "head": self = .head(try line.required() == "mean" ? nil : try number())
    case "unit": self = .unit(try number())
    case "top": self = .top(try number(from: 1))
    case "goto": self = .goto(try line.required())
    case "equation": self = .equation(try line.required())
    case "break": self = .breakAt(try line.required())
    case "delete": self = .delete(try line.number("a breakpoint's number"))
    case "continue": self = try line.alone(.run)
    case "reverse-continue": self = try line.alone(.runBack)
    case "mask": self = try line.alone(.mask)
    case "undo": self = try line.alone(.undo)
    case "export": self = .export(try line.required())
    case "help": self = .help(line.optional)
    case "quit": self = try line.alone(.quit)
    default: preconditionFailure("\(line.word.name) is in the table of words only")
    }
  }
}
