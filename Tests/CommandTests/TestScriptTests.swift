import Foundation
import TestSupport
import Testing

/// `Scripts/test.sh`, which says at the end what failed, with a program in place of `swift`.
@Suite struct TestScriptTests {
  /// What the script does where `swift test` prints some lines and ends with a status.
  private func run(_ output: String, status: Int) throws -> Program.Result {
    let folder = try TemporaryFolder()
    let scripts = folder.file("Scripts")
    try FileManager.default.createDirectory(atPath: scripts, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: Fixtures.root + "/Scripts/test.sh", toPath: scripts + "/test.sh")
    let text = try folder.write(output, to: "output")
    let swift = try folder.write(
      "#!/bin/sh\necho \"arguments: $*\"\ncat '\(text)'\nexit \(status)\n", to: "swift")
    return try Program.shell(
      "chmod +x '\(swift)'; SWIFT='\(swift)' '\(scripts)/test.sh' --filter Some")
  }

  @Test func successIsPassedOn() throws {
    let result = try run("✔ Test a() passed.\n", status: 0)
    #expect(result.status == 0 && result.err == "")
    #expect(result.out == "arguments: test --filter Some\n✔ Test a() passed.\n")
  }

  @Test func failuresStandAtTheEnd() throws {
    let output = """
      ◇ Test a() started.
      ✘ Test a() recorded an issue at A.swift:3:5: Expectation failed: 1 == 2
      ↳ what was looked at
      ✔ Test b() passed.
      ↳ not about a failure
      ✘ Test a() failed after 0.1 seconds with 1 issue.
      ✘ Suite S failed after 0.1 seconds with 1 issue.
      ✘ Test run with 2 tests failed after 0.1 seconds with 1 issue.

      """
    let result = try run(output, status: 3)
    #expect(result.status == 3 && result.err == "")
    #expect(
      result.out.hasSuffix(
        output + """

          What failed (the whole output is in .build/test.log):
          ✘ Test a() recorded an issue at A.swift:3:5: Expectation failed: 1 == 2
          ↳ what was looked at
          ✘ Test a() failed after 0.1 seconds with 1 issue.

          """))
  }

  @Test func longListsAreCut() throws {
    let lines = (0..<75).map { "✘ Test a\($0)() failed\n" }.joined()
    let result = try run(lines, status: 1)
    #expect(result.out.hasSuffix("✘ Test a59() failed\n… and 15 more lines\n"))
  }

  @Test func errorsOfTheCompiler() throws {
    let result = try run("[1/2] Compiling\n/a/b.swift:1:2: error: no such thing\n", status: 1)
    #expect(result.out.hasSuffix("test.log):\n/a/b.swift:1:2: error: no such thing\n"))
    let silent = try run("[1/2] Compiling\n", status: 9)
    #expect(silent.status == 9 && silent.out.contains("ended with 9 and named nothing"))
  }
}
