import Equations
import Learning
import Networks
import Tensors
import Testing

/// The gradients that a trainer hands to its optimiser, against finite differences in Double.
@Suite struct TrainerGradientTests {
  /// The second window, with carried states, and the last one, which is not full.
  @Test(arguments: ["lstm", "gru", "rnn"], [1, 3])
  func oneWindow(cell name: String, window: Int) throws {
    let trainer = try Samples.trainer(
      cell: name, text: Samples.text(count: 52), seqLen: 4, batchSize: 4, numLayers: 2,
      optimizer: .sgd, learningRate: 0)
    #expect(trainer.learner.windows.count == 4)
    let pass = NetworkPass(
      network: trainer.learner.network.converted(to: Double.self), seqLen: 4, batchSize: 4)
    // A rate of zero: all windows see the same weights.
    for index in 0..<window {
      _ = try trainer.step()
      pass.setTokens(trainer.learner.windows[index].tokens)
      pass.forward()
      pass.carryStates()
    }
    let inputs = trainer.learner.windows[window]
    _ = try trainer.step()
    pass.setTokens(inputs.tokens)
    let weights = pass.network.parameters
    func loss() throws -> Double {
      // The embedding is looked up when the tokens are set.
      pass.setTokens(inputs.tokens)
      pass.forward()
      let head = try #require(pass.head)
      return head.losses(targets: inputs.targets).reduce(0, +) / 16
    }
    for entry in trainer.learner.network.layout.entries {
      var difference = 0.0, largest = 0.0
      for index in entry.range {
        let value = weights[index]
        weights[index] = value + 1e-5
        let above = try loss()
        weights[index] = value - 1e-5
        let below = try loss()
        weights[index] = value
        let numeric = (above - below) / 2e-5
        difference = max(difference, abs(Double(trainer.gradients[index]) - numeric))
        largest = max(largest, abs(numeric))
      }
      #expect(difference <= 1e-5 * max(largest, 0.01), "\(entry.name): \(difference) of \(largest)")
    }
  }
}
