/// How many columns characters take in a terminal.
public enum DisplayWidth {
  /// Columns of one scalar: 2 for East Asian wide and emoji, 0 for combining marks and format
  /// characters, else 1. Control characters count 1: they are drawn as `visible(_:)` substitutes.
  public static func of(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    // Letters, and the box, block and braille characters that pictures are made of.
    if value < 0x300 || (0x2500...0x259F).contains(value) || (0x2800...0x28FF).contains(value) {
      return 1
    }
    if isZeroWidth(scalar) { return 0 }
    return isWide(value) ? 2 : 1
  }

  /// Columns of a text, control characters replaced as they are when drawn.
  public static func of(_ text: some StringProtocol) -> Int {
    text.unicodeScalars.reduce(0) { $0 + of($1) }
  }

  /// The visible stand-in for a control character: `↵`, `␉`, `␛`… or `?` in ASCII; other scalars
  /// stand for themselves.
  public static func visible(_ scalar: Unicode.Scalar, glyphs: Glyphs) -> Unicode.Scalar {
    let value = scalar.value
    if value >= 0x20 && value < 0x7F { return scalar }
    if glyphs == .ascii { return asciiSubstitute(value) }
    switch value {
    // The picture of a line feed is missing in many fonts; the return arrow is not.
    case 0x0A: return "↵"
    case 0..<0x20: return Unicode.Scalar(0x2400 + value) ?? "\u{FFFD}"
    case 0x7F: return "␡"
    case 0x80..<0xA0, 0x2028, 0x2029: return "\u{FFFD}"
    default: return scalar
    }
  }

  /// Letters that users of ASCII terminals meet in equations keep a readable look; the rest is `?`.
  private static func asciiSubstitute(_ value: UInt32) -> Unicode.Scalar {
    switch value {
    case 0x0A: "$"
    case 0x09: ">"
    case 0xA0: " "
    case 0xB7, 0x22C5, 0x2022: "."
    case 0x2013, 0x2014, 0x2212: "-"
    case 0x2018, 0x2019, 0x2032: "'"
    case 0x201C, 0x201D: "\""
    case 0x2026: "~"
    case 0x2192: ">"
    case 0x2190: "<"
    case 0x2299: "*"
    case 0xD7: "x"
    default: "?"
    }
  }

  private static func isZeroWidth(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1160...0x11FF, 0xD7B0...0xD7FF: return true  // Hangul vowels and finals join a syllable.
    case 0x3400...0x9FFF, 0xAC00...0xD7A3: return false
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return true
    case .format:
      // Signs that are drawn although Unicode calls them format characters.
      return !(0x600...0x605).contains(scalar.value) && scalar.value != 0x6DD
        && scalar.value != 0x70F && scalar.value != 0x8E2
    default: return false
    }
  }

  private static func isWide(_ value: UInt32) -> Bool {
    if value < 0x1100 { return false }
    var low = 0
    var high = wideRanges.count
    while low < high {
      let middle = (low + high) / 2
      if wideRanges[middle].upperBound < value {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low < wideRanges.count && wideRanges[low].contains(value)
  }

  /// East Asian width W and F, and emoji presentation, of Unicode 15 as glibc has them, ascending;
  /// gaps without assigned characters are closed.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0...0x23F0,
    0x23F3...0x23F3, 0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x267F...0x267F,
    0x2693...0x2693, 0x26A1...0x26A1, 0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5,
    0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA, 0x26F2...0x26F3, 0x26F5...0x26F5,
    0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705, 0x270A...0x270B, 0x2728...0x2728,
    0x274C...0x274C, 0x274E...0x274E, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
    0x27B0...0x27B0, 0x27BF...0x27BF, 0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2B55...0x2B55,
    0x2E80...0x3029, 0x302E...0x303E, 0x3041...0x3096, 0x309B...0xA4C6, 0xA960...0xA97C,
    0xAC00...0xD7A3, 0xF900...0xFAD9, 0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60,
    0xFFE0...0xFFE6, 0x16FE0...0x16FE3, 0x16FF0...0x1B2FB, 0x1F004...0x1F004, 0x1F0CF...0x1F0CF,
    0x1F18E...0x1F18E, 0x1F191...0x1F19A, 0x1F200...0x1F320, 0x1F32D...0x1F335, 0x1F337...0x1F37C,
    0x1F37E...0x1F393, 0x1F3A0...0x1F3CA, 0x1F3CF...0x1F3D3, 0x1F3E0...0x1F3F0, 0x1F3F4...0x1F3F4,
    0x1F3F8...0x1F43E, 0x1F440...0x1F440, 0x1F442...0x1F4FC, 0x1F4FF...0x1F53D, 0x1F54B...0x1F54E,
    0x1F550...0x1F567, 0x1F57A...0x1F57A, 0x1F595...0x1F596, 0x1F5A4...0x1F5A4, 0x1F5FB...0x1F64F,
    0x1F680...0x1F6C5, 0x1F6CC...0x1F6CC, 0x1F6D0...0x1F6D2, 0x1F6D5...0x1F6DF, 0x1F6EB...0x1F6EC,
    0x1F6F4...0x1F6FC, 0x1F7E0...0x1F7F0, 0x1F90C...0x1F93A, 0x1F93C...0x1F945, 0x1F947...0x1F9FF,
    0x1FA70...0x1FAF6, 0x20000...0x3134A,
  ]
}
