/// Which task, without its length: so that the length can be changed.
public struct TaskRequest: Sendable {
  public var kind: TaskKind
  /// Of recall: how many symbols there are to remember one of.
  public var symbolCount: Int
  /// Of recall: what stands between the symbol and the question.
  public var distractors: RecallTask.Distractors
  /// Of parity: how many bits are shown.
  public var bitCount: Int
  /// Of text: what is learnt.
  public var corpus: TextCorpus?

  public init(
    _ kind: TaskKind = .recall, symbolCount: Int = 4,
    distractors: RecallTask.Distractors = .random, bitCount: Int = 3, corpus: TextCorpus? = nil
  ) {
    self.kind = kind
    self.symbolCount = symbolCount
    self.distractors = distractors
    self.bitCount = bitCount
    self.corpus = corpus
  }

  /// The task with sequences of `seqLen` steps.
  ///
  /// - Throws: `TaskError` where it is too short, or a text is missing.
  public func make(seqLen: Int) throws(TaskError) -> any SequenceTask {
    switch kind {
    case .recall:
      return try RecallTask(seqLen: seqLen, symbolCount: symbolCount, distractors: distractors)
    case .adding: return try AddingTask(seqLen: seqLen)
    case .copy: return try CopyTask(seqLen: seqLen)
    case .parity: return try ParityTask(seqLen: seqLen, bitCount: bitCount)
    case .sine: return try SineTask(seqLen: seqLen)
    case .text:
      guard let corpus else {
        throw TaskError(task: .text, expected: "a text to learn", found: "none")
      }
      return try TextTask(seqLen: seqLen, corpus: corpus)
    }
  }

  /// Whether sequences of the two are the same but for their length.
  func isSame(as other: TaskRequest) -> Bool {
    kind == other.kind && symbolCount == other.symbolCount && distractors == other.distractors
      && bitCount == other.bitCount && corpus?.vocabulary == other.corpus?.vocabulary
      && corpus?.training == other.corpus?.training
  }
}
