public import Networks
internal import Tensors

extension EncoderDecoder {
  /// Translates many sentences, each step taking the likeliest word.
  ///
  /// - Parameters:
  ///   - sources: of at least a word each.
  ///   - mostWords: of a translation.
  ///   - batchSize: sentences that are written side by side; those of about the same length are.
  /// - Returns: the words of each, without start and end.
  public func translations(
    of sources: [[Int32]], mostWords: Int = 40, batchSize: Int = 64
  ) -> [[Int32]] {
    var translations: [[Int32]] = Array(repeating: [], count: sources.count)
    let order = sources.indices.sorted { (sources[$0].count, $0) < (sources[$1].count, $1) }
    for first in stride(from: 0, to: order.count, by: batchSize) {
      let indices = order[first..<min(order.count, first + batchSize)]
      let decoder = IncrementalDecoder(
        model: self, sources: indices.map { sources[$0] }, capacity: mostWords)
      let written = decoder.writeLikeliest()
      for (index, words) in zip(indices, written) { translations[index] = words }
    }
    return translations
  }
}

extension IncrementalDecoder {
  /// The likeliest word behind a row's last one; the first of several.
  func likeliestWord(row: Int) -> Int32 {
    let logits = logits(row: row)
    var best = 0
    for word in logits.indices where logits[word] > logits[best] { best = word }
    return Int32(best)
  }

  /// Writes each row to its end, or to the capacity.
  fileprivate func writeLikeliest() -> [[Int32]] {
    var written: [[Int32]] = Array(repeating: [], count: rowCount)
    var hasEnded = Array(repeating: false, count: rowCount)
    var tokens = Array(repeating: SentenceVocabulary.start, count: rowCount)
    while length < capacity, hasEnded.contains(false) {
      extend(tokens: tokens)
      for row in 0..<rowCount where !hasEnded[row] {
        tokens[row] = likeliestWord(row: row)
        if tokens[row] == SentenceVocabulary.end {
          hasEnded[row] = true
        } else {
          written[row].append(tokens[row])
        }
      }
    }
    return written
  }
}
