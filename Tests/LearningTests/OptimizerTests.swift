import Learning
import Tensors
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct OptimizerTests {
  /// The update rules of torch.optim.Adam and AdamW, in Double.
  @Test(arguments: [0, 0.5])
  func adamFollowsItsFormula(decay: Double) {
    let count = 37
    var random = SeededRandom(seed: 3)
    let weights = Buffer((0..<count).map { _ in Float(random.normal()) })
    var expected = weights.array.map { Double($0) }
    var m = [Double](repeating: 0, count: count), v = m
    var adam = Adam(count: count, beta1: 0.8, beta2: 0.99, epsilon: 1e-6, weightDecay: decay)
    for step in 1...20 {
      let gradients = Buffer((0..<count).map { _ in Float(random.normal() * 3) })
      let scale = step.isMultiple(of: 3) ? 0.25 : 1
      let rate = 0.01 / Double(step)
      for index in 0..<count {
        let g = Double(gradients[index]) * scale
        expected[index] *= 1 - rate * decay
        m[index] = 0.8 * m[index] + 0.2 * g
        v[index] = 0.99 * v[index] + 0.01 * g * g
        let mean = m[index] / (1 - pow(0.8, Double(step)))
        let square = v[index] / (1 - pow(0.99, Double(step)))
        expected[index] -= rate * mean / (square.squareRoot() + 1e-6)
      }
      adam.update(weights, gradients: gradients, scale: scale, learningRate: rate)
    }
    #expect(adam.stepCount == 20)
    for index in 0..<count { #expect(abs(Double(weights[index]) - expected[index]) < 2e-6) }
  }

  /// The first step is the rate in the direction of each sign, however large the gradient.
  @Test func adamsFirstStepIsTheRate() {
    let weights = Buffer<Float>([1, 1, 1, 1])
    var adam = Adam(count: 4)
    adam.update(weights, gradients: Buffer([1e-3, -5, 0, 1e6]), scale: 1, learningRate: 0.5)
    for (got, want) in zip(weights.array, [0.5, 1.5, 1, 0.5] as [Float]) {
      #expect(abs(got - want) < 1e-5)
    }
  }

  /// By hand: u = 2, then 0.9·2 + 4 = 5.8; w = 1 − 0.1·2 − 0.1·5.8.
  @Test func momentum() {
    let weights = Buffer<Float>([1])
    var sgd = SGD(count: 1, momentum: 0.9)
    sgd.update(weights, gradients: Buffer([2]), scale: 1, learningRate: 0.1)
    #expect(abs(weights[0] - 0.8) < 1e-6)
    sgd.update(weights, gradients: Buffer([8]), scale: 0.5, learningRate: 0.1)
    #expect(abs(weights[0] - 0.22) < 1e-6)
  }

  @Test func clippingScalesToTheMaximum() {
    let gradients = Buffer<Float>([3, 0, -4])
    let clipped = GradientClipping(gradients: gradients, maximum: 2)
    #expect(clipped.norm == 5)
    #expect(abs(clipped.scale - 0.4) < 1e-15)
    #expect(abs(clipped.clippedNorm - 2) < 1e-15)
    #expect(GradientClipping(gradients: gradients, maximum: 5).scale == 1)
    #expect(GradientClipping(gradients: gradients, maximum: nil).clippedNorm == 5)
    // The largest floats do not overflow, and only what is not finite is not finite.
    let large = Buffer<Float>([.greatestFiniteMagnitude, .greatestFiniteMagnitude])
    #expect(GradientClipping(gradients: large, maximum: 1).norm.isFinite)
    #expect(!GradientClipping(gradients: Buffer<Float>([1, .nan]), maximum: 1).norm.isFinite)
    #expect(!GradientClipping(gradients: Buffer<Float>([.infinity]), maximum: nil).norm.isFinite)
  }

  @Test func schedules() {
    func rates(_ decay: LearningRateSchedule.Decay) -> [Double] {
      let schedule = LearningRateSchedule(initialRate: 8, decay: decay, totalUpdates: 4)
      return (0...5).map { schedule.rate(ofUpdate: $0) }
    }
    #expect(rates(.none) == [8, 8, 8, 8, 8, 8])
    #expect(rates(.linear) == [8, 6, 4, 2, 0, 0])
    let half = 4 / 2.0.squareRoot()
    for (got, want) in zip(rates(.cosine), [8, 4 + half, 4, 4 - half, 0, 0]) {
      #expect(abs(got - want) < 1e-12)
    }
  }
}
