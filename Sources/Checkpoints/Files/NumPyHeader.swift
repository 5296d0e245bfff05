/// The header of a `.npy` file, versions 1 to 3.
///
/// `\x93NUMPY`, two bytes of version, the length of the text (2 bytes in version 1, else 4), and a
/// Python literal such as `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
///
/// - Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
struct NumPyHeader {
  /// Real headers take 128 bytes.
  static let maximumLength = 1 << 20
  /// NumPy's own limit.
  static let maximumRank = 64

  let type: ElementType
  let isBigEndian: Bool
  let isFortranOrder: Bool
  let shape: [Int]
  /// Where the numbers start, in bytes.
  let dataStart: Int

  init(source: FileSource) throws(FileError) {
    let head = try source.elements(
      of: UInt8.self, count: min(source.count, FileKind.headSize), at: 0)
    guard head.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      let kind = FileKind(head: head)?.name
      throw FileError(
        file: source.name, expected: "a NumPy array (.npy)",
        found: kind ?? (head.isEmpty ? "an empty file" : Printable.quote(head.prefix(8))))
    }
    guard head.count >= 12, (1...3).contains(head[6]) else {
      throw FileError(
        file: source.name, at: .byte(6), expected: "version 1, 2 or 3 of the npy format",
        found: head.count > 6 ? "\(head[6])" : "the end of the file")
    }
    let lengthSize = head[6] == 1 ? 2 : 4
    let length = head[8..<(8 + lengthSize)].reversed().reduce(0) { $0 << 8 | Int($1) }
    let textStart = 8 + lengthSize
    guard length <= min(NumPyHeader.maximumLength, source.count - textStart) else {
      throw FileError(
        file: source.name, at: .byte(8),
        expected:
          "a header of at most \(min(NumPyHeader.maximumLength, source.count - textStart)) bytes",
        found: "\(length)")
    }
    dataStart = textStart + length
    let text = try source.elements(of: UInt8.self, count: length, at: textStart)
    var literal = NumPyHeaderLiteral(text: text, textStart: textStart, file: source.name)
    try literal.parse()
    guard let descriptor = literal.descriptor, let isFortranOrder = literal.isFortranOrder,
      let shape = literal.shape
    else {
      throw FileError(
        file: source.name, at: .byte(textStart), expected: "descr, fortran_order and shape",
        found: Printable.quote(text))
    }
    self.isFortranOrder = isFortranOrder
    self.shape = shape
    guard let (type, isBigEndian) = NumPyHeader.elementType(descriptor) else {
      let isObject = descriptor.hasSuffix("O")
      throw FileError(
        file: source.name, at: .part("descr"), expected: "numbers such as <f4, <f8 or <i8",
        found: isObject ? "pickled Python objects" : Printable.quote(descriptor))
    }
    self.type = type
    self.isBigEndian = isBigEndian
  }

  /// What `'<f4'` and its like stand for: byte order, kind, size in bytes.
  private static func elementType(_ descriptor: String) -> (ElementType, isBigEndian: Bool)? {
    guard let order = descriptor.unicodeScalars.first, "<>|=".unicodeScalars.contains(order) else {
      return nil
    }
    let type: ElementType
    switch descriptor.dropFirst() {
    case "f2": type = .float16
    case "f4": type = .float32
    case "f8": type = .float64
    case "i1": type = .int8
    case "i2": type = .int16
    case "i4": type = .int32
    case "i8": type = .int64
    case "u1": type = .uint8
    case "u2": type = .uint16
    case "u4": type = .uint32
    case "u8": type = .uint64
    case "b1": type = .bool
    default: return nil
    }
    return (type, order == ">" && type.bitWidth > 8)
  }
}

/// A parser for the one Python literal that stands in a header. It does not recurse.
struct NumPyHeaderLiteral {
  private(set) var descriptor: String?
  private(set) var isFortranOrder: Bool?
  private(set) var shape: [Int]?

  private let text: [UInt8]
  private let textStart: Int
  private let file: String
  private var position = 0

  /// Takes the header's text, which starts at byte `textStart` of the file.
  init(text: [UInt8], textStart: Int, file: String) {
    self.text = text
    self.textStart = textStart
    self.file = file
  }

  mutating func parse() throws(FileError) {
    try expect("{")
    while !accept("}") {
      let start = position
      let key = try string()
      try expect(":")
      switch key {
      case "descr" where descriptor == nil: descriptor = try string()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try boolean()
      case "shape" where shape == nil: shape = try tuple()
      default:
        position = start
        throw failure("descr, fortran_order and shape once each")
      }
      if !accept(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard position == text.count else { throw failure("the end of the header") }
  }

  private mutating func string() throws(FileError) -> String {
    skipSpace()
    guard let quote = peek, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      // A structured type is a list of fields.
      throw failure(peek == UInt8(ascii: "[") ? "an array of plain numbers" : "a string")
    }
    guard let end = text[(position + 1)...].firstIndex(of: quote) else {
      throw failure("a string that ends")
    }
    defer { position = end + 1 }
    return String(decoding: text[(position + 1)..<end], as: UTF8.self)
  }

  private mutating func boolean() throws(FileError) -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)]
    where text[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw failure("True or False")
  }

  private mutating func tuple() throws(FileError) -> [Int] {
    try expect("(")
    var sizes: [Int] = []
    while !accept(")") {
      guard sizes.count < NumPyHeader.maximumRank else {
        throw failure("at most \(NumPyHeader.maximumRank) dimensions")
      }
      sizes.append(try size())
      if !accept(",") {
        try expect(")")
        break
      }
    }
    return sizes
  }

  private mutating func size() throws(FileError) -> Int {
    skipSpace()
    let start = position
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    guard let size = Int(String(decoding: text[start..<position], as: UTF8.self)) else {
      position = start
      throw failure("a whole number from 0 up")
    }
    // Python 2 wrote long integers so.
    _ = accept("L")
    return size
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private var peek: UInt8? { position < text.count ? text[position] : nil }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(FileError) {
    guard accept(character) else { throw failure("\"\(character)\"") }
  }

  private func failure(_ expected: String) -> FileError {
    let rest = text[position...]
    return FileError(
      file: file, at: .byte(textStart + position), expected: expected,
      found: rest.isEmpty ? "the end of the header" : Printable.quote(rest.prefix(12)))
  }
}
