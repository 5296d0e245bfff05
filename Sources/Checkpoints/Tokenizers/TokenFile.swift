/// Writes the tokens of a text.
public enum TokenFile {
  public enum Format: String, CaseIterable, Sendable {
    case text
    case json
  }

  /// Writes tokens, to a file whole or not at all.
  ///
  /// - text: a line per token, its id, the token, start and end, under a line of headings.
  /// - json: `[{"id": 101, "token": "[CLS]", "start": 0, "end": 0}, …]`.
  ///
  /// - Parameters:
  ///   - tokens: of one text.
  ///   - format: as above.
  ///   - path: standard output if nil.
  /// - Throws: the system's answer; with `isBrokenPipe` if nobody reads any more.
  public static func write(
    _ tokens: [TextToken], as format: Format, to path: String? = nil
  ) throws(FileError) {
    try ByteOutput.write(to: path) { output throws(FileError) in
      try write(tokens, as: format, to: output)
    }
  }

  private static func write(
    _ tokens: [TextToken], as format: Format, to output: ByteOutput
  ) throws(FileError) {
    switch format {
    case .text: try output.write(table(tokens))
    case .json:
      var json = JSONWriter(to: output)
      try json.beginArray()
      for token in tokens {
        try json.beginObject()
        try json.member("id", token.id)
        try json.member("token", token.text)
        try json.member("start", token.start)
        try json.member("end", token.end)
        try json.endObject()
      }
      try json.endArray()
      try output.write("\n")
    }
  }

  private static func table(_ tokens: [TextToken]) -> String {
    // Numbers to the right; the token last, as its width on the screen is not known here.
    func right(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    func row(_ id: String, _ start: String, _ end: String, _ token: String) -> String {
      "\(right(id, 7))  \(right(start, 7))  \(right(end, 7))  \(token)\n"
    }
    return row("id", "start", "end", "token")
      + tokens.map {
        row("\($0.id)", "\($0.start)", "\($0.end)", Printable.escape($0.text, limit: 200))
      }.joined()
  }
}
