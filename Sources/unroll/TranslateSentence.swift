internal import Checkpoints
internal import Glibc
internal import Learning
internal import Networks

/// A sentence, its translation, and how it came about.
nonisolated struct TranslatedSentence {
  let model: TranslateModel
  let text: String
  let source: (ids: [Int32], tokens: [String])
  let search: BeamSearch
  /// The words of the best result, and the end.
  let output: [Int32]
  /// ln p of each.
  let logProbabilities: [Double]
  /// Per layer that attends to the source and per head `[T_out][T_in]`; empty without attention.
  let crossAttention: [[[[Float]]]]

  /// - Throws: a sentence that the model can't take.
  init(
    _ text: String, model: TranslateModel, forced: [Int32] = [], options: BeamSearch.Options
  ) throws {
    self.text = text
    self.model = model
    source = try model.read(text)
    search = BeamSearch(
      model: model.network, source: source.ids, start: SentenceVocabulary.start,
      end: SentenceVocabulary.end, forced: forced, options: options)
    output = search.bestOutput
    let pass = EncoderDecoderPass(
      model: model.network, sourceLen: source.ids.count, targetLen: output.count)
    pass.setSources([source.ids])
    pass.setInputs([[SentenceVocabulary.start] + output.dropLast()])
    pass.forward()
    logProbabilities = pass.losses(targets: output).map { -$0 }
    let keys = source.ids.count, rows = output.count
    crossAttention = pass.crossAttention.map { block, equation in
      let matrix = block.matrix(of: equation)
      return (0..<matrix.headCount).map { head in
        let weights = matrix.head(head)
        return (0..<rows).map { Array(weights[$0 * keys..<($0 + 1) * keys]) }
      }
    }
  }

  var outputTokens: [String] { output.map { model.target.tokens[Int($0)] } }
  var translation: String { model.target.decode(output) }

  /// `[T_out][T_in]`: the mean over the heads of the last layer; empty without attention.
  var alignment: [[Float]] {
    guard let heads = crossAttention.last else { return [] }
    return output.indices.map { row in
      source.ids.indices.map { key in
        heads.reduce(0) { $0 + $1[row][key] } / Float(heads.count)
      }
    }
  }

  // MARK: Writing

  func write(as format: TokenFile.Format) throws {
    switch format {
    case .text: try Console.print(lines)
    case .json: try ByteOutput.write(to: nil, writeJSON)
    }
  }

  /// A table of the words, the other hypotheses, and the translation as the last line.
  private var lines: String {
    let alignment = alignment
    var rows = [["word", "p"] + (alignment.isEmpty ? [] : ["looks at", "weight"])]
    for (index, token) in outputTokens.enumerated() {
      var row = [token, Self.rounded(exp(logProbabilities[index]))]
      if !alignment.isEmpty,
        let key = alignment[index].indices.max(by: {
          alignment[index][$0] < alignment[index][$1]
        })
      {
        row += [source.tokens[key], Self.rounded(Double(alignment[index][key]))]
      }
      rows.append(row)
    }
    var parts = [Console.table(rows, rightAligned: [1, 3])]
    if search.results.count > 1 {
      let results =
        [["score", "beam"]]
        + search.results.prefix(search.options.width).map {
          [Self.rounded(search.score($0)), model.target.decode(search.tokens(to: $0))]
        }
      parts.append(Console.table(results, rightAligned: [0]))
    }
    return (parts + [translation]).joined(separator: "\n\n")
  }

  /// Three digits behind the point.
  static func rounded(_ number: Double) -> String {
    let thousandths = Int((abs(number) * 1000).rounded())
    let digits = String(thousandths % 1000)
    return (number < 0 && thousandths > 0 ? "-" : "") + "\(thousandths / 1000)."
      + String(repeating: "0", count: 3 - digits.count) + digits
  }

  private func writeJSON(to bytes: ByteOutput) throws(FileError) {
    var json = JSONWriter(to: bytes)
    try json.beginObject()
    try json.member("model", model.name)
    try json.member("text", text)
    try json.member("translation", translation)
    try json.key("source_tokens")
    try json.value(source.tokens)
    try json.key("source_ids")
    try json.value(source.ids.map(Int.init))
    try json.key("output_tokens")
    try json.value(outputTokens)
    try json.key("output_ids")
    try json.value(output.map(Int.init))
    try json.key("log_probabilities")
    try json.value(logProbabilities)
    if !crossAttention.isEmpty {
      try json.key("alignment")
      try json.value(rows: alignment)
    }
    if crossAttention.contains(where: { $0.count > 1 }) || crossAttention.count > 1 {
      try json.key("cross_attention")
      try json.beginArray()
      for heads in crossAttention {
        try json.beginArray()
        for head in heads { try json.value(rows: head) }
        try json.endArray()
      }
      try json.endArray()
    }
    try json.key("beam")
    try writeBeam(&json)
    try json.endObject()
    try bytes.write("\n")
  }

  private func writeBeam(_ json: inout JSONWriter) throws(FileError) {
    try json.beginObject()
    try json.member("width", search.options.width)
    try json.key("results")
    try json.beginArray()
    for result in search.results {
      let words = search.tokens(to: result)
      try json.beginObject()
      try json.member("translation", model.target.decode(words))
      try json.member("score", search.score(result))
      try json.member("log_probability", search.nodes[result].total)
      try json.key("ids")
      try json.value(words.map(Int.init))
      try json.endObject()
    }
    try json.endArray()
    try json.endObject()
  }
}

nonisolated extension JSONWriter {
  /// An array of arrays.
  fileprivate mutating func value(rows: [[Float]]) throws(FileError) {
    try beginArray()
    for row in rows { try value(row) }
    try endArray()
  }
}
