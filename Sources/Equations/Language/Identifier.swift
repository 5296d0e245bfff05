/// A name in an equation file.
///
/// Names are compared by Unicode scalars: two spellings that merely look alike are two names, in
/// every file and on every screen (Swift's `String` would compare by canonical equivalence).
public struct Identifier: Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  public let text: String

  public init(_ text: String) { self.text = text }
  public init(stringLiteral value: String) { self.init(value) }

  public var description: String { text }

  /// Names that mean something of their own and can't be assigned, declared or used as parameters.
  public static let reserved: [Identifier: String] = [
    "x": "the input of a cell",
    "X": "the input of a block",
    "M": "the attention mask of a block",
    "d_k": "the size of a head",
    "φ": "the activation chosen on the command line",
  ]
}

extension Identifier: Hashable {
  public static func == (a: Identifier, b: Identifier) -> Bool {
    a.text.unicodeScalars.elementsEqual(b.text.unicodeScalars)
  }

  public func hash(into hasher: inout Hasher) {
    for scalar in text.unicodeScalars { hasher.combine(scalar.value) }
  }
}

extension Character {
  /// Whether the scalar may begin a name: a letter of any script, but no operator's sign. Unicode
  /// counts ᵀ among the letters.
  static func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || (scalar.properties.isAlphabetic && !Lexer.isSign(scalar))
  }

  static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    isNameStart(scalar) || ("0"..."9").contains(scalar)
      || scalar.properties.generalCategory == .nonspacingMark
      // Subscript digits: W₁ is a name.
      || (0x2080...0x2089).contains(scalar.value)
  }
}
