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

  private struct Pattern {
    let scalars: [Unicode.Scalar]
    let token: Token
  }

  /// By their first scalar, longest first.
  private let patterns: [Unicode.Scalar: [Pattern]]

  /// - Parameter tokens: with what each looks like in the text that is searched.
  init(_ tokens: [(Token, [Unicode.Scalar])]) {
    var patterns: [Unicode.Scalar: [Pattern]] = [:]
    for (token, scalars) in tokens {
      if let first = scalars.first {
        patterns[first, default: []].append(Pattern(scalars: scalars, token: token))
      }
    }
    self.patterns = patterns.mapValues { $0.sorted { $0.scalars.count > $1.scalars.count } }
  }

  /// A part of a text: a token of its own, or (nil) text in between.
  typealias Part = (token: Token?, range: Range<Int>)

  /// Cuts a text, leftmost longest first.
  func split(_ text: [Unicode.Scalar]) -> [Part] {
    guard !patterns.isEmpty else { return text.isEmpty ? [] : [(nil, text.indices)] }
    var parts: [Part] = []
    var open = 0
    var index = 0
    while index < text.count {
      guard let pattern = match(text, at: index) else {
        index += 1
        continue
      }
      var start = index, end = index + pattern.scalars.count
      index = end
      let token = pattern.token
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

  private func match(_ text: [Unicode.Scalar], at index: Int) -> Pattern? {
    patterns[text[index]]?.first { text[index...].starts(with: $0.scalars) }
  }

  private func isSingleWord(_ text: [Unicode.Scalar], _ range: Range<Int>) -> Bool {
    let before = range.lowerBound > 0 && UnicodeClasses.isWordCharacter(text[range.lowerBound - 1])
    let after =
      range.upperBound < text.count && UnicodeClasses.isWordCharacter(text[range.upperBound])
    return !before && !after
  }
}
