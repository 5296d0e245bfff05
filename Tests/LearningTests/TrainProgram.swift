import Foundation
import TestSupport
import Testing

/// Runs the program `unroll train` in a folder of its own.
struct TrainProgram {
  struct Result {
    let status: Int32
    let errors: String
  }

  private let folder: TemporaryFolder

  /// Makes the folder, with a text in it.
  init(text: String = Samples.text(count: 3000)) throws {
    folder = try TemporaryFolder()
    try folder.write(text, to: "text.txt")
  }

  func file(_ name: String) -> URL { URL(filePath: folder.file(name)) }

  func bytes(_ name: String) throws -> Data { try folder.bytes(name) }

  /// Waits for the end, and sends a signal first if one is asked for.
  ///
  /// - Parameters:
  ///   - arguments: after the task.
  ///   - task: what is learnt.
  ///   - input: standard input.
  ///   - signal: sent some time after the training has begun.
  ///   - delay: that time, in seconds.
  /// - Returns: the exit code, or minus the signal that killed it; and what was on standard error.
  /// - Throws: whatever keeps the program from being run.
  func run(
    _ arguments: [String], task: String = "text", input: Data? = nil, signal: Int32? = nil,
    after delay: Double = 0
  ) throws -> Result {
    let process = Process()
    process.executableURL = Program.url
    process.arguments = ["train", task] + arguments
    process.currentDirectoryURL = URL(filePath: folder.path)
    process.environment = [:]
    let errors = Pipe(), source = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = input == nil ? FileHandle.nullDevice : source
    try process.run()
    if let input {
      try source.fileHandleForWriting.write(contentsOf: input)
      try source.fileHandleForWriting.close()
    }
    var text = Data()
    if let signal {
      // The first line comes when signals are being watched.
      text = errors.fileHandleForReading.availableData
      Thread.sleep(forTimeInterval: delay)
      kill(process.processIdentifier, signal)
    }
    text += try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let status = process.terminationStatus
    return Result(
      status: process.terminationReason == .uncaughtSignal ? -status : status,
      errors: String(decoding: text, as: UTF8.self))
  }

  /// Trains to the end, with stops after which the training is taken up again.
  ///
  /// - Parameters:
  ///   - arguments: of the first run; the others are given `--resume` alone.
  ///   - name: the model's file.
  ///   - task: what is learnt.
  ///   - signals: what stops it, one after the other.
  ///   - delay: how long a run is left alone, in seconds, by the number of stops before it.
  ///   - stopped: called after each stop with its number, from 1 on.
  /// - Returns: the number of stops.
  /// - Throws: whatever keeps the program from being run, and what `stopped` throws.
  func runWithStops(
    _ arguments: [String], out name: String, task: String = "text", signals: [Int32] = [SIGINT],
    delay: (Int) -> Double = { 0.05 * Double($0) }, stopped: (Int) throws -> Void = { _ in }
  ) throws -> Int {
    var stops = 0
    func run(_ arguments: [String]) throws -> Result {
      try self.run(
        arguments + ["--out", name], task: task, signal: signals[stops % signals.count],
        after: delay(stops))
    }
    var result = try run(arguments)
    while result.status != 0, stops < 100 {
      #expect(result.status == 128 + signals[stops % signals.count], "\(result.errors)")
      stops += 1
      try stopped(stops)
      result = try run(["--resume"])
    }
    return stops
  }

  /// Two trainings have written the same model, and the same to go on from.
  func expectSame(_ name: String, _ other: String) throws {
    for ending in ["", ".training"] {
      #expect(try bytes(name + ending) == bytes(other + ending), "\(name)\(ending)")
    }
  }
}
