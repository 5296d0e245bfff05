internal import Networks

extension Tokenizer {
  /// The text that tokens stand for; ids that are no tokens are left out.
  ///
  /// - Parameters:
  ///   - ids: of tokens.
  ///   - skippingSpecial: leave out `[CLS]`, `[SEP]` and the like.
  /// - Returns: for WordPiece a text with single blanks between words; bytes that are no UTF-8
  ///   become `U+FFFD`.
  public func decode(_ ids: [Int], skippingSpecial: Bool = false) -> String {
    let tokens = ids.filter { !skippingSpecial || !special.ids.contains($0) }
      .compactMap { table.text($0) }
    switch pipeline {
    case .byteLevel: return String(decoding: tokens.flatMap(ByteLevel.bytes), as: UTF8.self)
    case .wordPiece(_, let model):
      var text = ""
      for (index, token) in tokens.enumerated() {
        var part = token
        if index > 0 { part = model.continuation(of: token) ?? " " + token }
        text += cleansDecoded ? Self.cleansed(part) : part
      }
      return text
    case .vocabulary(let vocabulary):
      return tokens.joined(separator: vocabulary.unit == .words ? " " : "")
    }
  }

  /// A token as a reader would write it: `##ing` is `ing`, `Ġbig` is ` big`, and a byte that is a part
  /// of a character is `<E2>`.
  public func display(_ id: Int) -> String {
    guard let token = table.text(id) else { return "" }
    switch pipeline {
    case .byteLevel:
      return special.ids.contains(id) ? token : ByteLevel.shown(ByteLevel.bytes(of: token))
    case .wordPiece(_, let model): return model.continuation(of: token) ?? token
    case .vocabulary: return token
    }
  }

  /// As Hugging Face's WordPiece decoder does it, token by token.
  private static func cleansed(_ part: String) -> String {
    let replacements = [
      (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
      (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ]
    return replacements.reduce(part) { $0.replacing($1.0, with: $1.1) }
  }
}

extension WordPiece {
  /// The token without the prefix of continuations; nil if it starts a word.
  func continuation(of token: String) -> String? {
    // By scalars: a combining mark after the prefix is one character with it.
    let prefix = continuingPrefix.unicodeScalars, scalars = token.unicodeScalars
    guard scalars.starts(with: prefix) else { return nil }
    return String(scalars.dropFirst(prefix.count))
  }
}
