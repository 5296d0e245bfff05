/// A place in an equation file. Lines and columns count from 1; columns count Unicode scalars.
public struct SourceLocation: Hashable, Sendable {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// A mistake in an equation file or in an expression typed by the user: where, what was expected,
/// what was found.
public struct EquationError: Error, Sendable, CustomStringConvertible {
  /// The file, or how the text came in, e.g. "my.cell" or "break".
  public let source: String
  public let location: SourceLocation
  public let message: String
  /// The line of the source that the mistake is on.
  public let sourceLine: String

  init(_ message: String, at location: SourceLocation, in text: SourceText) {
    self.source = text.name
    self.location = location
    self.message = message
    self.sourceLine = text.line(location.line)
  }

  /// `FILE:line:column: message`, the line, and a caret under the column.
  public var description: String {
    let (line, caret) = excerpt
    return """
      \(source):\(location.line):\(location.column): \(message)
          \(line)
          \(String(repeating: " ", count: caret))^
      """
  }

  /// The line and the caret's place in it; of a very long line the part around the mistake.
  private var excerpt: (line: String, caret: Int) {
    let column = max(0, location.column - 1)
    let scalars = Array(sourceLine.unicodeScalars)
    guard scalars.count > 2 * Self.widestExcerpt else { return (sourceLine, column) }
    let start = max(0, column - Self.widestExcerpt / 2)
    let end = min(scalars.count, start + Self.widestExcerpt)
    var shown = String.UnicodeScalarView()
    if start > 0 { shown.append("…") }
    shown.append(contentsOf: scalars[start..<end])
    if end < scalars.count { shown.append("…") }
    return (String(shown), column - start + (start > 0 ? 1 : 0))
  }

  private static let widestExcerpt = 100

  /// The message alone, for a status line.
  public var summary: String { "\(source):\(location.line):\(location.column): \(message)" }
}

/// The text of an equation file with its name.
struct SourceText: Sendable {
  let name: String
  let lines: [String]

  init(name: String, text: String) {
    self.name = name
    var lines: [String] = []
    var current = String.UnicodeScalarView()
    var previous: Unicode.Scalar = " "
    for (index, scalar) in text.unicodeScalars.enumerated() {
      // A line ends with \n, \r\n or \r; a byte-order mark is no part of the first one.
      if scalar == "\r" || (scalar == "\n" && previous != "\r") {
        lines.append(String(current))
        current.removeAll()
      } else if scalar != "\n", index > 0 || scalar != "\u{FEFF}" {
        current.append(scalar)
      }
      previous = scalar
    }
    lines.append(String(current))
    self.lines = lines
  }

  /// The line as it is shown under an error: tabs and unprintable characters are one column wide.
  func line(_ number: Int) -> String {
    guard lines.indices.contains(number - 1) else { return "" }
    var shown = String.UnicodeScalarView()
    for scalar in lines[number - 1].unicodeScalars {
      if scalar == "\t" {
        shown.append(" ")
      } else if scalar.properties.generalCategory == .control {
        shown.append("\u{FFFD}")
      } else {
        shown.append(scalar)
      }
    }
    return String(shown)
  }
}
