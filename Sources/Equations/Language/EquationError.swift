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
    let indent = String(repeating: " ", count: max(0, location.column - 1))
    return """
      \(source):\(location.line):\(location.column): \(message)
          \(sourceLine)
          \(indent)^
      """
  }

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
    for scalar in text.unicodeScalars {
      if scalar == "\n" {
        lines.append(String(current))
        current.removeAll()
      } else if scalar != "\r" {
        current.append(scalar)
      }
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
