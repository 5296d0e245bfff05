internal import Equations
public import Networks

/// A text to learn from: its vocabulary, and its tokens as numbers, split for training and
/// validation.
public struct TextCorpus: Sendable {
  public let vocabulary: Vocabulary
  /// The first part of the text.
  public let training: [Int32]
  /// The last part of the text; empty where nothing is held back.
  public let validation: [Int32]

  /// The token that stands for words outside the vocabulary.
  public static let unknownToken = "<unk>"

  /// A text cut into characters or words.
  ///
  /// The vocabulary of characters is every Unicode scalar that occurs, in ascending order. That of
  /// words is `<unk>` and then the most frequent words (those equally frequent in ascending order).
  ///
  /// - Parameters:
  ///   - text: all of it, for training and validation.
  ///   - unit: what a token is.
  ///   - vocabularySize: the number of tokens, `<unk>` included; for words only.
  ///   - validationShare: the share of the text, counted from its end, that is held back.
  /// - Throws: `CorpusError.empty`.
  public init(
    text: String, unit: Vocabulary.Unit = .characters, vocabularySize: Int = 10_000,
    validationShare: Double = 0.05
  ) throws(CorpusError) {
    precondition((0..<1).contains(validationShare), "validation share \(validationShare)")
    let ids: [Int32]
    switch unit {
    case .characters: (vocabulary, ids) = Self.characters(of: text)
    case .words: (vocabulary, ids) = Self.words(of: text, vocabularySize: vocabularySize)
    }
    guard !ids.isEmpty else { throw .empty }
    let held = Int((Double(ids.count) * validationShare).rounded())
    training = Array(ids.dropLast(held))
    validation = Array(ids.suffix(held))
  }

  private static func characters(of text: String) -> (Vocabulary, [Int32]) {
    let scalars = Set(text.unicodeScalars).sorted()
    let numbers = Dictionary(
      uniqueKeysWithValues: scalars.enumerated().map { ($1, Int32($0)) })
    let vocabulary = Vocabulary(tokens: scalars.map { String($0) }, unit: .characters)
    return (vocabulary, text.unicodeScalars.map { numbers[$0] ?? -1 })
  }

  private static func words(of text: String, vocabularySize: Int) -> (Vocabulary, [Int32]) {
    // As the model's vocabulary will cut texts: where a text says <unk>, it is the token.
    let words = Vocabulary(tokens: [unknownToken], unit: .words).split(text).map { Identifier($0) }
    var counts: [Identifier: Int] = [:]
    for word in words { counts[word, default: 0] += 1 }
    counts[Identifier(unknownToken)] = nil
    let ranked = counts.sorted { ($1.value, $0.key.text) < ($0.value, $1.key.text) }
    let known = ranked.prefix(max(0, vocabularySize - 1)).map(\.key)
    let numbers = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1, Int32($0 + 1)) })
    let tokens = [unknownToken] + known.map(\.text)
    return (Vocabulary(tokens: tokens, unit: .words), words.map { numbers[$0] ?? 0 })
  }

  /// The windows of the training part.
  ///
  /// - Throws: `CorpusError.tooShort` where not even one window is full.
  public func trainingWindows(seqLen: Int, batchSize: Int) throws(CorpusError) -> TextWindows {
    let (needed, overflow) = seqLen.multipliedReportingOverflow(by: batchSize)
    guard !overflow, training.count > needed else {
      throw .tooShort(found: training.count, seqLen: seqLen, batchSize: batchSize)
    }
    return TextWindows(ids: training, seqLen: seqLen, batchSize: batchSize)
  }

  /// The windows of the validation part; nil where it has no two tokens.
  public func validationWindows(seqLen: Int, batchSize: Int) -> TextWindows? {
    guard validation.count > 1 else { return nil }
    return TextWindows(ids: validation, seqLen: seqLen, batchSize: batchSize)
  }
}

/// Why a text cannot be learnt from.
public enum CorpusError: Error, Equatable, Sendable, CustomStringConvertible {
  case empty
  /// The training part, in tokens.
  case tooShort(found: Int, seqLen: Int, batchSize: Int)

  public var description: String {
    switch self {
    case .empty: "expected some text, found none"
    case .tooShort(let found, let seqLen, let batchSize):
      "expected more than \(seqLen) × \(batchSize) tokens to train on "
        + "(sequence length × batch), found \(found)"
    }
  }
}
