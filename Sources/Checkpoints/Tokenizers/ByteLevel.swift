/// GPT-2's view of a text: words by a pattern, each as bytes that are spelled as visible characters.
///
/// - Source: Radford et al. 2019; `bytes_to_unicode` and the pattern of GPT-2's `encoder.py`.
enum ByteLevel {
  /// The character that stands for each byte: itself where it is visible, else one from U+0100 on.
  static let characters: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (0..<256).map { byte in
      switch byte {
      case 33...126, 161...172, 174...255: return Unicode.Scalar(UInt8(byte))
      default:
        defer { next += 1 }
        return Unicode.Scalar(next) ?? "?"
      }
    }
  }()

  private static let bytes: [Unicode.Scalar: UInt8] = Dictionary(
    uniqueKeysWithValues: characters.enumerated().map { ($1, UInt8($0)) })

  /// The length of a byte's character in UTF-8.
  static func width(of byte: UInt8) -> Int { UTF8.width(characters[Int(byte)]) }

  /// The bytes that a token spells; its own UTF-8 if it holds a character that stands for none.
  static func bytes(of token: String) -> [UInt8] {
    var result: [UInt8] = []
    for scalar in token.unicodeScalars {
      guard let byte = bytes[scalar] else { return Array(token.utf8) }
      result.append(byte)
    }
    return result
  }

  /// Bytes as a text in which those that are no whole character stand as `<E2>`.
  static func shown(_ bytes: [UInt8]) -> String {
    var text = ""
    var rest = bytes[...]
    while let first = rest.first {
      // A character has at most four bytes.
      let character = (1...4).lazy.compactMap { count in
        count <= rest.count ? String(validating: rest.prefix(count), as: UTF8.self) : nil
      }.first
      if let character {
        text += character
        rest = rest.dropFirst(character.utf8.count)
      } else {
        text += "<\(first < 16 ? "0" : "")\(String(first, radix: 16, uppercase: true))>"
        rest = rest.dropFirst()
      }
    }
    return text
  }

  /// Words as the pattern cuts them; together they are the whole text.
  ///
  /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
  static func words(of text: ArraySlice<AlignedScalar>) -> [ArraySlice<AlignedScalar>] {
    let classes = text.map { Class($0.scalar) }
    var words: [ArraySlice<AlignedScalar>] = []
    var start = 0
    while start < classes.count {
      let end = wordEnd(from: start, text, classes)
      words.append(text[text.startIndex + start..<text.startIndex + end])
      start = end
    }
    return words
  }

  private enum Class {
    case space, letter, number, other

    init(_ scalar: Unicode.Scalar) {
      if UnicodeClasses.isLetter(scalar) {
        self = .letter
      } else if UnicodeClasses.isNumber(scalar) {
        self = .number
      } else {
        self = UnicodeClasses.isWhitespace(scalar) ? .space : .other
      }
    }
  }

  private static func wordEnd(
    from start: Int, _ text: ArraySlice<AlignedScalar>, _ classes: [Class]
  ) -> Int {
    func scalar(_ index: Int) -> Unicode.Scalar? {
      index < classes.count ? text[text.startIndex + index].scalar : nil
    }
    func runEnd(_ from: Int) -> Int {
      classes[from...].firstIndex { $0 != classes[from] } ?? classes.count
    }
    if scalar(start) == "'" {
      switch (scalar(start + 1), scalar(start + 2)) {
      case ("s", _), ("t", _), ("m", _), ("d", _): return start + 2
      case ("r", "e"), ("v", "e"), ("l", "l"): return start + 3
      default: break
      }
    }
    if classes[start] != .space { return runEnd(start) }
    if scalar(start) == " ", start + 1 < classes.count, classes[start + 1] != .space {
      return runEnd(start + 1)
    }
    // The last of several blanks is left to the word that follows.
    let end = runEnd(start)
    return end == classes.count || end == start + 1 ? end : end - 1
  }
}
