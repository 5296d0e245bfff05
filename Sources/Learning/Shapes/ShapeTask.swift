public import Networks
public import Tensors

/// A small task for each way in which an input sequence can become an output: one to many, many to
/// one, many to many step by step.
///
/// Examples are made from a seed. Whether one is held out is told from itself, so that what is
/// measured by was never trained, whatever the seeds.
public protocol ShapeTask: Sendable {
  var kind: ShapeKind { get }
  /// What a step's input is.
  var input: TokenInput { get }
  /// What tells text apart; nil where the input is vectors.
  var vocabulary: Vocabulary? { get }
  /// The names of what is predicted.
  var classes: [String] { get }
  /// What a right prediction is of: "sentences".
  var unit: String { get }

  /// Makes one example, held out or not.
  func example(_ random: inout SeededRandom) -> ShapeExample
  /// The right answers for a text, `[T]`, −1 where a step has none.
  ///
  /// - Returns: nil where the task can't tell, or takes no text.
  func targets(ofTokens tokens: [String]) -> [Int32]?
}

/// The tasks by name.
public enum ShapeKind: String, Sendable, CaseIterable {
  /// One to many: a picture, and the words that say what is on it.
  case captions
  /// Many to one: whether a review praises or blames.
  case sentiment
  /// Many to many, aligned: which words are names, and of what.
  case names

  public var task: any ShapeTask {
    switch self {
    case .captions: CaptionTask()
    case .sentiment: SentimentTask()
    case .names: NameTask()
    }
  }

  /// How the task is called among the shapes of sequence modelling.
  public var shape: String {
    switch self {
    case .captions: "one to many"
    case .sentiment: "many to one"
    case .names: "many to many, aligned"
    }
  }
}

/// A sequence with its right answers.
public struct ShapeExample: Sendable {
  public var input: RunInput
  /// `[T]`, −1 for none.
  public var targets: [Int32]
  /// Never trained on.
  public var isHeldOut: Bool
  /// The steps whose answers depend on what is far away.
  public var hardSteps: [Int] = []

  public var seqLen: Int { targets.count }
}

/// The hash FNV-1a: the same on every machine.
func stableHash(_ bytes: some Sequence<UInt8>) -> UInt64 {
  bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
}

extension SeededRandom {
  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }

  mutating func chance(_ probability: Double) -> Bool { uniform() < probability }
}

/// The words of a text, a blank between.
func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
