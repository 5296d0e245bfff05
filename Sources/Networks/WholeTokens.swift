/// Tokens of several characters that are looked for in a text before it is cut into characters or
/// words, which would take them apart: `<s>`, `[MASK]`, `<|endoftext|>`.
struct WholeTokens: Sendable, Equatable {
  private let spellings: SpellingIndex<String>

  init(_ tokens: [String]) {
    spellings = SpellingIndex(tokens.map { ($0, Array($0.unicodeScalars)) })
  }

  // MARK: Telling them

  /// Special tokens that are written without brackets.
  private static let names: Set<String> = [
    "PAD", "UNK", "BOS", "EOS", "SOS", "EOT", "EOD", "EOL", "EOW", "CLS", "SEP", "MASK", "BLANK",
    "START", "STOP", "END", "GO",
  ]

  static func isSpecial(_ token: String) -> Bool { names.contains(token) || isBracketed(token) }

  /// Whether a token is in the brackets of special ones: not `<=>` or `[]`.
  static func isBracketed(_ token: String) -> Bool {
    let scalars = token.unicodeScalars
    guard scalars.count > 2, let first = scalars.first, let last = scalars.last,
      first == "<" && last == ">" || first == "[" && last == "]"
    else { return false }
    let inner = scalars.dropFirst().dropLast()
    return inner.contains { $0.properties.isAlphabetic || $0.properties.numericType != nil }
      && !inner.contains { $0.properties.isWhitespace || $0 == first || $0 == last }
  }

  // MARK: Cutting

  /// Cuts a text, leftmost longest first, into these tokens and what is between them.
  func cut(_ text: String) -> [(text: String, isWhole: Bool)] {
    guard !spellings.isEmpty else { return [(text, false)] }
    let scalars = Array(text.unicodeScalars)
    var parts: [(text: String, isWhole: Bool)] = []
    var open = 0, index = 0
    func add(_ range: Range<Int>) {
      if range.isEmpty { return }
      var part = String.UnicodeScalarView()
      part.append(contentsOf: scalars[range])
      parts.append((String(part), false))
    }
    while index < scalars.count {
      guard let (token, length) = spellings.match(scalars, at: index) else {
        index += 1
        continue
      }
      add(open..<index)
      parts.append((token, true))
      index += length
      open = index
    }
    add(open..<scalars.count)
    return parts
  }
}
