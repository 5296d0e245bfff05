import Learning
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// What the field knows about gradients through time, shown by the lab with its presets.
@Suite struct TheoryTests {
  private func verdict(preset name: String, seed: UInt64) throws -> LabVerdict {
    let preset = try #require(LabPreset.single.first { $0.name == name })
    let settings = try LabSamples.settings(preset.lanes[0], seqLen: preset.seqLen, seed: seed)
    return try LabSamples.lab(settings).verdict()
  }

  /// Each step back multiplies by at most the largest singular value.
  @Test(arguments: LabSamples.seeds) func halfOrthogonalVanishes(seed: UInt64) throws {
    let verdict = try verdict(preset: "vanish", seed: seed)
    #expect(verdict.fit.flow == .vanishing)
    #expect(try #require(verdict.fit.slope) <= log(0.5))
    #expect(abs(try #require(verdict.spectrum).largestSingularValue - 0.5) < 1e-6)
    #expect(verdict.sentence.contains("largest singular value of U is 0.5"))
  }

  @Test(arguments: LabSamples.seeds) func orthogonalKeepsSmallInputs(seed: UInt64) throws {
    let small = try verdict(preset: "keep", seed: seed)
    #expect(small.fit.flow == .stable)
    #expect(try #require(small.fit.slope) > -0.05)
    let large = try verdict(preset: "saturate", seed: seed)
    #expect(large.fit.flow == .vanishing)
    #expect(try #require(large.activations.saturated) > 0.01)
    #expect(small.activations.saturated == 0)
  }

  /// The critical gain is √2: half of the ReLUs pass the gradient on.
  @Test(arguments: LabSamples.seeds) func largeReLUExplodes(seed: UInt64) throws {
    let verdict = try verdict(preset: "explode", seed: seed)
    #expect(verdict.fit.flow == .exploding)
    // ln(2.5 / √2) = 0.57.
    #expect(abs(try #require(verdict.fit.slope) - log(2.5 / 2.0.squareRoot())) < 0.1)
    let critical = try LabSamples.settings("rnn/relu/orthogonal/gain=1.4142", seed: seed)
    #expect(try LabSamples.lab(critical).verdict().fit.flow == .stable)

    let lab = try LabSamples.lab(
      try LabSamples.settings("rnn/relu/orthogonal/gain=2.5/clip=1", seed: seed))
    for _ in 0..<5 {
      let update = try lab.step(wantsActivations: false)
      #expect(update.isClipped && abs(update.clippedNorm - 1) < 1e-12)
    }
    #expect(try lab.verdict().clipped == 1)
  }

  /// An LSTM with a forget bias of 1 forgets, and the verdict says why.
  @Test(arguments: LabSamples.seeds) func forgetBiasOneForgets(seed: UInt64) throws {
    let forgets = try verdict(preset: "forget", seed: seed)
    #expect(forgets.fit.flow == .vanishing)
    #expect(abs(try #require(forgets.activations.meanForgetGate) - 0.73) < 0.03)
    #expect(forgets.sentence.contains("the forget gate keeps 0.7"))
    #expect(try #require(forgets.memoryFit?.memoryLength) < 10)
    let remembers = try verdict(preset: "remember", seed: seed)
    #expect(remembers.fit.flow != .vanishing)
    #expect(abs(try #require(remembers.activations.meanForgetGate) - 60.0 / 61) < 0.005)
  }

  /// At a lag of 60 with random distractors.
  @Test(arguments: ["rnn/relu/identity", "lstm/forget-bias=4.094"])
  func learnsToRecall(lane: String) throws {
    var learnt = 0
    for seed in LabSamples.seeds {
      let settings = try LabSamples.settings(lane, seqLen: 61, seed: seed)
      if try LabSamples.accuracy(settings, updates: 250) >= 0.95 { learnt += 1 }
    }
    #expect(learnt >= 4)
  }

  @Test(arguments: ["rnn/tanh/uniform", "lstm/forget-bias=1"])
  func staysAtChance(lane: String) throws {
    for seed in LabSamples.seeds {
      let settings = try LabSamples.settings(lane, seqLen: 61, seed: seed)
      let accuracy = try LabSamples.accuracy(settings, updates: 250)
      #expect(abs(accuracy - 0.25) < 0.1, "seed \(seed)")
    }
  }

  /// The same net, on the same data: it diverges beyond all numbers, or trains.
  @Test(arguments: LabSamples.seeds) func clippingRescues(seed: UInt64) throws {
    let preset = try #require(LabPreset.comparisons.first { $0.name == "clipping" })
    let settings = try preset.lanes.map {
      try LabSamples.settings($0, seqLen: preset.seqLen, seed: seed)
    }
    #expect(settings[0].maximumNorm == nil && settings[1].maximumNorm == 1)
    #expect(throws: NonFiniteValue.self) {
      try LabSamples.accuracy(settings[0], updates: preset.updates)
    }
    #expect(try LabSamples.accuracy(settings[1], updates: preset.updates) >= 0.95)
  }
}
