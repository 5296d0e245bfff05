extension Tokenizer {
  /// Opens the tokenizer of a Hugging Face folder: `tokenizer.json`, else `vocab.txt` (WordPiece),
  /// else `vocab.json` and `merges.txt` (byte-level BPE).
  ///
  /// - Throws: `FileError`: none of these, a file that is malformed or does not fit the others, or
  ///   a kind of tokenizer that is not supported.
  public init(folder: String) throws(FileError) {
    func path(_ name: String) -> String { "\(folder)/\(name)" }
    func exists(_ name: String) -> Bool { ModelCatalog.exists(path(name)) }
    let configuration =
      exists("tokenizer_config.json")
      ? try JSONFields(contentsOf: path("tokenizer_config.json")) : nil
    let names = try SpecialTokenNames(configuration)
    if exists("tokenizer.json") {
      self = try TokenizerJSON.read(path("tokenizer.json"), names: names)
    } else if exists("vocab.txt") {
      try self.init(wordPieceVocabulary: path("vocab.txt"), configuration, names)
    } else if exists("vocab.json") || exists("merges.txt") {
      for (name, other) in [("vocab.json", "merges.txt"), ("merges.txt", "vocab.json")]
      where !exists(name) {
        throw FileError(file: folder, expected: "\(name) beside \(other)", found: "no such file")
      }
      try self.init(
        vocabulary: path("vocab.json"), merges: path("merges.txt"), configuration, names)
    } else {
      throw FileError(
        file: folder, expected: "tokenizer.json, vocab.txt, or vocab.json and merges.txt",
        found: "none of them")
    }
  }

  /// A vocabulary with a token per line, for BERT.
  private init(
    wordPieceVocabulary path: String, _ configuration: JSONFields?, _ names: SpecialTokenNames
  ) throws(FileError) {
    let text = try TextFile.readAny(path)
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    var table = TokenTable(capacity: lines.count)
    for (id, line) in lines.enumerated() {
      let end = line.lastIndex { !UnicodeClasses.isWhitespace($0) }
      let token = end.map { String(String.UnicodeScalarView(line[...$0])) } ?? ""
      let place = FileError.Place.line(id + 1, column: 1)
      guard id <= TokenTable.largestID else {
        throw FileError(
          file: path, at: place, expected: "at most \(TokenTable.largestID) tokens",
          found: "\(lines.count)")
      }
      do throws(TokenTable.Conflict) { try table.add(token, id: id) } catch {
        throw FileError(
          file: path, at: place, expected: "every token once",
          found: "\(Printable.quote(token)) again")
      }
    }
    let added = names.added(in: table)
    let special = names.find(in: table, added: added)
    func required(_ role: SpecialTokens.Role) throws(FileError) -> Int {
      guard let id = special[role] else {
        throw FileError(
          file: path, expected: "the token \(role.usualNames[0])", found: "none of this name")
      }
      return id
    }
    var normalizer = BertNormalizer()
    normalizer.lowercases = try configuration?.flag("do_lower_case") ?? true
    normalizer.stripsAccents = try configuration?.flag("strip_accents") ?? normalizer.lowercases
    normalizer.spacesChinese = try configuration?.flag("tokenize_chinese_chars") ?? true
    self.init(
      pipeline: .wordPiece(
        normalizer, WordPiece(unknownID: try required(.unknown))),
      table: table, added: added,
      prefix: [try required(.classification)],
      suffix: [try required(.separator)], trimming: nil, cleansDecoded: true,
      special: special)
  }

  /// A vocabulary and its merges, for GPT-2.
  private init(
    vocabulary path: String, merges mergesPath: String, _ configuration: JSONFields?,
    _ names: SpecialTokenNames
  ) throws(FileError) {
    let document = try JSONFields(contentsOf: path)
    let table = try TokenTable(vocabulary: document)
    var merges = MergeTable(table: table)
    try merges.add(contentsOf: mergesPath)
    let added = names.added(in: table)
    self.init(
      pipeline: .byteLevel(
        BytePairEncoding(byteIDs: table.byteIDs, merges: merges.merges),
        addsPrefixSpace: try configuration?.flag("add_prefix_space") ?? false,
        usesPattern: true),
      table: table, added: added, prefix: [], suffix: [], trimming: nil, cleansDecoded: false,
      special: names.find(in: table, added: added))
  }

  /// Sorts the added tokens by where they are looked for.
  init(
    pipeline: Pipeline, table: TokenTable, added: [AddedTokens.Token], prefix: [Int],
    suffix: [Int], trimming: ByteLevelTrimming?, cleansDecoded: Bool, special: SpecialTokens
  ) {
    func patterns(_ isNormalized: Bool) -> AddedTokens {
      AddedTokens(
        added.filter { $0.isNormalized == isNormalized }.map { token in
          var text = AlignedText(token.content.unicodeScalars, base: 0)
          if isNormalized, case .wordPiece(let normalizer?, _) = pipeline {
            normalizer.normalize(&text)
          }
          return (token, text.scalars.map(\.scalar))
        })
    }
    self.init(
      pipeline: pipeline, table: table, addedTokens: patterns(false),
      normalizedTokens: patterns(true), prefix: prefix, suffix: suffix, trimming: trimming,
      cleansDecoded: cleansDecoded, special: special)
  }
}
