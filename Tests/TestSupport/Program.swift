public import Foundation

/// The built program, which stands beside the test bundle.
public enum Program {
  public struct Result: Sendable {
    /// The exit code.
    public let status: Int32
    public let out: String
    public let err: String
  }

  public static let url = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "unroll")

  /// Runs the program to its end.
  public static func run(_ arguments: String...) throws -> Result { try run(arguments) }

  /// Runs it in a folder, if one is given, where it finds and leaves its files.
  public static func run(
    _ arguments: [String], in folder: TemporaryFolder? = nil
  ) throws -> Result {
    try run(executable: url, arguments, in: folder)
  }

  /// Runs a line of shell in which `$UNROLL` is the program.
  public static func shell(_ line: String) throws -> Result {
    try run(executable: URL(filePath: "/bin/sh"), ["-c", line])
  }

  private static func run(
    executable: URL, _ arguments: [String], in folder: TemporaryFolder? = nil
  ) throws -> Result {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(filePath: folder.path) }
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["UNROLL": url.path, "HOME": "/nonexistent"]
    ) { _, new in new }
    process.environment?["UNROLL_MODELS"] = nil
    process.environment?["XDG_DATA_HOME"] = nil
    // Files, not pipes: two full pipes would wait for each other.
    let written = try TemporaryFolder()
    let out = try written.create("out"), err = try written.create("err")
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = out
    process.standardError = err
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, out: try written.text("out"),
      err: try written.text("err"))
  }
}
