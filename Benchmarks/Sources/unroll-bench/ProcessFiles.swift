internal import Foundation

/// What the kernel tells of a process in its files.
enum ProcessFiles {
  static func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A field of a status file such as `VmRSS:   1234 kB`, the number only.
  private static func field(_ name: String, of path: String) -> Int? {
    for line in text(path)?.split(separator: "\n") ?? [] where line.hasPrefix(name + ":") {
      return line.split(whereSeparator: { $0 == ":" || $0 == " " || $0 == "\t" }).dropFirst().first
        .flatMap { Int($0) }
    }
    return nil
  }

  /// Bytes of memory that a process has in use.
  static func residentBytes(_ process: String = "self") -> Int {
    (field("VmRSS", of: "/proc/\(process)/status") ?? 0) * 1024
  }

  /// How often the threads of a process have gone to sleep, and so were woken up.
  static func wakeups(_ process: String) -> Int {
    let tasks = "/proc/\(process)/task"
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
    return threads.reduce(0) {
      $0 + (field("voluntary_ctxt_switches", of: "\(tasks)/\($1)/status") ?? 0)
    }
  }
}
