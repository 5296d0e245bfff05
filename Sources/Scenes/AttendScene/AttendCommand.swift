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
  case text(String)
  case compare(String?)
  case export(String)
  case help(String?)
  case quit

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

  static let words: [Word] = [
    Word("goto", ["g", "query"], "N|WORD", "select a word by its number or as it is written"),
    Word("key", ["k"], "N", "select the key whose weight is read"),
    Word("column", ["col"], "N", "select a column of a value that has no keys"),
    Word("layer", ["l"], "N", "the same line of another layer"),
    Word("head", ["h"], "N", "another head of the layer"),
    Word("equation", ["e"], "NAME", "go to a line of the program: Q, S, A, logits"),
    Word("view", ["v"], "head|layer|all|rollout", "one head, means, or attention rollout"),
    Word("ablate", ["a"], "L.H …", "set the results of heads to zero, e.g. ablate 2.4 3.0"),
    Word("restore", ["r"], "", "all heads and the similarity as the model has them"),
    Word(
      "similarity", ["s"], Similarity.allCases.map(\.rawValue).joined(separator: "|"),
      "how queries are compared with keys"),
    Word("text", ["t"], "TEXT", "run the model on another text"),
    Word("compare", ["c"], "[TEXT]", "a second sentence beside the first; without one, stop"),
    Word("export", [], "FILE", "write the picture (.svg .ansi .txt)"),
    Word("help", ["?"], "[COMMAND]", "all commands, or one"),
    Word("quit", ["q"], "", "leave"),
  ]

  /// - Throws: what was expected.
  init(_ line: String) throws(CommandError) {
    let trimmed = line.drop { $0 == " " }
    let name = String(trimmed.prefix { $0 != " " })
    let rest = trimmed.dropFirst(name.count).drop { $0 == " " }
    // A text's own blanks at its end are kept.
    let argument = String(rest)
    let bare = String(rest.reversed().drop { $0 == " " }.reversed())
    guard let word = Self.words.first(where: { $0.name == name || $0.aliases.contains(name) })
    else {
      throw CommandError(
        "\(name) is no command; expected " + Suggestion.among(Self.words.map(\.name), for: name))
    }
    if word.argument.isEmpty, !bare.isEmpty {
      throw CommandError("\(word.name) takes nothing behind it, found \(bare)")
    }
    if !word.argument.isEmpty, !word.argument.hasPrefix("["), bare.isEmpty {
      throw CommandError("expected \(word.name) \(word.argument)")
    }
    switch word.name {
    case "goto": self = .goto(bare)
    case "key": self = .key(try Self.number(bare, word))
    case "column": self = .column(try Self.number(bare, word))
    case "layer": self = .layer(try Self.number(bare, word))
    case "head": self = .head(try Self.number(bare, word))
    case "equation": self = .equation(bare)
    case "view":
      guard let view = AttendScene.View(rawValue: bare) else {
        throw CommandError("expected view \(word.argument), found \(bare)")
      }
      self = .view(view)
    case "ablate": self = .ablate(try Self.heads(bare))
    case "restore": self = .restore
    case "similarity":
      guard let similarity = Similarity(rawValue: bare) else {
        throw CommandError("expected similarity \(word.argument), found \(bare)")
      }
      self = .similarity(similarity)
    case "text": self = .text(argument)
    case "compare": self = .compare(bare.isEmpty ? nil : argument)
    case "export": self = .export(bare)
    case "help": self = .help(bare.isEmpty ? nil : bare)
    default: self = .quit
    }
  }

  private static func number(_ text: String, _ word: Word) throws(CommandError) -> Int {
    guard let value = Int(text), value >= 0 else {
      throw CommandError("expected \(word.name) \(word.argument), found \(text)")
    }
    return value
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
