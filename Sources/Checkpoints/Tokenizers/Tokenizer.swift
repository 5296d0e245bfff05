internal import Networks

/// A token, and the characters of the text that it stands for.
public struct TextToken: Sendable, Equatable {
  /// −1 for what a vocabulary without an unknown token does not have.
  public let id: Int
  /// As the vocabulary spells it: `##ing`, `Ġbig`, `[CLS]`.
  public let text: String
  /// The part of the original text, counted in Unicode scalars; 0 and 0 for tokens that were put
  /// around the text.
  public let start: Int
  public let end: Int
  /// Whether it is a token like `[CLS]` or `<|endoftext|>`, put around the text or written in it.
  public let isSpecial: Bool

  public init(id: Int, text: String, start: Int, end: Int, isSpecial: Bool = false) {
    self.id = id
    self.text = text
    self.start = start
    self.end = end
    self.isSpecial = isSpecial
  }
}

/// Cuts a text into the tokens of a model, as Hugging Face's tokenizers do.
///
/// Padding and truncation, which a `tokenizer.json` may ask for, are left to the caller.
///
/// - Source: huggingface/tokenizers 0.23, with which every rule was compared.
public struct Tokenizer: Sendable {
  public enum Kind: String, Sendable {
    case wordPiece = "WordPiece"
    case byteLevelBPE = "byte-level BPE"
    case characters
    case words
  }

  /// From a text to tokens, without special ones.
  enum Pipeline: Sendable {
    case wordPiece(BertNormalizer?, WordPiece)
    case byteLevel(BytePairEncoding, addsPrefixSpace: Bool, usesPattern: Bool)
    case vocabulary(Vocabulary)
  }

  let pipeline: Pipeline
  let table: TokenTable
  /// Looked for in the text as it is, and in the normalised text.
  let addedTokens: AddedTokens
  let normalizedTokens: AddedTokens
  /// The ids put around a text.
  let prefix: [Int]
  let suffix: [Int]
  let trimming: ByteLevelTrimming?
  /// Whether `decode` takes blanks before punctuation away.
  let cleansDecoded: Bool
  public let special: SpecialTokens

  public var kind: Kind {
    switch pipeline {
    case .wordPiece: .wordPiece
    case .byteLevel: .byteLevelBPE
    case .vocabulary(let vocabulary): vocabulary.unit == .characters ? .characters : .words
    }
  }

  /// The number of tokens, with added ones.
  public var vocabularySize: Int { table.count }

  /// One more than the largest id: the rows that an embedding needs at least.
  public var idEnd: Int { table.idEnd }

  /// A token as the vocabulary spells it.
  public func token(_ id: Int) -> String? { table.text(id) }

  public func id(of token: String) -> Int? { table.id(of: token) }

  // MARK: Encoding

  /// The tokens of a text, special ones around them included.
  public func encode(_ text: String) -> [TextToken] {
    let scalars = Array(text.unicodeScalars)
    var tokens: [TextToken] = []
    for (added, range) in addedTokens.split(scalars) {
      if let added {
        tokens.append(
          TextToken(
            id: added.id, text: String(String.UnicodeScalarView(scalars[range])),
            start: range.lowerBound, end: range.upperBound, isSpecial: added.isSpecial))
      } else if case .vocabulary(let vocabulary) = pipeline {
        tokens += vocabulary.textTokens(of: scalars[range])
      } else {
        encode(AlignedText(scalars[range], base: range.lowerBound), into: &tokens)
      }
    }
    if let trimming { tokens = tokens.enumerated().map { trimming.trim($1, isFirst: $0 == 0) } }
    return prefix.map(surrounding) + tokens + suffix.map(surrounding)
  }

  private func surrounding(_ id: Int) -> TextToken {
    TextToken(id: id, text: table.text(id) ?? "", start: 0, end: 0, isSpecial: true)
  }

  private func encode(_ text: AlignedText, into tokens: inout [TextToken]) {
    var text = text
    if case .wordPiece(let normalizer?, _) = pipeline { normalizer.normalize(&text) }
    let scalars = text.scalars.map(\.scalar)
    for (added, range) in normalizedTokens.split(scalars) {
      if let added {
        tokens.append(
          TextToken(
            id: added.id, text: String(String.UnicodeScalarView(scalars[range])),
            start: text.scalars[range.lowerBound].start,
            end: text.scalars[range.upperBound - 1].end, isSpecial: added.isSpecial))
        continue
      }
      switch pipeline {
      case .wordPiece(_, let model): encode(text.scalars[range], model, into: &tokens)
      case .byteLevel(let model, let addsPrefixSpace, let usesPattern):
        var part = AlignedText(text.scalars[range])
        if addsPrefixSpace, part.scalars.first?.scalar != " " { part.prependBlank() }
        let all = part.scalars[...]
        for word in usesPattern ? ByteLevel.words(of: all) : [all] {
          encode(word, model, into: &tokens)
        }
      case .vocabulary: break
      }
    }
  }

  private func encode(
    _ text: ArraySlice<AlignedScalar>, _ model: WordPiece, into tokens: inout [TextToken]
  ) {
    for word in WordPiece.words(of: text) {
      for (id, range) in model.pieces(of: word, in: table) {
        tokens.append(
          TextToken(
            id: id, text: table.text(id) ?? "", start: text[range.lowerBound].start,
            end: text[range.upperBound - 1].end, isSpecial: false))
      }
    }
  }

  private func encode(
    _ word: ArraySlice<AlignedScalar>, _ model: BytePairEncoding, into tokens: inout [TextToken]
  ) {
    var bytes: [UInt8] = []
    // The scalar that each byte of the spelled word belongs to.
    var owners: [Int] = []
    for (index, aligned) in zip(word.indices, word) {
      for byte in UTF8.encode(aligned.scalar).map(Array.init) ?? [] {
        bytes.append(byte)
        for _ in 0..<ByteLevel.width(of: byte) { owners.append(index) }
      }
    }
    var position = 0
    for (id, length) in model.symbols(of: bytes, in: table) {
      tokens.append(
        TextToken(
          id: id, text: table.text(id) ?? "", start: word[owners[position]].start,
          end: word[owners[position + length - 1]].end, isSpecial: false))
      position += length
    }
  }
}

/// Takes blanks out of the offsets of byte-level tokens: `Ġbig` stands for the letters alone.
struct ByteLevelTrimming: Sendable {
  /// Whether the first token's blank was put there and is not in the text.
  let addsPrefixSpace: Bool

  func trim(_ token: TextToken, isFirst: Bool) -> TextToken {
    let scalars = token.text.unicodeScalars
    func isBlank(_ scalar: Unicode.Scalar) -> Bool {
      scalar == ByteLevel.characters[0x20] || UnicodeClasses.isWhitespace(scalar)
    }
    var leading = scalars.prefix(while: isBlank).count
    let trailing = scalars.reversed().prefix(while: isBlank).count
    var start = token.start, end = token.end
    if leading > 0 {
      if addsPrefixSpace, isFirst || start == 0 { leading = 0 }
      start = min(start + leading, end)
    }
    if trailing > 0, end >= trailing { end = max(end - trailing, start) }
    return TextToken(
      id: token.id, text: token.text, start: start, end: end, isSpecial: token.isSpecial)
  }
}
