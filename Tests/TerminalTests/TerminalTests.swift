import Foundation
import TestSupport
import Testing

/// The built program in a pty, looked at through the terminal emulator pyte. The cases are Python
/// functions in `pty/cases.py`; each says what it expected.
@Suite(.enabled(if: Cases.canRun, "needs python3 with pyte: python3 -m pip install pyte"))
struct TerminalTests {
  @Test(arguments: Cases.names) func behaves(_ name: String) throws {
    let result = try Cases.run([Program.url.path, name])
    #expect(result.status == 0, "\(result.output)")
  }

  @Test func casesAreFound() { #expect(Cases.names.count > 20) }
}

enum Cases {
  private static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "pty/cases.py").path

  static let names: [String] =
    (try? run(["--list"]).output).map { $0.split(separator: "\n").map(String.init) } ?? []

  static let canRun: Bool = {
    guard let result = try? python(["-c", "import pyte"]) else { return false }
    return result.status == 0
  }()

  static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    try python([script] + arguments)
  }

  private static func python(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["PYTHONDONTWRITEBYTECODE": "1"]
    ) { _, new in new }
    let output = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
