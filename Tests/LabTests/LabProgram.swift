import Checkpoints
import Foundation
import TestSupport
import Testing

/// Runs `unroll gradients` and `unroll compare` in a folder of its own.
struct LabProgram {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func bytes(_ name: String) throws -> Data { try folder.bytes(name) }

  func json(_ name: String) throws -> JSONObject {
    guard case .object(let object) = try JSONValue(contentsOf: folder.file(name)) else {
      throw CocoaError(.fileReadCorruptFile)
    }
    return object
  }

  func run(_ line: String) throws -> Program.Result {
    try Program.run(line.split(separator: " ").map(String.init), in: folder)
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
