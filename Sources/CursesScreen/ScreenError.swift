/// Why there is no screen.
public nonisolated enum ScreenError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Standard input or output is a file, a pipe or nothing.
  case notATerminal
  /// TERM is not set, or names a terminal that terminfo does not know.
  case unknownTerminal(name: String)
  /// The terminal cannot move its cursor.
  case dumbTerminal(name: String)
  /// The terminal refused an operation; the number is errno.
  case failed(operation: String, code: Int32)

  public var description: String {
    switch self {
    case .notATerminal:
      "not a terminal: standard input and output must both be one"
    case .unknownTerminal(let name):
      name.isEmpty
        ? "TERM is not set: cannot tell what the terminal can do"
        : "unknown terminal type TERM=\(name): no terminfo entry of this name"
    case .dumbTerminal(let name):
      "TERM=\(name) cannot move its cursor: a full-screen display is not possible"
    case .failed(let operation, let code):
      "terminal: \(operation) failed with error \(code)"
    }
  }
}
