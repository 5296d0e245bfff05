import Equations
import Networks
import Tensors
import TestSupport
import Testing

/// Encoder-decoders of every kind, on pairs of several lengths.
@Suite struct EncoderDecoderTests {
  enum Kind: String, CaseIterable {
    case gruNone, gruAdditive, lstmDot, rnnTwoLayers, transformerPost, transformerPre

    func make<Scalar: TensorScalar>(_ type: Scalar.Type) throws -> EncoderDecoder<Scalar> {
      .sample(try configuration(), seed: 5, deviation: 0.5)
    }

    private func configuration() throws -> EncoderDecoderConfiguration {
      let sizes = EncoderDecoderSizes(source: 6, target: 7, embedding: 3, hidden: 4, attention: 5)
      switch self {
      case .gruNone: return try sizes.recurrent("gru", isBidirectional: true)
      case .gruAdditive: return try sizes.recurrent("gru", "additive", isBidirectional: true)
      case .lstmDot: return try sizes.recurrent("lstm", "dot", layers: 2, isBidirectional: true)
      case .rnnTwoLayers: return try sizes.recurrent("rnn", "additive", layers: 2)
      case .transformerPost, .transformerPre:
        return try sizes.transformer(
          norm: self == .transformerPost ? "post" : "pre", epsilon: 1e-3, positions: .sinusoidal,
          head: .tied(hasBias: true), modelSize: 4, feedForwardSize: 5)
      }
    }
  }

  private static let sources: [[Int32]] = [[1, 4, 2, 5], [3, 0], [5, 5, 1]]
  private static let inputs: [[Int32]] = [[1, 4], [1, 3, 3, 5, 6], [1, 6, 0]]
  private static let targets: [[Int32]] = [[4, 2], [3, 3, 5, 6, 2], [6, -1, 2]]

  private func pass<Scalar>(
    _ model: EncoderDecoder<Scalar>, only index: Int? = nil
  ) -> EncoderDecoderPass<Scalar> {
    model.pass(
      sources: index.map { [Self.sources[$0]] } ?? Self.sources,
      inputs: index.map { [Self.inputs[$0]] } ?? Self.inputs)
  }

  /// Every parameter against finite differences, through attention and the encoder.
  @Test(arguments: Kind.allCases)
  func gradients(kind: Kind) throws {
    let smoothing = kind == .gruAdditive || kind == .transformerPre ? 0.1 : 0
    let model = try kind.make(Double.self)
    let pass = pass(model)
    let targets = pass.rows(Self.targets)
    func loss() -> Double {
      // Words become vectors as they are set.
      pass.setSources(Self.sources)
      pass.setInputs(Self.inputs)
      pass.forward()
      return pass.losses(targets: targets, labelSmoothing: smoothing).reduce(0, +) / 9
    }
    let gradients = Buffer<Double>(count: model.layout.count)
    // Once more: nothing of an earlier pass is left.
    for round in 0..<2 {
      gradients.fill(0)
      _ = loss()
      pass.backward(
        targets: targets, gradients: gradients, scale: 1 / 9, labelSmoothing: smoothing)
      guard round == 1 else { continue }
      let differences = FiniteDifferences(relativeStep: 5e-4, loss: loss)
      for entry in model.layout.entries {
        let analytic = gradients.array(entry.range)
        let row = differences.check(
          name: entry.name, shape: entry.shape, buffer: model.parameters, range: entry.range,
          analytic: analytic)
        #expect(row.error <= 1e-6, "\(kind) \(row.name) \(row.error)")
        let isZero = entry.name.hasSuffix("b_K") || entry.name.hasSuffix("b_KE")
        #expect(isZero || analytic.contains { abs($0) > 1e-5 }, "\(row.name) has no gradient")
      }
    }
  }

  /// A padded batch gives what each pair gives alone: losses, attention, gradients.
  @Test(arguments: Kind.allCases)
  func padding(kind: Kind) throws {
    let model = try kind.make(Double.self)
    let batch = pass(model)
    let losses = batch.losses(targets: batch.rows(Self.targets))
    let whole = Buffer<Double>(count: model.layout.count)
    batch.backward(targets: batch.rows(Self.targets), gradients: whole)
    let summed = Buffer<Double>(count: model.layout.count)
    for index in Self.sources.indices {
      let alone = pass(model, only: index)
      let targets = Self.targets[index]
      let own = alone.losses(targets: targets)
      let first = index * batch.targetLen
      for (row, loss) in own.enumerated() { #expect(abs(loss - losses[first + row]) <= 1e-12) }
      alone.backward(targets: targets, gradients: summed)
      for (layer, attention) in alone.crossAttention.enumerated() {
        let mine = attention.block.matrix(of: attention.equation)
        let (block, equation) = batch.crossAttention[layer]
        let theirs = block.matrix(of: equation, sequence: index)
        for head in 0..<mine.headCount {
          let small = mine.head(head), large = theirs.head(head)
          for row in 0..<alone.targetLen {
            for key in 0..<batch.sourceLen {
              let expected = key < alone.sourceLen ? small[row * alone.sourceLen + key] : 0
              #expect(abs(large[row * batch.sourceLen + key] - expected) <= 1e-12)
            }
          }
        }
      }
    }
    for index in 0..<whole.count { #expect(abs(whole[index] - summed[index]) <= 1e-11) }
  }

  /// Word by word with the past kept, as several rows per source, is the same as all at once.
  @Test(arguments: Kind.allCases)
  func decodingWordByWord(kind: Kind) throws {
    let model = try kind.make(Double.self)
    let words: [[Int32]] = [[1, 4, 2, 0], [1, 4, 6, 6], [1, 3, 3, 5]]
    // Rows 0 and 1 begin with the same words: row 1 goes on from row 0 at its third.
    let decoder = IncrementalDecoder(
      model: model, sources: [Self.sources[0], Self.sources[1]], hypothesesPerSource: 2, capacity: 5
    )
    let rows = [words[0], words[1], words[2], words[2]]
    let whole = model.pass(
      sources: [Self.sources[0], Self.sources[0], Self.sources[1], Self.sources[1]], inputs: rows)
    for step in 0..<4 {
      let isSplit = step == 2
      var tokens = rows.map { $0[step] }
      if step < 2 { tokens[1] = [1, 5][step] }
      decoder.extend(tokens: tokens, parents: isSplit ? [0, 0, 3, 2] : nil)
      for row in 0..<4 where row != 1 || step >= 2 {
        let logits = decoder.logits(row: row)
        let start = (row * 4 + step) * 7
        for (token, logit) in logits.enumerated() {
          #expect(abs(logit - whole.logits[start + token]) <= 1e-11)
        }
        for (layer, heads) in decoder.alignment(row: row).enumerated() {
          let (block, equation) = whole.crossAttention[layer]
          let matrix = block.matrix(of: equation, sequence: row)
          for (head, weights) in heads.enumerated() {
            #expect(abs(weights.reduce(0, +) - 1) <= 1e-12)
            for (key, weight) in weights.enumerated() {
              #expect(abs(weight - matrix.head(head)[step * 4 + key]) <= 1e-12)
            }
          }
        }
      }
    }
  }

  /// Without attention a source reaches the decoder through its last states alone.
  @Test func theBottleneck() throws {
    let model = try Kind.gruNone.make(Double.self)
    guard case .recurrent(let core) = pass(model).core else {
      Issue.record("a recurrent model")
      return
    }
    let encoder = core.encoder, decoder = core.decoder
    for row in Self.sources.indices {
      let expected =
        [Direction.forward, .reverse].flatMap { direction in
          let states = encoder[LayerID(layer: 0, direction: direction)]
          let time = direction == .forward ? Self.sources[row].count - 1 : 0
          return (0..<2).map { states.output[(time * 3 + row) * 2 + $0] }
        }
      let first = decoder[LayerID(layer: 0)].initialState(0)
      #expect((0..<4).map { first[row * 4 + $0] } == expected)
    }
  }
}
