import Foundation
import Testing

/// Runs the program `unroll train` in a folder of its own.
struct TrainProgram {
  struct Result {
    let status: Int32
    let errors: String
  }

  let folder: URL

  /// Makes the folder, with a text in it.
  init(text: String = Samples.text(count: 3000)) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "train-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file("text.txt"))
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  func file(_ name: String) -> URL { folder.appending(path: name) }

  func bytes(_ name: String) throws -> Data { try Data(contentsOf: file(name)) }

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
    process.executableURL = URL(filePath: CommandLine.arguments[0])
      .deletingLastPathComponent().appending(path: "unroll")
    process.arguments = ["train", task] + arguments
    process.currentDirectoryURL = folder
    process.environment = ["OPENBLAS_NUM_THREADS": "1"]
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
}
