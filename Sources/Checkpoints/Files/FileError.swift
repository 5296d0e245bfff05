internal import Glibc

/// What is wrong with a file, and where: a mistake that comes from outside the program.
///
/// The description is one line such as
/// `model.safetensors: tensor lstm.weight_ih_l0: expected 9600 bytes for F32 [40, 60], found 9200`.
/// Only a `foreign` file adds lines: the commands that convert it.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Where in the file the mistake is.
  public enum Place: Equatable, Sendable {
    case tensor(String)
    case byte(Int)
    /// Both count from 1; columns count Unicode scalars.
    case line(Int, column: Int)
    /// Any other named part, for example `token 5`.
    case part(String)
  }

  /// What is wrong.
  public enum Problem: Equatable, Sendable {
    case mismatch(expected: String, found: String)
    /// A system call failed: what was tried ("open", "write"), and its `errno`.
    case system(doing: String, code: Int32)
    /// A file of another format: what it is, and how to convert it (empty if there is no way).
    case foreign(kind: String, advice: String)
  }

  /// The path as the user gave it.
  public let file: String
  public let place: Place?
  public let problem: Problem

  public init(file: String, at place: Place? = nil, _ problem: Problem) {
    self.file = file
    self.place = place
    self.problem = problem
  }

  init(file: String, at place: Place? = nil, expected: String, found: String) {
    self.init(file: file, at: place, .mismatch(expected: expected, found: found))
  }

  /// Whether the reader of a pipe went away (`unroll trace | head`): end without a word.
  public var isBrokenPipe: Bool {
    if case .system(_, EPIPE) = problem { true } else { false }
  }

  public var description: String {
    var text = Printable.escape(file, limit: 200)
    switch place {
    case .tensor(let name): text += ": tensor \(Printable.escape(name, limit: 80))"
    case .byte(let offset): text += ": byte \(offset)"
    case .line(let line, let column): text += ":\(line):\(column)"
    case .part(let name): text += ": \(Printable.escape(name, limit: 120))"
    case nil: break
    }
    switch problem {
    case .mismatch(let expected, let found):
      text += ": expected \(Printable.escape(expected, limit: 200))"
      return text + ", found \(Printable.escape(found, limit: 200))"
    case .system(let action, let code):
      return text + ": cannot \(action): " + (unsafe String(cString: strerror(code)))
    case .foreign(let kind, let advice):
      return text + " is \(kind)" + (advice.isEmpty ? "" : "; \(advice)")
    }
  }
}

/// Text from outside, made fit for one line of a message.
public enum Printable {
  /// Escapes what a terminal would not print as itself, and takes the middle out of long text.
  public static func escape(_ text: String, limit: Int) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > limit else { return escape(scalars) }
    let half = limit / 2
    return escape(scalars.prefix(half)) + "…" + escape(scalars.suffix(half))
  }

  /// The text in double quotes, escaped, at most about 40 characters.
  public static func quote(_ text: String) -> String { "\"\(escape(text, limit: 40))\"" }

  /// Bytes that should have been text, in double quotes.
  static func quote(_ bytes: some Collection<UInt8>) -> String {
    quote(String(decoding: bytes.prefix(256), as: UTF8.self))
  }

  /// A shape such as `[40, 60]`; of very many dimensions only the first.
  static func shape(_ shape: [Int]) -> String {
    let shown = shape.prefix(8).map(String.init).joined(separator: ", ")
    return shape.count <= 8 ? "[\(shown)]" : "[\(shown), … (\(shape.count) dimensions)]"
  }

  private static func escape(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var result = ""
    for scalar in scalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if isPrintable(scalar) {
          result.unicodeScalars.append(scalar)
        } else {
          result += "\\u{\(String(scalar.value, radix: 16))}"
        }
      }
    }
    return result
  }

  /// Format characters count as unprintable: they can turn the direction of a whole line.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      false
    default: true
    }
  }
}
