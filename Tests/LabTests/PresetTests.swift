import Learning
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Each comparison's sentence about what to look for, with every seed. What `cells` and `clipping`
/// claim about learning is in `TheoryTests`, for the same lanes.
@Suite struct PresetTests {
  private func preset(_ name: String) throws -> LabPreset {
    try #require(LabPreset.comparisons.first { $0.name == name })
  }

  /// Of the last step's loss, before the first update.
  private func fits(_ name: String, seed: UInt64) throws -> [String: GradientFit] {
    let preset = try preset(name)
    var fits: [String: GradientFit] = [:]
    for lane in preset.lanes {
      let settings = try LabSamples.settings(lane, seqLen: preset.seqLen, seed: seed)
      let probe = try LabSamples.lab(settings).measure(lossAtLastStep: true)
      fits[lane] = GradientFit(norms: probe.gradientNorms)
    }
    return fits
  }

  @Test func allAreSaidAndCanBeMade() throws {
    #expect(
      LabPreset.single.map(\.name)
        == ["vanish", "keep", "saturate", "explode", "remember", "forget"])
    #expect(LabPreset.comparisons.map(\.name) == ["activations", "inits", "cells", "clipping"])
    for preset in LabPreset.single + LabPreset.comparisons {
      #expect(preset.lookFor.hasSuffix(".") && preset.updates > 0)
      for lane in preset.lanes { _ = try LabSamples.settings(lane, seqLen: preset.seqLen) }
    }
    #expect(LabPreset.single.allSatisfy { $0.lanes.count == 1 })
    #expect(LabPreset.comparisons.allSatisfy { (2...4).contains($0.lanes.count) })
  }

  /// σ' ≤ 1/4 and tanh' ≤ 1 bound the slope, as an orthogonal U keeps every length; relu' is 0 for
  /// half of the units, so that a length shrinks by √2.
  @Test(arguments: LabSamples.seeds) func activations(seed: UInt64) throws {
    let fits = try fits("activations", seed: seed)
    #expect(fits.count == 3)
    let sigmoid = try #require(fits["rnn/sigmoid/orthogonal"]?.slope)
    #expect(sigmoid <= log(0.25) && sigmoid > log(0.2))
    let tanh = try #require(fits["rnn/tanh/orthogonal"]?.slope)
    #expect(tanh <= 0 && tanh > -0.05)
    let relu = try #require(fits["rnn/relu/orthogonal"]?.slope)
    #expect(abs(relu + log(2) / 2) < 0.1)
    #expect(fits["rnn/tanh/orthogonal"]?.flow == .stable)
    #expect(fits["rnn/relu/orthogonal"]?.flow == .vanishing)
    #expect(fits["rnn/sigmoid/orthogonal"]?.flow == .vanishing)
  }

  /// Only the identity keeps the gradient.
  @Test(arguments: LabSamples.seeds) func initialisers(seed: UInt64) throws {
    for (lane, fit) in try fits("inits", seed: seed) {
      #expect((fit.flow == .vanishing) == (lane != "rnn/relu/identity"), "\(lane)")
    }
  }

  /// And learns, which the others do not: the identity in `TheoryTests`; they, at the same lag, with
  /// half of the units and half of the updates.
  @Test func otherInitialisersStayAtChance() throws {
    let preset = try preset("inits")
    for lane in preset.lanes where lane != "rnn/relu/identity" {
      for seed in LabSamples.seeds {
        let settings = try LabSamples.settings(
          lane, seqLen: preset.seqLen, hiddenSize: 32, seed: seed)
        let accuracy = try LabSamples.accuracy(settings, updates: preset.updates / 2)
        #expect(abs(accuracy - 0.25) < 0.1, "\(lane), seed \(seed)")
      }
    }
  }

  /// Those that learn are those whose gradient arrives.
  @Test(arguments: LabSamples.seeds) func cells(seed: UInt64) throws {
    let preset = try preset("cells")
    #expect(
      preset.lanes == [
        "rnn/tanh", "rnn/relu/identity", "lstm/forget-bias=4.094", "lstm/forget-bias=1",
      ])
    #expect(preset.seqLen == 61 && preset.updates == 250)
    let fits = try fits("cells", seed: seed)
    #expect(
      preset.lanes.map { fits[$0]?.flow == .vanishing } == [true, false, false, true])
  }

  /// Up to the update that throws the weights beyond all numbers, both lanes differ by nothing but
  /// the clipping: the same first loss, the same first gradient.
  @Test(arguments: LabSamples.seeds) func clipping(seed: UInt64) throws {
    let preset = try preset("clipping")
    let labs = try preset.lanes.map {
      try LabSamples.lab(try LabSamples.settings($0, seqLen: preset.seqLen, seed: seed))
    }
    let first = try labs.map { try $0.step() }
    #expect(first[0].loss == first[1].loss && first[0].gradientNorm == first[1].gradientNorm)
    #expect(!first[0].isClipped && first[1].isClipped && first[1].gradientNorm > 1)
    let race = LaneRace(zip(preset.lanes, labs).map { ($0, $1) })
    for _ in 1..<30 { race.step(wantsActivations: false) }
    #expect(race.lanes[0].stop != nil && race.lanes[1].stop == nil)
    #expect(race.leader == 1 && race.lanes[1].lab.updateCount == 30)
    // A lane that stops is where it was before that update.
    let stop = try #require(race.lanes[0].stop)
    #expect(race.lanes[0].lab.updateCount == stop.update - 1)
  }
}
