internal import Checkpoints
internal import Learning
internal import Networks

/// How many translations of a file's sentences are right word for word.
nonisolated struct TranslateScore {
  let model: TranslateModel
  let file: String
  let beamWidth: Int
  let match: ExactMatch

  /// - Throws: a file that is none of pairs, with the line.
  init(model: TranslateModel, file: String, beamWidth: Int) throws {
    self.model = model
    self.file = file
    self.beamWidth = beamWidth
    let pairs = try Self.pairs(in: file)
    Self.warn(pairs, model)
    match = ExactMatch(
      of: model.network, on: pairs, sourceVocabulary: model.source,
      targetVocabulary: model.target, beamWidth: beamWidth)
  }

  /// Says what can't be right: sentences with unknown words, and those that are too long.
  private static func warn(_ pairs: [SentencePair], _ model: TranslateModel) {
    let longest = model.longestSource
    var unknown = 0, long = 0
    for pair in pairs {
      let encoded = model.source.encode(pair.source)
      if encoded.unknownCount > 0 { unknown += 1 }
      if encoded.ids.count > longest { long += 1 }
    }
    func sentences(_ count: Int) -> String {
      "\(count) of \(pairs.count) \(pairs.count == 1 ? "sentence" : "sentences")"
    }
    if unknown > 0 {
      Console.warn("\(sentences(unknown)): words not in the vocabulary, which enter as <unk>")
    }
    if long > 0 {
      Console.warn("\(sentences(long)): more than \(longest) words, which count as wrong")
    }
  }

  private static func pairs(in file: String) throws -> [SentencePair] {
    let text = try TextFile.readAny(file)
    do throws(PairsError) {
      return try PairsFile.parse(Array(text.utf8), name: file)
    } catch {
      throw ModelError.request(error.description)
    }
  }

  func write(as format: TokenFile.Format) throws {
    switch format {
    case .text: try Console.print(lines)
    case .json: try ByteOutput.write(to: nil, writeJSON)
    }
  }

  private var lines: String {
    func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10)%" }
    let rows =
      [["words", "pairs", "right", "exact match"]]
      + match.byLength.map { ["\($0.length)", "\($0.count)", "\($0.matched)", percent($0.share)] }
    return Console.table(rows, rightAligned: [0, 1, 2, 3])
      + "\n\n\(match.matched) of \(match.count) right word for word: exact match "
      + percent(match.share ?? 0)
  }

  private func writeJSON(to output: ByteOutput) throws(FileError) {
    var json = JSONWriter(to: output)
    try json.beginObject()
    try json.member("model", model.name)
    try json.member("pairs", file)
    try json.member("beam", beamWidth)
    try json.member("count", match.count)
    try json.member("matched", match.matched)
    try json.member("exact_match", match.share ?? 0)
    try json.key("lengths")
    try json.beginArray()
    for length in match.byLength {
      try json.beginObject()
      try json.member("length", length.length)
      try json.member("count", length.count)
      try json.member("matched", length.matched)
      try json.member("exact_match", length.share)
      try json.endObject()
    }
    try json.endArray()
    try json.endObject()
    try output.write("\n")
  }
}
