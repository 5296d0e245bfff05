internal import ArgumentParser
internal import Checkpoints
internal import Equations
internal import Glibc

/// The command `unroll`.
@main struct Unroll: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unroll",
    abstract: "A time-travel debugger for sequence models, in the terminal.",
    version: "0.1.0",
    subcommands: [
      StepCommand.self, AttendCommand.self, GradientsCommand.self, CompareCommand.self,
      ShotCommand.self, TraceCommand.self, TokensCommand.self, TranslateCommand.self,
      BottleneckCommand.self,
      TrainCommand.self,
      CheckCommand.self, CellsCommand.self, ModelsCommand.self,
    ],
    defaultSubcommand: StepCommand.self)

  /// Runs the command line, and ends with 0, 1 (it failed) or 64 (wrong usage).
  static func main() {
    do {
      try checkEncoding()
      try checkCommandName()
      var command = try parseAsRoot()
      try command.run()
    } catch {
      end(with: error)
    }
  }

  /// Swift mends what is no UTF-8; then a text would not be the one that was typed.
  private static func checkEncoding() throws {
    for index in 0..<Int(CommandLine.argc) {
      guard let argument = unsafe CommandLine.unsafeArgv[index],
        unsafe String(validatingCString: argument) == nil
      else { continue }
      throw ModelError.request(
        "\(CommandLine.arguments[max(index - 1, 0)]): expected an argument in UTF-8 after it, found "
          + "other bytes")
    }
  }

  /// A first word that is nearly a command's name, and no model's or file's, is a misspelling: without
  /// this it would be taken for the model to step.
  private static func checkCommandName() throws {
    guard CommandLine.arguments.count > 1 else { return }
    let word = CommandLine.arguments[1]
    let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    guard !word.hasPrefix("-"), !word.contains("/"), !word.contains("."), !names.contains(word),
      !ModelCatalog.shippedNames.contains(word), unsafe access(word, F_OK) != 0,
      !ModelCatalog.installed().contains(where: { $0.name == word })
    else { return }
    throw ModelError.request(
      "\(word) is neither a command nor a model; expected "
        + Suggestion.among(names + ModelCatalog.shippedNames, for: word))
  }

  /// Prints what is wrong and ends the program.
  private static func end(with error: any Error) -> Never {
    switch error {
    // The reader of a pipe went away: it has what it wanted.
    case let error as FileError where error.isBrokenPipe: Glibc.exit(0)
    case let error as FileError: fail(error.description)
    case let error as EquationError: fail(error.description)
    case let error as ModelError: fail(error.description)
    // Of a command that runs already: ArgumentParser would show the usage of `unroll` itself.
    case let error as ValidationError:
      Console.warn("Error: \(error.message)")
      Glibc.exit(EX_USAGE)
    // Usage errors, --help and --version.
    default: exit(withError: error)
    }
  }

  private static func fail(_ message: String) -> Never {
    Console.warn(message)
    Glibc.exit(1)
  }
}
