/// A matrix of numbers in a text file, separated by commas, semicolons, tabs or blanks.
///
/// A first line of names is optional. Empty lines and lines that start with `#` are skipped
/// (NumPy's `savetxt` writes such), fields may stand in double quotes, lines end in LF, CRLF or CR.
/// `nan`, `inf` and `infinity` are read in any case and with a sign.
public struct CSVFile: Sendable {
  /// The first line's, if it holds no number.
  public let names: [String]?
  public let rowCount: Int
  public let columnCount: Int
  /// `[rowCount, columnCount]`, row-major.
  public let values: [Float]

  /// Reads a file.
  ///
  /// - Throws: `FileError` with line and column: a field that is no number, a row that is longer or
  ///   shorter than the first.
  public init(path: String) throws(FileError) {
    try self.init(source: FileSource(path: path))
  }

  /// Reads text that is in memory; error messages call it `name`.
  public init(bytes: [UInt8], name: String) throws(FileError) {
    try self.init(source: FileSource(bytes: bytes, name: name))
  }

  private init(source: FileSource) throws(FileError) {
    let file = source.name
    let text = try source.readAll()
    if text.starts(with: [0xFF, 0xFE]) || text.starts(with: [0xFE, 0xFF]) {
      throw FileError(file: file, expected: "text in UTF-8", found: "UTF-16")
    }
    var names: [String]?
    var values: [Float] = []
    var rowCount = 0
    var columnCount = 0
    var firstLine = 0
    var lines = CSVLines(text)
    while let fields = lines.next() {
      if firstLine == 0 {
        firstLine = lines.number
        columnCount = fields.count
        if fields.allSatisfy({ CSVFile.number(text[$0]) == nil }) {
          names = fields.map { String(decoding: text[$0], as: UTF8.self) }
          continue
        }
      }
      guard fields.count == columnCount else {
        throw FileError(
          file: file, at: .line(lines.number, column: 1),
          expected: "\(columnCount) fields, as in line \(firstLine)", found: "\(fields.count)")
      }
      for field in fields {
        guard let number = CSVFile.number(text[field]) else {
          throw FileError(
            file: file,
            at: .line(lines.number, column: lines.column(of: field.lowerBound)),
            expected: "a number",
            found: field.isEmpty ? "an empty field" : Printable.quote(text[field]))
        }
        values.append(number)
      }
      rowCount += 1
    }
    guard rowCount > 0 else {
      throw FileError(
        file: file, expected: "rows of numbers",
        found: names == nil ? "an empty file" : "only a line of names")
    }
    (self.names, self.rowCount, self.columnCount) = (names, rowCount, columnCount)
    self.values = values
  }

  /// A decimal number, or a spelling of a non-finite one; nil if it is neither, or too large.
  private static func number(_ bytes: ArraySlice<UInt8>) -> Float? {
    let digits = bytes.drop { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
    guard let first = digits.first else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    if first == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) {
      // Swift would read hexadecimal too, and stop at a NUL.
      guard bytes.allSatisfy(isDecimal) else { return nil }
      return Float(text).flatMap { $0.isFinite ? $0 : nil }
    }
    switch text.lowercased() {
    case "nan", "+nan", "-nan": return .nan
    case "inf", "+inf", "infinity", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    default: return nil
    }
  }
}

/// Whether a byte can stand in a decimal number.
private func isDecimal(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"),
    UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"):
    true
  default: false
  }
}

/// Splits text into lines and those into fields.
private struct CSVLines {
  /// The line that was returned last, from 1.
  private(set) var number = 0

  private let text: [UInt8]
  private var position: Int
  private var lineStart = 0
  /// Blank for any run of blanks; unknown before the first line with something in it.
  private var separator: UInt8?

  init(_ text: [UInt8]) {
    self.text = text
    position = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// The column of a byte in the line that was returned last, from 1.
  func column(of offset: Int) -> Int {
    // Continuation bytes of UTF-8 do not start a character.
    1 + text[lineStart..<offset].count { $0 & 0xC0 != 0x80 }
  }

  /// Where the next line's fields stand in the text, without blanks and quotes around them.
  mutating func next() -> [Range<Int>]? {
    while position < text.count {
      number += 1
      lineStart = position
      let end = text[position...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? text.count
      let isCRLF = end + 1 < text.count && text[end] == 0x0D && text[end + 1] == 0x0A
      position = end + (isCRLF ? 2 : 1)
      let line = trim(lineStart..<end)
      if line.isEmpty || text[line.lowerBound] == UInt8(ascii: "#") { continue }
      let separator = self.separator ?? findSeparator(line)
      self.separator = separator
      // At a tab, blanks at the ends of the line may be empty fields.
      let isBlank = separator == UInt8(ascii: " ")
      return split(isBlank ? line : lineStart..<end, at: separator)
    }
    return nil
  }

  private func findSeparator(_ line: Range<Int>) -> UInt8 {
    [UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: ",")].first { text[line].contains($0) }
      ?? UInt8(ascii: " ")
  }

  private func split(_ line: Range<Int>, at separator: UInt8) -> [Range<Int>] {
    var fields: [Range<Int>] = []
    var start = line.lowerBound
    var isQuoted = false
    for index in line {
      if text[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
      let isEnd =
        text[index] == separator
        || separator == UInt8(ascii: " ") && text[index] == UInt8(ascii: "\t")
      guard isEnd, !isQuoted else { continue }
      if separator != UInt8(ascii: " ") || index > start { fields.append(field(start..<index)) }
      start = index + 1
    }
    fields.append(field(start..<line.upperBound))
    return fields
  }

  private func field(_ range: Range<Int>) -> Range<Int> {
    let inner = trim(range)
    guard inner.count >= 2, text[inner.lowerBound] == UInt8(ascii: "\""),
      text[inner.upperBound - 1] == UInt8(ascii: "\"")
    else { return inner }
    return trim((inner.lowerBound + 1)..<(inner.upperBound - 1))
  }

  private func trim(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, text[start] == 0x20 || text[start] == 0x09 { start += 1 }
    while end > start, text[end - 1] == 0x20 || text[end - 1] == 0x09 { end -= 1 }
    return start..<end
  }
}
