import Learning
import Networks
import Testing

/// A sequence of a training, taken out to be stepped through.
@Suite struct CaptureTests {
  /// The sequences' own losses add up to that of the batch, by the plain run of one sequence.
  @Test(arguments: TaskKind.allCases.filter { $0 != .text })
  func lossesAddUpToTheBatch(_ kind: TaskKind) throws {
    let settings = try LiveSamples.settings(
      "lstm", seqLen: 14, batchSize: 4, task: TaskRequest(kind))
    let runner = try LiveSamples.runner(settings)
    runner.perform(.step(3))
    var sum = 0.0
    var count = 0
    for sequence in 0..<4 {
      runner.send(.capture(lane: 0, sequence: sequence))
      runner.performNow()
      let capture = try #require(runner.takeCapture())
      #expect(capture.update == 3 && capture.sequence == sequence)
      let run = NetworkRun(network: capture.network, input: capture.input, loss: .targets)
      sum += run.losses.reduce(0, +)
      count += run.lossCount
    }
    let measured = try #require(runner.performNow().lanes[0].verdict).measured
    #expect(abs(sum / Double(count) - measured.loss) < 1e-5 * max(1, measured.loss))
  }

  @Test func theSequenceThatIsNotFinite() throws {
    var settings = try LiveSamples.settings("rnn/relu/optimizer=sgd/clip=off")
    settings.learningRate = 1e18
    let runner = try LiveSamples.runner(settings)
    let stop = try #require(runner.perform(.step(100)).lanes[0].stop)
    runner.perform(.capture(lane: 0, sequence: nil))
    let capture = try #require(runner.takeCapture())
    if case .value(_, let sequence, _) = stop.place { #expect(capture.sequence == sequence) }
    #expect(runner.takeCapture() == nil)
  }
}
