public import Tensors

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Writes several hypotheses at once, a word at a time; what was computed for earlier words is kept.
///
/// A source may have several hypotheses (a beam), and there may be several sources: one row each.
public final class IncrementalDecoder<Scalar: TensorScalar> {
  public let model: EncoderDecoder<Scalar>
  public let rowCount: Int
  public let hypothesesPerSource: Int
  /// Words that were given so far.
  public private(set) var length = 0
  /// The most words that can be given.
  public let capacity: Int
  private let pass: EncoderDecoderPass<Scalar>

  /// Reads the sources.
  ///
  /// - Parameters:
  ///   - model: what writes.
  ///   - sources: of at least a token each, and no more than there are learned positions.
  ///   - hypothesesPerSource: how many hypotheses each has; they lie behind each other.
  ///   - capacity: the most words that will be given, start included.
  public init(
    model: EncoderDecoder<Scalar>, sources: [[Int32]], hypothesesPerSource: Int = 1, capacity: Int
  ) {
    self.model = model
    self.hypothesesPerSource = hypothesesPerSource
    self.capacity = min(capacity, model.configuration.longestTarget ?? .max)
    rowCount = sources.count * hypothesesPerSource
    // A recurrent decoder has its past in its states; a transformer has a row per word.
    let targetLen = if case .recurrent = model.parts { 1 } else { self.capacity }
    pass = EncoderDecoderPass(
      model: model, sourceLen: sources.map(\.count).max() ?? 1, targetLen: targetLen,
      batchSize: rowCount)
    pass.setSources(
      sources.flatMap { Array(repeating: $0, count: hypothesesPerSource) })
    switch pass.core {
    case .recurrent(let core): core.encode()
    case .transformer(let encoder, let decoder):
      encoder.forward()
      decoder.setContext(encoder.lastHiddenState, lengths: pass.sourceLengths)
    }
  }

  /// Gives each row its next word.
  ///
  /// - Parameters:
  ///   - tokens: one per row; the start first.
  ///   - parents: the row that each row goes on from, one of the same source; nil for itself.
  /// - Precondition: fewer than `capacity` words were given.
  public func extend(tokens: [Int32], parents: [Int]? = nil) {
    precondition(
      tokens.count == rowCount && parents?.count ?? rowCount == rowCount && length < capacity,
      "\(tokens.count) tokens for \(rowCount) rows after \(length) of \(capacity) words")
    precondition(
      parents?.enumerated().allSatisfy { $0 / hypothesesPerSource == $1 / hypothesesPerSource }
        ?? true, "a parent of another source")
    switch pass.core {
    case .recurrent(let core):
      if length > 0 { core.carryStates(parents: parents ?? Array(0..<rowCount)) }
      pass.setInputs(tokens.map { [$0] })
      core.decode()
      pass.forwardHead()
    case .transformer(_, let decoder):
      if length > 0, let parents { decoder.reorder(parents: parents, rows: length) }
      decoder.forward(tokens: tokens, row: length)
    }
    length += 1
  }

  /// Row t of the pass's own rows that was computed last.
  private var lastRow: Int { if case .recurrent = pass.core { 0 } else { length - 1 } }

  /// The logits of what follows a row's last word, `[V]`.
  public func logits(row: Int) -> [Scalar] {
    let size = model.configuration.targetVocabularySize
    let first = (row * pass.targetLen + lastRow) * size
    return pass.head.logits.array(first..<first + size)
  }

  /// ln p of each word that may follow a row's last one, `[V]`.
  public func logProbabilities(row: Int) -> [Double] {
    let logits = logits(row: row).map { Double($0) }
    let largest = logits.max() ?? 0
    let sum = logits.reduce(0) { $0 + exp($1 - largest) }
    let normalizer = largest + log(sum)
    return logits.map { $0 - normalizer }
  }

  /// How much a row's last step looked at each token of its source: `[T_in]` per head, of each layer
  /// that attends to it.
  public func alignment(row: Int) -> [[[Scalar]]] {
    let keys = pass.sourceLengths[row]
    return pass.crossAttention.map { block, equation in
      let matrix = block.matrix(of: equation, sequence: row)
      return (0..<matrix.headCount).map { head in
        let start = lastRow * pass.sourceLen
        return Array(matrix.head(head)[start..<start + keys])
      }
    }
  }
}
