internal import Checkpoints

/// Text for the terminal or for a pipe: results to stdout, everything else to stderr.
nonisolated enum Console {
  /// Writes a result.
  ///
  /// - Throws: `FileError`, with `isBrokenPipe` if nobody reads any more.
  static func print(_ text: String) throws(FileError) {
    try ByteOutput.write(to: nil) { output throws(FileError) in try output.write(text + "\n") }
  }

  /// Writes a message for the user. One that nobody reads is lost, and nothing else.
  static func warn(_ text: String) {
    let output = ByteOutput(descriptor: 2, name: "standard error")
    try? output.write(text + "\n")
    try? output.flush()
  }

  /// Rows with their columns set below each other, two spaces apart; `rightAligned` are columns of
  /// numbers.
  static func table(_ rows: [[String]], rightAligned: Set<Int> = []) -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, text) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - text.count)
        line += rightAligned.contains(column) ? padding + text : text + padding
        line += "  "
      }
      return String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }
}
