/// A JSON document (RFC 8259).
public enum JSONValue: Sendable {
  case null
  case bool(Bool)
  /// A number without fraction and exponent that fits.
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// Reads a file.
  ///
  /// Stricter than most parsers: a key may not occur twice, strings are valid Unicode, values nest
  /// at most `JSONParser.maximumDepth` deep.
  ///
  /// - Throws: `FileError` with line and column.
  public init(contentsOf path: String) throws(FileError) {
    let bytes = try FileSource(path: path).readAll()
    do throws(JSONParser.Failure) {
      self = try JSONParser.parse(bytes)
    } catch {
      throw FileError(
        file: path, at: JSONValue.place(of: error.offset, in: bytes), expected: error.expected,
        found: error.found)
    }
  }

  /// The line and column, from 1, of a byte.
  private static func place(of offset: Int, in bytes: [UInt8]) -> FileError.Place {
    let before = bytes[..<min(offset, bytes.count)]
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let line = 1 + before.count { $0 == 0x0A }
    // Continuation bytes of UTF-8 do not start a character.
    return .line(line, column: 1 + before[lineStart...].count { $0 & 0xC0 != 0x80 })
  }

  /// The value in a few words, for messages.
  var summary: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): Printable.quote(value)
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// The members of a JSON object, in the order of the file.
///
/// Keys are compared by their Unicode scalars, as JSON says. Swift's `==` would take `é` and `e`
/// with a combining accent for one key; a vocabulary can hold both.
public struct JSONObject: Sendable, RandomAccessCollection {
  public typealias Member = (key: String, value: JSONValue)
  private var members: [Member] = []
  private var positions: [ExactString: Int] = [:]

  public var startIndex: Int { 0 }
  public var endIndex: Int { members.count }
  public subscript(position: Int) -> Member { members[position] }

  /// The value of a key.
  public subscript(key: String) -> JSONValue? {
    positions[ExactString(key)].map { members[$0].value }
  }

  /// Adds a member, or returns false: the key is there already.
  mutating func append(_ key: String, _ value: JSONValue) -> Bool {
    let exact = ExactString(key)
    guard positions[exact] == nil else { return false }
    positions[exact] = members.count
    members.append((key, value))
    return true
  }

  func contains(key: String) -> Bool { positions[ExactString(key)] != nil }
}

/// A string that equals only itself, scalar for scalar.
struct ExactString: Hashable, Sendable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (left: ExactString, right: ExactString) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
    hasher.combine(0xFF as UInt8)
  }
}
