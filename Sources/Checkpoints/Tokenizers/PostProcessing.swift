/// What a `tokenizer.json` puts around the tokens of a text, and what it does to their offsets.
struct PostProcessing {
  private(set) var prefix: [Int] = []
  private(set) var suffix: [Int] = []
  private(set) var trimming: ByteLevelTrimming?
  private let table: TokenTable

  static let supported = ["TemplateProcessing", "BertProcessing", "RobertaProcessing", "ByteLevel"]

  init(_ root: JSONFields, table: TokenTable) throws(FileError) {
    self.table = table
    guard let fields = try root.fields("post_processor") else { return }
    try add(fields)
  }

  private mutating func add(_ fields: JSONFields) throws(FileError) {
    switch try fields.text("type") {
    case "TemplateProcessing": try addTemplate(fields)
    case "BertProcessing": try addPair(fields)
    case "RobertaProcessing":
      try addTrimming(fields)
      try addPair(fields)
    case "ByteLevel": try addTrimming(fields)
    case "Sequence":
      for part in try fields.fieldsList("processors") ?? [] { try add(part) }
    default:
      throw fields.mismatch(
        "type", expected: "one of \(Self.supported.joined(separator: ", ")) or a Sequence of them")
    }
  }

  private mutating func addTrimming(_ fields: JSONFields) throws(FileError) {
    guard try fields.flag("trim_offsets") ?? true else { return }
    trimming = ByteLevelTrimming(addsPrefixSpace: try fields.flag("add_prefix_space") ?? true)
  }

  /// `"sep": ["[SEP]", 102]` and `"cls": ["[CLS]", 101]`.
  private mutating func addPair(_ fields: JSONFields) throws(FileError) {
    func id(_ key: String) throws(FileError) -> Int {
      guard let pair = try fields.list(key), pair.count == 2, case .integer(let id) = pair[1]
      else { throw fields.mismatch(key, expected: "a token and its id") }
      return try known(id, fields, key)
    }
    prefix.insert(try id("cls"), at: 0)
    suffix.append(try id("sep"))
  }

  /// The template for one text, such as `[CLS] $A [SEP]`.
  private mutating func addTemplate(_ fields: JSONFields) throws(FileError) {
    let ids = try templateIDs(fields)
    var before: [Int] = [], after: [Int] = []
    var sequenceCount = 0
    for piece in try fields.fieldsList("single") ?? [] {
      if try piece.fields("Sequence") != nil {
        sequenceCount += 1
      } else if let token = try piece.fields("SpecialToken") {
        let name = try token.required("id", "a string", try token.text("id"))
        guard let tokens = ids.first(where: { $0.0 == name })?.1 else {
          throw token.mismatch("id", expected: "one of the template's special_tokens")
        }
        if sequenceCount == 0 { before += tokens } else { after += tokens }
      } else {
        throw FileError(
          file: piece.file, at: .part(piece.path), expected: "Sequence or SpecialToken",
          found: "an object without them")
      }
    }
    guard sequenceCount == 1 else {
      throw fields.mismatch(
        "single", expected: "the text once", found: "it \(sequenceCount) times")
    }
    prefix = before + prefix
    suffix += after
  }

  private func templateIDs(_ fields: JSONFields) throws(FileError) -> [(String, [Int])] {
    guard let specials = try fields.fields("special_tokens") else { return [] }
    var result: [(String, [Int])] = []
    for (name, value) in specials.object {
      let token = try JSONFields(file: fields.file, path: specials.name(name), value: value)
      var ids: [Int] = []
      for value in try token.required("ids", "an array of ids", try token.list("ids")) {
        guard case .integer(let id) = value else {
          throw token.mismatch("ids", expected: "whole numbers", found: value.summary)
        }
        ids.append(try known(id, token, "ids"))
      }
      result.append((name, ids))
    }
    return result
  }

  private func known(_ id: Int, _ fields: JSONFields, _ key: String) throws(FileError) -> Int {
    guard table.text(id) != nil else {
      throw fields.mismatch(key, expected: "ids of the vocabulary", found: "\(id)")
    }
    return id
  }
}
