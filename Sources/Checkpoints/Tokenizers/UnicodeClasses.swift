internal import Foundation

/// Classes of scalars as the tables of Hugging Face's tokenizers have them.
///
/// Those tables were made from older versions of Unicode than Swift's own; what was encoded later
/// belongs to no class there. Checked for every scalar against tokenizers 0.23.
enum UnicodeClasses {
  /// The version of the tables of general categories.
  private static func isInCategoryTables(_ scalar: Unicode.Scalar) -> Bool {
    guard let age = scalar.properties.age else { return false }
    return age.major <= 8
  }

  /// The version of the tables of decompositions.
  private static func isInDecompositionTables(_ scalar: Unicode.Scalar) -> Bool {
    guard let age = scalar.properties.age else { return false }
    return age.major <= 9
  }

  /// Control, format and private-use characters.
  static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .privateUse: true
    case .format: isInCategoryTables(scalar)
    default: false
    }
  }

  /// Marks that take no room of their own (Mn).
  static func isNonspacingMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // Marks in Unicode 8, not since, and the other way round.
    case 0x1734, 0x1171E: true
    case 0x1885, 0x1886, 0xA9BD, 0x111C9: false
    default:
      scalar.properties.generalCategory == .nonspacingMark && isInCategoryTables(scalar)
    }
  }

  /// What BERT splits off: the classes P, and the symbols of ASCII.
  static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 33...47, 58...64, 91...96, 123...126: return true
    case 0...0x7F: return false
    // Punctuation in Unicode 8, not since.
    case 0x166D, 0x111C9: return true
    default: break
    }
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      return isInCategoryTables(scalar)
    default: return false
    }
  }

  /// The blocks of Chinese characters that BERT puts blanks around.
  static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2A6DF, 0x2A700...0x2B81F,
      0x2B920...0x2CEAF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }

  /// `\p{L}`
  static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: false
    }
  }

  /// `\p{N}`
  static func isNumber(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: true
    default: false
    }
  }

  /// `\w`: letters, marks, digits, connectors.
  static func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.isAlphabetic || scalar.properties.isJoinControl { return true }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
      return true
    default: return false
    }
  }

  static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }

  /// The order of combining marks; 0 for what does not combine.
  static func combiningClass(of scalar: Unicode.Scalar) -> UInt8 {
    guard scalar.value >= 0x300, isInDecompositionTables(scalar) else { return 0 }
    return scalar.properties.canonicalCombiningClass.rawValue
  }

  /// The canonical decomposition of one scalar.
  static func decomposition(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    guard scalar.value >= 0xC0, isInDecompositionTables(scalar) else { return [scalar] }
    return Array(String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars)
  }

  /// Lower case without a look at the neighbours: a sigma stays σ at the end of a word.
  static func lowercase(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    if scalar.value < 0x80 {
      let isUpper = (0x41...0x5A).contains(scalar.value)
      return [isUpper ? Unicode.Scalar(UInt8(scalar.value + 32)) : scalar]
    }
    return Array(scalar.properties.lowercaseMapping.unicodeScalars)
  }
}
