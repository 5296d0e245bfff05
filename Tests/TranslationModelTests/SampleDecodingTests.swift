import Equations
import Networks
import Tensors
import TestSupport
import Testing

/// The sample models, among them LSTMs that read both ways under additive attention, in batches and
/// word by word.
@Suite struct SampleDecodingTests {
  private static let sources: [[Int32]] = [[9, 5, 8, 7], [4], [9, 6]]
  private static let inputs: [[Int32]] = [[1, 8], [1, 8, 6, 9, 5], [1, 10, 4]]

  /// What stands behind a sentence's end changes neither what the encoder gives nor what is written.
  @Test(arguments: Sample.allCases)
  func aPaddedBatchIsItsSentences(sample: Sample) throws {
    let model = try sample.network(Double.self)
    let batch = model.pass(sources: Self.sources, inputs: Self.inputs)
    for (index, source) in Self.sources.enumerated() {
      let alone = model.pass(sources: [source], inputs: [Self.inputs[index]])
      for (name, all, own, length, size) in [
        ("encoder", batch.encoderStates, alone.encoderStates, 4, 4),
        ("logits", batch.logits, alone.logits, 5, 11),
      ] {
        #expect(own.count == (name == "encoder" ? source : Self.inputs[index]).count * size)
        for place in 0..<own.count {
          #expect(abs(all[index * length * size + place] - own[place]) <= 1e-12, "\(name)")
        }
      }
    }
  }

  /// What is kept of the past is what a whole pass computes.
  @Test(arguments: Sample.allCases)
  func wordByWordIsAllAtOnce(sample: Sample) throws {
    let model = try sample.network(Double.self)
    let words: [[Int32]] = [[1, 8, 6, 9], [1, 4, 4, 10], [1, 7, 8, 8]]
    let whole = model.pass(sources: Self.sources, inputs: words)
    let decoder = IncrementalDecoder(model: model, sources: Self.sources, capacity: 4)
    for step in 0..<4 {
      decoder.extend(tokens: words.map { $0[step] })
      for row in 0..<3 {
        for (token, logit) in decoder.logits(row: row).enumerated() {
          #expect(abs(logit - whole.logits[(row * 4 + step) * 11 + token]) <= 1e-11)
        }
        for (layer, heads) in decoder.alignment(row: row).enumerated() {
          let (block, equation) = whole.crossAttention[layer]
          let matrix = block.matrix(of: equation, sequence: row)
          for (head, weights) in heads.enumerated() {
            for (key, weight) in weights.enumerated() {
              #expect(abs(weight - matrix.head(head)[step * 4 + key]) <= 1e-12)
            }
          }
        }
      }
    }
  }

  /// A beam of one takes the likeliest word each time.
  @Test(arguments: Sample.allCases)
  func aBeamOfOneIsGreedy(sample: Sample) throws {
    let model = try sample.network(Double.self)
    for source in Self.sources {
      let search = BeamSearch(
        model: model, source: source, start: 1, end: 2, options: .init(width: 1, mostWords: 5))
      var words: [Int32] = [1]
      while words.count <= 5 {
        let logits = model.pass(sources: [source], inputs: [words]).logits
        let last = (0..<11).map { logits[(words.count - 1) * 11 + $0] }
        let next = Int32(try #require(last.indices.max { last[$0] < last[$1] }))
        if next == 2 { break }
        words.append(next)
      }
      #expect(search.best == Array(words.dropFirst()))
    }
  }

  /// A beam that drops nothing finds the best of all sentences of at most three words over four tokens.
  @Test(arguments: [Sample.additive, .transformer], [1, 2, 3] as [UInt64])
  func aWideBeamIsExhaustive(sample: Sample, seed: UInt64) throws {
    let model = EncoderDecoder<Double>(try sample.small())
    var random = SeededRandom(seed: seed)
    for index in 0..<model.parameters.count { model.parameters[index] = 1.2 * random.normal() }
    let source: [Int32] = [3, 0, 2]
    func score(_ words: [Int32]) -> Double {
      let pass = model.pass(sources: [source], inputs: [[1] + words.dropLast()])
      return -pass.losses(targets: words).reduce(0, +) / Double(words.count)
    }
    var all: [[Int32]] = [], open: [[Int32]] = [[]]
    for _ in 0..<4 {
      all += open.map { $0 + [2] }
      open = open.flatMap { words in [0, 1, 3].map { words + [$0] } }
    }
    let best = try #require(all.max { score($0) < score($1) })
    let search = BeamSearch(
      model: model, source: source, start: 1, end: 2, options: .init(width: 200, mostWords: 3))
    let first = try #require(search.results.first)
    #expect(search.best == best.filter { $0 != 2 })
    #expect(abs(search.score(first) - score(best)) <= 1e-10)
  }
}

extension Sample {
  /// The same with four tokens on both sides.
  fileprivate func small() throws -> EncoderDecoderConfiguration {
    switch try configuration() {
    case .recurrent(var recurrent):
      recurrent.sourceVocabularySize = 4
      recurrent.targetVocabularySize = 4
      return .recurrent(recurrent)
    case .transformer(var encoder, var decoder):
      encoder.input = .tokens(vocabularySize: 4)
      decoder.input = .tokens(vocabularySize: 4)
      return .transformer(encoder: encoder, decoder: decoder)
    }
  }
}
