/// Reads a `tokenizer.json` of Hugging Face's tokenizers.
///
/// What it may hold: BERT's normaliser and words with WordPiece, or GPT-2's byte-level words with
/// byte-pair encoding. Anything else is refused by name, as it would give other tokens.
struct TokenizerJSON {
  private let root: JSONFields
  private let model: JSONFields
  private var table: TokenTable
  private let names: SpecialTokenNames

  static let supported =
    "unroll reads WordPiece (BERT, DistilBERT) and byte-level BPE (GPT-2) tokenizers"

  /// Reads a file; `names` are those of the special tokens.
  static func read(_ path: String, names: SpecialTokenNames) throws(FileError) -> Tokenizer {
    let root = try JSONFields(contentsOf: path)
    let model = try root.required("model", "an object", try root.fields("model"))
    var reader = TokenizerJSON(root: root, model: model, table: TokenTable(), names: names)
    return try reader.tokenizer()
  }

  private mutating func tokenizer() throws(FileError) -> Tokenizer {
    let pipeline: Tokenizer.Pipeline
    let type = try modelType()
    if type == "WordPiece" || type == "BPE" {
      table = try TokenTable(
        vocabulary: try model.required(
          "vocab", "an object of tokens and ids", try model.fields("vocab")))
    }
    switch type {
    case "WordPiece": pipeline = try wordPiece()
    case "BPE": pipeline = try byteLevel()
    default:
      throw model.mismatch("type", expected: "WordPiece or BPE: \(Self.supported)")
    }
    let added = try addedTokens()
    let around = try PostProcessing(root, table: table)
    return Tokenizer(
      pipeline: pipeline, table: table,
      added: added, prefix: around.prefix, suffix: around.suffix, trimming: around.trimming,
      cleansDecoded: try root.fields("decoder")?.flag("cleanup") ?? true,
      special: names.find(in: table, added: added, unknown: try model.text("unk_token")))
  }

  /// Files of older versions don't say it.
  private func modelType() throws(FileError) -> String {
    if let type = try model.text("type") { return type }
    return model.value("merges") == nil ? "WordPiece" : "BPE"
  }

  // MARK: WordPiece

  private func wordPiece() throws(FileError) -> Tokenizer.Pipeline {
    try expectType("pre_tokenizer", "BertPreTokenizer")
    var normalizer: BertNormalizer?
    if root.value("normalizer") != nil {
      let fields = try expectType("normalizer", "BertNormalizer")
      var bert = BertNormalizer()
      bert.cleansText = try fields.flag("clean_text") ?? true
      bert.spacesChinese = try fields.flag("handle_chinese_chars") ?? true
      bert.lowercases = try fields.flag("lowercase") ?? true
      bert.stripsAccents = try fields.flag("strip_accents") ?? bert.lowercases
      normalizer = bert
    }
    let unknown = try model.text("unk_token") ?? "[UNK]"
    guard let unknownID = table.id(of: unknown) else {
      throw model.mismatch(
        "unk_token", expected: "a token of the vocabulary", found: Printable.quote(unknown))
    }
    var pieces = WordPiece(unknownID: unknownID)
    pieces.continuingPrefix = try model.text("continuing_subword_prefix") ?? "##"
    pieces.longestWord = try model.whole("max_input_chars_per_word", in: 1...10_000) ?? 100
    return .wordPiece(normalizer, pieces)
  }

  // MARK: Byte-level BPE

  private func byteLevel() throws(FileError) -> Tokenizer.Pipeline {
    let words = try expectType("pre_tokenizer", "ByteLevel")
    if root.value("normalizer") != nil {
      throw root.mismatch(
        "normalizer", expected: "none with byte-level BPE",
        found: Printable.quote(try root.fields("normalizer")?.text("type") ?? "an object"))
    }
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let text = try model.text(key), !text.isEmpty {
        throw model.mismatch(key, expected: "none with byte-level BPE")
      }
    }
    if let dropout = try model.number("dropout"), dropout != 0 {
      throw model.mismatch("dropout", expected: "none: the tokens would be random")
    }
    if try model.flag("byte_fallback") == true {
      throw model.mismatch("byte_fallback", expected: "false with byte-level BPE")
    }
    let entries = try model.required("merges", "an array", try model.list("merges"))
    var merges = MergeTable(table: table)
    for (rank, entry) in entries.enumerated() {
      let place = FileError.Place.part("model.merges[\(rank)]")
      switch entry {
      case .string(let line): try merges.add(line: line, file: model.file, at: place)
      case .array(let pair):
        guard pair.count == 2, case .string(let left) = pair[0], case .string(let right) = pair[1]
        else {
          throw FileError(
            file: model.file, at: place, expected: "two tokens", found: entry.summary)
        }
        try merges.add(left, right, file: model.file, at: place)
      default:
        throw FileError(file: model.file, at: place, expected: "two tokens", found: entry.summary)
      }
    }
    var encoding = BytePairEncoding(byteIDs: table.byteIDs, merges: merges.merges)
    if let unknown = try model.text("unk_token") {
      guard let id = table.id(of: unknown) else {
        throw model.mismatch("unk_token", expected: "a token of the vocabulary")
      }
      encoding.unknownID = id
    }
    encoding.fusesUnknown = try model.flag("fuse_unk") ?? false
    encoding.ignoresMerges = try model.flag("ignore_merges") ?? false
    return .byteLevel(
      encoding, addsPrefixSpace: try words.flag("add_prefix_space") ?? true,
      usesPattern: try words.flag("use_regex") ?? true)
  }

  // MARK: Parts

  /// A part of the pipeline that has to be of one type.
  @discardableResult
  private func expectType(_ key: String, _ type: String) throws(FileError) -> JSONFields {
    let fields = try root.required(key, "an object with type \(type)", try root.fields(key))
    guard try fields.text("type") == type else {
      throw fields.mismatch("type", expected: "\(type): \(Self.supported)")
    }
    return fields
  }

  private mutating func addedTokens() throws(FileError) -> [AddedTokens.Token] {
    var tokens: [AddedTokens.Token] = []
    for fields in try root.fieldsList("added_tokens") ?? [] {
      let content = try fields.required("content", "a string", try fields.text("content"))
      let range = 0...TokenTable.largestID
      let id = try fields.required(
        "id", "a whole number", try fields.whole("id", in: range))
      if content.isEmpty { continue }
      if table.id(of: content) == nil {
        do throws(TokenTable.Conflict) { try table.add(content, id: id) } catch {
          throw fields.mismatch("id", expected: "an id of its own", found: error.description)
        }
      }
      tokens.append(
        AddedTokens.Token(
          id: table.id(of: content) ?? id, content: content,
          isSingleWord: try fields.flag("single_word") ?? false,
          stripsLeft: try fields.flag("lstrip") ?? false,
          stripsRight: try fields.flag("rstrip") ?? false,
          isNormalized: try fields.flag("normalized") ?? false,
          isSpecial: try fields.flag("special") ?? false))
    }
    return tokens
  }
}

extension TokenTable {
  /// Reads an object of tokens and ids.
  init(vocabulary: JSONFields) throws(FileError) {
    self.init(capacity: vocabulary.object.count)
    for (token, value) in vocabulary.object {
      func mismatch(_ expected: String, _ found: String) -> FileError {
        let name = "token \(Printable.quote(token))"
        return FileError(
          file: vocabulary.file, at: .part(name), expected: expected, found: found)
      }
      guard case .integer(let id) = value, (0...Self.largestID).contains(id) else {
        throw mismatch("an id from 0 to \(Self.largestID)", value.summary)
      }
      do throws(Conflict) { try add(token, id: id) } catch {
        throw mismatch("an id of its own", error.description)
      }
    }
    guard count > 0 else {
      throw FileError(
        file: vocabulary.file, at: vocabulary.path.isEmpty ? nil : .part(vocabulary.path),
        expected: "at least one token", found: "none")
    }
  }

  /// The ids of the 256 bytes' own tokens.
  var byteIDs: [Int?] { ByteLevel.characters.map { id(of: String($0)) } }
}

extension TokenTable.Conflict: CustomStringConvertible {
  var description: String {
    switch self {
    case .tokenTaken(let id): "the token as \(id) already"
    case .idTaken(let token): "the id of \(Printable.quote(token))"
    }
  }
}
