public import ArgumentParser
public import Checkpoints

extension TokenFile.Format: ExpressibleByArgument {}

/// `unroll tokens`: how a model cuts a text.
struct TokensCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokens", abstract: "Show how a model cuts a text into tokens.",
    discussion: """
      One row per token: its id, the token as the vocabulary spells it, and the part of the text that \
      it stands for, counted in Unicode scalars (0 and 0 for tokens put around the text).
      """)

  @Argument(
    help: "A Hugging Face folder, the name of a shipped or installed model, or a model file.")
  var model: String

  @Option(parsing: .unconditional, help: "The text; it may be empty.") var text: String?

  @Option(help: ArgumentHelp("A file with the text, in UTF-8.", valueName: "file"))
  var textFile: String?

  @Option(help: "text or json.") var format = TokenFile.Format.text

  @Option(help: ArgumentHelp("Where to write; stdout if not given.", valueName: "file"))
  var out: String?

  func validate() throws {
    guard (text == nil) != (textFile == nil) else {
      throw ValidationError("expected either --text TEXT or --text-file FILE")
    }
  }

  func run() throws {
    let tokenizer = try TokenizerLoader.load(model)
    let content = try text ?? textFile.map { path in try TextFile.readAny(path) } ?? ""
    let tokens = tokenizer.encode(content)
    if let notice = tokenizer.unknownNotice(tokens, of: content) { Console.warn(notice) }
    try TokenFile.write(tokens, as: format, to: out)
  }
}
