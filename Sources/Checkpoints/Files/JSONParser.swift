/// A strict parser for JSON (RFC 8259).
struct JSONParser {
  /// Deeper nesting is refused, so that a hostile file cannot exhaust the stack.
  static let maximumDepth = 100

  struct Failure: Error {
    /// The byte at which the text stops being what was expected.
    let offset: Int
    let expected: String
    let found: String
  }

  private let bytes: [UInt8]
  private var position: Int

  /// Parses a document; white space may stand before and after it.
  static func parse(_ bytes: [UInt8]) throws(Failure) -> JSONValue {
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let start = bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0
    var parser = JSONParser(bytes: bytes, position: start)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.failure("the end of the text") }
    return value
  }

  private init(bytes: [UInt8], position: Int) {
    self.bytes = bytes
    self.position = position
  }

  private mutating func value(depth: Int) throws(Failure) -> JSONValue {
    guard depth <= JSONParser.maximumDepth else {
      throw failure("at most \(JSONParser.maximumDepth) levels of nesting")
    }
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"): return .object(try object(depth: depth))
    case UInt8(ascii: "["): return .array(try array(depth: depth))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"): return try number()
    case let byte? where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte):
      return try number()
    default: throw failure("a JSON value")
    }
  }

  private mutating func object(depth: Int) throws(Failure) -> JSONObject {
    var members = JSONObject()
    position += 1
    skipSpace()
    if accept("}") { return members }
    while true {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw failure("a key in double quotes") }
      let start = position
      let key = try string()
      guard !members.contains(key: key) else {
        throw Failure(
          offset: start, expected: "every key once",
          found: "\(Printable.quote(key)) a second time")
      }
      skipSpace()
      guard accept(":") else { throw failure("\":\" after a key") }
      let member = try value(depth: depth + 1)
      _ = members.append(key, member)
      skipSpace()
      if accept("}") { return members }
      guard accept(",") else { throw failure("\",\" or \"}\"") }
    }
  }

  private mutating func array(depth: Int) throws(Failure) -> [JSONValue] {
    var elements: [JSONValue] = []
    position += 1
    skipSpace()
    if accept("]") { return elements }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if accept("]") { return elements }
      guard accept(",") else { throw failure("\",\" or \"]\"") }
    }
  }

  private mutating func number() throws(Failure) -> JSONValue {
    let start = position
    var isInteger = true
    _ = accept("-")
    if !accept("0") { try digits() }
    if accept(".") {
      isInteger = false
      try digits()
    }
    if accept("e") || accept("E") {
      isInteger = false
      if !accept("+") { _ = accept("-") }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      throw Failure(
        offset: start, expected: "a number in the range of a double", found: Printable.quote(text))
    }
    return .number(value)
  }

  private mutating func digits() throws(Failure) {
    let start = position
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    guard position > start else { throw failure("a digit") }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(Failure) -> JSONValue {
    guard bytes[position...].starts(with: word.utf8) else { throw failure(word) }
    position += word.utf8.count
    return value
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private func failure(_ expected: String) -> Failure {
    let found = position < bytes.count ? Printable.quote(bytes[position...].prefix(12)) : "the end"
    return Failure(offset: position, expected: expected, found: found)
  }
}

// MARK: - Strings

extension JSONParser {
  private mutating func string() throws(Failure) -> String {
    let start = position
    position += 1
    var text: [UInt8] = []
    while true {
      let runStart = position
      while let byte = peek, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        position += 1
      }
      text += bytes[runStart..<position]
      switch peek {
      case UInt8(ascii: "\""):
        position += 1
        guard let string = String(validating: text, as: UTF8.self) else {
          throw Failure(offset: start, expected: "valid UTF-8", found: Printable.quote(text))
        }
        return string
      case UInt8(ascii: "\\"):
        position += 1
        text += try escape().utf8
      case nil: throw failure("a closing double quote")
      default: throw failure("an escaped control character")
      }
    }
  }

  private mutating func escape() throws(Failure) -> String {
    guard let byte = peek else { throw failure("an escape") }
    let simple: Unicode.Scalar
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): simple = Unicode.Scalar(byte)
    case UInt8(ascii: "b"): simple = "\u{8}"
    case UInt8(ascii: "f"): simple = "\u{C}"
    case UInt8(ascii: "n"): simple = "\n"
    case UInt8(ascii: "r"): simple = "\r"
    case UInt8(ascii: "t"): simple = "\t"
    case UInt8(ascii: "u"): return try escapedScalar()
    default: throw failure("one of \"\\/bfnrtu after a backslash")
    }
    position += 1
    return String(simple)
  }

  private mutating func escapedScalar() throws(Failure) -> String {
    let start = position - 1
    let first = try codeUnit()
    var units = [first]
    if UTF16.isLeadSurrogate(first), accept("\\") { units.append(try codeUnit()) }
    guard let text = String(validating: units, as: UTF16.self) else {
      throw Failure(
        offset: start, expected: "surrogates in pairs",
        found: Printable.quote(bytes[start..<position]))
    }
    return text
  }

  /// Reads `uXXXX`.
  private mutating func codeUnit() throws(Failure) -> UInt16 {
    guard accept("u") else { throw failure("\\u") }
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure("four hexadecimal digits")
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }
}
