import Debugger
import Equations
import Foundation
import Networks
import Tensors
import Testing

/// What a translation holds, against decoding and backpropagation done otherwise.
@Suite struct TranslationTests {
  typealias Kind = TranslationSample.Kind

  /// The likeliest word each time, one after the other, after some that are given.
  private func greedy(
    _ translator: Translator, source: [Int32], after prefix: [Int32]
  ) -> [Int32] {
    let decoder = IncrementalDecoder(
      model: translator.model, sources: [source], capacity: translator.mostWords + 1)
    var words: [Int32] = []
    var next = translator.special.start
    while words.count <= translator.mostWords {
      decoder.extend(tokens: [next])
      let logits = decoder.logits(row: 0)
      let best = logits.indices.max { logits[$0] < logits[$1] } ?? 0
      next = words.count < prefix.count ? prefix[words.count] : Int32(best)
      if words.count == translator.mostWords { next = translator.special.end }
      words.append(next)
      if next == translator.special.end { break }
    }
    return words
  }

  @Test(arguments: Kind.allCases) func forcingAWordChangesWhatFollows(_ kind: Kind) throws {
    let plain = try TranslationSample.translation(kind) { $0.beamWidth = 1 }
    #expect(
      plain.output == greedy(plain.translator, source: plain.sourceIDs, after: []))
    let place = min(2, plain.output.count - 1)
    for word in Int32(4)..<8 where word != plain.output[place] {
      let forced = try TranslationSample.translation(kind) {
        $0.beamWidth = 1
        $0.forced = [place: word]
      }
      let wanted = greedy(
        plain.translator, source: plain.sourceIDs, after: Array(plain.output[..<place]) + [word])
      #expect(forced.output == wanted)
      #expect(forced.request.forced == [place: word])
    }
  }

  @Test func wordsBeyondTheEndAreLeftOut() throws {
    let far = try TranslationSample.translation(.gruAdditive) { $0.forced = [500: 4] }
    #expect(far.request.forced.isEmpty)
    let ended = try TranslationSample.translation(.gruAdditive) { $0.forced = [1: 2, 3: 4] }
    #expect(ended.output.count == 2 && ended.output[1] == 2)
    #expect(ended.request.forced == [1: 2])
  }

  @Test(arguments: Kind.allCases) func rowsSumToOne(_ kind: Kind) throws {
    let translation = try TranslationSample.translation(kind) { $0.paddingCount = 2 }
    let maps = translation.alignments + translation.ownAlignments
    #expect(maps.isEmpty == (kind == .gruNone))
    #expect(translation.ownAlignments.count == (kind == .transformer ? 2 : 0))
    for map in maps {
      for head in [nil, 0, map.headCount - 1] as [Int?] {
        for row in 0..<map.rows {
          let sum = (0..<map.columns).reduce(Float(0)) {
            $0 + map.weight(head: head, row: row, column: $1)
          }
          #expect(abs(sum - 1) < 1e-5, "\(kind) row \(row) sums to \(sum)")
          let gradients = (0..<map.columns).reduce(Float(0)) {
            $0 + map.gradient(head: head, row: row, column: $1)
          }
          // A softmax does not change if the same is added to all scores.
          #expect(abs(gradients) < 1e-4, "\(kind) row \(row): \(gradients)")
        }
      }
    }
  }

  /// Padding is hidden, and what is hidden changes nothing.
  @Test(arguments: Kind.allCases) func paddingChangesNothing(_ kind: Kind) throws {
    let plain = try TranslationSample.translation(kind)
    let padded = try TranslationSample.translation(kind) { $0.paddingCount = 3 }
    #expect(padded.sourceWords == plain.sourceWords + ["<pad>", "<pad>", "<pad>"])
    #expect(padded.output == plain.output)
    for (a, b) in zip(plain.losses, padded.losses) { #expect(abs(a - b) < 1e-4) }
    for (a, b) in zip(plain.alignments, padded.alignments) {
      for row in 0..<a.rows {
        for column in 0..<a.columns {
          #expect(
            abs(
              a.weight(head: nil, row: row, column: column)
                - b.weight(head: nil, row: row, column: column)) < 1e-5)
          #expect(!b.isMasked(row: row, column: column))
        }
        for column in a.columns..<b.columns {
          #expect(b.isMasked(row: row, column: column))
          #expect(b.weight(head: nil, row: row, column: column) == 0)
        }
      }
    }
    for map in padded.ownAlignments {
      for row in 0..<map.rows {
        for column in 0..<map.columns {
          #expect(map.isMasked(row: row, column: column) == (column > row))
        }
      }
    }
  }

  /// With the reference's words the losses are those of a decoder that is given them one by one.
  @Test(arguments: Kind.allCases) func teacherForcing(_ kind: Kind) throws {
    let words = ["le", "gros", "chien", "rouge"]
    let taught = try TranslationSample.translation(kind) {
      $0.reference = words.joined(separator: " ")
      $0.usesTeacher = true
    }
    #expect(taught.outputWords == words + ["</s>"])
    #expect(taught.search == nil && taught.targets == taught.output)
    let decoder = IncrementalDecoder(
      model: taught.translator.model, sources: [taught.sourceIDs], capacity: 5)
    for (step, word) in taught.output.enumerated() {
      decoder.extend(tokens: [taught.input(step: step)])
      let loss = -decoder.logProbabilities(row: 0)[Int(word)]
      #expect(abs(loss - taught.losses[step]) < 1e-4)
      #expect(abs(Double(taught.probability(of: word, step: step)) - exp(-loss)) < 1e-5)
    }
    let free = try TranslationSample.translation(kind) {
      $0.reference = words.joined(separator: " ")
    }
    #expect(free.search != nil && free.targets.first == taught.targets.first)
    #expect(free.losses.first.map { abs($0 - taught.losses[0]) < 1e-5 } == true)
  }

  /// The norms against a pass in twice the precision.
  @Test(arguments: Kind.allCases) func gradientNorms(_ kind: Kind) throws {
    let plain = try TranslationSample.translation(kind)
    let step = min(2, plain.output.count - 1)
    let translation = try TranslationSample.translation(kind) { $0.loss = .word(step) }
    let model = plain.translator.model.converted(to: Double.self)
    let pass = EncoderDecoderPass(
      model: model, sourceLen: plain.sourceIDs.count, targetLen: plain.output.count)
    pass.setSources([plain.sourceIDs])
    pass.setInputs([[1] + plain.output.dropLast()])
    pass.forward()
    let targets = plain.output.enumerated().map { $0 == step ? $1 : -1 }
    _ = pass.losses(targets: targets)
    pass.backward(targets: targets, gradients: Buffer(count: model.layout.count))
    let path = GradientPath(translation)
    for curve in path.decoder + path.encoder where !curve.isThroughAttention {
      let view: BufferView<Double>
      switch (pass.core, curve.part) {
      case (.recurrent(let core), .encoder(let id)):
        view = try #require(core.encoder[id].gradients(of: curve.equation))
      case (.recurrent(let core), .decoder(let layer)):
        view = try #require(
          core.decoder[LayerID(layer: layer)].gradients(of: curve.equation))
      case (.transformer(let encoder, _), .encoder(let id)):
        view = try #require(encoder.layer(id.layer).gradients(of: curve.equation))
      case (.transformer(_, let decoder), .decoder(let layer)):
        view = try #require(decoder.layer(layer).gradients(of: curve.equation))
      default: continue
      }
      let size = view.count / curve.norms.count
      for (time, norm) in curve.norms.enumerated() {
        var sum = 0.0
        for index in time * size..<(time + 1) * size { sum += view[index] * view[index] }
        #expect(
          abs(norm - sum.squareRoot()) <= 1e-4 * max(1e-2, sum.squareRoot()),
          "\(curve.name) at \(time): \(norm), not \(sum.squareRoot())")
      }
    }
    for (map, cross) in zip(translation.alignments, pass.crossAttention) {
      let scores = try #require(cross.block.gradientMatrix(of: map.scoreEquation))
      for head in 0..<map.headCount {
        for (index, wanted) in scores.head(head).enumerated() {
          let found = map.gradient(
            head: head, row: index / map.columns, column: index % map.columns)
          #expect(abs(Double(found) - wanted) <= 1e-4 * max(1e-1, abs(wanted)))
        }
      }
    }
    // No word behind the one with the loss has a part in it.
    for curve in path.decoder {
      #expect(curve.norms[step] > 0 && curve.norms[(step + 1)...].allSatisfy { $0 == 0 })
    }
    if let attention = path.encoder.first(where: { $0.isThroughAttention }) {
      let view = try #require(pass.encoderStateGradients)
      let size = view.count / attention.norms.count
      for (time, norm) in attention.norms.enumerated() {
        let square = (time * size..<(time + 1) * size).reduce(0.0) { $0 + view[$1] * view[$1] }
        #expect(abs(norm - square.squareRoot()) < 1e-5)
      }
    }
  }

  @Test func mistakesAreNamed() throws {
    let translator = try TranslationSample.translator(.transformer)
    func message(_ change: (inout Translation.Request) -> Void) -> String {
      var request = Translation.Request(text: TranslationSample.text)
      change(&request)
      switch TranslationWork(translator: translator, request: request).run() {
      case .success: return ""
      case .failure(let error): return error.description
      }
    }
    #expect(message { $0.text = "" }.contains("no word"))
    #expect(message { $0.text = "  " }.contains("at least one english word"))
    #expect(
      message { $0.text = String(repeating: "dog ", count: 25) }
        == "the text has 25 words; expected at most 24")
    #expect(message { $0.reference = "le chein" }.contains("chien"))
    #expect(message { $0.reference = " " }.contains("at least one french word"))
    #expect(
      message { $0.reference = String(repeating: "le ", count: 10) }.contains("at most 9"))
    var request = Translation.Request(text: "the zebra sees the okapi")
    request.paddingCount = 100
    let translation = try Translation(translator, request)
    #expect(translation.unknown == [1, 4])
    #expect(translation.sourceIDs == [4, 3, 8, 4, 3])
    #expect(translation.sourceWords.count == 24)
    #expect(
      translation.notice
        == "2 of 5 words not in the vocabulary: \"zebra\" and \"okapi\", read as <unk>")
  }
}
