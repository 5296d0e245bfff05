/// Spellings that are looked for in a text, the longest first, each with what it stands for.
public struct SpellingIndex<Value: Sendable>: Sendable {
  fileprivate struct Spelling: Sendable {
    let scalars: [Unicode.Scalar]
    let value: Value
  }

  /// By their first scalar, longest first.
  private let spellings: [Unicode.Scalar: [Spelling]]

  /// An empty spelling stands nowhere.
  public init(_ entries: [(value: Value, scalars: [Unicode.Scalar])]) {
    var spellings: [Unicode.Scalar: [Spelling]] = [:]
    for (value, scalars) in entries {
      if let first = scalars.first {
        spellings[first, default: []].append(Spelling(scalars: scalars, value: value))
      }
    }
    self.spellings = spellings.mapValues { $0.sorted { $0.scalars.count > $1.scalars.count } }
  }

  public var isEmpty: Bool { spellings.isEmpty }

  /// The longest spelling that stands at a place, and its length in scalars.
  public func match(_ text: [Unicode.Scalar], at index: Int) -> (value: Value, length: Int)? {
    spellings[text[index]]?.first { text[index...].starts(with: $0.scalars) }
      .map { ($0.value, $0.scalars.count) }
  }
}

extension SpellingIndex.Spelling: Equatable where Value: Equatable {}
extension SpellingIndex: Equatable where Value: Equatable {}
