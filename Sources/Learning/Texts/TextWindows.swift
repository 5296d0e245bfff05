/// A text as a network is trained on it: cut into B parallel streams, each read in windows of T
/// tokens, so that the states after one window are those before the next.
///
/// Every token but the last is an input exactly once, and its target is the token after it. Streams
/// are of the same length or differ by one; what is missing in the last window is −1.
public struct TextWindows: Sendable {
  /// Inputs and targets of one update.
  public struct Window: Sendable, Equatable {
    /// `[T, B]`, −1 behind the end of a stream.
    public let tokens: [Int32]
    /// `[T, B]`: the token after each input, −1 behind the end of a stream.
    public let targets: [Int32]
    /// The number of targets that are not −1.
    public let targetCount: Int
  }

  public let ids: [Int32]
  public let seqLen: Int
  public let batchSize: Int
  /// The number of windows that cover the text.
  public let count: Int

  /// - Parameters:
  ///   - ids: the text; at least two tokens.
  ///   - seqLen: T.
  ///   - batchSize: B.
  public init(ids: [Int32], seqLen: Int, batchSize: Int) {
    precondition(ids.count > 1, "a text of \(ids.count) tokens has no next token to predict")
    precondition(seqLen > 0 && batchSize > 0, "T = \(seqLen), B = \(batchSize)")
    self.ids = ids
    self.seqLen = seqLen
    self.batchSize = batchSize
    let longest = (ids.count - 1 + batchSize - 1) / batchSize
    count = (longest + seqLen - 1) / seqLen
  }

  /// The number of targets in the whole text.
  public var targetCount: Int { ids.count - 1 }

  /// The inputs of one stream, as positions in the text.
  public func stream(_ index: Int) -> Range<Int> {
    let (length, longer) = targetCount.quotientAndRemainder(dividingBy: batchSize)
    let start = index * length + min(index, longer)
    return start..<start + length + (index < longer ? 1 : 0)
  }

  public subscript(index: Int) -> Window {
    precondition(index >= 0 && index < count, "window \(index) of \(count)")
    var tokens = [Int32](repeating: -1, count: seqLen * batchSize)
    var targets = tokens
    var targetCount = 0
    for column in 0..<batchSize {
      let stream = stream(column)
      let first = stream.lowerBound + index * seqLen
      let length = max(0, min(seqLen, stream.upperBound - first))
      for step in 0..<length {
        tokens[step * batchSize + column] = ids[first + step]
        targets[step * batchSize + column] = ids[first + step + 1]
      }
      targetCount += length
    }
    return Window(tokens: tokens, targets: targets, targetCount: targetCount)
  }
}
