internal import Foundation

extension TerminalProgram {
  /// A program that has shown its first frame.
  ///
  /// - Throws: none came in 20 seconds, or the program ended.
  static func shown(
    _ options: BenchmarkOptions, _ arguments: [String], _ folder: TemporaryFolder
  ) throws -> TerminalProgram {
    let program = try TerminalProgram(options.program, arguments, home: folder.path(""))
    guard try program.waitForFrame(seconds: 20) else {
      throw BenchmarkError("unroll \(arguments.joined(separator: " ")): no frame in 20 seconds")
    }
    return program
  }

  /// Times from the program's start to its first complete frame. The first start, which warms the
  /// cache of the files, does not count.
  static func firstFrames(
    _ options: BenchmarkOptions, _ arguments: [String], starts: Int, _ folder: TemporaryFolder
  ) throws -> Samples {
    var times: [Double] = []
    for number in 0...starts {
      let program = try shown(options, arguments, folder)
      if number > 0 { times.append(Timing.seconds(since: program.start)) }
      program.send("q")
      program.end()
    }
    return Samples(times)
  }
}
