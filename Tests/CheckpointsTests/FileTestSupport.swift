import Foundation
import TestSupport
import Testing

@testable import Checkpoints

extension Fixtures {
  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path(name))))
  }
}

extension TemporaryFolder {
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}

func contents(of path: String) throws -> [UInt8] {
  Array(try Data(contentsOf: URL(filePath: path)))
}

/// SplitMix64 (Steele, Lea & Flood 2014): the same mutations in every run.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}

/// Damages a file's bytes in one of the ways that files get damaged, or that an attacker would.
func mutate(_ original: [UInt8], headerEnd: Int, with random: inout SeededGenerator) -> [UInt8] {
  var bytes = original
  for _ in 0..<Int.random(in: 1...3, using: &random) {
    guard bytes.count > 1 else { return bytes }
    let inHeader = Int.random(in: 0..<min(headerEnd, bytes.count), using: &random)
    switch Int.random(in: 0..<7, using: &random) {
    case 0: bytes[inHeader] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1:
      let position = Int.random(in: 0..<min(12, bytes.count), using: &random)
      bytes[position] = .random(in: 0...255, using: &random)
    case 2: bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
    case 3: bytes.insert(.random(in: 0...255, using: &random), at: inHeader)
    case 4: bytes.remove(at: inHeader)
    case 5:
      // Digits: shapes and offsets.
      let digits = bytes.prefix(headerEnd).indices.filter { (0x30...0x39).contains(bytes[$0]) }
      guard let first = digits.randomElement(using: &random),
        let second = digits.randomElement(using: &random)
      else { continue }
      bytes.swapAt(first, second)
    default:
      let other = Int.random(in: 0..<min(headerEnd, bytes.count), using: &random)
      bytes.swapAt(inHeader, other)
    }
  }
  return bytes
}

/// The error that `body` throws.
func fileError(_ body: () throws(FileError) -> Void) -> FileError? {
  do throws(FileError) {
    try body()
    return nil
  } catch {
    return error
  }
}

/// NumPy, an independent reader and writer of the same formats.
enum Python {
  static let hasNumPy = (try? run("import numpy")) != nil
  static let reason: Comment = "needs python3 with numpy, which is not installed here"

  struct Failure: Error {
    let output: String
  }

  /// Runs a script and gives back what it prints.
  static func run(_ script: String, _ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(output: output) }
    return output
  }
}
