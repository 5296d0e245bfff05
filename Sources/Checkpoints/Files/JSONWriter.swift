/// Writes JSON piece by piece, without ever holding the whole document.
///
/// ```swift
/// var json = JSONWriter(to: output)
/// try json.beginObject()
/// try json.member("loss", 0.25)
/// try json.endObject()
/// ```
///
/// Numbers are the shortest that read back as the same value. JSON has none that are not finite:
/// they become the strings `"NaN"`, `"Infinity"` and `"-Infinity"`.
///
/// A value where a key is due, or an end without a beginning, is a mistake of the caller and traps.
public struct JSONWriter: ~Copyable {
  private enum Level {
    case array
    case object
  }

  private let output: ByteOutput
  private var levels: [Level] = []
  private var needsComma = false
  private var hasKey = false

  /// - Parameter output: stays the caller's, who flushes it in the end.
  public init(to output: ByteOutput) { self.output = output }

  public mutating func beginObject() throws(FileError) { try begin(.object, "{") }
  public mutating func endObject() throws(FileError) { try end(.object, "}") }
  public mutating func beginArray() throws(FileError) { try begin(.array, "[") }
  public mutating func endArray() throws(FileError) { try end(.array, "]") }

  /// Writes a key; its value comes next.
  public mutating func key(_ name: String) throws(FileError) {
    precondition(levels.last == .object && !hasKey, "a key belongs into an object")
    if needsComma { try output.write(",") }
    try output.write(JSONWriter.quote(name))
    try output.write(":")
    needsComma = false
    hasKey = true
  }

  public mutating func value(_ text: String) throws(FileError) { try raw(JSONWriter.quote(text)) }
  public mutating func value(_ number: Int) throws(FileError) { try raw(number.description) }
  public mutating func value(_ flag: Bool) throws(FileError) { try raw(flag ? "true" : "false") }
  public mutating func null() throws(FileError) { try raw("null") }

  public mutating func value(_ number: Float) throws(FileError) {
    try raw(JSONWriter.text(of: number))
  }

  public mutating func value(_ number: Double) throws(FileError) {
    try raw(JSONWriter.text(of: number))
  }

  /// Writes an array of numbers, quickly.
  public mutating func value(_ numbers: [Float]) throws(FileError) {
    try list(numbers, JSONWriter.text)
  }

  public mutating func value(_ numbers: [Double]) throws(FileError) {
    try list(numbers, JSONWriter.text)
  }

  public mutating func value(_ numbers: [Int]) throws(FileError) {
    try list(numbers, \.description)
  }

  public mutating func value(_ texts: [String]) throws(FileError) {
    try list(texts, JSONWriter.quote)
  }

  public mutating func member(_ name: String, _ text: String) throws(FileError) {
    try key(name)
    try value(text)
  }

  public mutating func member(_ name: String, _ number: Int) throws(FileError) {
    try key(name)
    try value(number)
  }

  public mutating func member(_ name: String, _ number: Double) throws(FileError) {
    try key(name)
    try value(number)
  }

  public mutating func member(_ name: String, _ flag: Bool) throws(FileError) {
    try key(name)
    try value(flag)
  }

  // MARK: Structure

  private mutating func beforeValue() throws(FileError) {
    precondition(hasKey == (levels.last == .object), "a member is a key and a value")
    if needsComma {
      precondition(!levels.isEmpty, "a document is one value")
      try output.write(",")
    }
  }

  private mutating func raw(_ text: String) throws(FileError) {
    try beforeValue()
    try output.write(text)
    needsComma = true
    hasKey = false
  }

  private mutating func begin(_ level: Level, _ bracket: String) throws(FileError) {
    try beforeValue()
    try output.write(bracket)
    levels.append(level)
    needsComma = false
    hasKey = false
  }

  private mutating func end(_ level: Level, _ bracket: String) throws(FileError) {
    precondition(levels.popLast() == level && !hasKey, "an end without a beginning")
    try output.write(bracket)
    needsComma = true
  }

  @inline(__always)
  private mutating func list<Element>(
    _ elements: [Element], _ text: (Element) -> String
  ) throws(FileError) {
    try beforeValue()
    var chunk: [UInt8] = [UInt8(ascii: "[")]
    chunk.reserveCapacity(ByteOutput.chunkSize + 1024)
    for (index, element) in elements.enumerated() {
      if index > 0 { chunk.append(UInt8(ascii: ",")) }
      chunk.append(contentsOf: text(element).utf8)
      if chunk.count >= ByteOutput.chunkSize {
        try output.write(chunk)
        chunk.removeAll(keepingCapacity: true)
      }
    }
    chunk.append(UInt8(ascii: "]"))
    try output.write(chunk)
    needsComma = true
    hasKey = false
  }

  // MARK: Text

  /// A whole document as a text.
  static func document(
    _ write: (inout JSONWriter) throws(FileError) -> Void
  ) throws(FileError) -> String {
    let output = ByteOutput()
    var json = JSONWriter(to: output)
    try write(&json)
    return String(decoding: output.bytes, as: UTF8.self)
  }

  /// A number as JSON, or its name as a JSON string.
  static func text<Number: BinaryFloatingPoint & CustomStringConvertible>(
    of number: Number
  ) -> String {
    number.isFinite ? number.description : "\"\(name(ofNonFinite: number))\""
  }

  static func name(ofNonFinite number: some BinaryFloatingPoint) -> String {
    if number.isNaN { return "NaN" }
    return number < 0 ? "-Infinity" : "Infinity"
  }

  /// A JSON string: quotes, backslashes and control characters are escaped.
  public static func quote(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\0"..<" ", "\u{7F}":
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
