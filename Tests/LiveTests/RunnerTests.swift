import Equations
import Learning
import Networks
import Tensors
import Testing

/// What orders do, without a thread.
@Suite struct RunnerTests {
  @Test func updatesAreThoseOfALab() throws {
    let settings = try LiveSamples.settings()
    let lab = try GradientLab(settings)
    var losses: [Double] = []
    for _ in 0..<7 { losses.append(try lab.step().loss) }
    let snapshot = try LiveSamples.runner(settings).perform(.step(7))
    #expect(snapshot.updateCount == 7 && snapshot.state == .paused)
    #expect(snapshot.lanes[0].recent.map(\.loss) == losses)
    // The verdict is that of the present weights.
    let verdict = try lab.verdict()
    #expect(snapshot.lanes[0].verdict == verdict)
    #expect(snapshot.lanes[0].verdictUpdate == 7)
    #expect(snapshot.lanes[0].lossMatrix == lab.lossMatrix())
  }

  @Test(arguments: ["rnn/tanh", "rnn/relu/optimizer=sgd", "lstm"])
  func goingBackIsExact(_ lane: String) throws {
    let runner = try LiveSamples.runner(try LiveSamples.settings(lane))
    runner.perform(.step(4))
    let weights = try LiveSamples.weights(runner)
    let later = runner.perform(.step(5))
    #expect(try LiveSamples.weights(runner) != weights)
    let back = runner.perform(.back(5))
    #expect(back.updateCount == 4 && back.undoCount == 4)
    #expect(try LiveSamples.weights(runner) == weights)
    // The optimiser too: the same updates again give the same losses.
    let again = runner.perform(.step(5))
    #expect(again.lanes[0].recent == later.lanes[0].recent)
  }

  @Test func goingBackFurtherThanIsRemembered() throws {
    let runner = try LiveSamples.runner(try LiveSamples.settings())
    let snapshot = runner.perform(.step(3), .back(9))
    #expect(snapshot.updateCount == 0 && snapshot.undoCount == 0)
    let error = runner.perform(.back(1)).notice
    #expect(error?.isError == true)
    #expect(error?.text.contains("start") == true)
  }

  @Test func knobsThatKeepTheWeights() throws {
    let runner = try LiveSamples.runner(try LiveSamples.settings())
    runner.perform(.step(3))
    let weights = try LiveSamples.weights(runner)
    for change in [
      { (s: inout LabSettings) in s.learningRate = 0.1 }, { $0.maximumNorm = nil },
      { $0.seqLen = 12 }, { $0.batchSize = 5 }, { $0.optimizer = .sgd },
    ] {
      var settings = runner.performNow().lanes[0].settings
      change(&settings)
      let snapshot = runner.perform(.change([settings]))
      #expect(snapshot.updateCount == 3)
      #expect(snapshot.lanes[0].settings.seqLen == settings.seqLen)
      #expect(try LiveSamples.weights(runner) == weights)
    }
  }

  @Test func knobsThatRestart() throws {
    for lane in ["rnn/relu/hidden=7", "rnn/tanh/gain=2", "lstm", "rnn/tanh/identity"] {
      let runner = try LiveSamples.runner(try LiveSamples.settings())
      runner.perform(.step(3))
      let new = try LiveSamples.settings(lane)
      let snapshot = runner.perform(.change([new]))
      #expect(snapshot.updateCount == 0, "\(lane)")
      #expect(snapshot.lanes[0].recent.isEmpty)
      #expect(snapshot.notice?.text.contains("anew") == true)
      let lab = try GradientLab(new)
      #expect(try LiveSamples.weights(runner) == lab.network.parameters.array)
    }
  }

  @Test func lanesStayInStep() throws {
    let runner = try LiveSamples.runner(
      try LiveSamples.settings(), try LiveSamples.settings("lstm"))
    let snapshot = runner.perform(.step(6), .back(2))
    #expect(snapshot.lanes.map(\.updateCount) == [4, 4])
    // One lane that restarts takes the other with it: their data must be the same.
    let settings = [try LiveSamples.settings("rnn/relu/gain=2"), snapshot.lanes[1].settings]
    let changed = runner.perform(.change(settings))
    #expect(changed.lanes.map(\.updateCount) == [0, 0])
  }

  @Test func stopsBeforeANumberThatIsNotFinite() throws {
    var settings = try LiveSamples.settings("rnn/relu/optimizer=sgd/clip=off")
    settings.learningRate = 1e18
    let lab = try GradientLab(settings)
    var stop: NonFiniteValue?
    while stop == nil {
      do { _ = try lab.step() } catch { stop = error }
    }
    let runner = try LiveSamples.runner(settings)
    let snapshot = runner.perform(.step(100))
    #expect(snapshot.lanes[0].stop == stop)
    #expect(snapshot.updateCount == lab.updateCount)
    #expect(snapshot.notice?.isError == true)
    #expect(snapshot.notice?.text.contains(try #require(stop).description) == true)
    #expect(try LiveSamples.weights(runner) == lab.network.parameters.array)
    // It does not go on by itself, but from earlier weights.
    #expect(runner.perform(.step(1)).updateCount == lab.updateCount)
    #expect(runner.performNow().lanes[0].spectrumUpdate == nil)
    settings.learningRate = 1e-6
    let mended = runner.perform(.back(1), .change([settings]), .step(1))
    #expect(mended.updateCount == lab.updateCount && mended.lanes[0].stop == nil)
  }

  /// The slope of a lane that has stopped is that of weights that are gone: the verdict says nothing
  /// of the matrix that came after them.
  @Test func aStoppedLaneTellsNoMatrix() throws {
    var settings = try LiveSamples.settings("rnn/relu/optimizer=sgd/clip=off")
    let runner = try LiveSamples.runner(settings)
    let before = runner.perform(.step(2)).lanes[0]
    let verdict = try #require(before.verdict)
    #expect(before.spectrumUpdate == 2 && verdict.spectrum != nil)
    settings.learningRate = 1e18
    let after = runner.perform(.change([settings]), .step(100)).lanes[0]
    #expect(after.stop != nil && after.updateCount > 2)
    #expect(after.verdict?.fit == verdict.fit)
    #expect(after.verdict?.spectrum == nil && after.spectrumUpdate == nil)
    #expect(after.verdict?.sentence.contains("spectral radius") == false)
  }

  @Test func memoryForGoingBackIsBounded() throws {
    let settings = try LiveSamples.settings(hiddenSize: 16)
    let runner = try LabRunner([("lane", settings)], undoBudget: 40_000)
    let snapshot = runner.perform(.step(60))
    #expect(snapshot.undoBudget == 40_000)
    #expect(snapshot.undoByteCount <= 40_000 && snapshot.undoByteCount > 10_000)
    #expect(snapshot.undoCount == snapshot.undoCapacity && snapshot.undoCount < 60)
  }

  @Test func histogramsCountTheValues() throws {
    let settings = try LiveSamples.settings("lstm")
    let runner = try LiveSamples.runner(settings)
    let histograms = runner.perform(.step(2)).lanes[0].histograms
    #expect(histograms.map(\.name) == ["h", "c", "f", "i", "o", "g"])
    #expect(histograms.map(\.role) == [.state, .state, .gate, .gate, .gate, .candidate])
    let lab = try GradientLab(settings)
    for _ in 0..<2 { _ = try lab.step() }
    _ = try lab.measure()
    for histogram in histograms {
      let equation = try #require(settings.cell.equationIndex(of: .init(histogram.name)))
      let values = lab.pass.layers[0][0].values(of: equation).array.map(Double.init)
      #expect(histogram.counts.reduce(0, +) == values.count)
      #expect(abs(histogram.mean - values.reduce(0, +) / Double(values.count)) < 1e-6)
      let middle = (histogram.low + histogram.high) / 2
      let below = histogram.counts.prefix(ValueHistogram.binCount / 2).reduce(0, +)
      #expect(below == values.count { $0 < middle })
    }
  }
}
