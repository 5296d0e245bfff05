/// The tokens of a model: a JSON array of strings, or an object that maps each token to its id.
public enum VocabularyFile {
  /// Reads a vocabulary; a token's id is its index in the result.
  ///
  /// Tokens are told apart by their Unicode scalars (`é` may be two different tokens), which
  /// Swift's `String` does not do: key a table by `Array(token.unicodeScalars)`.
  ///
  /// - Throws: `FileError` for malformed JSON, a token that occurs twice, an id that is taken,
  ///   negative or missing.
  public static func read(_ path: String) throws(FileError) -> [String] {
    let tokens =
      switch try JSONValue(contentsOf: path) {
      case .array(let elements): try fromArray(elements, path)
      case .object(let members): try fromObject(members, path)
      case let value:
        throw FileError(
          file: path, expected: "an array of tokens, or an object of tokens and ids",
          found: value.summary)
      }
    guard !tokens.isEmpty else {
      throw FileError(file: path, expected: "at least one token", found: "none")
    }
    return tokens
  }

  private static func fromArray(
    _ elements: [JSONValue], _ path: String
  ) throws(FileError) -> [String] {
    var tokens: [String] = []
    var ids: [ExactString: Int] = [:]
    for (id, element) in elements.enumerated() {
      guard case .string(let token) = element else {
        throw FileError(
          file: path, at: .part("token \(id)"), expected: "a string", found: element.summary)
      }
      if let other = ids.updateValue(id, forKey: ExactString(token)) {
        throw FileError(
          file: path, at: .part("token \(id)"), expected: "every token once",
          found: "\(Printable.quote(token)), which is token \(other) already")
      }
      tokens.append(token)
    }
    return tokens
  }

  /// Keys of a JSON object occur once each: the parser sees to that.
  private static func fromObject(
    _ members: JSONObject, _ path: String
  ) throws(FileError) -> [String] {
    var tokens = [String?](repeating: nil, count: members.count)
    for (token, value) in members {
      func mismatch(_ expected: String, _ found: String) -> FileError {
        FileError(
          file: path, at: .part("token \(Printable.quote(token))"), expected: expected, found: found
        )
      }
      guard case .integer(let id) = value, tokens.indices.contains(id) else {
        let ids = "an id from 0 to \(members.count - 1), for \(members.count) tokens"
        throw mismatch(ids, value.summary)
      }
      if let other = tokens[id] {
        throw mismatch("an id of its own", "\(id), which is \(Printable.quote(other)) already")
      }
      tokens[id] = token
    }
    // As many different ids as tokens, all in range: none can be missing.
    return tokens.compactMap(\.self)
  }
}
