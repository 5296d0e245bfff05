internal import Equations

extension Tokenizer {
  /// Whether a token stands for something that the vocabulary does not have. `[UNK]` that was written
  /// in the text does not.
  func isUnknown(_ token: TextToken) -> Bool {
    token.id < 0 || !token.isSpecial && token.id == special.unknown
  }

  /// What the vocabulary does not have of a text and its tokens, in one line; nil where it has
  /// everything.
  public func unknownNotice(_ tokens: [TextToken], of text: String) -> String? {
    let unknown = tokens.filter(isUnknown)
    guard !unknown.isEmpty else { return nil }
    let scalars = Array(text.unicodeScalars)
    var parts: [String] = []
    for token in unknown {
      let part = String(String.UnicodeScalarView(scalars[token.start..<token.end]))
      if !parts.contains(where: { $0.unicodeScalars.elementsEqual(part.unicodeScalars) }) {
        parts.append(part)
      }
    }
    var shown = parts.prefix(parts.count > 5 ? 4 : 5).map { Printable.quote($0) }
    if parts.count > shown.count { shown.append("\(parts.count - shown.count) others") }
    let stand = special.unknown.flatMap { token($0) } ?? "zeros"
    let (verb, pronoun) = unknown.count == 1 ? ("is", "it enters") : ("are", "they enter")
    return "\(unknown.count) of \(tokens.count) tokens \(verb) not in the vocabulary: "
      + "\(Suggestion.listed(shown, "and")); \(pronoun) as \(Printable.escape(stand, limit: 40))"
  }
}
