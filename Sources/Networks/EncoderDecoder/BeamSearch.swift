public import Tensors

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Looks for the likeliest sentence: of all ways to go on, the best few are kept at each step.
///
/// Every word that was looked at is kept as a tree, to be shown. A beam of one is greedy decoding.
public struct BeamSearch: Sendable {
  public struct Options: Sendable, Equatable {
    /// Hypotheses that are kept, at least 1.
    public var width: Int
    /// The most words of a sentence, its end not counted.
    public var mostWords: Int
    /// α: sentences are compared by Σ ln p / (words, end included)^α; 0 favours short ones, 1 is the
    /// mean per word (Wu et al. 2016, section 7, in the simple form).
    public var lengthPenalty: Double

    public init(width: Int = 4, mostWords: Int = 40, lengthPenalty: Double = 1) {
      precondition(width > 0 && mostWords > 0, "a beam of \(width), \(mostWords) words")
      self.width = width
      self.mostWords = mostWords
      self.lengthPenalty = lengthPenalty
    }
  }

  /// A word at the end of a hypothesis.
  public struct Node: Sendable, Equatable {
    public enum Fate: Sendable, Equatable {
      /// It was gone on from.
      case kept
      /// It is the end of a sentence.
      case finished
      /// Others were better.
      case dropped
    }

    /// The word before it; nil of the start.
    public let parent: Int?
    public let token: Int32
    /// ln p of this word, and of the whole hypothesis.
    public let logProbability: Double
    public let total: Double
    /// Words from the start, which has 0.
    public let depth: Int
    public internal(set) var fate: Fate
  }

  /// The start first; parents stand before their children, steps behind each other.
  public private(set) var nodes: [Node]
  /// The ends of the sentences that were found, best first.
  public private(set) var results: [Int] = []
  public let options: Options
  private let end: Int32

  /// Decodes one sentence.
  ///
  /// - Parameters:
  ///   - model: what writes.
  ///   - source: the sentence, at least a token.
  ///   - start: what the decoder is given first.
  ///   - end: what ends a sentence.
  ///   - forced: words that it begins with, whatever the model says.
  ///   - options: the beam.
  public init<Scalar: TensorScalar>(
    model: EncoderDecoder<Scalar>, source: [Int32], start: Int32, end: Int32,
    forced: [Int32] = [], options: Options = Options()
  ) {
    self.options = options
    self.end = end
    nodes = [
      Node(parent: nil, token: start, logProbability: 0, total: 0, depth: 0, fate: .kept)
    ]
    precondition(forced.count <= options.mostWords, "\(forced.count) forced words")
    let decoder = IncrementalDecoder(
      model: model, sources: [source], hypothesesPerSource: options.width,
      capacity: options.mostWords + 1)
    /// The node of each row that is alive; rows beyond repeat the first.
    var rows = [0]
    var parents: [Int]?
    while !rows.isEmpty, decoder.length < decoder.capacity {
      let tokens = (0..<options.width).map { nodes[rows[$0 < rows.count ? $0 : 0]].token }
      decoder.extend(tokens: tokens, parents: parents)
      let depth = decoder.length
      let next = grow(rows: rows, depth: depth, forced: forced, decoder)
      rows = next.rows
      guard let first = next.parents.first else { break }
      parents = (0..<options.width).map { $0 < rows.count ? next.parents[$0] : first }
    }
    let scores = Dictionary(uniqueKeysWithValues: results.map { ($0, score($0)) })
    results.sort { (scores[$0] ?? 0, $1) > (scores[$1] ?? 0, $0) }
  }

  /// Adds the best ways to go on from some rows.
  private mutating func grow<Scalar>(
    rows: [Int], depth: Int, forced: [Int32], _ decoder: IncrementalDecoder<Scalar>
  ) -> (rows: [Int], parents: [Int]) {
    var candidates: [(row: Int, token: Int32, logProbability: Double, total: Double)] = []
    for (row, node) in rows.enumerated() {
      let logProbabilities = decoder.logProbabilities(row: row)
      let total = nodes[node].total
      // A sentence that has become too long is ended.
      let tokens =
        depth <= forced.count
        ? [Int(forced[depth - 1])]
        : depth == decoder.capacity
          ? [Int(end)] : Self.largest(logProbabilities, count: options.width)
      for token in tokens {
        candidates.append(
          (row, Int32(token), logProbabilities[token], total + logProbabilities[token]))
      }
    }
    // Of equals the earlier one: the order of rows and words is that of the hypotheses.
    let order = candidates.indices.sorted {
      (candidates[$1].total, $0) < (candidates[$0].total, $1)
    }
    var next: (rows: [Int], parents: [Int]) = ([], [])
    for (rank, index) in order.enumerated() {
      let candidate = candidates[index]
      var fate = Node.Fate.dropped
      if rank < options.width { fate = candidate.token == end ? .finished : .kept }
      nodes.append(
        Node(
          parent: rows[candidate.row], token: candidate.token,
          logProbability: candidate.logProbability, total: candidate.total, depth: depth,
          fate: fate))
      switch fate {
      case .finished: results.append(nodes.count - 1)
      case .kept:
        next.rows.append(nodes.count - 1)
        next.parents.append(candidate.row)
      case .dropped: break
      }
    }
    if isSettled(next.rows) { next = ([], []) }
    return next
  }

  /// Whether as many sentences were found as are asked for, and no hypothesis that is alive is, word
  /// for word, better than the best of them.
  private func isSettled(_ rows: [Int]) -> Bool {
    guard results.count >= options.width, let best = results.map(score).max() else { return false }
    return rows.allSatisfy { score($0) < best }
  }

  /// What sentences are compared by.
  public func score(_ node: Int) -> Double {
    nodes[node].total / pow(Double(max(1, nodes[node].depth)), options.lengthPenalty)
  }

  /// The words up to a node, without start and end.
  public func tokens(to node: Int) -> [Int32] {
    var tokens: [Int32] = []
    var next: Int? = node
    while let index = next, let parent = nodes[index].parent {
      if nodes[index].token != end { tokens.append(nodes[index].token) }
      next = parent
    }
    return tokens.reversed()
  }

  /// The words of the best sentence.
  public var best: [Int32] { results.first.map { tokens(to: $0) } ?? [] }

  /// The words of the best sentence with its end: what the decoder wrote.
  public var bestOutput: [Int32] { best + [end] }

  /// The indices of the largest numbers, largest first; of equals the first.
  static func largest(_ numbers: [Double], count: Int) -> [Int] {
    var best: [Int] = []
    for index in numbers.indices {
      guard best.count < count || numbers[index] > numbers[best[best.count - 1]] else { continue }
      let place = best.firstIndex { numbers[index] > numbers[$0] } ?? best.count
      best.insert(index, at: place)
      if best.count > count { best.removeLast() }
    }
    return best
  }
}
