internal import Networks

/// Tokens that are looked for in a text before anything else is done to it, such as `[MASK]`.
struct AddedTokens: Sendable {
  struct Token: Sendable {
    let id: Int
    let content: String
    /// Only if no word continues on either side.
    var isSingleWord = false
    /// Takes the white space to its left or right.
    var stripsLeft = false
    var stripsRight = false
    /// Looked for in the normalised text, in its own normalised form.
    var isNormalized = false
    var isSpecial = true
  }

  private let patterns: SpellingIndex<Token>

  /// - Parameter tokens: with what each looks like in the text that is searched.
  init(_ tokens: [(Token, [Unicode.Scalar])]) { patterns = SpellingIndex(tokens) }

  /// A part of a text: a token of its own, or (nil) text in between.
  typealias Part = (token: Token?, range: Range<Int>)

  /// Cuts a text, leftmost longest first.
  func split(_ text: [Unicode.Scalar]) -> [Part] {
    guard !patterns.isEmpty else { return text.isEmpty ? [] : [(nil, text.indices)] }
    var parts: [Part] = []
    var open = 0
    var index = 0
    while index < text.count {
      guard let (token, length) = patterns.match(text, at: index) else {
        index += 1
        continue
      }
      var start = index, end = index + length
      index = end
      if token.isSingleWord, !isSingleWord(text, start..<end) { continue }
      if token.stripsLeft {
        while start > open, UnicodeClasses.isWhitespace(text[start - 1]) { start -= 1 }
      }
      if token.stripsRight {
        while end < text.count, UnicodeClasses.isWhitespace(text[end]) { end += 1 }
      }
      if open < start { parts.append((nil, open..<start)) }
      parts.append((token, start..<end))
      open = end
      index = max(index, end)
    }
    if open < text.count { parts.append((nil, open..<text.count)) }
    return parts
  }

  private func isSingleWord(_ text: [Unicode.Scalar], _ range: Range<Int>) -> Bool {
    let before = range.lowerBound > 0 && UnicodeClasses.isWordCharacter(text[range.lowerBound - 1])
    let after =
      range.upperBound < text.count && UnicodeClasses.isWordCharacter(text[range.upperBound])
    return !before && !after
  }
}
