/// What BERT does to a text before it is cut into words.
struct BertNormalizer: Sendable {
  /// Drops control characters and makes every kind of white space a blank.
  var cleansText = true
  /// Puts blanks around Chinese characters.
  var spacesChinese = true
  var stripsAccents = true
  var lowercases = true

  func normalize(_ text: inout AlignedText) {
    if cleansText {
      text.filter { !Self.isDropped($0) }
      text.map { UnicodeClasses.isWhitespace($0) ? [" "] : [$0] }
    }
    if spacesChinese { text.map { UnicodeClasses.isChinese($0) ? [" ", $0, " "] : [$0] } }
    if stripsAccents {
      text.decompose()
      text.filter { !UnicodeClasses.isNonspacingMark($0) }
    }
    if lowercases { text.map(UnicodeClasses.lowercase) }
  }

  private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\t", "\n", "\r": false
    case "\u{FFFD}": true
    default: UnicodeClasses.isControl(scalar)
    }
  }
}

/// Cuts words into pieces, the longest known first.
///
/// - Source: Wu et al. 2016, as in BERT (Devlin et al. 2018).
struct WordPiece: Sendable {
  var unknownID: Int
  /// Stands in front of pieces that continue a word.
  var continuingPrefix = "##"
  /// Longer words are unknown as a whole.
  /// - Units: scalars.
  var longestWord = 100

  /// Words and single punctuation marks; white space separates.
  static func words(of text: ArraySlice<AlignedScalar>) -> [ArraySlice<AlignedScalar>] {
    var words: [ArraySlice<AlignedScalar>] = []
    var start = text.startIndex
    for (index, aligned) in zip(text.indices, text) {
      let isBlank = UnicodeClasses.isWhitespace(aligned.scalar)
      let isMark = !isBlank && UnicodeClasses.isPunctuation(aligned.scalar)
      guard isBlank || isMark else { continue }
      if start < index { words.append(text[start..<index]) }
      if isMark { words.append(text[index...index]) }
      start = index + 1
    }
    if start < text.endIndex { words.append(text[start...]) }
    return words
  }

  /// The pieces of a word, with their places in it.
  ///
  /// - Complexity: O(n²) in the word's length, which `longestWord` bounds.
  func pieces(of word: ArraySlice<AlignedScalar>, in table: TokenTable) -> [(Int, Range<Int>)] {
    let whole = [(unknownID, word.indices)]
    guard word.count <= longestWord else { return whole }
    // The word's bytes after the prefix, so that a continuation is one slice.
    let prefix = Array(continuingPrefix.utf8)
    var bytes: [UInt8] = []
    var ends: [Int] = [0]
    for aligned in word {
      bytes += UTF8.encode(aligned.scalar).map(Array.init) ?? []
      ends.append(bytes.count)
    }
    var pieces: [(Int, Range<Int>)] = []
    var start = 0
    while start < word.count {
      var candidate = prefix[..<(start == 0 ? 0 : prefix.count)] + bytes[ends[start]...]
      var end = word.count
      var found: Int?
      while end > start {
        found = table.id(of: candidate)
        if found != nil { break }
        candidate.removeLast(ends[end] - ends[end - 1])
        end -= 1
      }
      guard let found else { return whole }
      pieces.append((found, word.startIndex + start..<word.startIndex + end))
      start = end
    }
    return pieces
  }
}
