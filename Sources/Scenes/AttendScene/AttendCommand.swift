internal import Debugger
internal import Equations

/// What can be typed after `:`.
enum AttendCommand: Equatable {
  case goto(String)
  case layer(Int)
  case head(Int)
  case key(Int)
  case column(Int)
  case equation(String)
  case view(AttendScene.View)
  case ablate([HeadID])
  case restore
  case similarity(Similarity)
  case positions(Bool)
  case text(String)
  case compare(String?)
  case export(String)
  case help(String?)
  case quit

  /// The table behind parsing, completion and help.
  static let words: [CommandWord] = [
    CommandWord(
      "goto", ["g", "query"], "N|WORD", "select a word by its number or as it is written"),
    CommandWord("key", ["k"], "N", "select the key whose weight is read"),
    CommandWord("column", ["col"], "N", "select a column of a value that has no keys"),
    CommandWord("layer", ["l"], "N", "the same line of another layer"),
    CommandWord("head", ["h"], "N", "another head of the layer"),
    CommandWord("equation", ["e"], "NAME", "go to a line of the program: Q, S, A, logits"),
    CommandWord("view", ["v"], "head|layer|all|rollout", "one head, means, or attention rollout"),
    CommandWord("ablate", ["a"], "L.H …", "set the results of heads to zero, e.g. ablate 2.4 3.0"),
    CommandWord("restore", ["r"], "", "heads, similarity and positions as the model has them"),
    CommandWord(
      "similarity", ["s"], Similarity.allCases.map(\.rawValue).joined(separator: "|"),
      "how queries are compared with keys"),
    CommandWord("positions", ["p"], "on|off", "off: the words do not know where they stand"),
    CommandWord("text", ["t"], "TEXT", "run the model on another text"),
    CommandWord(
      "compare", ["c"], "[TEXT]", "a second sentence beside the first; without one, stop"),
    CommandWord("export", [], "FILE", "write the picture (.svg .ansi .txt)"),
    CommandWord("help", ["?"], "[COMMAND]", "all commands, or one"),
    CommandWord("quit", ["q"], "", "leave"),
  ]

  /// - Throws: what was expected.
  init(_ line: String) throws(CommandError) {
    let line = try CommandLineText(line, in: Self.words)
    func number() throws(CommandError) -> Int {
      guard let value = Int(try line.required()), value >= 0 else { throw mistake() }
      return value
    }
    func mistake() -> CommandError {
      CommandError("expected \(line.word.name) \(line.word.argument), found \(line.argument)")
    }
    switch line.word.name {
    case "goto": self = .goto(try line.required())
    case "key": self = .key(try number())
    case "column": self = .column(try number())
    case "layer": self = .layer(try number())
    case "head": self = .head(try number())
    case "equation": self = .equation(try line.required())
    case "view":
      guard let view = AttendScene.View(rawValue: try line.required()) else { throw mistake() }
      self = .view(view)
    case "ablate": self = .ablate(try Self.heads(try line.required()))
    case "restore": self = try line.alone(.restore)
    case "similarity":
      guard let similarity = Similarity(rawValue: try line.required()) else { throw mistake() }
      self = .similarity(similarity)
    case "positions":
      guard let isOn = ["on": true, "off": false][try line.required()] else { throw mistake() }
      self = .positions(isOn)
    case "text":
      _ = try line.required()
      // A text's own blanks at its end are kept.
      self = .text(line.text)
    case "compare": self = .compare(line.optional == nil ? nil : line.text)
    case "export": self = .export(try line.required())
    case "help": self = .help(line.optional)
    case "quit": self = try line.alone(.quit)
    default: preconditionFailure("\(line.word.name) is in the table of words only")
    }
  }

  private static func heads(_ text: String) throws(CommandError) -> [HeadID] {
    var heads: [HeadID] = []
    for part in text.split(whereSeparator: { $0 == " " || $0 == "," }) {
      let numbers = part.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
      guard numbers.count == 2, let layer = numbers[0], let head = numbers[1], layer >= 0, head >= 0
      else { throw CommandError("expected layer.head such as 2.4, found \(part)") }
      heads.append(HeadID(layer: layer, head: head))
    }
    return heads
  }
}
