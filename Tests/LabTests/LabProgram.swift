import Checkpoints
import Foundation
import Testing

/// Runs `unroll gradients` and `unroll compare` in a folder of its own.
struct LabProgram {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "lab-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: folder.appending(path: name))
  }

  func json(_ name: String) throws -> JSONObject {
    guard case .object(let object) = try JSONValue(contentsOf: folder.appending(path: name).path)
    else { throw CocoaError(.fileReadCorruptFile) }
    return object
  }

  /// - Returns: the exit code, and standard output and standard error.
  @discardableResult
  func run(_ line: String) throws -> (status: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0])
      .deletingLastPathComponent().appending(path: "unroll")
    process.arguments = line.split(separator: " ").map(String.init)
    process.currentDirectoryURL = folder
    let output = folder.appending(path: ".stdout"), errors = folder.appending(path: ".stderr")
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: try Data(contentsOf: output), as: UTF8.self),
      String(decoding: try Data(contentsOf: errors), as: UTF8.self)
    )
  }
}

extension JSONValue {
  var numbers: [Double] {
    guard case .array(let values) = self else { return [] }
    return values.map { $0.number ?? .nan }
  }

  var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  var text: String? { if case .string(let text) = self { text } else { nil } }
  var isNull: Bool { if case .null = self { true } else { false } }
}
