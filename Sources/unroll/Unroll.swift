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
      StepCommand.self, ShotCommand.self, TraceCommand.self, TrainCommand.self,
      GradientsCommand.self, CompareCommand.self, CheckCommand.self, CellsCommand.self,
      ModelsCommand.self,
    ],
    defaultSubcommand: StepCommand.self)

  /// Runs the command line, and ends with 0, 1 (it failed) or 64 (wrong usage).
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      end(with: error)
    }
  }

  /// Prints what is wrong and ends the program.
  private static func end(with error: any Error) -> Never {
    switch error {
    // The reader of a pipe went away: it has what it wanted.
    case let error as FileError where error.isBrokenPipe: Glibc.exit(0)
    case let error as FileError: fail(error.description)
    case let error as EquationError: fail(error.description)
    case let error as ModelError: fail(error.description)
    // Usage errors, --help and --version.
    default: exit(withError: error)
    }
  }

  private static func fail(_ message: String) -> Never {
    Console.warn(message)
    Glibc.exit(1)
  }
}
