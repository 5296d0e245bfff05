internal import Equations

/// A command's word, what follows it, and what it does: a row of the table behind parsing,
/// completion and help.
public struct CommandWord: Sendable {
  public let name: String
  public let aliases: [String]
  /// What follows the word: empty for nothing, in brackets if it may be left out.
  public let argument: String
  public let help: String

  public init(_ name: String, _ aliases: [String], _ argument: String, _ help: String) {
    self.name = name
    self.aliases = aliases
    self.argument = argument
    self.help = help
  }

  /// "goto T: to time step T (short: g)".
  public var explanation: String {
    let short = aliases.isEmpty ? "" : " (short: \(aliases.joined(separator: ", ")))"
    return "\(name)\(argument.isEmpty ? "" : " \(argument)"): \(help)\(short)"
  }

  /// The table's row for a word, an alias or a beginning that only one command has.
  ///
  /// - Throws: the commands that are spelled alike.
  public static func named(
    _ text: String, in words: [CommandWord]
  ) throws(CommandError) -> CommandWord {
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
}

/// A typed command line, taken apart.
public struct CommandLineText: Sendable {
  public let word: CommandWord
  /// What follows the word, without blanks around it.
  public let argument: String
  /// The same with the blanks at its end, which a text may want.
  public let text: String

  /// - Parameters:
  ///   - line: what was typed.
  ///   - words: the table.
  /// - Throws: the commands that are spelled alike, where there is no such command.
  public init(_ line: String, in words: [CommandWord]) throws(CommandError) {
    let parts = line.split(maxSplits: 1) { $0 == " " || $0 == "\t" }
    guard let first = parts.first.map(String.init) else {
      throw CommandError("expected a command; help lists them")
    }
    word = try CommandWord.named(first, in: words)
    let rest = parts.count > 1 ? parts[1].drop(while: \.isWhitespace) : ""
    text = String(rest)
    argument = Self.trimmed(rest)
  }

  /// Nil where nothing follows the word.
  public var optional: String? { argument.isEmpty ? nil : argument }

  /// What must follow the word.
  public func required() throws(CommandError) -> String {
    guard let optional else {
      throw CommandError("expected \(word.name) \(word.argument): \(word.help)")
    }
    return optional
  }

  /// A whole number, where one follows.
  ///
  /// - Parameters:
  ///   - expected: for the mistake, e.g. "how many".
  ///   - least: the smallest that will do.
  /// - Returns: nil where nothing follows.
  /// - Throws: what was expected.
  public func number(
    _ expected: String, from least: Int = .min
  ) throws(CommandError) -> Int? {
    guard let optional else { return nil }
    guard let value = Int(optional), value >= least else {
      throw CommandError("\(word.name): expected \(expected), found \"\(optional)\"")
    }
    return value
  }

  /// The command, if nothing follows its word.
  public func alone<Command>(_ command: Command) throws(CommandError) -> Command {
    guard argument.isEmpty else {
      throw CommandError("\(word.name) takes nothing, found \"\(argument)\"")
    }
    return command
  }

  /// Without blanks around it.
  public static func trimmed(_ text: some StringProtocol) -> String {
    var view = text[...]
    while view.first?.isWhitespace == true { view.removeFirst() }
    while view.last?.isWhitespace == true { view.removeLast() }
    return String(view)
  }
}
