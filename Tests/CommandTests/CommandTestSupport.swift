import Foundation
import TestSupport
import Testing

/// The built program, which stands beside the test bundle.
enum Program {
  struct Result {
    let status: Int32
    let out: String
    let err: String
  }

  static let url = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "unroll")

  /// Runs the program to its end.
  static func run(_ arguments: String...) throws -> Result {
    try run(executable: url, arguments)
  }

  /// Runs a line of shell in which `$UNROLL` is the program.
  static func shell(_ line: String) throws -> Result {
    try run(executable: URL(filePath: "/bin/sh"), ["-c", line])
  }

  private static func run(executable: URL, _ arguments: [String]) throws -> Result {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["UNROLL": url.path, "HOME": "/nonexistent"]
    ) { _, new in new }
    process.environment?["UNROLL_MODELS"] = nil
    process.environment?["XDG_DATA_HOME"] = nil
    // Files, not pipes: two full pipes would wait for each other.
    let folder = try TemporaryFolder()
    let out = try folder.create("out"), err = try folder.create("err")
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = out
    process.standardError = err
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, out: try folder.text("out"), err: try folder.text("err"))
  }
}
