import Networks
import TestSupport
import Testing

/// The beam against all sentences there are.
@Suite struct BeamSearchTests {
  private static let start: Int32 = 0, end: Int32 = 1
  private static let source: [Int32] = [2, 3, 1]

  private func model(seed: UInt64) throws -> EncoderDecoder<Double> {
    let sizes = EncoderDecoderSizes(source: 4, target: 4, embedding: 3, hidden: 4)
    return .sample(try sizes.recurrent("gru", "dot"), seed: seed, deviation: 1.5)
  }

  /// Σ ln p of the words, by one pass over all of them.
  private func total(_ model: EncoderDecoder<Double>, _ words: [Int32]) -> Double {
    let pass = model.pass(sources: [Self.source], inputs: [[Self.start] + words.dropLast()])
    return -pass.losses(targets: words).reduce(0, +)
  }

  /// All sentences of at most three words, with their end.
  private func sentences() -> [[Int32]] {
    var found: [[Int32]] = [], open: [[Int32]] = [[]]
    for _ in 0..<4 {
      found += open.map { $0 + [Self.end] }
      open = open.flatMap { words in [0, 2, 3].map { words + [$0] } }
    }
    return found
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64], [0, 1])
  func aWideBeamFindsTheBest(seed: UInt64, penalty: Double) throws {
    let model = try model(seed: seed)
    let search = BeamSearch(
      model: model, source: Self.source, start: Self.start, end: Self.end,
      options: .init(width: 120, mostWords: 3, lengthPenalty: penalty))
    func score(_ words: [Int32]) -> Double {
      let length = Double(words.count)
      return total(model, words) / (penalty == 0 ? 1 : length)
    }
    let best = try #require(sentences().max { score($0) < score($1) })
    #expect(search.best == best.filter { $0 != Self.end })
    let first = try #require(search.results.first)
    #expect(abs(search.score(first) - score(best)) <= 1e-9)
  }

  /// A beam of one takes the likeliest word each time.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func aBeamOfOneIsGreedy(seed: UInt64) throws {
    let model = try model(seed: seed)
    let search = BeamSearch(
      model: model, source: Self.source, start: Self.start, end: Self.end,
      options: .init(width: 1, mostWords: 6))
    var words: [Int32] = []
    while words.count < 6 {
      let totals = (0..<4).map { total(model, words + [$0]) }
      let next = Int32(try #require(totals.indices.max { totals[$0] < totals[$1] }))
      if next == Self.end { break }
      words.append(next)
    }
    #expect(search.best == words)
  }

  /// What is forced comes first; from there on the model decides. The tree holds together.
  @Test func forcedWordsAndTheTree() throws {
    let model = try model(seed: 3)
    let search = BeamSearch(
      model: model, source: Self.source, start: Self.start, end: Self.end, forced: [3, 2],
      options: .init(width: 3, mostWords: 5))
    for result in search.results { #expect(search.tokens(to: result).prefix(2) == [3, 2]) }
    for (index, node) in search.nodes.enumerated().dropFirst() {
      let parent = try #require(node.parent)
      #expect(parent < index && search.nodes[parent].depth == node.depth - 1)
      #expect(search.nodes[parent].fate == .kept)
      #expect(abs(search.nodes[parent].total + node.logProbability - node.total) <= 1e-12)
      let ending = node.token == Self.end ? [Self.end] : []
      #expect(abs(total(model, search.tokens(to: index) + ending) - node.total) <= 1e-9)
    }
  }
}
