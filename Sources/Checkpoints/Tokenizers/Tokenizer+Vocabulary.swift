public import Networks

extension Tokenizer {
  /// The tokenizer of a model of unroll's own: characters, or words and punctuation marks.
  public init(vocabulary: Vocabulary) {
    var table = TokenTable(capacity: vocabulary.count)
    for (id, token) in vocabulary.tokens.enumerated() where id <= TokenTable.largestID {
      // A token that occurs twice is found by its first id only.
      try? table.add(token, id: id)
    }
    var special = SpecialTokens()
    special[.unknown] = vocabulary.unknown
    for role in SpecialTokens.Role.allCases {
      special[role] = special[role] ?? role.usualNames.lazy.compactMap { table.id(of: $0) }.first
    }
    // A token such as [MASK] would be cut into punctuation and letters.
    var added: [(AddedTokens.Token, [Unicode.Scalar])] = []
    for name in vocabulary.specialTokens {
      guard let id = table.id(of: name), special.ids.insert(id).inserted else { continue }
      added.append((AddedTokens.Token(id: id, content: name), Array(name.unicodeScalars)))
    }
    self.init(
      pipeline: .vocabulary(vocabulary), table: table, addedTokens: AddedTokens(added),
      normalizedTokens: AddedTokens([]), prefix: [], suffix: [], trimming: nil,
      cleansDecoded: false, special: special)
  }
}

extension Vocabulary {
  /// The tokens of a part of a text with their places in the whole.
  func textTokens(of scalars: ArraySlice<Unicode.Scalar>) -> [TextToken] {
    let text = String(String.UnicodeScalarView(scalars))
    let (ids, shown, _) = encode(text)
    var position = scalars.startIndex
    return zip(split(text), zip(ids, shown)).map { part, known in
      // Only blanks are left out between tokens.
      let length = part.unicodeScalars.count
      while !scalars[position...].starts(with: part.unicodeScalars) { position += 1 }
      defer { position += length }
      return TextToken(
        id: Int(known.0), text: known.1, start: position, end: position + length)
    }
  }
}
