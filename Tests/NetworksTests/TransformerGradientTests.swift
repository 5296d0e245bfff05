import Equations
import Networks
import Tensors
import Testing

/// Whole transformers against finite differences in Double.
@Suite struct TransformerGradientTests {
  enum Kind: String, CaseIterable {
    case tiedCausal, masked, sinusoidal, withoutPositions

    var block: String {
      self == .tiedCausal || self == .withoutPositions ? "encoder-pre" : "encoder-post"
    }

    func change(_ configuration: inout TransformerConfiguration) {
      switch self {
      case .tiedCausal: configuration.isCausal = true
      case .masked:
        configuration.normalizesOutput = false
        configuration.normalizesEmbedding = true
        configuration.tokenTypeCount = 2
        configuration.head = .maskedLM(activation: .gelu)
      case .sinusoidal:
        configuration.positions = .sinusoidal
        configuration.scalesEmbedding = true
        configuration.head = .linear(hasBias: true)
      case .withoutPositions:
        configuration.positions = .none
        configuration.head = .linear(hasBias: false)
      }
    }
  }

  private static let sequences: [[Int32]] = [[1, 4, 2, 6], [3, 3, 5]]
  private static let types: [[Int32]] = [[0, 0, 1, 1], [0, 1, 1]]
  /// `[B, T]`; the last row of the second sequence is padding.
  private static let targets: [Int32] = [4, 2, -1, 0, 3, 5, 1, -1]

  private func mean(_ pass: TransformerPass<Double>, _ smoothing: Double) -> Double {
    pass.forward()
    return pass.losses(targets: Self.targets, labelSmoothing: smoothing).reduce(0, +) / 6
  }

  @Test(arguments: Kind.allCases, [0, 0.1])
  func everyParameter(kind: Kind, smoothing: Double) throws {
    let name = kind.rawValue
    let transformer = try TransformerSample.make(Double.self, block: kind.block) {
      kind.change(&$0)
    }
    let pass = TransformerPass(transformer: transformer, seqLen: 4, batchSize: 2)
    pass.setTokens(
      Self.sequences, tokenTypes: transformer.configuration.tokenTypeCount > 0 ? Self.types : [])
    _ = mean(pass, smoothing)
    let gradients = Buffer<Double>(count: transformer.layout.count)
    pass.backward(
      .crossEntropy(targets: Self.targets), gradients: gradients, scale: 1 / 6,
      labelSmoothing: smoothing)
    for entry in transformer.layout.entries {
      var worst = 0.0, largest = 0.0
      for index in entry.range {
        let value = transformer.parameters[index]
        func slope(_ step: Double) -> Double {
          transformer.parameters[index] = value + step
          let above = mean(pass, smoothing)
          transformer.parameters[index] = value - step
          let below = mean(pass, smoothing)
          transformer.parameters[index] = value
          return (above - below) / (2 * step)
        }
        let numeric = (4 * slope(5e-5) - slope(1e-4)) / 3
        worst = max(worst, abs(numeric - gradients[index]))
        largest = max(largest, abs(numeric))
      }
      // The keys' bias shifts all scores of a query alike: its gradient is zero.
      let isZero = entry.name.hasSuffix("b_K")
      #expect(isZero || largest > 1e-4, "\(name) \(entry.name) has no gradient")
      #expect(worst <= 1e-7 * max(largest, 0.01), "\(name) \(entry.name) \(worst) of \(largest)")
    }
  }

  /// With one dropout mask the loss is a smooth function: its gradient goes through what was kept.
  @Test func dropout() throws {
    let transformer = try TransformerSample.make(Double.self, block: "encoder-pre") {
      $0.dropout = 0.4
      $0.normalizesEmbedding = true
    }
    // The same seed drops the same elements in every pass.
    func loss() -> (Double, TransformerPass<Double>) {
      let pass = TransformerPass(
        transformer: transformer, seqLen: 4, batchSize: 2, isTraining: true, seed: 3)
      pass.setTokens(Self.sequences)
      return (mean(pass, 0), pass)
    }
    let gradients = Buffer<Double>(count: transformer.layout.count)
    loss().1.backward(.crossEntropy(targets: Self.targets), gradients: gradients, scale: 1 / 6)
    for name in ["embedding.weight", "embedding.γ", "layer0.W_V", "layer0.b_O", "layer1.W_2"] {
      let entry = try #require(transformer.layout[name])
      for index in entry.range.lowerBound..<entry.range.lowerBound + 6 {
        let value = transformer.parameters[index]
        transformer.parameters[index] = value + 1e-5
        let above = loss().0
        transformer.parameters[index] = value - 1e-5
        let below = loss().0
        transformer.parameters[index] = value
        #expect(abs((above - below) / 2e-5 - gradients[index]) < 1e-8, "\(name)")
      }
    }
  }

  @Test func dropoutIsSeededAndOffWithoutTraining() throws {
    let transformer = try TransformerSample.make(Float.self, block: "encoder-post") {
      $0.dropout = 0.5
    }
    func output(isTraining: Bool, seed: UInt64, runs: Int = 1) -> [Float] {
      let pass = TransformerPass(
        transformer: transformer, seqLen: 4, batchSize: 2, isTraining: isTraining, seed: seed)
      pass.setTokens(Self.sequences)
      for _ in 0..<runs { pass.forward() }
      return pass.lastHiddenState.array
    }
    #expect(output(isTraining: true, seed: 1) == output(isTraining: true, seed: 1))
    #expect(output(isTraining: true, seed: 1) != output(isTraining: true, seed: 2))
    #expect(output(isTraining: true, seed: 1) != output(isTraining: true, seed: 1, runs: 2))
    #expect(output(isTraining: false, seed: 1) == output(isTraining: false, seed: 2, runs: 2))
    #expect(output(isTraining: false, seed: 1) != output(isTraining: true, seed: 1))
  }
}
